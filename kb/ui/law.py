"""The middle of the workbench: the text of the law at the current proposal, with the actions on it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from kb.assessment.models import EvidenceRole, Policy, Proposal
from kb.assessment.review import Review, by_standing, ordered
from kb.framework import Criterion
from kb.i18n import t, tn
from kb.models import Document
from kb.ui import address, browser, conflicts, lawtext, markup, sheet, work
from kb.ui.address import href
from kb.ui.doubts import show_doubts
from kb.ui.lawtext import Highlight, covered, document_here
from kb.ui.pages import link
from kb.ui.proposal import TAKING, show_acts, show_quote, take_words
from kb.ui.widgets import pick, typed


@dataclass(frozen=True)
class LawView:
    """The state of the middle of the workbench: a document, the criterion's proposals from it, and the position `at`
    of the current one."""

    policy: Policy
    proposals: tuple[Proposal, ...]
    at: int
    """Position of the current proposal, from 1; 0 if the document has none."""

    @property
    def current(self) -> Proposal | None:
        """The proposal at position `at`; None if the document has no proposals."""
        return self.proposals[self.at - 1] if self.at else None


def reading(seen: Review) -> LawView | None:
    """Return the document and proposal that the address names, by default the first proposal without an answer; None
    without a document."""
    if not seen.policy_set.policies:
        return None
    held = {policy.id: policy for policy in by_standing(seen.policy_set.policies)}
    proposals = ordered(seen.policy_set, seen.proposals, document_here)
    waiting = next((n for n, one in enumerate(proposals, 1) if one.verdict is None), 1 if proposals else 0)
    at = address.integer("at", waiting, 1, max(1, len(proposals))) if proposals else 0
    wanted = address.value("document") or (proposals[at - 1].policy if at else next(iter(held)))
    if wanted not in held:
        wanted = pick(t("Document"), "document", list(held), lambda id: held[id].title)
    if at and proposals[at - 1].policy != wanted:
        at = next((n for n, one in enumerate(proposals, 1) if one.policy == wanted), 0)
    return LawView(held[wanted], proposals, at)


def middle(seen: Review) -> tuple[int, Proposal] | None:
    """Return the current proposal with its number (from 1), if a decision can accept it; otherwise None.

    A decision can accept it when nobody has answered it, it is verbatim, and the criterion has no evidence yet.
    """
    if seen.finding.evidence or not seen.proposals:
        return None
    now = reading(seen)
    found = now.current if now else None
    return (now.at, found) if now and found and found.verbatim and found.verdict is None else None


def show_law(seen: Review, criterion: Criterion, by: str) -> None:
    """Draw the bar, the document with its proposals highlighted, and the actions under the current one."""
    now = reading(seen)
    if now is None:
        if work.awaits_first(seen.policy_set.id):
            return
        st.markdown(t("No document is loaded yet. Every criterion is without evidence for that reason only."))
        link("assess", t("Add a document"), {"set": seen.policy_set.id})
        return
    document = document_here(now.policy.current)
    picked, role = _picked({one.id for one in document.passages})
    if picked and role and by:
        take_words(seen, now.policy.id, by, picked, role)
        st.rerun()
    find = _bar(seen, now)
    if picked:
        where = t("The words you selected stand in the form under the law. Say there what they show, then add them.")
        st.info(where if by else t("Write your name at the top right: evidence is taken by a named person."))
    if taken := st.session_state.pop("kb-taken", ""):
        st.success(taken, icon=":material/check:")
    conflicts.show(TAKING)
    groups = [
        (n, covered(document, one.passage, one.text))
        for n, one in enumerate(now.proposals, 1)
        if one.policy == now.policy.id
    ]
    here = {id: _tab(seen, now) for n, ids in groups if n == now.at for id in ids}
    drawn = lawtext.sheet(document.passages, [Highlight(n, ids) for n, ids in groups if n != now.at], here, find=find)
    _state(seen, now, find, drawn.matches)
    if not now.current:
        show_doubts(seen.policy_set, {now.policy.id}, by)
    if not _printed(now, document, groups, by, seen):
        with st.container(key="kb-sheet"):
            st.html(
                f'<article class="k-sheet" '
                f'aria-label="{markup.escape(now.policy.title, quote=True)}">{drawn.before}{drawn.here}</article>'
            )
            if now.current:
                show_acts(seen, now.current, by)
            st.html(f'<article class="k-sheet k-goes">{drawn.after}</article>')
    with st.expander(t("Quote other words as evidence"), expanded=bool(picked)):
        show_quote(seen, now.policy.id, by, picked)
    _nearest(seen)


def _printed(
    now: LawView, document: Document, groups: Sequence[tuple[int, frozenset[str]]], by: str, seen: Review
) -> bool:
    """Draw the printed page with the proposals as boxes, if the address asks for it and the unchanged PDF is in the
    library; return whether it was drawn. `groups` are the numbered sets of passage ids, one for each proposal."""
    path = sheet.original(document.passages)
    if path is None:
        return False
    query = {key: st.query_params.get_all(key) for key in st.query_params if key not in ("as", "page")}
    sheet.show_switch("criterion", query, sheet.as_page())
    if not sheet.as_page():
        return False
    numbers = {id: n for n, ids in groups for id in ids}
    spots = [
        sheet.Spot(
            one,
            t("Proposal {n}", n=numbers[one.id]),
            str(numbers[one.id]),
            href("criterion", {**query, "as": "page", "at": str(numbers[one.id])}),
            "here" if numbers[one.id] == now.at else "code",
        )
        for one in document.passages
        if one.id in numbers
    ]
    drawn = sheet.show(path, document.passages, spots, "criterion", query)
    if drawn and now.current:
        show_acts(seen, now.current, by)
    return drawn


def _picked(ids: set[str]) -> tuple[str, EvidenceRole | None]:
    """Return the words that the person selected in this document ('' for none), and the role they chose (None if they
    want to say more first).

    The message comes from the browser and is checked; the words are looked up in the document before they become
    evidence.
    """
    try:
        selection = json.loads(browser.sent("quote") or "{}")
    except json.JSONDecodeError:
        return "", None
    words = selection.get("words") if isinstance(selection, dict) and selection.get("passage") in ids else ""
    role = selection.get("as") if words else None
    taken = EvidenceRole(role) if role in EvidenceRole.values() else None
    return (words if isinstance(words, str) else ""), taken


def _tab(seen: Review, now: LawView) -> str:
    """Return the label of the current proposal as text: its number and its verdict."""
    verdict = {"accepted": t("evidence"), "rejected": t("not relevant"), None: t("proposed")}[
        now.current.verdict if now.current else None
    ]
    return t("Proposal {at}: {verdict}", at=now.at, verdict=verdict)


def _bar(seen: Review, now: LawView) -> str:
    """Draw the choice of document, the field for words to find, and the buttons between proposals; return the words."""
    titles = {policy.id: _title(policy) for policy in by_standing(seen.policy_set.policies)}
    with st.container(key="kb-lawbar", horizontal=True, vertical_alignment="bottom"):
        pick(
            t("Document"),
            "document",
            list(titles),
            titles.__getitem__,
            default=now.policy.id,
            clear=["at", "page"],
            label_visibility="collapsed",
        )
        find = typed(
            t("Find in document"),
            "find",
            placeholder=t("Find in document"),
            label_visibility="collapsed",
            max_chars=200,  # a longer one is no phrase to look for
        )
        st.button(
            "↑",
            key="proposal-before",
            help=t("Previous proposal"),
            shortcut="P",
            disabled=now.at <= 1,
            on_click=_go,
            args=(now.at - 1,),
        )
        st.html(
            f'<p class="k-num k-small k-of"><span class="k-sr">{t("Proposal")} '
            f"</span>{t('{at} of {count}', at=now.at, count=len(now.proposals))}"
            "</p>"
        )
        st.button(
            "↓",
            key="proposal-after",
            help=t("Next proposal"),
            shortcut="N",
            disabled=now.at >= len(now.proposals),
            on_click=_go,
            args=(now.at + 1,),
        )
    return find


def _title(policy: Policy) -> str:
    """Return title and legal status of a document."""
    return f"{policy.title} · {t(policy.current.standing.brief)}"


def _go(n: int) -> None:
    """Set the current proposal in the address to number `n`."""
    address.put("at", str(n))
    address.clear(["document", "page"])


def _state(seen: Review, now: LawView, find: str, matches: int) -> None:
    """Draw notices: that the machine is still at work, or what its run ended with if it has no proposals; that the
    document is a draft; and how many matches the searched words have."""
    if work.coming(seen.policy_set.id):  # until then silence says nothing
        lines = [t("The machine is still looking through a document. What it proposes is shown here when it is done.")]
    else:
        lines = [seen.proposal_summary] if not seen.proposals or not seen.looked else []
    if now.policy.current.standing == "draft":
        lines.append(t("This document is a draft. A draft cannot carry the status “met”."))
    if find.strip():
        lines.append(
            tn(
                "“{find}”: {n} place marked in this document.",
                "“{find}”: {n} places marked in this document.",
                matches,
                find=find.strip(),
            )
        )
    if lines:
        st.html("".join(markup.line(one) for one in lines))


def _nearest(seen: Review) -> None:
    """Draw the nearest passages if the machine found no proposal; each is marked as not being one."""
    rows: list[str] = [
        (
            f'<span class="kb-near">{t("≈ Nearest passage: not proposed")}</span>'
            + markup.marked(near.text, (), wording="unchecked")
            + markup.line(near.citation, "cite")
        )
        for near in seen.nearest
    ]
    if rows:
        with st.expander(t("Nearest passages ({count}): proposed for nothing", count=len(rows))):
            st.html("".join(rows))
