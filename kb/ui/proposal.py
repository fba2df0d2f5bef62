"""Passages that the machine proposes for a criterion: take as evidence, reject, or quote other words."""
from __future__ import annotations

from datetime import date
from typing import get_args

import streamlit as st

from kb.errors import InputError
from kb.ui import markup, resources, shell
from kb.ui.content import plain
from kb.workspace import proposals
from kb.workspace.findings import add_evidence
from kb.workspace.nouns import EvidenceType, Proposal, Role, Stance
from kb.workspace.review import Review, reasons, suggested

GRADES = {"direct": "Direct: a measure, entitlement, institution or rule",
          "related": "Related: an aim, principle or mention"}
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
                st.html('<span class="kb-near">≈ Nearest passage: not proposed</span>'
                        + markup.marked(near.text, (), wording="unchecked") + markup.line(near.citation, "cite"))
    if seen.whole.policies:
        with st.expander("Quote another passage", icon=":material/format_quote:"):
            _quote(seen, by)


def _one(seen: Review, found: Proposal, n: int, by: str) -> None:
    sure = f"of such proposals about {found.confidence:.0%} were judged direct" if found.confidence is not None else ""
    st.html(f'<div class="kb-head"><span class="kb-force">{markup.escape(VERDICTS[found.verdict])}</span>'
            f"<span>{markup.escape(GRADES.get(found.grade, found.grade))}</span></div>"
            + markup.marked(found.text, (), wording="verbatim" if found.verbatim else "unchecked") + markup.line(found.citation, "cite")
            + markup.line("; ".join(filter(None, (found.type or "", sure))))
            + "".join(markup.line(reason) for reason in reasons(found.why)))
    if found.verdict:
        st.caption(f"by {found.verdict_by}" + (f": {found.verdict_reason}" if found.verdict_reason else ""))
    role, stance = suggested(found)
    key = f"{found.run}-{found.rank}"
    with st.container(horizontal=True):
        if found.verdict != "accepted":
            st.button(f"Take as evidence: {stance}, {role}", key=f"take-{key}", type="primary", disabled=not by,
                      shortcut=str(n) if n <= KEYS else None,
                      on_click=_take, args=(seen, found, by, role, stance))
        if found.verdict != "rejected":
            st.button("Reject", key=f"reject-{key}", disabled=not by, on_click=_reject, args=(seen, found, by))
        with st.popover("Take otherwise"):
            _otherwise(seen, found, by, key, role, stance)


def _take(seen: Review, found: Proposal, by: str, role: Role, stance: Stance) -> None:
    with shell.told():
        proposals.accept(resources.workspace(), resources.framework(), seen.whole.id, found.criterion, found.run,
                         found.rank,
                         by=by, expected=seen.finding.version, role=role, stance=stance)


def _reject(seen: Review, found: Proposal, by: str) -> None:
    with shell.told():
        proposals.reject(resources.workspace(), seen.whole.id, found.criterion, found.run, found.rank, by=by,
                         expected=found.verdict_version)


def _otherwise(seen: Review, found: Proposal, by: str, key: str, role: Role, stance: Stance) -> None:
    """The same passage with other words, role, stance or date."""
    with st.form(f"otherwise-{key}", border=False):
        words = st.text_area("Words to quote", found.text, help="A part of the passage, word for word")
        given = _kind(key, role, stance, found.type or "structural")
        reason = st.text_input("Reason")
        if st.form_submit_button("Take as evidence", disabled=not by):
            with shell.told():
                proposals.accept(resources.workspace(), resources.framework(), seen.whole.id, found.criterion,
                                 found.run,
                                 found.rank, by=by, expected=seen.finding.version, quotation=words, reason=reason,
                                 **given)
                st.rerun()


def _kind(key: str, role: Role, stance: Stance, type: EvidenceType) -> dict[str, object]:
    """Role, stance, type and date of an evidence row."""
    roles, stances, types = get_args(Role), get_args(Stance), get_args(EvidenceType)
    words = {"instrument": "The law, regulation or policy itself",
             "operation": "Operation: budget, institution at work, data"}
    return {"role": st.radio("It shows", roles, roles.index(role), format_func=words.__getitem__, key=f"role-{key}"),
            "stance": st.radio("It", stances, stances.index(stance), horizontal=True, key=f"stance-{key}"),
            "type": st.radio("Type", types, types.index(type), horizontal=True, format_func=plain, key=f"type-{key}"),
            "effective": st.date_input("In effect since (or date of its figures)", value=None,
                                       min_value=date(1900, 1, 1),
                                       key=f"date-{key}")}


def _source(chosen: str | None, other: str) -> str:
    """The source of a quotation: a loaded document, or the name of another; one of the two, never both."""
    if chosen is None or (chosen == OTHER) != bool(other.strip()):
        raise InputError("The source is not clear.", do="Choose a loaded document, or “Another source” and write its name.")
    return other.strip() if chosen == OTHER else chosen


def _quote(seen: Review, by: str) -> None:
    """Evidence that the machine did not propose: words of a loaded document, or of an outside source."""
    titles = {policy.id: policy.title for policy in seen.whole.policies}
    with st.form("quote", border=False):
        chosen = st.selectbox("Source", [*titles, OTHER], index=None, placeholder="Choose", filter_mode="contains",
                              format_func=lambda id: titles.get(id, "Another source, not loaded here"))
        other = st.text_input("Name of the other source", help="What is quoted from it cannot be verified here.")
        words = st.text_area("Words, verbatim", help="They are looked up in the document and refused if they do not "
                                                     "stand there.")
        given = _kind("quote", "instrument", "supports", "structural")
        locator = st.text_input("Place", placeholder="article or page, if the words stand more than once")
        if st.form_submit_button("Add as evidence", disabled=not by):
            with shell.told():
                row = {"source": _source(chosen, other), "quotation": words, "locator": locator, **given}
                add_evidence(resources.workspace(), resources.framework(), seen.whole.id, seen.finding.criterion, row,
                             by=by,
                             expected=seen.finding.version)
                st.rerun()
