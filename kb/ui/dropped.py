"""A file that was dropped on the start page: a form for the other data needed to begin an assessment with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from kb.assessment import policies
from kb.assessment.doubt import draft_words_of_title
from kb.errors import InputError
from kb.i18n import number, t
from kb.models import Standing
from kb.ui import markup, resources, shell
from kb.ui.desk import status_in_words
from kb.ui.pages import address_of
from kb.ui.sets import countries, id_for
from kb.ui.taking import check_facts, check_upload, take

KEYS = {name: f"dropped-{name}" for name in ("country", "title", "standing", "dated")}
"""Names of the form's fields to the keys of their widgets."""


@dataclass(frozen=True)
class Dropped:
    """A dropped file, with the same interface as an upload of Streamlit."""

    name: str
    data: bytes

    def getvalue(self) -> bytes:
        """Return the content of the file."""
        return self.data


def size_words(size: int) -> str:
    """Return a number of bytes in words: in megabytes from one megabyte on, otherwise in kilobytes."""
    if size >= 1e6:
        return t("{n} MB", n=number(round(size / 1e6, 1)))
    return t("{n} KB", n=number(max(1, round(size / 1e3)) if size else 0))


def show_dropped(by: str) -> None:
    """Draw the form. Nothing is written until it is sent; if the file is refused, no assessment without a document is
    left behind."""
    name, data = st.session_state["dropped"]
    with st.container(border=True, key="kb-dropped"):
        st.header(t("Begin with your file"))
        st.markdown(
            t(
                "`{replace}`, {size}. It stays on this computer.",
                replace=name.replace("`", ""),
                size=size_words(len(data)),
            )
        )
        left, right = st.columns(2)
        country = left.selectbox(
            t("Country of the file"),
            list(countries()),
            index=None,
            format_func=countries().__getitem__,
            key="dropped-country",
            placeholder=t("Choose"),
            filter_mode="fuzzy",
        )
        shell.show_wrong(KEYS["country"], left)
        title = right.text_input(
            t("Title of the file"), value=Path(name).stem.replace("_", " ").replace("-", " "), key="dropped-title"
        )
        shell.show_wrong(KEYS["title"], right)
        standing = left.selectbox(
            t("Legal status of the file"),
            Standing.values(),
            index=None,
            format_func=status_in_words,
            key="dropped-standing",
            placeholder=t("Choose"),
        )
        shell.show_wrong(KEYS["standing"], left)
        dated = right.text_input(
            t("Date of the text (optional)"), key="dropped-dated", placeholder=t("2019, 2019-05 or 2019-05-30")
        )
        shell.show_wrong(KEYS["dated"], right)
        if standing == "in-force" and (words := draft_words_of_title(title)):
            st.warning(
                t(
                    "The title says “{words}”, and you record the text as in force. If it was not passed yet, choose "
                    "“{draft}”; if it was, go on: you are asked for the gazette or act.",
                    words=markup.plain_markdown(words),
                    draft=status_in_words("draft"),
                ),
                icon=":material/gavel:",
            )
        with st.container(horizontal=True):
            sent = st.button(t("Begin, and look through it"), key="dropped-send", type="primary", disabled=not by)
            if st.button(t("Let go of the file"), key="dropped-drop", type="tertiary"):
                del st.session_state["dropped"]
                st.rerun()
        if sent:
            with shell.errors_shown(KEYS):
                _check_and_begin(by, Dropped(name, data), country, title.strip(), standing, dated)


def _check_and_begin(by: str, file: Dropped, country: str | None, title: str, standing: str | None, dated: str) -> None:
    """Begin the assessment if every field is filled in; otherwise raise InputError, which is shown at the empty
    field."""
    if country is None:
        raise shell.wrong("country", InputError(t("The country is missing."), do=t("Choose it from the list.")))
    status = Standing(standing) if standing else None
    check_facts(country, title, dated, status)
    assert status is not None  # it was checked
    _begin(by, file, country, title, status, dated)


def _begin(by: str, file: Dropped, country: str, title: str, standing: Standing, dated: str) -> None:
    """Create the assessment and submit the file; if the file is refused, the assessment is archived again."""
    check_upload(file)
    ws = resources.workspace()
    policy_set = policies.create_set(
        ws, id_for(f"{country} {title}"), f"{countries()[country]}: {title}", country=country, by=by
    )
    take(policy_set, by, file, "", title, standing, dated, "1", begun=True)
    del st.session_state["dropped"]
    first = next(resources.framework().criteria()).id  # what the paper asks can be read while the file is
    st.switch_page(address_of("criterion"), query_params={"set": policy_set.id, "criterion": first})
