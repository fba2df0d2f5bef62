"""Evidence, decision and history of a finding. A status is set by a named person, with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import get_args

import streamlit as st

from kb.assessment.findings import decide, remove_evidence, timeline
from kb.assessment.models import STATUS_WORDS, Confidence, Status, Workflow
from kb.assessment.review import Review
from kb.framework import Criterion
from kb.log.decisions import sentence
from kb.ui import conflicts, markup, resources
from kb.ui.content import plain
from kb.ui.form import Form


def show_evidence(seen: Review, by: str) -> None:
    """The evidence rows, each with what it shows and how its source stands."""
    st.header("Evidence")
    finding = seen.finding
    if not finding.evidence:
        st.markdown("No evidence recorded.")
    for row in finding.evidence:
        with st.container(border=True):
            proof = (
                "found word for word in the document" if row.verified else "not verified: the source is not loaded here"
            )
            st.html(
                f'<div class="kb-head"><span class="kb-force">{markup.escape(plain(row.stance))}</span>'
                f"<span>{markup.escape(row.role)}, {markup.escape(row.type)}; source "
                f"{markup.escape(plain(row.standing).lower())}"
                "</span></div>"
                + markup.marked(row.quotation, (), wording="verbatim" if row.verified else "unchecked")
                + markup.line(f"{row.source}, {row.locator}", "cite")
                + markup.line(
                    f"{proof}; added by {row.added_by}"
                    + (f" on {row.added_at:%Y-%m-%d}" if row.added_at else "")
                    + (f"; in effect {row.effective}" if row.effective else "")
                )
            )
            with st.popover("Take it out"):
                _out(seen, row.id, by)
            conflicts.show(f"out-{row.id}")


def _out(seen: Review, id: str, by: str) -> None:
    """The reason for which a row is taken out, and the button."""
    form = Form(f"out/{seen.whole.id}/{seen.finding.criterion}/{id}", {"reason": ""}, by=by)
    reason = form.line("reason", "Reason")
    st.button("Take out", key=f"out-{id}", disabled=not by, on_click=_remove, args=(seen, id, by, reason, form))


def _remove(seen: Review, id: str, by: str, reason: str, form: Form) -> None:
    if conflicts.attempt(
        f"out-{id}",
        "Take it out",
        lambda at: remove_evidence(
            resources.workspace(),
            resources.framework(),
            seen.whole.id,
            seen.finding.criterion,
            id,
            by=by,
            expected=at.get(seen.stream, seen.finding.version),
            reason=reason,
        ),
    ):
        form.recorded()


def show_decision(seen: Review, criterion: Criterion, by: str) -> None:
    """The form. What the rules refuse is said in words, and nothing is kept then."""
    st.header("Decision")
    finding = seen.finding
    if not by:
        st.info("Write your name in the side bar: a status is set only by a named person.", icon=":material/person:")
    now = {name: getattr(finding, name) for name in ("status", "rationale", "gap", "next_step", "body", "workflow")}
    form = Form(
        f"finding/{finding.policy_set}/{finding.criterion}",
        {**now, "confidence": finding.confidence or ""},
        by=by,
        version=finding.version,
        who=changed(finding.changed_by, finding.changed_at),
    )
    levels = ["", *get_args(Confidence)]
    form.radio("status", "Status", get_args(Status), STATUS_WORDS.__getitem__, horizontal=True)
    form.area("rationale", "Rationale", help="Why; it stands beside the status in every export.")
    left, right = st.columns(2)
    form.area("gap", "Gap", left)
    form.area("next_step", "Next step", right)
    form.line("body", "Responsible body", left)
    form.select("confidence", "How sure you are", levels, lambda v: v or "not said", right)
    form.radio("workflow", "Work", get_args(Workflow), plain, horizontal=True)
    if form.submit("Decide", type="primary", disabled=not by, shortcut="Ctrl+Enter"):
        with form.recording():
            _decide(seen, form.values(), by)


def changed(by: str, at: datetime | None) -> str:
    """Who wrote last, and when."""
    return f"{by} on {at:%Y-%m-%d %H:%M} UTC" if by and at else by


def _decide(seen: Review, given: dict[str, object], by: str) -> None:
    """Keep only what was changed, so that what follows from a change follows."""
    given = {**given, "confidence": given["confidence"] or None}
    wanted = {name: value for name, value in given.items() if value != getattr(seen.finding, name)}
    decide(
        resources.workspace(),
        resources.framework(),
        seen.whole.id,
        seen.finding.criterion,
        wanted,
        by=by,
        expected=seen.finding.version,
    )


def show_history(policy_set: str, criterion: str, by: str) -> None:
    """Every change, newest first."""
    st.header("History")
    events = timeline(resources.workspace(), policy_set, criterion)
    if not events:
        st.markdown("Nothing was changed yet.")
        return
    with st.expander(f"{len(events)} {'change' if len(events) == 1 else 'changes'}", expanded=True):
        for event in reversed(events):
            st.html(markup.line(sentence(event) + (f". Reason: {event.reason}" if event.reason else "")))
