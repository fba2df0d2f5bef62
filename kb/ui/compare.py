"""Assessments side by side, in the order chosen. No score, no ranking, no average."""

from __future__ import annotations

import streamlit as st

from kb.assessment.compare import matrix
from kb.assessment.policies import policy_sets
from kb.i18n import t
from kb.ui import address, desk, markup, places, resources
from kb.ui.bar import criteria_in_english
from kb.ui.matrix import show_totals, words_of
from kb.ui.pages import link
from kb.ui.rail import OURS
from kb.ui.widgets import choose


def page() -> None:
    """Draw the page that compares assessments: criteria as rows, assessments as columns."""
    st.title(places.name_of("compare"))
    ws = resources.workspace()
    sets = {one.id: one.title for one in policy_sets(ws)}
    here = address.value("set")
    if here and here not in sets:
        desk.chosen_set()
    if not sets:
        st.info(t("There is no assessment yet."), icon=":material/info:")
        return
    if set(sets) <= {here}:
        st.markdown(t("There is no other assessment yet: two are needed."))
        link("assess", t("Begin another assessment"), icon=":material/flag:")
        return
    label = t("Compare it with") if here else t("Assessments, in this order")
    others = choose(label, "sets", [id for id in sets if id != here], sets.__getitem__)
    chosen = [here, *others] if here else others
    if not others:
        st.markdown(
            t("Choose one or more. They stand side by side; nothing is added up across them, and none is ranked.")
        )
        return
    desk.switch_derived()
    if not here and (why := criteria_in_english()):
        st.html(why)
    table = matrix(ws, resources.framework(), list(chosen), derived=desk.derived_on())
    show_totals(table)
    st.header(t("Criterion by criterion"))
    heads = [t("Criterion"), *(column.title for column in table.columns)]
    rows = [
        (
            f"{line.criterion} {line.element}" + ("" if line.kind == "stated" else f" ({t(OURS)})"),
            [
                _cell(column.policy_set, line.criterion, words_of(cell))
                for column, cell in zip(table.columns, line.cells)
            ],
        )
        for line in table.lines
    ]
    st.html(
        markup.grid(
            heads,
            rows,
            t("{size}; framework {framework}", size=resources.framework().size_shown(), framework=table.framework),
        )
    )
    st.caption(t("{notice} Two assessments can differ because two teams looked differently.", notice=t(table.notice)))


def _cell(policy_set: str, criterion: str, words: str) -> str:
    href = address.href("criterion", {"set": policy_set, "criterion": criterion})
    return f"{markup.escape(words)} {markup.anchor(href, f'Open {criterion}')}"
