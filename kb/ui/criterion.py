"""One criterion: what the paper asks, what counts, what the machine proposes, what people decided, and when."""

from __future__ import annotations

import streamlit as st

from kb.assessment.models import STATUS_WORDS, PolicySet
from kb.assessment.review import Review, neighbours, review
from kb.framework import Criterion, Recommendation
from kb.ui import address, desk, markup, resources
from kb.ui.decision import show_decision, show_evidence, show_history
from kb.ui.pages import address_of, link
from kb.ui.proposal import show_proposals
from kb.ui.two import is_open, show_double
from kb.ui.widgets import pick


def page() -> None:
    """Draw the criterion that the address names."""
    by = desk.author()
    framework = resources.framework()
    known = {one.id: f"{one.id} {one.element}" for one in framework.criteria()}
    id = address.one("criterion")
    st.title(known.get(id, "One criterion"))
    whole = desk.chosen_set()
    if whole is None:
        return
    if id not in known:
        pick("Criterion", "criterion", list(known), known.__getitem__)
    criterion, recommendation = framework.criterion(id), framework.recommendation(id)
    _moves(whole, criterion)
    seen = review(resources.workspace(), framework, whole.id, id)
    _state(seen, recommendation)
    _asks(recommendation, criterion)
    st.header("What the machine says")
    st.markdown(f"**{seen.said}**")
    acting = "" if is_open(seen) else by  # while two assess it apart, evidence goes onto their sheets
    show_proposals(seen, acting)
    show_evidence(seen, acting)
    if not is_open(seen):
        show_decision(seen, criterion, by)
    show_double(seen, by)
    show_history(whole.id, id, by)


def _moves(whole: PolicySet, criterion: Criterion) -> None:
    """To the criteria before and after, by button and by key."""
    before, after = neighbours(resources.framework(), criterion.id, derived=desk.derived_on())
    with st.container(horizontal=True, vertical_alignment="center"):
        for id, words, key in ((before, "Previous", "K"), (after, "Next", "J")):
            if id and st.button(f"{words}: {id}", key=f"go-{words}", shortcut=key):
                st.switch_page(address_of("criterion"), query_params=desk.keys(whole, criterion=id))
        link("matrix", "Matrix", desk.keys(whole), icon=":material/table:")
    st.caption("Keys: J next, K previous, 1 to 9 take a proposed passage as evidence, Tab to reach everything else.")


def _state(seen: Review, recommendation: Recommendation) -> None:
    """How the finding stands, and how the documents stand."""
    finding = seen.finding
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(
            "Stated by the paper" if recommendation.kind == "stated" else "Derived by this project",
            icon=":material/menu_book:" if recommendation.kind == "stated" else ":material/call_split:",
            color="gray",
        )
        who = f", decided by {finding.decided_by}" if finding.decided_by else ""
        st.markdown(
            f"Status: **{STATUS_WORDS[finding.status]}**{markup.plain_markdown(who)}. Work: {finding.workflow}."
        )
    desk.show_standings(seen.whole)


def _asks(recommendation: Recommendation, criterion: Criterion) -> None:
    st.header("What the paper asks" if recommendation.kind == "stated" else "What it is derived from")
    for quotation in recommendation.quotations:
        st.html(
            markup.marked(quotation.text, (), wording="verbatim")
            + markup.line(f"Background paper, lines {quotation.lines[0]}–{quotation.lines[1]}", "cite")
        )
    if recommendation.note:
        st.html(markup.notes([recommendation.note]))
    st.header("What counts")
    st.html(
        markup.facts(
            [
                ("Met, as a person would see it", criterion.met),
                ("Partial", criterion.partial),
                ("Commitment only", "an aim or promise without a measure"),
                ("Contrary", "a rule or practice that works against the element"),
                ("Caution", criterion.caution or ""),
                ("How far it can be assessed", criterion.assessability_note or ""),
            ]
        )
    )
    with st.expander("Indicators to look for"):
        st.html(
            markup.table(
                ("Type", "What to look for", "SDG indicators"),
                [
                    (one.type, one.text, ", ".join(one.sdg) + ("" if one.verified or not one.sdg else " (unverified)"))
                    for one in criterion.indicators
                ],
                "Indicators",
            )
        )
    with st.expander("Where the paper states and argues it"):
        for kind, spans in (("States it", criterion.own_lines), ("Argues it", criterion.support_lines)):
            for span in spans:
                passage = resources.passage_at(resources.framework().document, span)
                words = f"{kind}: lines {span[0]}–{span[1]}"
                link("passage", words, {"id": passage.id}) if passage else st.markdown(words)
