"""Coding in the reader: selected words, or a complete passage, get a code."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from typing_extensions import TypedDict

from kb.coding import codes, units, worklist
from kb.coding.models import Coding, Session
from kb.coding.own import OWN
from kb.errors import InputError, NotFound
from kb.i18n import t, tn
from kb.models import Passage, Span
from kb.ui import address, browser, conflicts, markup, resources
from kb.ui.accounts import author
from kb.ui.address import href
from kb.ui.coding import NO_SESSION, OPEN
from kb.ui.form import Form
from kb.ui.giving import CodedBy, Hand, show_codes, show_none
from kb.ui.lawtext import Ink
from kb.ui.owncodes import book_for, code_name, facet_of, facets, group_name, in_words, show_new, show_way
from kb.ui.project import name_of, state_of
from kb.ui.widgets import pick

_HELD = "kb-marked"


@dataclass(frozen=True)
class Round:
    """The coding session in the reader: the coder, the group of codes, and the codes that the coder may see."""

    session: Session | None
    facet: str
    by: str
    codings: tuple[Coding, ...]

    @property
    def name(self) -> str:
        """The id of the session; '' for open coding."""
        return self.session.id if self.session else OPEN

    @property
    def blind(self) -> bool:
        """Whether the round is blind and open: then the machine's tags are hidden, as on the page of coding."""
        return bool(self.session and self.session.blind and self.session.open)


@dataclass(frozen=True)
class CodingTarget:
    """What the next code is for: a passage or some of its words, and parts of further passages in the same
    selection."""

    passage: Passage
    span: Span | None
    more: tuple[tuple[Passage, Span | None], ...] = ()


def here() -> Round | None:
    """Return the coding round that the address names; None if the page is only read. Raises NotFound for an unknown
    session and InputError for an unknown group of codes."""
    id = address.value("session")
    if not id:
        return None
    held = {one.id: one for one in codes.sessions(resources.workspace())}
    if id != NO_SESSION and id not in held:
        raise NotFound(t("There is no project “{id}” here.", id=id), do=t("Choose one on the page Coding."))
    session = held.get(id)
    facet = address.value("facet") or facet_of(session)
    if facet not in facets():
        raise InputError(t("The address has facet={facet}.", facet=facet), do=", ".join(facets()))
    by = author()
    seen = codes.codings(resources.workspace(), session=session.id if session else OPEN, viewer=by)
    return Round(session, facet, by, tuple(one for one in seen if one.facet == facet and one.state == "added"))


def inks(now: Round | None, passages: Mapping[str, Passage]) -> Mapping[str, Sequence[Ink]]:
    """Return passage id to its codes in this round. If the coded words are no longer in the passage, the code is listed
    but nothing is underlined."""
    found: dict[str, list[Ink]] = {}
    for one in now.codings if now else ():
        if one.passage not in passages:
            continue
        label, own = code_name(one.facet, one.code), now is not None and one.coder == now.by
        words = label if own else t("{label}, by {coder}", label=label, coder=one.coder)
        text, span = passages[one.passage].text, one.span
        if (text[span[0] : span[1]] if span else text) != one.quotation:
            words, span = t("{words} (given to another text of it)", words=words), (0, 0)
        found.setdefault(one.passage, []).append(Ink(words, span, own))
    return found


def target(passages: Mapping[str, Passage], at: str) -> CodingTarget | None:
    """Return what the person selected last on this view of the text, otherwise the passage `at` that the address names;
    None if there is neither."""
    if message := browser.sent("quote"):
        st.session_state[_HELD] = (at, _selected(message, passages))
    place, chosen = st.session_state.get(_HELD, ("", None))
    if chosen and place == at and chosen.passage.id in passages:
        return chosen
    return CodingTarget(passages[at], None) if at in passages else None


def _selected(message: str, passages: Mapping[str, Passage]) -> CodingTarget | None:
    """Parse and check the selection that the browser sent; None if any part of it is not in the text. A selection of a
    complete passage means the passage itself."""
    try:
        given = json.loads(message)
        parts = [_part(one, passages) for one in (given, *given.get("more", ()))]
    except (json.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError):
        return None
    (passage, span), *more = parts
    return CodingTarget(passage, span, tuple(more)) if len({one.id for one, _ in parts}) == len(parts) else None


class _Selected(TypedDict):
    """One part of a selection as the browser's script sends it. The values are not checked yet."""

    passage: str
    part: str
    start: int


def _part(given: _Selected, passages: Mapping[str, Passage]) -> tuple[Passage, Span | None]:
    """Return the passage and the selected span of one part of a selection; the span is None for all of the passage.
    Raises ValueError if the words are not at that offset."""
    passage, words, start = passages[given["passage"]], str(given["part"]), int(given["start"])
    start += len(words) - len(words.lstrip())
    end = start + len(words.strip())
    if start < 0 or passage.text[start:end] != words.strip() or start == end:
        raise ValueError("these words do not stand there")
    return passage, None if (start, end) == (0, len(passage.text)) else (start, end)


