"""Two people assess one criterion apart; what they differ on is shown, and a third act settles it."""
from __future__ import annotations

from typing import get_args

import streamlit as st

from kb.ui import markup, resources, shell
from kb.workspace.double import disagreements, give_opinion, open_double, opinions, settle
from kb.workspace.nouns import STATUS_WORDS, Opinion, Status
from kb.workspace.review import Review, suggested


def is_open(seen: Review) -> bool:
    """Whether two people are assessing it apart now."""
    return bool(seen.finding.double and seen.finding.double.open)


def show_double(seen: Review, by: str) -> None:
    """Open a round, write on one's own sheet, or settle it."""
    if not is_open(seen):
        with st.expander("Ask two people to assess it apart"):
            _ask(seen, by)
        return
    double = seen.finding.double
    st.header("Two people assess it apart")
    st.markdown(markup.plain_markdown(" and ".join(double.assessors))
                + ("; neither sees the other's sheet until both are handed in."
                                                                        if double.blind else "."))
    sheets = opinions(resources.workspace(), seen.whole.id, seen.finding.criterion, viewer=by)
    for sheet in sheets:
        state = "handed in" if sheet.done else "being written"
        st.html(markup.facts([("By", f"{sheet.by}, {state}"), ("Status", STATUS_WORDS[sheet.status]),
                              ("Rationale", sheet.rationale), ("Evidence", str(len(sheet.evidence)))]))
    own = next((sheet for sheet in sheets if sheet.by == by), None)
    if own and not own.done:
        _write(seen, own)
    if len(sheets) == 2 and all(sheet.done for sheet in sheets):
        _settle(seen, sheets, by)


def _ask(seen: Review, by: str) -> None:
    with st.form("ask-two", border=False):
        left, right = st.columns(2)
        pair = left.text_input("First person").strip(), right.text_input("Second person").strip()
        blind = st.checkbox("Neither sees the other's sheet until both are handed in", True)
        if st.form_submit_button("Ask them", disabled=not by):
            with shell.told():
                open_double(resources.workspace(), resources.framework(), seen.whole.id, seen.finding.criterion, pair,
                            by=by,
                            expected=seen.finding.version, blind=blind)
                st.rerun()


def _write(seen: Review, own: Opinion) -> None:
    """One's own sheet."""
    with st.form("own-sheet"):
        status = _status(own.status)
        rationale = st.text_area("Your rationale", own.rationale)
        taken = st.multiselect("Proposed passages you take as evidence", range(len(seen.proposals)),
                               filter_mode="contains", select_all=False,
                               format_func=lambda n: f"{seen.proposals[n].citation}: {seen.proposals[n].text[:80]}")
        done = st.checkbox("Hand it in: it cannot be changed afterwards")
        if st.form_submit_button("Keep", type="primary"):
            rows = [_evidence(seen, n) for n in taken]
            with shell.told():
                give_opinion(resources.workspace(), resources.framework(), seen.whole.id, seen.finding.criterion,
                             {"status": status, "rationale": rationale, "evidence": [*own.evidence, *rows]}, by=own.by,
                             expected=own.version, done=done)
                st.rerun()


def _status(now: Status) -> Status:
    statuses = get_args(Status)
    return st.radio("Status as you see it", statuses, statuses.index(now), format_func=STATUS_WORDS.__getitem__,
                    horizontal=True)


def _evidence(seen: Review, n: int) -> dict[str, str]:
    found = seen.proposals[n]
    role, stance = suggested(found)
    return {"source": found.policy, "passage": found.passage, "quotation": found.text, "role": role, "stance": stance,
            "type": found.type or "structural"}


def _settle(seen: Review, sheets: list[Opinion], by: str) -> None:
    """What they differ on, and the act that settles it."""
    differ = disagreements(sheets)
    if differ:
        rows = [(field, *(str(said.get(sheet.by, "")) for sheet in sheets)) for field, said in differ.items()]
        st.html(markup.table(("What", *(sheet.by for sheet in sheets)), rows, "What they differ on"))
    else:
        st.markdown("They agree on status and evidence.")
    with st.form("settle"):
        status = _status("not-assessed")
        rationale = st.text_area("Rationale of the decision")
        held = {row.id: row for sheet in sheets for row in sheet.evidence}
        kept = st.multiselect("Evidence to keep", list(held), list(held),
                              filter_mode="contains", select_all=False,
                              format_func=lambda id: held[id].quotation[:80])
        reason = st.text_input("Reason")
        together = st.checkbox("Both decide it together", help="Otherwise a third person does.")
        if st.form_submit_button("Settle", type="primary", disabled=not by):
            with shell.told():
                settle(resources.workspace(), resources.framework(), seen.whole.id, seen.finding.criterion,
                       {"status": status, "rationale": rationale, "evidence": [held[id] for id in kept]}, by=by,
                       expected=seen.finding.version, reason=reason,
                       together=seen.finding.double.assessors if together else ())
                st.rerun()
