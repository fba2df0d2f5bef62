"""Assessments side by side, in the order requested: states and counts, no score and no ranking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kb.assessment.compare import ComparedSet, SetFinding, matrix
from kb.framework import Framework
from kb.i18n import day, language, later, t
from kb.log import Workspace
from kb.log.anchor import anchor
from kb.report.assessment import end_of_log
from kb.report.blocks import Bullets, Heading, Report, ReportBlock, Table, Text
from kb.report.front import METHOD
from kb.report.history import WORDS

IN_FILES = later("Of these, only stated in an imported file")

FOREIGN = later(
    "Where it says “stated in the file”, the decision was not taken here: it came with a file from another workspace, "
    "and only that file says who took it."
)


def comparison(
    ws: Workspace, framework: Framework, columns: Sequence[ComparedSet | str], *, on: date, derived: bool = True
) -> Report:
    """Return the comparison of several assessments, or of one at several times, with the criteria that this project
    derived if `derived`. Raises NotFound for an unknown assessment."""
    end = anchor(ws).mark
    table = matrix(ws, framework, list(columns), derived=derived)
    titles = tuple(column.title for column in table.columns)
    blocks: list[ReportBlock] = [Text(strong=f"{one.title}:", text=one.doubt) for one in table.columns if one.doubt]
    blocks.append(Heading(text=t("Counts of decisions"), level=2))
    for totals, caption in (
        (table.stated, t("The recommendations of the paper")),
        (table.derived, t("Our addition: derived by this project")),
    ):
        if totals:
            rows = tuple(
                (word, *(str(one.statuses.get(status, 0)) for one in totals)) for status, word in WORDS.items()
            )
            if any(one.in_files for one in totals):
                rows += ((t(IN_FILES), *(str(one.in_files) for one in totals)),)
            blocks.append(
                Table(
                    caption=t("{caption} ({criteria} criteria)", caption=caption, criteria=totals[0].criteria),
                    heads=(t("Decision"), *titles),
                    rows=rows,
                )
            )
    size = framework.size_shown()
    foreign = any(cell.stated for line in table.lines for cell in line.cells)
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
            caption=t("{size}; framework {framework}", size=size, framework=table.framework),
            heads=(t("Criterion"), *titles),
            rows=lines,
        ),
        Text(text=t(table.notice)),
        Heading(text=t("How to read it"), level=2),
        Bullets(items=tuple(map(t, (*METHOD, *([FOREIGN] if foreign else []))))),
        end_of_log(end),
    ]
    return Report(
        title=t(" beside ").join(titles),
        language=language(),
        log=end,
        subtitle=t("A comparison of {on}", on=day(on)),
        blocks=tuple(blocks),
    )


def _words(cell: SetFinding) -> str:
    """Return decision and evidence of one cell in words."""
    held = [
        f"{n} {what}"
        for n, what in (
            (cell.supports, t("supporting")),
            (cell.contradicts, t("against it")),
            (cell.context, t("context")),
        )
        if n
    ]
    held += [cell.stated] if cell.stated else []
    return WORDS[cell.status] + (f" ({', '.join(held)})" if held else "")
