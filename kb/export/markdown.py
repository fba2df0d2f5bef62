"""Markdown: query and method first, then each row as a quotation with its citation, or a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from kb.coding.cells import printable
from kb.export.job import ExportJob
from kb.export.layouts import Cell, Layout
from kb.export.rows import Row

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~!])|^(\s*)([-+=]|\d+[.)])", re.MULTILINE)


def escape(text: str) -> str:
    """Escape `text` so that Markdown shows it literally."""
    return _MARKS.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}{m[3][:-1]}\\{m[3][-1]}", printable(text))


def _line(cell: Cell) -> str:
    return escape("" if cell is None else str(cell)).replace("\r", " ").replace("\n", "<br>")


def _quotation(row: Row, layout: Layout) -> Iterator[str]:
    (record,) = layout.records(row)
    cells = {(c.title or c.name): cell for c, cell in zip(layout.columns, record) if cell not in (None, "")}
    yield f"## {_line(cells.pop('Citation', row.id))}\n\n"
    text = cells.pop("Text", "")
    if text:
        yield "".join(f"> {escape(line)}\n" for line in str(text).splitlines() or [""]) + "\n"
    if statement := cells.pop("Statement", ""):  # without the sign of a quotation
        yield "".join(f"{escape(line)}\n" for line in str(statement).splitlines()) + "\n"
    yield "".join(f"- **{title}:** {_line(cell)}\n" for title, cell in cells.items()) + "\n"


def _table(rows: Iterable[Row], layout: Layout) -> Iterator[str]:
    yield "| " + " | ".join(_line(c.title or c.name) for c in layout.columns) + " |\n"
    yield "|" + " --- |" * len(layout.columns) + "\n"
    for row in rows:
        for record in layout.records(row):
            yield "| " + " | ".join(map(_line, record)) + " |\n"


def write(rows: Iterable[Row], path: Path, job: ExportJob) -> None:
    """Write the layout 'reading' as quotations, any other as one table."""
    with path.open("w", encoding="utf-8", errors="replace", newline="\n") as stream:
        stream.write(f"# {_line(job.provenance.kind.capitalize())}: {_line(job.provenance.asked_for)}\n\n")
        stream.writelines(f"- **{_line(label)}:** {_line(value)}\n" for label, value in job.provenance.lines())
        stream.writelines(f"- **Note:** {_line(note)}\n" for note in job.layout.notes)
        stream.write("\n")
        if job.layout.name == "reading":
            stream.writelines(part for row in rows for part in _quotation(row, job.layout))
        else:
            stream.writelines(_table(rows, job.layout))
