"""Run actions that need one click. If somebody else wrote in the meantime, both versions are shown and the person
decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from kb.errors import KBError
from kb.i18n import TranslatedLabels, t
from kb.log.conflict import ConflictError
from kb.report.history import WORDS, WORK, sentence
from kb.ui import accounts, browser, markup, shell

Act = Callable[[dict[str, int]], object]
"""An action. Its argument maps streams to the versions that the person has seen in a conflict."""

NAMES = TranslatedLabels(
    {
        "status": "Status",
        "rationale": "Rationale",
        "gap": "Gap",
        "next_step": "Next step",
        "evidence": "Evidence",
        "workflow": "State of work",
        "confidence": "How sure",
        "body": "Responsible body",
        "title": "Title",
        "country": "Country",
        "due": "Due",
        "owner": "Owner",
    }
)
"""Fields of findings, assessments and actions, with the labels of their forms."""
VALUES = {"status": WORDS, "workflow": WORK}
"""Fields with a fixed list of values, and the words of those values."""


@dataclass(frozen=True)
class _Waiting:
    """An action that failed: its description, the function that repeats it, its error (a refusal to show, or a conflict
    to decide), and the versions that the person saw."""

    what: str
    act: Act
    error: KBError
    seen: dict[str, int]


def attempt(place: str, what: str, act: Act, seen: dict[str, int] | None = None) -> bool:
    """Run the action `act` with the versions that the person saw (`seen`: stream to version); return whether it
    succeeded. If it fails, the error is stored under `place`, and `show(place)` draws it in the next run; `what`
    is its description there."""
    browser.speak()  # a press is answered before the page is drawn, and the language with it
    what = t(what)
    held: dict[str, _Waiting] = st.session_state.setdefault("kb-conflicts", {})
    held.pop(place, None)
    try:
        act(seen or {})
    except KBError as error:
        held[place] = _Waiting(what, act, error, seen or {})
        return False
    return True


def is_waiting(place: str) -> bool:
    """Return whether an action stored under `place` failed and its error is still to be shown."""
    return place in st.session_state.get("kb-conflicts", {})


def show(place: str) -> None:
    """Draw the error of the last action at `place`, if it failed: a refusal is shown once, a conflict until it is
    decided."""
    waiting = st.session_state.get("kb-conflicts", {}).get(place)
    if waiting is None:
        return
    if isinstance(waiting.error, ConflictError):
        _ask(place, waiting, waiting.error)
    else:
        shell.drop_place(waiting.error)
        shell.show_error(waiting.error)
        del st.session_state["kb-conflicts"][place]
    st.session_state.setdefault("kb-conflicts-shown", set()).add(place)


def show_rest() -> None:
    """Draw the errors that no `show` on this page has drawn, since their `place` is no longer on it."""
    shown = st.session_state.pop("kb-conflicts-shown", set())
    for place in [place for place in st.session_state.get("kb-conflicts", {}) if place not in shown]:
        show(place)
    st.session_state.pop("kb-conflicts-shown", None)


def _again(place: str, what: str, act: Act, seen: dict[str, int]) -> None:
    attempt(place, what, act, seen)


def _ask(place: str, waiting: _Waiting, error: ConflictError) -> None:
    rows = [
        (name_of(side.field), *(_value(side.field, one) for one in (side.seen, side.theirs, side.mine)))
        for side in error.sides
    ]
    with st.container(border=True):
        st.warning(
            t("You wrote here in another window meanwhile. What you did in this window is not recorded yet.")
            if all(event.author == accounts.author() for event in error.theirs)
            else t("Somebody else wrote here while you looked at it. Nothing of yours was recorded yet."),
            icon=":material/group:",
        )
        st.html(
            "".join(markup.line(sentence(event)) for event in error.theirs)
            + markup.table((t("Field"), t("When you looked"), t("Now"), t("Yours")), rows, t("Both versions"))
        )
        with st.container(horizontal=True):
            st.button(
                t("{what} all the same", what=waiting.what),
                key=f"again-{place}",
                on_click=_again,
                args=(place, waiting.what, waiting.act, {**waiting.seen, error.stream: error.present.version}),
            )
            st.button(t("Leave it as it is now"), key=f"leave-{place}", on_click=_leave, args=(place,))


def _leave(place: str) -> None:
    st.session_state["kb-conflicts"].pop(place, None)


def name_of(field: str) -> str:
    """Return the label of a field of the log, as the forms show it; without a label, its name with spaces instead of
    underscores."""
    return NAMES.get(field, field.replace("_", " "))


def _value(field: str, value: object) -> str:
    """Return the value of a field as text, translated if the field has a fixed list of values."""
    if field in VALUES and isinstance(value, str) and value in VALUES[field]:
        return VALUES[field][value]
    return words(value)


def words(value: object) -> str:
    """Return a value of the log as text: evidence by its quotation, lists and records by their values."""
    if value is None or value == "":
        return t("nothing")
    if isinstance(value, list | tuple):
        return "; ".join(map(words, value)) or t("nothing")
    if isinstance(value, dict):
        chosen = value.get("quotation") or value.get("text") or value.get("title") or value.get("label")
        return (
            f"“{chosen}”"
            if chosen
            else ", ".join(f"{key}: {words(one)}" for key, one in value.items() if one not in (None, "", []))
        )
    return str(value)
