"""Assessments side by side, in the order in which they were asked for: states and counts, no score and no ranking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kb.assessment.compare import Cell, Column, matrix
from kb.framework import Framework
from kb.i18n import day, language, t
from kb.log import Workspace
from kb.report.assessment import METHOD
from kb.report.blocks import Block, Bullets, Heading, Report, Table, Text
from kb.report.history import WORDS


def comparison(
    ws: Workspace, framework: Framework, columns: Sequence[Column | str], *, on: date, derived: bool = True
) -> Report:
    """The comparison of assessments, or of moments of one. Raises NotFound."""
    table = matrix(ws, framework, list(columns), derived=derived)
    titles = tuple(column.title for column in table.columns)
    blocks: list[Block] = [Heading(text=t("Counts of decisions"), level=2)]
    for totals, caption in (
        (table.stated, t("The recommendations of the paper")),
        (table.derived, t("Our addition: derived by this project")),
    ):
        if totals:
            rows = tuple(
                (word, *(str(one.statuses.get(status, 0)) for one in totals)) for status, word in WORDS.items()
            )
            blocks.append(
                Table(
                    caption=t("{caption} ({criteria} criteria)", caption=caption, criteria=totals[0].criteria),
                    heads=(t("Decision"), *titles),
                    rows=rows,
                )
            )
    blocks.append(Heading(text=t("Criterion by criterion"), level=2))
    lines = tuple(
        (
            f"{line.criterion} {line.element}" + ("" if line.kind == "stated" else t(" (our addition)")),
            *map(_words, line.cells),
        )
        for line in table.lines
    )
    blocks += [
        Table(
            caption=t("{size}; framework {framework}", size=table.size, framework=table.framework),
            heads=(t("Criterion"), *titles),
            rows=lines,
        ),
        Text(text=table.notice),
        Heading(text=t("How to read it"), level=2),
        Bullets(items=tuple(map(t, METHOD))),
    ]
    return Report(
        title=t(" beside ").join(titles),
        language=language(),
        subtitle=t("A comparison of {on}", on=day(on)),
        blocks=tuple(blocks),
    )


def _words(cell: Cell) -> str:
    """Decision and evidence of one cell."""
    held = [
        f"{n} {what}"
        for n, what in ((cell.supports, "supporting"), (cell.contradicts, t("against it")), (cell.context, "context"))
        if n
    ]
    return WORDS[cell.status] + (f" ({', '.join(held)})" if held else "")
