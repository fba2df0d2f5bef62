"""Saved searches: stored beside the drafts, each with the number of passages that are new since it was saved or marked
as seen."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st
from pydantic import Field, TypeAdapter, ValidationError

from kb.config import settings
from kb.errors import DataError
from kb.files import replacing
from kb.i18n import day, t
from kb.models import Model
from kb.ui import accounts, markup, resources, shell
from kb.ui.address import href

MOST = 200
"""Maximum number of saved searches; the oldest are dropped."""


class Saved(Model):
    """A saved search: query, mode and filters, with the passages that it found (`found`) when it was saved or last
    marked as seen (`at`)."""

    query: str = ""
    mode: str = "hybrid"
    filters: dict[str, list[str]] = Field(default_factory=dict)
    found: tuple[str, ...] = ()
    at: datetime

    @property
    def keys(self) -> dict[str, str | list[str]]:
        """The query keys of the saved search's address."""
        return {"q": self.query, "mode": "" if self.mode == "hybrid" else self.mode, **self.filters}

    @property
    def words(self) -> str:
        """Query and filters as one line of text."""
        labels = resources.labels()
        parts = [labels.term(name, term) for name, terms in self.filters.items() for term in terms]
        return " · ".join([*([self.query] if self.query else []), *parts])


_LIST = TypeAdapter(list[Saved])


def _file() -> Path:
    return settings().workspace / (f"searches-{accounts.drafts_of('')}.json" if accounts.on() else "searches.json")


def searches() -> list[Saved]:
    """Return the saved searches. Raises DataError if the file cannot be read."""
    file = _file()
    if not file.exists():
        return []
    try:
        return _LIST.validate_json(file.read_bytes())
    except (ValidationError, OSError) as error:
        raise DataError(
            t("The saved searches cannot be read."), where=str(file), do=t("Look into the file, then move it away.")
        ) from error


def _write(held: list[Saved]) -> None:
    with replacing(_file()) as part:
        part.write_text(json.dumps([one.model_dump(mode="json") for one in held], ensure_ascii=False), encoding="utf-8")


def same(one: Saved, query: str, mode: str, filters: dict[str, list[str]]) -> bool:
    """Return whether a saved search has the same query, mode and filters."""
    return (one.query, one.mode, one.filters) == (query, mode, filters)


def show_save(query: str, mode: str, filters: dict[str, list[str]]) -> None:
    """Draw the button that saves the search; if it is saved already, the new passages."""
    with shell.errors_shown():
        held = searches()
        one = next((one for one in held if same(one, query, mode, filters)), None)
        if one is None:
            st.button(t("Save this search"), key="save-search", on_click=_save, args=(query, mode, filters))
            return
        new = news(one)
        words = t("nothing new") if not new else t("{count} new", count=len(new))
        st.html(markup.line(t("Saved on {day}: {words} since.", day=day(one.at.astimezone()), words=words)))
        if new:
            links = [markup.anchor(href("passage", {"id": id}), id) for id in new[:10]]
            st.html(f'<p class="k-small">{"<br>".join(links)}</p>')
            st.button(
                t("I have seen them"), key="seen-search", type="tertiary", on_click=_save, args=(query, mode, filters)
            )
        st.button(
            t("Forget this search"), key="drop-search", type="tertiary", on_click=_drop, args=(query, mode, filters)
        )


def news(one: Saved) -> list[str]:
    """Return the ids of passages that the search finds now and that are not in `one.found`."""
    return [id for id in resources.ids_found(one.query, one.filters, one.mode) if id not in one.found]


def _save(query: str, mode: str, filters: dict[str, list[str]]) -> None:
    ids = resources.ids_found(query, filters, mode)
    made = Saved(query=query, mode=mode, filters=filters, found=ids, at=datetime.now(UTC))
    _write([made, *(one for one in searches() if not same(one, query, mode, filters))][:MOST])


def _drop(query: str, mode: str, filters: dict[str, list[str]]) -> None:
    _write([one for one in searches() if not same(one, query, mode, filters)])


def show_saved() -> None:
    """Draw the saved searches as links."""
    with shell.errors_shown():
        held = searches()
        if held:
            st.header(t("Saved searches"))
            rows = "".join(
                f'<li>{markup.anchor(href("search", one.keys), one.words)} <span class="k-small '
                f'k-quiet">{day(one.at.astimezone())}'
                "</span></li>"
                for one in held
            )
            st.html(f"<ul>{rows}</ul>")
