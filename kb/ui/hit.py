"""One hit: force, citation, marked words, notes, where it came from; its context and a text to copy."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kb.citing.promises import sentence_of
from kb.models import Passage, Span, marked
from kb.search import Hit
from kb.search.browse import reason
from kb.search.reorder import moves
from kb.ui import markup, resources
from kb.ui.pages import link
from kb.ui.quote import quotable


def force_line(force: str) -> str:
    """The force in words beside its shape."""
    text = resources.content().force(force)
    return markup.force(text.shape, text.words.removeprefix(text.shape).strip())


def show_hit(hit: Hit, *, nearest: bool) -> None:
    """Draw the hit; `nearest` for one that does not say what was asked."""
    far = nearest or hit.why.get("nearest", False)
    near = '<span class="kb-near">≈ Nearest passage: does not say it</span>' if far else ""
    with st.container(border=True):
        st.html(
            f'<div class="kb-head">{force_line(hit.force)}{near}</div>'
            + markup.trail(hit.section)
            + markup.marked(hit.text, hit.why.get("marks", ()), wording=markup.wording_of(hit.wording, hit.may_quote))
            + markup.line(hit.citation, "cite")
            + _explained(hit)
            + markup.notes(hit.notes)
            + markup.line(_came(hit))
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            link("passage", "Open this passage", {"id": hit.id}, icon=":material/article:")
            with st.popover("Copy, context, why", icon=":material/content_copy:", type="tertiary"):
                _more(hit)


def _explained(hit: Hit) -> str:
    """Our statement of the promise, under the official words and marked as ours."""
    return markup.line(marked(sentence_of(hit.statement, hit.id), "own-words")) if hit.statement else ""


def _came(hit: Hit) -> str:
    also = f" The same words stand in {', '.join(hit.also)}." if hit.also else ""
    return reason(hit.why, hit.text) + also


def _more(hit: Hit) -> None:
    st.caption("Copy with citation and force")
    st.code(
        quotable(hit.text, hit.citation, hit.force, hit.notes, wording=markup.wording_of(hit.wording, hit.may_quote)),
        language=None,
        wrap_lines=True,
    )
    st.caption("In its context")
    show_around(hit.id, [tuple(mark) for mark in hit.why.get("marks", ())])
    place = hit.source
    lines = f", lines {place.lines[0]}–{place.lines[1]}" if place.lines else ""
    page = f", page {place.page}" if place.page else ""
    legs = ", ".join(f"{name} {score:g}" for name, score in hit.why.get("legs", {}).items())
    st.html(
        markup.facts(
            [
                ("Identifier", hit.id),
                ("Source", f"{place.file}{lines}{page}"),
                ("Rank", str(hit.rank)),
                ("Scores", legs),
                ("Factor of its kind", f"{hit.why.get('factor', 1.0):g}"),
                ("Moved by", "; ".join(moves(hit.why)) or "nothing"),
            ]
        )
    )


def show_around(id: str, marks: Sequence[Span] = (), reach: int = 1) -> None:
    """The passage among its neighbours."""
    passages: list[Passage] = resources.searcher().index.store.around(id, reach, reach)
    st.html(
        "".join(
            markup.passage(
                p.text,
                current=p.id == id,
                citation=p.citation,
                language=p.language,
                wording=markup.wording_of(p.wording, p.may_quote),
                marks=marks if p.id == id else (),
            )
            for p in passages
        )
    )