def show(now: Round, chosen: CodingTarget | None, document: str, passages: Sequence[Passage]) -> None:
    """Draw the panel beside the text: session and group, what is coded, and the buttons."""
    st.header(t("Code"))
    held = {one.id: one for one in codes.sessions(resources.workspace()) if not one.archived or one == now.session}
    words = {id: f"{name_of(one)}: {state_of(one)}" for id, one in held.items()}
    pick(t("Project"), "session", [NO_SESSION, *held], lambda id: words.get(id, t("None: I code alone")))
    pick(t("Group of codes"), "facet", facets(), group_name, default=now.facet)
    if not now.by:
        st.info(t("Write your name at the top right: every code has a coder."), icon=":material/person:")
    else:
        _progress(now, document, passages)
        if chosen is None:
            st.markdown(t("Select words in the text and press Q, or open a passage by its ¶. Then choose a code."))
        else:
            _give(now, chosen)
    conflicts.show("codes")
    plain = href("read", {"document": document, "at": address.value("at")})
    st.html(f'<p class="k-small">{markup.anchor(plain, t("Read without coding"))}</p>')


def _give(now: Round, chosen: CodingTarget) -> None:
    """Draw what the next code is for, and a button for each code."""
    passage, span = chosen.passage, chosen.span
    words = passage.text[span[0] : span[1]] if span else ""
    what = f"“{words}”" if span else t("The whole passage")
    st.html(
        f'<div class="k-target" role="status"><b lang="{markup.escape(passage.language, quote=True)}" dir="auto">'
        f"{markup.escape(what)}</b>{markup.line(passage.citation, 'cite')}{_further(chosen)}</div>"
    )
    if span:
        st.button(t("Let go of the words"), key="marked-drop", type="tertiary", on_click=_drop)
    memo = Form(f"memo/{now.name}/{passage.id}", {"memo": ""}, by=now.by)
    given = str(memo.value("memo") or "")
    every = codes.codes_of(resources.workspace(), passage.id, viewer=now.by)
    offered = in_words(worklist.choices(book_for(now.by), now.facet, passage, every, now.by, now.name, span))
    version = resources.codebook().version
    how: CodedBy = {"by": now.by, "session": now.name, "span": span, "memo": given, "codebook": version}
    others = [one for other, _ in chosen.more for one in codes.codes_of(resources.workspace(), other.id, viewer=now.by)]
    hand = Hand(how, memo, chosen.more, codes.versions([*every, *others], now.by))
    with st.container(horizontal=True, key="kb-codes"):
        show_codes(passage, offered, hand)
    if now.facet == OWN:
        show_new(passage, hand)
    else:
        show_way("read")
    if not span:
        show_none(passage.id, now.facet, now.name, now.by)
    memo.line("memo", t("Memo"), help=t("It is kept with the next code that you give or reject."))
    memo.keep()
    _given(now, passage, memo)


def _further(chosen: CodingTarget) -> str:
    """Return, as HTML, the parts of further passages that also get the code."""
    if not chosen.more:
        return ""
    rows = [
        f'<b lang="{markup.escape(one.language, quote=True)}" dir="auto">'
        f"“{markup.escape(one.text[part[0] : part[1]] if part else one.text)}”</b>{markup.line(one.citation, 'cite')}"
        for one, part in chosen.more
    ]
    n = len(chosen.more)
    also = tn("and {n} more passage, which gets the code too:", "and {n} more passages, which get the code too:", n)
    return markup.line(also) + "".join(rows)


def _given(now: Round, passage: Passage, memo: Form) -> None:
    """Draw the codes of the passage; the person's own have a button to withdraw them."""
    rows = [one for one in now.codings if one.passage == passage.id]
    for n, one in enumerate(rows):
        label = code_name(one.facet, one.code)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(
                markup.line(
                    f"{label}: {one.coder}"
                    + (f", “{one.quotation}”" if one.span else "")
                    + (f". {one.memo}" if one.memo else "")
                )
            )
            if one.coder == now.by:
                st.button(
                    t("Take it back"),
                    key=f"undo-{n}-{one.code}",
                    type="tertiary",
                    on_click=_take_back,
                    args=(one, now.by),
                )


def _take_back(one: Coding, by: str) -> None:
    conflicts.attempt(
        "codes", t("Take it back"), lambda at: codes.withdraw_code(resources.workspace(), one, by=by, seen=at)
    )


def _drop() -> None:
    st.session_state.pop(_HELD, None)


def _progress(now: Round, document: str, passages: Sequence[Passage]) -> None:
    """Draw how many of the person's passages in this document are coded, and a link to the next one."""
    if not now.session or not now.session.assignments:
        return
    ids = {one.id for one in passages}
    mine = [id for id in now.session.assignments.get(now.by, ()) if id in ids]
    looks = units.units(resources.workspace(), session=now.name, viewer=now.by)
    ready = worklist.done(mine, now.codings, now.by, now.facet, now.name, looks)
    left = [id for id in mine if id not in ready]
    keys = {"document": document, "session": now.name, "facet": now.facet}
    next_one = markup.anchor(href("read", {**keys, "at": left[0]}), t("Next of your passages")) if left else ""
    words = tn(
        "Coded: {ready} of your {n} passage in this document.",
        "Coded: {ready} of your {n} passages in this document.",
        len(mine),
        ready=len(ready),
    )
    st.html(f'<p class="k-small">{words} {next_one}</p>')
