"""Double assessment: two people assess one criterion independently, their disagreements are shown, and a third
person, or both together, then decide."""

from __future__ import annotations

from typing import cast

import streamlit as st

from kb.assessment.double import disagreements, give_opinion, open_double, opinions, settle
from kb.assessment.models import STATUS_WORDS, Opinion, Status
from kb.assessment.proposals import taken_for
from kb.assessment.review import Review, suggested
from kb.i18n import t
from kb.ui import markup, resources
from kb.ui.form import Form
from kb.ui.versions import LastWrite


def is_open(seen: Review) -> bool:
    """Return whether a double assessment of the criterion is open."""
    return bool(seen.finding.double and seen.finding.double.open)


def show_double(seen: Review, by: str) -> None:
    """Draw the form of the current step: open a round, fill in one's own sheet, or settle it."""
    double = seen.finding.double
    if double is None or not double.open:
        with st.expander(t("Ask two people to assess it apart")):
            _ask(seen, by)
        return
    st.header(t("Two people assess it apart"))
    st.markdown(
        markup.plain_markdown(t(" and ").join(double.assessors))
        + (t("; neither sees the other's sheet until both are handed in.") if double.blind else ".")
    )
    sheets = opinions(resources.workspace(), seen.policy_set.id, seen.finding.criterion, viewer=by)
    for sheet in sheets:
        state = t("handed in") if sheet.done else t("being written")
        st.html(
            markup.facts(
                [
                    (t("By"), f"{sheet.by}, {state}"),
                    (t("Status"), t(STATUS_WORDS[sheet.status])),
                    (t("Rationale"), sheet.rationale),
                    (t("Evidence"), str(len(sheet.evidence))),
                ]
            )
        )
    own = next((sheet for sheet in sheets if sheet.by == by), None)
    if own and not own.done:
        _write(seen, own)
    if len(sheets) == 2 and all(sheet.done for sheet in sheets):
        _settle(seen, sheets, by)


def _ask(seen: Review, by: str) -> None:
    finding = seen.finding
    form = Form(
        f"ask/{seen.policy_set.id}/{finding.criterion}",
        {"first": "", "second": "", "blind": True},
        by=by,
        version=finding.version,
        last=LastWrite(finding.changed_by, finding.changed_at),
    )
    left, right = st.columns(2)
    pair = form.line("first", t("First person"), left).strip(), form.line("second", t("Second person"), right).strip()
    blind = form.tick("blind", t("Neither sees the other's sheet until both are handed in"))
    if form.submit(t("Ask them"), disabled=not by):
        with form.recording(at="first"):
            open_double(
                resources.workspace(),
                resources.framework(),
                seen.policy_set.id,
                finding.criterion,
                pair,
                by=by,
                expected=finding.version,
                blind=blind,
            )


def _write(seen: Review, own: Opinion) -> None:
    """Draw the form of a person's own sheet."""
    offered = {f"{found.run}/{found.rank}": n for n, found in enumerate(seen.proposals)}
    form = Form(
        f"sheet/{seen.policy_set.id}/{own.criterion}/{own.by}",
        {"status": own.status, "rationale": own.rationale, "taken": [], "done": False},
        by=own.by,
        version=own.version,
        last=LastWrite(own.by),
    )
    status = _status(form, t("Status as you see it"))
    rationale = form.area("rationale", t("Your rationale"))
    taken = form.many(
        "taken", t("Proposed passages you take as evidence"), list(offered), lambda key: _words(seen, offered[key])
    )
    done = form.tick("done", t("Hand it in: it cannot be changed afterwards"))
    if form.submit(t("Keep"), type="primary"):
        rows = [_evidence(seen, offered[key]) for key in taken]
        with form.recording(at="rationale"):
            give_opinion(
                resources.workspace(),
                resources.framework(),
                seen.policy_set.id,
                seen.finding.criterion,
                {"status": status, "rationale": rationale, "evidence": [*own.evidence, *rows]},
                by=own.by,
                expected=own.version,
                done=done,
            )


def _words(seen: Review, n: int) -> str:
    found = seen.proposals[n]
    return f"{found.citation}: {found.text[:80]}"


def _status(form: Form, label: str) -> Status:
    chosen = form.radio("status", label, tuple(STATUS_WORDS), lambda status: t(STATUS_WORDS[status]), horizontal=True)
    return cast(Status, chosen)


def _evidence(seen: Review, n: int) -> dict[str, object]:
    found = seen.proposals[n]
    role, stance = suggested(found)
    return {
        "source": found.policy,
        "passage": found.passage,
        "quotation": found.text,
        "role": role,
        "stance": stance,
        **taken_for(found),
    }


def _settle(seen: Review, sheets: list[Opinion], by: str) -> None:
    """Draw the disagreements, and the form that settles them."""
    differ = disagreements(sheets)
    if differ:
        rows = [(field, *(str(by_person.get(sheet.by, "")) for sheet in sheets)) for field, by_person in differ.items()]
        st.html(markup.table((t("What"), *(sheet.by for sheet in sheets)), rows, t("What they differ on")))
    else:
        st.markdown(t("They agree on status and evidence."))
    finding = seen.finding
    held = {row.id: row for sheet in sheets for row in sheet.evidence}
    form = Form(
        f"settle/{seen.policy_set.id}/{finding.criterion}",
        {"status": "not-assessed", "rationale": "", "kept": list(held), "reason": "", "together": False},
        by=by,
        version=finding.version,
        last=LastWrite(finding.changed_by, finding.changed_at),
    )
    status = _status(form, t("Status as you see it"))
    rationale = form.area("rationale", t("Rationale of the decision"))
    kept = form.many("kept", t("Evidence to keep"), list(held), lambda id: held[id].quotation[:80])
    reason = form.line("reason", t("Reason"))
    together = form.tick("together", t("Both decide it together"), help=t("Otherwise a third person does."))
    if form.submit(t("Settle"), type="primary", disabled=not by):
        with form.recording(at="rationale" if reason.strip() else "reason"):
            settle(
                resources.workspace(),
                resources.framework(),
                seen.policy_set.id,
                finding.criterion,
                {"status": status, "rationale": rationale, "evidence": [held[id] for id in kept]},
                by=by,
                expected=finding.version,
                reason=reason,
                together=finding.double.assessors if together and finding.double else (),
            )
