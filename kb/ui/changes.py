"""The page about a newer text of a policy: what it means for the findings on the former text. Only a person changes
findings."""

from __future__ import annotations

import streamlit as st

from kb.assessment.change import ChangeReport, EvidenceChange, changes
from kb.i18n import TranslatedLabels, t, tn
from kb.ui import address, desk, markup, resources, work
from kb.ui.pages import link
from kb.ui.widgets import pick

OUTCOMES = TranslatedLabels(
    {
        "gone": "✕ Gone: the current text does not hold these words",
        "altered": "≠ Altered: the words changed",
        "reprinted": "~ Printed otherwise: quote it again to be verbatim",
        "moved": "→ Moved: found in another place",
        "same": "= The same words in the same place",
    }
)


def page() -> None:
    """Draw the page on a policy with a newer text: what the new text means for each decision."""
    policy_set = desk.opened("changes")
    if policy_set is None:
        return
    titles = {policy.id: policy.title for policy in policy_set.policies}
    if not titles:
        st.markdown(work.none_loaded(policy_set.id, t("No document is loaded.")))
        return
    if not address.value("policy") and all(len(policy.versions) == 1 for policy in policy_set.policies):
        st.markdown(t("No document has a newer text yet. When a law is amended, add its new text under Documents."))
        link("assess", t("Documents"), {"set": policy_set.id}, icon=":material/description:")
        return
    report = changes(
        resources.workspace(),
        resources.framework(),
        policy_set.id,
        pick(t("Document"), "policy", list(titles), titles.__getitem__),
    )
    st.markdown(
        tn(
            "From version “{before}” to “{after}”. {n} decision is kept as it was.",
            "From version “{before}” to “{after}”. {n} decisions are kept as they were.",
            len(report.kept),
            before=report.before,
            after=report.after,
        )
    )
    _evidence(report)
    _new(report)
    if not report.evidence and not report.new:
        st.markdown(t("No evidence was quoted from it, and nothing is newly proposed."))
    link("matrix", t("Overview"), {"set": address.value("set")}, icon=":material/table:")


def _evidence(report: ChangeReport) -> None:
    for outcome in [*OUTCOMES, *sorted({one.outcome for one in report.evidence} - set(OUTCOMES))]:
        rows = report.of(outcome)
        if rows:
            st.header(f"{OUTCOMES.get(outcome, outcome)} ({len(rows)})")
        for row in rows:
            _row(report, row)


def _row(report: ChangeReport, row: EvidenceChange) -> None:
    with st.container(border=True):
        near = t("now in") if row.outcome != "gone" else t("nearest passage:")
        place = (
            t("was in {was}; {near} {row}", was=row.was or t("an unknown place"), near=near, row=row.now)
            if row.now
            else t("was in {was}", was=row.was or t("an unknown place"))
        )
        st.html(
            markup.marked(row.quotation, (), wording="verbatim" if row.outcome in ("same", "moved") else "former")
            + markup.line(place)
        )
        link(
            "criterion",
            row.criterion,
            {"set": report.policy_set, "criterion": row.criterion},
            icon=":material/arrow_forward:",
        )


def _new(report: ChangeReport) -> None:
    if report.new:
        st.header(t("Newly proposed ({count})", count=len(report.new)))
    for found in report.new:
        with st.container(border=True):
            st.html(
                markup.marked(found.text, (), wording="verbatim" if found.verbatim else "unchecked")
                + markup.line(found.citation, "cite")
            )
            link(
                "criterion",
                found.criterion,
                {"set": report.policy_set, "criterion": found.criterion},
                icon=":material/arrow_forward:",
            )
