"""How far coders agree, each figure with its n and interval; the machine against people apart; what is left to
settle."""

from __future__ import annotations

import streamlit as st

from kb.coding.agreement import Agreement, Report
from kb.coding.codes import sessions
from kb.coding.method import number, statement
from kb.export.study import facts, reports
from kb.i18n import t
from kb.ui import markup, places, resources
from kb.ui.desk import author
from kb.ui.pages import link
from kb.ui.widgets import pick

EVERYTHING = "-"
"""All sessions and open coding, in the address."""
OPEN_CODING = "-"
"""Where a difference is settled: the word of who settles it stands beside those of the session, never in
their place."""


def page() -> None:
    """Draw the agreement of one session, or of everything."""
    viewer = author()
    st.title(places.name_of("agreement"))
    held = [one.id for one in sessions(resources.workspace())]
    chosen = pick(
        t("Project"),
        "session",
        [EVERYTHING, *held],
        lambda id: t("Everything that was coded") if id == EVERYTHING else id,
        default=None if held else EVERYTHING,
    )
    session = None if chosen == EVERYTHING else chosen
    bench = resources.bench(viewer)
    with st.spinner(t("Working out intervals…")):
        people, machine = reports(bench, session)
    st.header(t("Among people"))
    _report(people)
    st.header(t("The machine against people"))
    st.caption(t("Reported apart, and never averaged with agreement among people."))
    if not machine:
        st.markdown(t("Nobody has coded yet."))
    for report in machine:
        _report(report)
    st.header(t("Method statement"))
    with st.expander(t("For the appendix of a paper")):
        st.code(statement(facts(bench, session)), language=None, wrap_lines=True)


def _report(report: Report) -> None:
    rows = [_row(one) for one in (*report.facets, *report.codes)]
    if not rows:
        st.markdown(t("Nothing was coded by two people."))
        return
    heads = (t("Code"), "n", t("Prevalence"), t("Percent agreement"), t("Alpha"), t("Kappa by pair"), t("F1 by pair"))
    st.html(
        markup.table(
            heads,
            rows,
            t("Agreement; intervals from {draws} bootstrap draws, seed {seed}", draws=report.draws, seed=report.seed),
        )
    )
    st.caption(
        t(
            "Customary reading of alpha: .800 reliable, .667 to .800 tentative. Rare codes make it "
            "unstable: read n and prevalence beside it."
        )
    )
    for one in report.disagreements:
        label = resources.labels().term(one.facet, one.code)
        st.html(
            markup.line(
                t(
                    "{label}: {gave} gave it; {gave_not} did not",
                    label=label,
                    gave=", ".join(one.gave),
                    gave_not=", ".join(one.gave_not),
                )
            )
        )
        link(
            "coding",
            t("Settle: {unit}", unit=one.unit),
            {"session": OPEN_CODING, "facet": one.facet, "id": one.unit},
            icon=":material/arrow_forward:",
        )


def _row(one: Agreement) -> tuple[str, ...]:
    labels = resources.labels()
    name = (
        labels.term(one.facet, one.code)
        if one.code
        else t("{facet}: sets of codes (MASI)", facet=labels.facet(one.facet))
    )
    prevalence = "–" if one.prevalence is None else f"{one.prevalence:.3f}"
    return (
        name,
        str(one.n),
        prevalence,
        number(one.percent),
        number(one.alpha),
        "; ".join(f"{pair.a}–{pair.b} {number(pair.kappa)}" for pair in one.pairs) or "–",
        "; ".join(number(pair.f1) for pair in one.pairs) or "–",
    )
