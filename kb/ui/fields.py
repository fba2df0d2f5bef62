"""The input fields of a form: each starts with the recorded value and passes what a person types to the form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

import streamlit as st
from typing_extensions import TypedDict, Unpack

from kb.i18n import t
from kb.ui import shell
from kb.ui.drafts import FormDraft

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

LONGEST = 20_000
"""Maximum characters of one field: about ten pages. A longer text should be added as a document."""
FieldValue: TypeAlias = "str | float | bool | date | Sequence[str] | None"
"""What a field of a form can hold."""
Where: TypeAlias = "DeltaGenerator | ModuleType"
"""Where a widget is drawn: a column or container, or `streamlit` itself for the page."""
Choice = TypeVar("Choice", bound="str | None")
Drawn = TypeVar("Drawn")


class WidgetOptions(TypedDict, total=False):
    """Further parameters of a Streamlit widget, which a field passes on."""

    help: str | None
    placeholder: str
    horizontal: bool
    height: int
    filter_mode: Literal["contains", "fuzzy"]
    min_value: date
    step: float
    max_chars: int


@dataclass
class Held:
    """What a form remembers between two runs of its page.

    `followed`: fields that somebody else changed and the person did not, with their value before. `asked`: the person
    pressed the button that records while two versions are open. `insisted`: the person chose the own version then, and
    it is recorded in this run.
    """

    tab: str
    by: str
    base: dict[str, FieldValue]
    start: dict[str, FieldValue]
    drawn: object
    found: FormDraft | None = None
    kept: FormDraft | None = None
    reset: bool = False
    refused: bool = False
    asked: bool = False
    insisted: bool = False
    followed: dict[str, FieldValue] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


class FormFields:
    """Input fields of a form, drawn as Streamlit widgets and identified by name. A subclass gives the start values and
    handles changes.

    In every method `label` is shown above the field, `where` is the container to draw in, `words` turns an option into
    the text shown, and `more` is passed on to Streamlit.
    """

    held: Held
    _words: dict[str, Callable[[Any], str]]  # each field's words take what that field holds

    def key(self, name: str) -> str:
        """Return the key of a field in the session state."""
        raise NotImplementedError

    def _keep(self) -> None:
        """Store what was typed as a draft."""
        raise NotImplementedError

    def _draw(
        self,
        widget: Callable[..., Drawn],
        name: str,
        label: str,
        *given: object,
        start: Mapping[str, object],
        words: Callable[[Any], str] = str,  # see `_words`
        **more: object,
    ) -> Drawn:
        self.held.names[name] = label
        self._words[name] = words
        key = self.key(name)
        begun = {} if st.session_state.pop(f"set-{key}", False) else start
        value = widget(label, *given, key=key, on_change=self._keep, **begun, **more)
        shell.show_wrong(key, getattr(widget, "__self__", st))
        return value

    def line(self, name: str, label: str, where: Where = st, **more: Unpack[WidgetOptions]) -> str:
        """Draw a field for one line of text; return its text."""
        return (
            self._draw(
                where.text_input, name, label, start={"value": self.held.start[name]}, **self._bound(name) | more
            )
            or ""
        )

    def area(self, name: str, label: str, where: Where = st, **more: Unpack[WidgetOptions]) -> str:
        """Draw a field for several lines of text; return its text."""
        return (
            self._draw(where.text_area, name, label, start={"value": self.held.start[name]}, **self._bound(name) | more)
            or ""
        )

    def radio(
        self,
        name: str,
        label: str,
        options: Sequence[Choice],
        words: Callable[[Choice], str] = str,
        where: Where = st,
        **more: Unpack[WidgetOptions],
    ) -> Choice:
        """Draw radio buttons; return the chosen option."""
        return self._one(where.radio, name, label, options, words, **more)

    def select(
        self,
        name: str,
        label: str,
        options: Sequence[Choice],
        words: Callable[[Choice], str] = str,
        where: Where = st,
        **more: Unpack[WidgetOptions],
    ) -> Choice | None:
        """Draw a list to choose from; return the chosen option, None if nothing is chosen yet."""
        own: WidgetOptions = {"placeholder": t("Choose"), "filter_mode": "contains"}
        return self._one(where.selectbox, name, label, options, words, **own | more)

    def _one(
        self,
        widget: Callable[..., Drawn],
        name: str,
        label: str,
        options: Sequence[Choice],
        words: Callable[[Choice], str],
        **more: Unpack[WidgetOptions],
    ) -> Drawn:
        start = self._index(name, options)
        return self._draw(widget, name, label, list(options), start=start, words=words, format_func=words, **more)

    def many(
        self,
        name: str,
        label: str,
        options: Sequence[str],
        words: Callable[[str], str] = str,
        where: Where = st,
        **more: Unpack[WidgetOptions],
    ) -> list[str]:
        """Draw a list from which any number may be chosen; return the chosen options."""
        before = self.held.start[name]
        held = [one for one in before if one in options] if isinstance(before, Sequence) else []
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

    def tick(self, name: str, label: str, where: Where = st, **more: Unpack[WidgetOptions]) -> bool:
        """Draw a checkbox; return whether it is ticked."""
        return self._draw(
            where.checkbox,
            name,
            label,
            start={"value": self.held.start[name]},
            words=lambda value: "yes" if value else "no",
            **more,
        )

    def day(self, name: str, label: str, where: Where = st, **more: Unpack[WidgetOptions]) -> date | None:
        """Draw a field for a date; return it, or None if it is empty."""
        return self._draw(where.date_input, name, label, start={"value": self.held.start[name]}, **more)

    def number(
        self, name: str, label: str, where: Where = st, *bounds: float, **more: Unpack[WidgetOptions]
    ) -> float | None:
        """Draw a field for a number; return it, or None if it is empty. `bounds` are the least and the greatest number
        allowed."""
        return self._draw(where.number_input, name, label, *bounds, start={"value": self.held.start[name]}, **more)

    def _bound(self, name: str) -> WidgetOptions:
        """Return the option that limits a text to LONGEST characters; no limit if the recorded text is longer, since
        Streamlit would cut it."""
        return {"max_chars": LONGEST} if len(str(self.held.start[name] or "")) <= LONGEST else {}

    def _index(self, name: str, options: Sequence[Choice]) -> dict[str, int | None]:
        value = self.held.start[name]
        return {"index": next((at for at, option in enumerate(options) if option == value), None)}
