"""The evidence of a finding in two lists, the law in force and the law at work, with buttons to move or remove rows."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from kb.assessment.findings import decide, remove_evidence
from kb.assessment.models import Evidence, EvidenceRole
from kb.assessment.review import Review
from kb.i18n import TranslatedLabels, t, tn
from kb.log.decisions import shown_name
from kb.report.assessment import cited
from kb.ui import address, conflicts, markup, resources
from kb.ui.desk import status_in_words
from kb.ui.form import Form
from kb.ui.proposal import ROLES, draw_kind, kind_in_words, took
from kb.ui.versions import LastWrite

EMPTY = TranslatedLabels(
    {
        "instrument": "Nothing yet: a law, regulation or plan.",
        "operation": "Nothing yet: a budget, a report, figures.",
    }
)
STANCES = TranslatedLabels({"supports": "", "contradicts": "against it · ", "context": "context · "})
CUT = 220
"""Characters of a quotation shown in its slot; the document and exports have all of it."""


def show_slots(seen: Review, by: str) -> None:
    """Draw both lists of evidence. The history keeps moved and removed rows."""
    for role in EvidenceRole:
        words = ROLES[role]
        rows = [row for row in seen.finding.evidence if row.role == role]
        with st.container(key=f"kb-slot-{role}", border=True):
            count = t("empty") if not rows else tn("{n} passage", "{n} passages", len(rows))
            st.html(
                f'<h2 class="k-slothead">{words.capitalize()} <span>{count}</span></h2>'
                + ("" if rows else markup.line(EMPTY[role]))
            )
            for row in rows:
                _row(seen, row, role, by)


def _row(seen: Review, row: Evidence, role: EvidenceRole, by: str) -> None:
    """Draw one evidence row with its buttons."""
    title = next((policy.title for policy in seen.policy_set.policies if policy.id == row.source), row.source)
    cut = row.quotation if len(row.quotation) <= CUT else row.quotation[:CUT].rsplit(" ", 1)[0] + " …"
    proof = "" if row.verified else t("not found in a stored text · ")
    proof += t("read from a picture: compare it with the page · ") if row.recognised else ""
    small = t(
        "{stance}{proof}{standing} · {type} · added by {added_by}",
        stance=STANCES[row.stance],
        proof=proof,
        standing=status_in_words(row.standing),
        type=kind_in_words(row),
        added_by=shown_name(row.added_by),
    )
    if row.doubt:
        st.html(markup.line(t("In doubt: the text calls itself “{words}”.", words=row.doubt), "doubt"))
    elif role is EvidenceRole.INSTRUMENT and row.standing != "in-force":
        st.html(markup.line(status_in_words(row.standing), "doubt"))
    st.html(
        markup.marked(cut, (), wording="verbatim" if row.may_quote else "unchecked")
        + markup.line(cited(title, row.locator), "cite")
        + markup.line(small)
    )
    other = EvidenceRole.OPERATION if role is EvidenceRole.INSTRUMENT else EvidenceRole.INSTRUMENT
    with st.container(horizontal=True, gap="small"):
        st.button(
            t("Move to {other}", other=ROLES[other]),
            key=f"move-{row.id}",
            type="tertiary",
            disabled=not by,
            on_click=_move,
            args=(seen, row, other, by),
        )
        if row.passage and row.verified:
            st.button(t("Show"), key=f"show-{row.id}", type="tertiary", on_click=_show, args=(row,))
        with st.popover(t("Say what it is"), type="tertiary"):
            _kind(seen, row, by)
        with st.popover(t("Remove"), type="tertiary"):
            _out(seen, row.id, by)
    conflicts.show(f"out-{row.id}")
    conflicts.show(f"move-{row.id}")


def _move(seen: Review, row: Evidence, role: EvidenceRole, by: str) -> None:
    """Change the role of a row; the quotation stays the same."""
    rows = _with(seen, row, {"role": role})
    conflicts.attempt(
        f"move-{row.id}",
        t("Move it"),
        lambda at: decide(
            resources.workspace(),
            resources.framework(),
            seen.policy_set.id,
            seen.finding.criterion,
            {"evidence": rows},
            by=by,
            expected=at.get(seen.stream, seen.finding.version),
        ),
    )


def _with(seen: Review, row: Evidence, given: Mapping[str, object]) -> list[Evidence | Mapping[str, object]]:
    """Return the evidence of the finding with the values `given` set in one row; this row is verified again when it
    is stored."""
    proved = {"id", "standing", "verified", "recognised", "added_by", "added_at"}
    new = {**row.model_dump(exclude=proved if row.verified else proved - {"standing"}), **given}
    return [new if one.id == row.id else one for one in seen.finding.evidence]


def _kind(seen: Review, row: Evidence, by: str) -> None:
    """Draw the form in which a person states kind and level of a row; the machine's guess does not count as a
    statement."""
    finding = seen.finding
    form = Form(
        f"kind/{seen.policy_set.id}/{finding.criterion}/{row.id}",
        {"type": row.type or "", "level": row.level or ""},
        by=by,
        version=finding.version,
        last=LastWrite(finding.changed_by, finding.changed_at),
    )
    if words := took(row.machine_type, row.machine_level):
        st.caption(words)
    given = draw_kind(form)
    if form.submit(t("Record"), disabled=not by):
        with form.recording(at="words"):
            decide(
                resources.workspace(),
                resources.framework(),
                seen.policy_set.id,
                finding.criterion,
                {"evidence": _with(seen, row, given)},
                by=by,
                expected=finding.version,
            )


def _show(row: Evidence) -> None:
    """Open the document of an evidence row at the beginning of its quotation."""
    address.put("document", row.source)
    address.put("find", " ".join(row.quotation.split()[:6]))
    address.put("view", "law")


def _out(seen: Review, id: str, by: str) -> None:
    """Draw the button that removes the row `id`, and the field for the reason."""
    form = Form(f"out/{seen.policy_set.id}/{seen.finding.criterion}/{id}", {"reason": ""}, by=by)
    reason = form.line("reason", t("Reason"))
    st.button(t("Take out"), key=f"out-{id}", disabled=not by, on_click=_remove, args=(seen, id, by, reason, form))


def _remove(seen: Review, id: str, by: str, reason: str, form: Form) -> None:
    if conflicts.attempt(
        f"out-{id}",
        t("Take it out"),
        lambda at: remove_evidence(
            resources.workspace(),
            resources.framework(),
            seen.policy_set.id,
            seen.finding.criterion,
            id,
            by=by,
            expected=at.get(seen.stream, seen.finding.version),
            reason=reason,
        ),
    ):
        form.recorded()
