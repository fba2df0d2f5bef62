"""The matrix of one assessment: every criterion with its status, who holds it, and what the machine says. No score."""

from __future__ import annotations

import streamlit as st

from kb.assessment.compare import Cell, Matrix, Totals, matrix
from kb.assessment.models import STATUS_WORDS, PolicySet
from kb.ui import desk, markup, resources
from kb.ui.pages import link

SHAPES = {
    "not-assessed": "·",
    "no-evidence-found": "○",
    "commitment-only": "◔",
    "partial": "◑",
    "met": "●",
    "contrary": "✕",
    "not-applicable": "–",
}
MACHINE = {
    "proposed": "proposes passages",
    "no-evidence-found": "no evidence found in the supplied documents",
    "not-run": "has not looked yet",
    None: "not shown for the past",
}
WORKFLOW = {"to-do": "to do", "draft": "draft", "in-review": "in review", "agreed": "agreed"}


def page() -> None:
    """Draw the page."""
    desk.author()
    st.title("Matrix")
    whole = desk.chosen_set()
    if whole is None:
        return
    desk.show_standings(whole)
    desk.switch_derived()
    table = matrix(resources.workspace(), resources.framework(), [whole.id], derived=desk.derived_on())
    show_totals(table)
    _rows(whole, table)


def show_totals(table: Matrix) -> None:
    """How many criteria have which status: the stated rows first, the derived row apart."""
    st.header("How far it is")
    st.caption("Counts of decisions that people took; there is no score. The stated recommendations come first.")
    heads = ["Status", *(column.title for column in table.columns)]
    st.html(markup.table(heads, _counts(table.stated), f"The stated recommendations ({_of(table.stated)} criteria)"))
    if table.derived:
        st.html(
            markup.table(
                heads,
                _counts(table.derived),
                f"Derived by this project, not stated by the paper ({_of(table.derived)} criteria)",
            )
        )


def _of(totals: tuple[Totals, ...]) -> int:
    return totals[0].criteria if totals else 0


def _counts(totals: tuple[Totals, ...]) -> list[list[str]]:
    rows = [
        [f"{SHAPES[status]} {words}", *(str(one.statuses.get(status, 0)) for one in totals)]
        for status, words in STATUS_WORDS.items()
    ]
    return [*rows, ["Different supporting quotations", *(str(one.quotations) for one in totals)]]


def _rows(whole: PolicySet, table: Matrix) -> None:
    """Every criterion, under its recommendation."""
    cells = {line.criterion: line.cells[0] for line in table.lines}
    for recommendation in resources.framework().recommendations:
        if recommendation.criteria[0].id not in cells:
            continue
        kind = "stated by the paper" if recommendation.kind == "stated" else "derived by this project"
        st.header(f"{recommendation.id} {recommendation.label}")
        st.caption(kind)
        for criterion in recommendation.criteria:
            left, right = st.columns([3, 2])
            with left:
                link("criterion", f"{criterion.id} {criterion.element}", desk.keys(whole, criterion=criterion.id))
            right.html(markup.line(words_of(cells[criterion.id]), "cell"))


def words_of(cell: Cell) -> str:
    """A cell in words: status, state of work, evidence, and the machine's word apart."""
    evidence = [
        f"{n} {what}"
        for n, what in ((cell.supports, "supporting"), (cell.contradicts, "contradicting"), (cell.context, "context"))
        if n
    ]
    held = f"{SHAPES[cell.status]} {STATUS_WORDS[cell.status]} ({WORKFLOW[cell.workflow]})"
    said = f"Evidence: {', '.join(evidence)}." if evidence else "No evidence recorded."
    return f"{held}. {said} Machine: {MACHINE[cell.machine]}."
