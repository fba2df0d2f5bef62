"""Passages that the machine proposes for a criterion: take as evidence, reject, or quote other words."""

from __future__ import annotations

from datetime import date
from typing import get_args

import streamlit as st

from kb.assessment import proposals
from kb.assessment.findings import add_evidence
from kb.assessment.models import EvidenceType, Proposal, Role, Stance
from kb.assessment.review import Review, reasons, suggested
from kb.errors import InputError
from kb.ui import conflicts, markup, resources
from kb.ui.content import plain
from kb.ui.decision import changed
from kb.ui.form import Form

GRADES = {
    "direct": "Direct: a measure, entitlement, institution or rule",
    "related": "Related: an aim, principle or mention",
}
VERDICTS = {"accepted": "✓ Taken as evidence", "rejected": "✕ Rejected", None: "Proposed, not yet answered"}
OTHER = "-"
"""A source that is not loaded: no id of a policy is called so."""
KEYS = 9
"""Proposals that a digit key takes."""


def show_proposals(seen: Review, by: str) -> None:
    """Draw the proposals, then the nearest passages where the machine found nothing."""
    for n, found in enumerate(seen.proposals, 1):
        with st.container(border=True):
            _one(seen, found, n, by)
    if seen.nearest:
        with st.expander(f"Nearest passages ({len(seen.nearest)}): proposed for nothing"):
            for near in seen.nearest:
                st.html(
                    '<span class="kb-near">≈ Nearest passage: not proposed</span>'
                    + markup.marked(near.text, (), wording="unchecked")
                    + markup.line(near.citation, "cite")
                )
    if seen.whole.policies:
        with st.expander("Quote another passage", icon=":material/format_quote:"):
            _quote(seen, by)


def _one(seen: Review, found: Proposal, n: int, by: str) -> None:
    sure = f"of such proposals about {found.confidence:.0%} were judged direct" if found.confidence is not None else ""
    st.html(
        f'<div class="kb-head"><span class="kb-force">{markup.escape(VERDICTS[found.verdict])}</span>'
        f"<span>{markup.escape(GRADES.get(found.grade, found.grade))}</span></div>"
        + markup.marked(found.text, (), wording="verbatim" if found.verbatim else "unchecked")
        + markup.line(found.citation, "cite")
        + markup.line("; ".join(filter(None, (found.type or "", sure))))
        + "".join(markup.line(reason) for reason in reasons(found.why))
    )
    if found.verdict:
        st.caption(f"by {found.verdict_by}" + (f": {found.verdict_reason}" if found.verdict_reason else ""))
    role, stance = suggested(found)
    key = f"{found.run}-{found.rank}"
    with st.container(horizontal=True):
        if found.verdict != "accepted":
            st.button(
                f"Take as evidence: {stance}, {role}",
                key=f"take-{key}",
                type="primary",
                disabled=not by,
                shortcut=str(n) if n <= KEYS else None,
                on_click=_take,
                args=(seen, found, by, role, stance),
            )
        if found.verdict != "rejected":
            st.button("Reject", key=f"reject-{key}", disabled=not by, on_click=_reject, args=(seen, found, by))
        with st.popover("Take otherwise"):
            _otherwise(seen, found, by, role, stance)
    conflicts.show(_place(found))


def _take(seen: Review, found: Proposal, by: str, role: Role, stance: Stance) -> None:
    conflicts.attempt(
        _place(found),
        "Take it as evidence",
        lambda at: proposals.accept(
            resources.workspace(),
            resources.framework(),
            seen.whole.id,
            found.criterion,
            found.run,
            found.rank,
            by=by,
            expected=at.get(seen.stream, seen.finding.version),
            role=role,
            stance=stance,
            verdict_seen=_verdict(seen, found, at),
        ),
    )


def _reject(seen: Review, found: Proposal, by: str) -> None:
    conflicts.attempt(
        _place(found),
        "Reject it",
        lambda at: proposals.reject(
            resources.workspace(),
            seen.whole.id,
            found.criterion,
            found.run,
            found.rank,
            by=by,
            expected=_verdict(seen, found, at),
        ),
    )


