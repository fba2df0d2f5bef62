"""The fields of a form: each begins with what is recorded, and hands what is typed to the form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import streamlit as st

LONGEST = 20_000
"""Characters of one field: some ten pages; a longer text is a document and is added as one."""
from kb.i18n import t
from kb.ui import shell


class Fields:
    """Widgets by name; a form says what each begins with and what is done with a change."""

    held: Any
    _words: dict[str, Callable[[Any], str]]

    def key(self, name: str) -> str:
        """The key of a field in the session."""
        raise NotImplementedError

    def _keep(self) -> None:
        """Keep what was typed as a draft."""
        raise NotImplementedError

    def _draw(
        self,
        widget: Callable[..., Any],
        name: str,
        label: str,
        *given: Any,
        start: dict[str, Any],
        words: Callable[[Any], str] = str,
        **more: Any,
    ) -> Any:
        self.held.names[name] = label
        self._words[name] = words
        key = self.key(name)
        begun = {} if st.session_state.pop(f"set-{key}", False) else start
        value = widget(label, *given, key=key, on_change=self._keep, **begun, **more)
        shell.show_wrong(key, getattr(widget, "__self__", st))
        return value

    def line(self, name: str, label: str, where: Any = st, **more: Any) -> str:
        """A line of text."""
        more = {**self._bound(name), **more}
        return self._draw(where.text_input, name, label, start={"value": self.held.start[name]}, **more) or ""

    def area(self, name: str, label: str, where: Any = st, **more: Any) -> str:
        """A text of several lines."""
        more = {**self._bound(name), **more}
        return self._draw(where.text_area, name, label, start={"value": self.held.start[name]}, **more) or ""

    def radio(
        self,
        name: str,
        label: str,
        options: Sequence[Any],
        words: Callable[[Any], str] = str,
        where: Any = st,
        **more: Any,
    ) -> Any:
        """One of some options, all in sight."""
        return self._one(where.radio, name, label, options, words, **more)

    def select(
        self,
        name: str,
        label: str,
        options: Sequence[Any],
        words: Callable[[Any], str] = str,
        where: Any = st,
        **more: Any,
    ) -> Any:
        """One of many options, or none where nothing is chosen yet."""
        more = {"placeholder": t("Choose"), "filter_mode": "contains", **more}
        return self._one(where.selectbox, name, label, options, words, **more)

    def _one(
        self,
        widget: Callable[..., Any],
        name: str,
        label: str,
        options: Sequence[Any],
        words: Callable[[Any], str],
        **more: Any,
    ) -> Any:
        start = self._index(name, options)
        return self._draw(widget, name, label, list(options), start=start, words=words, format_func=words, **more)

    def many(
        self,
        name: str,
        label: str,
        options: Sequence[Any],
        words: Callable[[Any], str] = str,
        where: Any = st,
        **more: Any,
    ) -> list[Any]:
        """Any number of options."""
        held = [one for one in self.held.start[name] if one in options]
        return self._draw(
            where.multiselect,
            name,
            label,
            list(options),
            start={"default": held},
            format_func=words,
            words=lambda chosen: "; ".join(words(one) for one in chosen),
            placeholder=t("Choose"),
            filter_mode="contains",
            select_all=False,
            **more,
        )

    def tick(self, name: str, label: str, where: Any = st, **more: Any) -> bool:
        """Yes or no."""
        return self._draw(
            where.checkbox,
            name,
            label,
            start={"value": self.held.start[name]},
            words=lambda value: "yes" if value else "no",
            **more,
        )

    def day(self, name: str, label: str, where: Any = st, **more: Any) -> date | None:
        """A date, or none."""
        return self._draw(where.date_input, name, label, start={"value": self.held.start[name]}, **more)

    def number(self, name: str, label: str, where: Any = st, *bounds: Any, **more: Any) -> float | None:
        """A number, or none."""
        return self._draw(where.number_input, name, label, *bounds, start={"value": self.held.start[name]}, **more)

    def _bound(self, name: str) -> dict[str, int]:
        """The most characters; none where more are recorded already, since Streamlit would cut them off."""
        return {"max_chars": LONGEST} if len(self.held.start[name] or "") <= LONGEST else {}

    def _index(self, name: str, options: Sequence[Any]) -> dict[str, Any]:
        value = self.held.start[name]
        return {"index": list(options).index(value) if value in options else None}
