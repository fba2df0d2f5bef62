"""Coding by keyboard: one passage of a sample at a time. People's codes and the machine's tags are shown separately."""

from __future__ import annotations

import streamlit as st

from kb.coding import codes, units, worklist
from kb.coding.models import Coding, Session
from kb.coding.own import OWN
from kb.errors import NotFound, RefusedError
from kb.i18n import percent, t, tn
from kb.models import Passage, Span
from kb.ui import address, conflicts, markup, places, resources, shell
from kb.ui.accounts import author
from kb.ui.content import TAG_STATES, origin_words
from kb.ui.form import Form
from kb.ui.giving import CodedBy, Hand, show_codes, show_none
from kb.ui.hit import force_line, show_around
from kb.ui.new_project import sampled, show_begin_project
from kb.ui.owncodes import book_for, code_name, facet_of, facets, group_name, in_words, show_new, show_way
from kb.ui.pages import link
from kb.ui.project import name_of, show_deleted_projects, show_project, state_of
from kb.ui.widgets import pick, switch

OPEN = ""
NO_SESSION = "-"
"""The query value for open coding; no session has this id, since ids begin with a letter or a digit."""


def page() -> None:
    """Draw the coding page: the choice of project and sample, and the passage to code next."""
    by = author()
    st.title(places.name_of("coding"))
    if did := st.session_state.pop("kb-did", ""):
        st.success(did, icon=":material/check:")
    if not address.value("session"):  # above what asks for a choice, which would end the page
        show_begin_project(
            by, opened=not (address.value("document") or address.value("id") or codes.sessions(resources.workspace()))
        )
    session = _session()
    facet, hidden = _how(session)
    if not by:
        st.info(t("Write your name at the top right: every code has a coder."), icon=":material/person:")
        return
    only = address.value("id")
    if only and session is None:
        st.info(t("A difference is settled here: the codes that you give count as the word of who settles it."))
    ids = [only] if only else worklist.share(session, by, [] if session and session.sample else _drawn(facet))
    if session and by not in session.coders:
        raise RefusedError(
            t("{by} is not a coder of '{id}'.", by=by, id=session.id),
            do=t("Its coders are: {coders}.", coders=", ".join(session.coders)),
        )
    with (
        st.container(),
        shell.errors_shown(),
    ):  # a place of its own: what follows keeps its place, and a fold stays open
        _passage(ids, session, facet, by, hidden)
    if session:
        show_project(session, by)
    show_deleted_projects(by)


def _how(session: Session | None) -> tuple[str, bool]:
    """Draw the choices; return the group of codes (preset to that of the project) and whether the machine's tags are
    hidden. They are hidden by default in an open blind round."""
    left, right = st.columns(2)
    with left:
        facet = pick(t("Group of codes"), "facet", facets(), group_name, default=facet_of(session))
    with right:
        hidden = switch(
            t("Do not show me the machine's tags"),
            "blind",
            default=bool(session and session.blind and session.open),
            help=t("Code first, compare afterwards."),
        )
    return facet, hidden


def _session() -> Session | None:
    """Draw the choice of a project (a coding session); return the chosen one, None for open coding."""
    here = address.value("session")
    held = {one.id: one for one in codes.sessions(resources.workspace()) if not one.archived or one.id == here}
    words = {id: f"{name_of(one)}: {', '.join(one.coders)}, {state_of(one)}" for id, one in held.items()}
    return held.get(
        pick(
            t("Project"),
            "session",
            [NO_SESSION, *held],
            lambda id: words.get(id, t("None: I code alone")),
            default=None if held else NO_SESSION,
        )
    )


def _drawn(facet: str) -> list[str]:
    """Draw the choices for a random sample; return the ids of its passages. The same address gives the same sample."""
    documents = list(resources.searcher().index.manifest.documents)
    with st.expander(t("Sample"), expanded=address.value("document") not in documents):
        labels = resources.labels()
        document = pick(t("Document"), "document", documents, lambda id: labels.term("document", id))
        size = int(pick(t("Passages"), "n", ["20", "50", "100", "200"], default="20"))
        seed = int(pick(t("Draw"), "seed", [str(n) for n in range(10)], default="0"))
        unsure = switch(t("Least certain first"), "unsure")
    return sampled(resources.searcher().index.folder.name, document, facet, size, seed, unsure)


