"""Evidence, decision and history of a finding. A status is set by a named person, with a reason."""
from __future__ import annotations

from typing import get_args

import streamlit as st

from kb.framework import Criterion
from kb.ui import markup, resources, shell
from kb.ui.content import plain
from kb.workspace.decisions import sentence
from kb.workspace.findings import decide, remove_evidence, timeline
from kb.workspace.nouns import STATUS_WORDS, Confidence, Status, Workflow
from kb.workspace.review import Review


def show_evidence(seen: Review, by: str) -> None:
    """The evidence rows, each with what it shows and how its source stands."""
    st.header("Evidence")
    finding = seen.finding
    if not finding.evidence:
        st.markdown("No evidence recorded.")
    for row in finding.evidence:
        with st.container(border=True):
            proof = "found word for word in the document" if row.verified else "not verified: the source is not loaded here"
            st.html(f'<div class="kb-head"><span class="kb-force">{markup.escape(plain(row.stance))}</span>'
                    f"<span>{markup.escape(row.role)}, {markup.escape(row.type)}; source "
                    f"{markup.escape(plain(row.standing).lower())}"
                    "</span></div>" + markup.marked(row.quotation, (), wording="verbatim" if row.verified else "unchecked")
                    + markup.line(f"{row.source}, {row.locator}", "cite")
                    + markup.line(f"{proof}; added by {row.added_by}"
                                  + (f" on {row.added_at:%Y-%m-%d}" if row.added_at else "")
                                  + (f"; in effect {row.effective}" if row.effective else "")))
            with st.popover("Take it out"):
                reason = st.text_input("Reason", key=f"reason-{row.id}")
                st.button("Take out", key=f"out-{row.id}", disabled=not by, on_click=_remove,
                          args=(seen, row.id, by, reason))


def _remove(seen: Review, id: str, by: str, reason: str) -> None:
    with shell.told():
        remove_evidence(resources.workspace(), resources.framework(), seen.whole.id, seen.finding.criterion, id, by=by,
                        expected=seen.finding.version, reason=reason)


def show_decision(seen: Review, criterion: Criterion, by: str) -> None:
    """The form. What the rules refuse is said in words, and nothing is kept then."""
    st.header("Decision")
    finding = seen.finding
    if not by:
        st.info("Write your name in the side bar: a status is set only by a named person.", icon=":material/person:")
    with st.form(f"decision-{finding.policy_set}-{finding.criterion}-{finding.version}"):
        statuses, works = get_args(Status), get_args(Workflow)
        status = st.radio("Status", statuses, statuses.index(finding.status), format_func=STATUS_WORDS.__getitem__,
                          horizontal=True)
        rationale = st.text_area("Rationale", finding.rationale,
                                 help="Why; it stands beside the status in every export.")
        left, right = st.columns(2)
        gap = left.text_area("Gap", finding.gap)
        step = right.text_area("Next step", finding.next_step)
        body = left.text_input("Responsible body", finding.body)
        levels = ["", *get_args(Confidence)]
        sure = right.selectbox("How sure you are", levels, levels.index(finding.confidence or ""),
                               format_func=lambda v: v or "not said")
        work = st.radio("Work", works, works.index(finding.workflow), format_func=plain, horizontal=True)
        sent = st.form_submit_button("Decide", type="primary", disabled=not by, shortcut="Ctrl+Enter")
    if sent:
        given = {"status": status, "rationale": rationale, "gap": gap, "next_step": step, "body": body,
                 "confidence": sure or None, "workflow": work}
        _decide(seen, given, by)


def _decide(seen: Review, given: dict[str, object], by: str) -> None:
    """Keep only what was changed, so that what follows from a change follows."""
    changed = {name: value for name, value in given.items() if value != getattr(seen.finding, name)}
    with shell.told():
        decide(resources.workspace(), resources.framework(), seen.whole.id, seen.finding.criterion, changed, by=by,
               expected=seen.finding.version)
        st.rerun()


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