def _verdict(seen: Review, found: Proposal, at: dict[str, int]) -> int:
    """The version of the verdict that the person saw."""
    return at.get(proposals.verdict_stream(seen.whole.id, found), found.verdict_version)


def _place(found: Proposal) -> str:
    """Where what an act on a proposal meets is shown."""
    return f"proposal-{found.run}-{found.criterion}-{found.rank}"


def _otherwise(seen: Review, found: Proposal, by: str, role: Role, stance: Stance) -> None:
    """The same passage with other words, role, stance or date."""
    form = Form(
        f"otherwise/{seen.whole.id}/{found.criterion}/{found.run}-{found.rank}",
        {"words": found.text, "reason": "", **_kind_now(role, stance, found.type or "structural")},
        by=by,
        version=(seen.finding.version, found.verdict_version),
        who=changed(seen.finding.changed_by, seen.finding.changed_at),
    )
    words = form.area("words", "Words to quote", help="A part of the passage, word for word")
    given = _kind(form)
    reason = form.line("reason", "Reason")
    if form.submit("Take as evidence", disabled=not by):
        with form.recording():
            proposals.accept(
                resources.workspace(),
                resources.framework(),
                seen.whole.id,
                found.criterion,
                found.run,
                found.rank,
                by=by,
                expected=seen.finding.version,
                quotation=words,
                reason=reason,
                verdict_seen=found.verdict_version,
                **given,
            )


def _kind_now(role: Role, stance: Stance, type: EvidenceType) -> dict[str, object]:
    """Role, stance, type and date as they stand before a person changes them."""
    return {"role": role, "stance": stance, "type": type, "effective": None}


def _kind(form: Form) -> dict[str, object]:
    """Role, stance, type and date of an evidence row."""
    words = {
        "instrument": "The law, regulation or policy itself",
        "operation": "Operation: budget, institution at work, data",
    }
    return {
        "role": form.radio("role", "It shows", get_args(Role), words.__getitem__),
        "stance": form.radio("stance", "It", get_args(Stance), horizontal=True),
        "type": form.radio("type", "Type", get_args(EvidenceType), plain, horizontal=True),
        "effective": form.day("effective", "In effect since (or date of its figures)", min_value=date(1900, 1, 1)),
    }


def _source(chosen: str | None, other: str) -> str:
    """The source of a quotation: a loaded document, or the name of another; one of the two, never both."""
    if chosen is None or (chosen == OTHER) != bool(other.strip()):
        raise InputError(
            "The source is not clear.", do="Choose a loaded document, or “Another source” and write its name."
        )
    return other.strip() if chosen == OTHER else chosen


def _quote(seen: Review, by: str) -> None:
    """Evidence that the machine did not propose: words of a loaded document, or of an outside source."""
    titles = {policy.id: policy.title for policy in seen.whole.policies}
    form = Form(
        f"quote/{seen.whole.id}/{seen.finding.criterion}",
        {"source": None, "other": "", "words": "", "locator": "", **_kind_now("instrument", "supports", "structural")},
        by=by,
        version=seen.finding.version,
        who=changed(seen.finding.changed_by, seen.finding.changed_at),
    )
    chosen = form.select(
        "source", "Source", [*titles, OTHER], lambda id: titles.get(id, "Another source, not loaded here")
    )
    other = form.line("other", "Name of the other source", help="What is quoted from it cannot be verified here.")
    words = form.area(
        "words", "Words, verbatim", help="They are looked up in the document and refused if they do not stand there."
    )
    given = _kind(form)
    locator = form.line("locator", "Place", placeholder="article or page, if the words stand more than once")
    if form.submit("Add as evidence", disabled=not by):
        with form.recording():
            row = {"source": _source(chosen, other), "quotation": words, "locator": locator, **given}
            add_evidence(
                resources.workspace(),
                resources.framework(),
                seen.whole.id,
                seen.finding.criterion,
                row,
                by=by,
                expected=seen.finding.version,
            )