def _passage(ids: list[str], session: Session | None, facet: str, by: str, hidden: bool) -> None:
    """Draw the next passage of `ids` with its codes. With `hidden` the machine's tags are not shown. Raises NotFound
    if the index no longer has the passage."""
    if not ids:
        st.markdown(t("There is nothing to code here."))
        return
    name = session.id if session else OPEN
    given = codes.codings(resources.workspace(), session=name, viewer=by)
    looks = units.units(resources.workspace(), session=name, viewer=by)
    ready = worklist.done(ids, given, by, facet, name, looks)
    at = address.integer("at", _first(ids, ready, f"{name}/{facet}"), 1, len(ids))
    passage = resources.searcher().index.store.get(ids[at - 1])
    if passage is None:
        raise NotFound(
            t("The index has no passage '{at}' any more.", at=ids[at - 1]),
            do=t("Go to the next one, or draw the sample again."),
        )
    if (not session or session.open) and not any(
        one.opened for one in looks if (one.passage, one.coder) == (passage.id, by)
    ):
        units.open_unit(resources.workspace(), passage.id, by=by, session=name)
    _progress(at, len(ids), len(ready), session)
    with st.container(horizontal=True):
        st.button(
            t("Previous"), key="back", shortcut="K", disabled=at == 1, on_click=address.put, args=("at", str(at - 1))
        )
        st.button(
            t("Next"), key="next", shortcut="J", disabled=at == len(ids), on_click=address.put, args=("at", str(at + 1))
        )
    st.caption(
        t("Keys: J next, K previous, 1 to 9 give or take back a code, 0 none applies, Tab to reach everything else.")
    )
    st.html(
        f'<div class="kb-head">{force_line(passage.force)}</div>'
        + markup.trail(passage.section)
        + markup.marked(
            passage.text, (), language=passage.language, wording=markup.wording_of(passage.wording, passage.may_quote)
        )
        + markup.line(passage.citation, "cite")
    )
    memo = Form(f"memo/{name}/{passage.id}", {"memo": ""}, by=by)
    part = Form(f"part/{name}/{passage.id}", {"words": ""}, by=by)
    with st.expander(t("Memo, or only some of the words"), expanded=bool(memo.touched or part.touched)):
        words = part.line("words", t("Only for these words (empty: the whole passage)"))
        memo.line("memo", t("Memo"), help=t("It is kept with the next code that you give or reject."))
        part.keep()
        memo.keep()
    with shell.errors_shown():
        _codes(passage, session, facet, by, hidden, worklist.span_of(passage, words), memo)
    conflicts.show("codes")
    with st.expander(t("In its context")):
        show_around(passage.id, reach=2)
    here = {"document": passage.document, "at": passage.id, "session": name or NO_SESSION, "facet": facet}
    link("read", t("Code in the text"), here, icon=":material/menu_book:")


def _progress(at: int, count: int, ready: int, session: Session | None) -> None:
    """Draw position `at` of `count` in the sample and the number coded (`ready`); when all are coded, the next step."""
    words = tn(
        "Passage {at} of {count}; {n} coded by you in this group of codes",
        "Passage {at} of {count}; {n} coded by you in this group of codes",
        ready,
        at=at,
        count=count,
    )
    st.progress(ready / count, text=words)
    if session and ready == count:
        st.success(t("All your passages are coded."), icon=":material/check:")
        link("agreement", t("Close the round and see the agreement"), {"session": session.id})


def _first(ids: list[str], ready: set[str], what: str) -> int:
    """Return the position (from 1) of the passage to show if the address names none: the first of `ids` that is not
    in `ready`, the passages already coded.

    It stays the same while the page is redrawn, so that a passage can get a second code. `what` identifies sample
    and group of codes; another value starts again.
    """
    run = st.session_state["kb-run"]
    before, kept, at = st.session_state.get("kb-coding-at", (0, "", 1))
    if (before, kept) != (run - 1, what) or at > len(ids):
        at = next((n for n, id in enumerate(ids, 1) if id not in ready), 1)
    st.session_state["kb-coding-at"] = (run, what, at)
    return at


