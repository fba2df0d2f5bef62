"""Coding by buttons: the person's own answer on each code of a group, "None applies", and errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NotRequired

import streamlit as st
from typing_extensions import TypedDict

from kb.coding import codes, units, worklist
from kb.i18n import t
from kb.models import Passage, Span
from kb.ui import conflicts, resources
from kb.ui.form import Form


class CodedBy(TypedDict):
    """Who gives a code and how, known from the screen; see `kb.coding.codes.How`."""

    by: str
    session: str
    span: Span | None
    memo: str
    codebook: str
    seen: NotRequired[Mapping[str, int]]


KEYS = 9
"""How many codes get a digit key."""


@dataclass(frozen=True)
class Hand:
    """How a code is given: the arguments of `add_code` besides passage and code (`how`), the form of the memo, parts of
    further passages that get the code in the same act (`more`), and the versions of the coder's codes on screen
    (`seen`)."""

    how: CodedBy
    memo: Form
    more: tuple[tuple[Passage, Span | None], ...] = ()
    seen: Mapping[str, int] = field(default_factory=dict)

    def word(self, what: str, act: Callable[[CodedBy], object]) -> bool:
        """Record a coder's answer by calling `act` with the arguments for `add_code`, and delete the draft of the memo
        once it is recorded. `what` describes the action in an error. Return False if it was refused; `conflicts.show`
        then shows why."""

        def write(at: Mapping[str, int]) -> None:
            """Record the answer; `at` holds newer versions (stream to version) that the person has seen since. Raises
            KBError if the answer is refused or somebody else wrote in between."""
            act({**self.how, "seen": {**self.seen, **at}})
            if self.how["memo"]:
                self.memo.recorded()

        return conflicts.attempt("codes", what, write)


def show_codes(passage: Passage, offered: Sequence[worklist.Choice], hand: Hand) -> None:
    """Draw a button for each code; the first nine have a digit key."""
    for n, choice in enumerate(offered, 1):
        state = choice.mine.state if choice.mine else ""
        sign = {"added": "✓ ", "rejected": "✕ "}.get(state, "")
        st.button(
            f"{sign}{choice.name}",
            key=f"code-{choice.facet}-{choice.code}",
            help=choice.definition or None,
            shortcut=str(n) if n <= KEYS else None,
            type="primary" if state == "added" else "secondary",
            on_click=_toggle,
            args=(passage, choice, hand),
        )


def _toggle(passage: Passage, choice: worklist.Choice, hand: Hand) -> None:
    """Give the passage the code, or withdraw the person's own code."""
    if mine := choice.mine:
        hand.word(
            t("Take it back"),
            lambda how: codes.withdraw_code(
                resources.workspace(), mine, by=how["by"], memo=how["memo"], seen=how["seen"]
            ),
        )
    else:
        hand.word(
            t("Give it"),
            lambda how: codes.add_code(
                resources.workspace(),
                passage,
                choice.facet,
                choice.code,
                of_machine=choice.machine or None,
                more=hand.more,
                **how,
            ),
        )


def show_none(passage: str, facet: str, session: str, by: str) -> None:
    """Draw the button by which a coder records that no code of the group applies to a passage, or takes that back."""
    looks = units.units(resources.workspace(), session=session, viewer=by)
    mine = next((one for one in looks if (one.passage, one.coder) == (passage, by)), None)
    none_applies = mine is not None and facet in mine.none
    st.button(
        t("{said}None applies", said="✓ " if none_applies else ""),
        key=f"none-{facet}",
        shortcut="0",
        type="primary" if none_applies else "secondary",
        help=t("No code of this group fits. Without it the passage counts as not coded."),
        on_click=_say_none,
        args=(passage, facet, session, by, none_applies),
    )


def _say_none(passage: str, facet: str, session: str, by: str, none_applies: bool) -> None:
    conflicts.attempt(
        "codes",
        t("Do it"),
        lambda at: (units.take_back_none if none_applies else units.none_applies)(
            resources.workspace(), passage, facet, by=by, session=session
        ),
    )
