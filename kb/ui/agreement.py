"""Inter-coder agreement, each figure with its n and interval; machine against people in a separate section; and the
disagreements that are not settled yet."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kb.coding.agreement import Agreement, AgreementReport, Disagreement, Estimate
from kb.coding.codes import codings, sessions
from kb.coding.method import statement
from kb.coding.models import Coding, Session
from kb.coding.units import work
from kb.export.study import facts, reports
from kb.i18n import decimals, later, t
from kb.ui import markup, places, resources
from kb.ui.accounts import author
from kb.ui.owncodes import code_name, group_name
from kb.ui.pages import link
from kb.ui.project import name_of, show_close
from kb.ui.widgets import pick

EVERYTHING = "-"
"""The value of the query key that means: all sessions and open coding."""
WORDS = 8
"""How many words of a passage are shown to identify it in a list."""
OPEN_CODING = "-"
"""The value of the query key for the session in which disagreements are settled (open coding). The coders' own codes
are kept beside the code that settles them."""
WHY_NOT = (
    later("no unit in common"),
    later("no variation: chance alone would agree always"),
    later("neither gave the code"),
    later("no unit was coded twice"),
    later("no variation: every coding is the same"),
)
"""Reasons of `kb.coding.agreement` why a statistic has no value; marked here for the catalogues."""


def page() -> None:
    """Draw the page of inter-coder agreement, for the session that the address names or for all codes."""
    viewer = author()
    st.title(places.name_of("agreement"))
    held = {one.id: one for one in sessions(resources.workspace())}
    chosen = pick(
        t("Project"),
        "session",
        [EVERYTHING, *held],
        lambda id: t("Everything that was coded") if id == EVERYTHING else name_of(held[id]),
        default=None if held else EVERYTHING,
    )
    session = None if chosen == EVERYTHING else chosen
    if session and held[session].blind and held[session].open:
        _wait(held[session], viewer)
        return
    bench = resources.bench(viewer)
    with st.spinner(t("Working out intervals…")):
        people, machine = reports(bench, session)
    sealed = [held[id] for id in bench.sealed(session) if id in held]
    for one in sealed:
        st.info(f"{name_of(one)}: {_blind()}", icon=":material/visibility_off:")
    st.header(t("Among people"))
    if people.facets or not sealed:
        _report(people)
    st.header(t("The machine against people"))
    st.caption(t("Reported apart, and never averaged with agreement among people."))
    if not machine and not sealed:
        st.markdown(
            t("The machine gives no codes of people's own: there is nothing to compare.")
            if people.codes
            else t("Nobody has coded yet.")
        )
    for report in machine:
        _report(report)
    st.header(t("Method statement"))
    with st.expander(t("For the appendix of a paper")):
        st.code(statement(facts(bench, session)), language=None, wrap_lines=True)


def _blind() -> str:
    """Return the sentence that explains why a blind round is not compared yet."""
    return t("This round is blind and open: its coders do not see each other's codes. Close it to compare them.")


def _wait(session: Session, by: str) -> None:
    """Draw what replaces agreement while a blind round is open: how much each coder has coded, and the button to close
    it."""
    st.info(_blind(), icon=":material/visibility_off:")
    rows = [
        (coder, str(one.coded), str(one.assigned) if one.assigned is not None else t("no share"))
        for coder, one in work(resources.workspace(), session.id).items()
    ]
    st.html(markup.table((t("Coder"), t("Coded"), t("Passages given")), rows, t("Who has coded how much")))
    if not by:
        st.caption(t("Write your name at the top right to close it."))
    show_close(session, by)


def _report(report: AgreementReport) -> None:
    rows = [_row(one) for one in (*report.facets, *report.codes)]
    if not rows:
        st.markdown(t("Nothing was coded by two people."))
        return
    heads = (
        t("Code given"),
        "n",
        t("Prevalence"),
        t("Percent agreement"),
        t("Alpha"),
        t("Kappa by pair"),
        t("F1 by pair"),
    )
    st.html(
        markup.table(
            heads,
            rows,
            t("Agreement; intervals from {draws} bootstrap draws, seed {seed}", draws=report.draws, seed=report.seed),
        )
    )
    st.caption(
        t(
            "n: passages that two people coded. Alpha: agreement beyond what chance would give, 1 is full. Kappa and "
            "F1: "
            "the same question for each pair of people. MASI: sets of codes that are partly equal count in part. The "
            "intervals come from drawing the passages again, always in the same way."
        )
    )
    st.caption(
        t(
            "Customary reading of alpha: .800 reliable, .667 to .800 tentative. Rare codes make it "
            "unstable: read n and prevalence beside it."
        )
    )
    given = codings(resources.workspace(), session="", viewer=author()) if report.disagreements else []
    for one in report.disagreements:
        label = code_name(one.facet, one.code)
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
        if settled := _settled(one, given):
            st.html(markup.line(settled))
        link(
            "coding",
            t("Settle: {unit}", unit=_called(one.unit)),
            {"session": OPEN_CODING, "facet": one.facet, "id": one.unit},
            icon=":material/arrow_forward:",
        )


def _called(unit: str) -> str:
    """Return the citation of a passage with its first words, or its identifier if the index no longer has it."""
    passage = resources.searcher().index.store.get(unit)
    if passage is None:
        return unit
    cut = " ".join(passage.text.split()[:WORDS])
    lead = "" if passage.wording == "verbatim" else f"{markup.WORDINGS[passage.wording]}: "
    return f"{passage.citation}: {lead}{cut}{' …' if cut != passage.text else ''}"


def _settled(one: Disagreement, given_codes: Sequence[Coding]) -> str:
    """Return the sentence that says which codes settled a disagreement and who gave them; '' if nobody did yet."""
    given = [each for each in given_codes if (each.passage, each.facet, each.state) == (one.unit, one.facet, "added")]
    codes = [f"{code_name(each.facet, each.code)} ({each.coder})" for each in given]
    return t("Settled as: {codes}. The coders' own words stay as they are.", codes=", ".join(codes)) if codes else ""


def _row(one: Agreement) -> tuple[str, ...]:
    name = (
        code_name(one.facet, one.code) if one.code else t("{facet}: sets of codes (MASI)", facet=group_name(one.facet))
    )
    prevalence = "–" if one.prevalence is None else decimals(one.prevalence)
    return (
        name,
        str(one.n),
        prevalence,
        _figure(one.percent),
        _figure(one.alpha),
        "; ".join(f"{pair.a}–{pair.b} {_figure(pair.kappa)}" for pair in one.pairs) or "–",
        "; ".join(_figure(pair.f1) for pair in one.pairs) or "–",
    )


def _figure(estimate: Estimate) -> str:
    """Return a statistic with its interval in the reader's language, or the reason why it has no value. The method
    statement, which is English, has its own."""
    if estimate.value is None:
        return t("undefined ({why})", why=t(estimate.why))
    value = decimals(estimate.value)
    if estimate.low is None or estimate.high is None:
        return value
    # the sign between the two ends is the translation's: a comma would be read as a decimal one
    return t("{value} [{low}, {high}]", value=value, low=decimals(estimate.low), high=decimals(estimate.high))