def _codes(
    passage: Passage, session: Session | None, facet: str, by: str, hidden: bool, span: Span | None, memo: Form
) -> None:
    """Draw people's codes of the passage on the left and the machine's tags on the right (`hidden`: tags not shown).
    `span` is the selected part of the passage, None for all of it."""
    name = session.id if session else OPEN
    every = codes.codes_of(resources.workspace(), passage.id, viewer=by)
    people = [one for one in every if one.session == name]
    offered = in_words(worklist.choices(book_for(by), facet, passage, people, by, name, span))
    how: CodedBy = {
        "by": by,
        "session": name,
        "span": span,
        "memo": str(memo.value("memo") or ""),
        "codebook": resources.codebook().version,
    }
    hand = Hand(how, memo, seen=codes.versions(every, by))
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.header(t("Your codes"))
        with st.container(horizontal=True):
            show_codes(passage, offered, hand)
        if facet == OWN:
            show_new(passage, hand)
        else:
            show_way("coding")
        show_none(passage.id, facet, name, by)
        beside = every if address.value("id") else people
        others = [one for one in beside if one not in people or one.coder != by]
        others = [one for one in others if one.facet == facet and one.state != "withdrawn"]
        if others:
            st.header(t("Codes of others"))
            st.html(
                "".join(markup.line(_said(one) + (f". {t('Memo')}: {one.memo}" if one.memo else "")) for one in others)
            )
    with right:
        st.header(t("The machine's tags"))
        _machine(passage, facet, offered, hidden, hand)


def _said(one: Coding) -> str:
    """Return the sentence that says which code a coder gave or rejected."""
    code = code_name(one.facet, one.code)
    if one.state == "rejected":
        return t("{coder} rejected {code}", coder=one.coder, code=code)
    return t("{coder} gave {code}", coder=one.coder, code=code)


def _machine(passage: Passage, facet: str, offered: list[worklist.Choice], hidden: bool, hand: Hand) -> None:
    """Draw the machine's tags of the facet, each with buttons to reject or correct it. If they are `hidden`, draw a
    line that says so."""
    if hidden:
        st.markdown(t("Hidden, as you asked."))
        return
    tags = [tag for tag in passage.tags if tag.facet == facet and not tag.origin.startswith("person:")]
    names = {choice.code: choice.name for choice in offered}
    if not tags:
        st.markdown(t("None in this group of codes."))
    for tag in tags:
        with st.container(border=True):
            words = t(", for “{span}”", span=passage.text[tag.span[0] : tag.span[1]]) if tag.span else ""
            st.html(
                markup.line(names.get(tag.id, tag.id), "cite")
                + markup.line(
                    t(
                        "{state} by {origin}, {confidence} sure{words}",
                        state=TAG_STATES[tag.state],
                        origin=origin_words(tag.origin),
                        confidence=percent(tag.confidence),
                        words=words,
                    )
                )
            )
            with st.container(horizontal=True):
                st.button(
                    t("Reject"),
                    key=f"no-{facet}-{tag.id}",
                    on_click=_reject,
                    args=(passage, facet, tag.id, tag.origin, hand),
                )
                with st.popover(t("Correct")):
                    right = st.selectbox(
                        t("The right code"),
                        [code for code in names if code != tag.id],
                        index=None,
                        format_func=names.__getitem__,
                        key=f"right-{facet}-{tag.id}",
                        placeholder=t("Choose"),
                        filter_mode="contains",
                    )
                    st.button(
                        t("Put it in its place"),
                        key=f"put-{facet}-{tag.id}",
                        disabled=not right,
                        on_click=_correct,
                        args=(passage, facet, tag.id, right, tag.origin, hand),
                    )


def _reject(passage: Passage, facet: str, code: str, origin: str, hand: Hand) -> None:
    hand.word(
        t("Reject it"),
        lambda how: codes.reject_code(resources.workspace(), passage, facet, code, of_machine=origin, **how),
    )


def _correct(passage: Passage, facet: str, wrong: str, right: str, origin: str, hand: Hand) -> None:
    hand.word(
        t("Put it in its place"),
        lambda how: codes.correct_code(
            resources.workspace(), passage, (facet, wrong), (facet, right), of_machine=origin, **how
        ),
    )
