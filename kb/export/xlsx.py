"""Write XLSX row by row in bounded memory: typed cells, frozen head rows, one sheet per table, a sheet with query
and method.

Every text is written as a string, so that it is never taken for a formula or a link. A cell holds at most 32,767
characters and a sheet 1,048,576 rows (Excel specifications and limits). The rest of a longer text is on the sheet
"Long texts", further rows are on a further sheet; nothing is cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kb.export.job import ExportJob
from kb.export.layouts import TAG_COLUMNS, Cell, Column, Layout, long_layout
from kb.export.rows import Provenance, Row
from kb.files import scratch
from kb.log.noted import PROPERTY, own_mark

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

CELL_LIMIT = 32_767  # UTF-16 units that Excel keeps in a cell
ROW_LIMIT = 1_048_576  # rows that Excel keeps on a sheet
# Excel's units of width, about one letter each: a sha256 has 64, an identifier about 28; a text wraps at 80
_WIDTHS = {
    "text": 80,
    "citation": 30,
    "title": 30,
    "tags": 40,
    "statement": 60,
    "force": 24,
    "id": 28,
    "sha256": 66,
    "url": 40,
}
_LONG = (Column("row"), Column("column"), Column("part", "integer"), Column("text"))


def parts_of(text: str, limit: int = CELL_LIMIT) -> list[str]:
    """Split `text` into parts of at most `limit` UTF-16 units without dividing a character."""
    if len(text) * 2 <= limit or len(text.encode("utf-16-le", "surrogatepass")) // 2 <= limit:
        return [text]
    parts, start, units = [], 0, 0
    for at, char in enumerate(text):
        width = 2 if char > "\uffff" else 1
        if units + width > limit:
            parts.append(text[start:at])
            start, units = at, 0
        units += width
    return [*parts, text[start:]]


class _Sheets:
    """A table that is continued on further sheets if it has more rows than one sheet holds."""

    def __init__(self, book: Workbook, name: str, columns: tuple[Column, ...], head: Format) -> None:
        self._book, self._name, self._columns, self._head = book, name, columns, head
        self._count, self._at = 0, ROW_LIMIT
        self._dates = frozenset(at for at, column in enumerate(columns) if column.type == "date")
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._open()

    def _open(self) -> None:
        self._count += 1
        name = self._name if self._count == 1 else f"{self._name} {self._count}"
        self._sheet = self._book.add_worksheet(name)
        self._sheet.freeze_panes(1, 1)
        self._sheet.set_landscape()
        self._sheet.repeat_rows(0)
        self._sheet.autofilter(0, 0, 0, len(self._columns) - 1)
        for at, column in enumerate(self._columns):
            self._sheet.set_column(at, at, _WIDTHS.get(column.name, 16))
            self._sheet.write_string(0, at, column.title or column.name, self._head)
        self._at = 1

    def add(self, record: Iterable[Cell]) -> None:
        """Write one record; empty cells are left out."""
        if self._at >= ROW_LIMIT:
            self._open()
        sheet, row = self._sheet, self._at
        for at, cell in enumerate(record):
            if cell is None or cell == "":
                continue
            if type(cell) is str:
                day = _day(cell) if at in self._dates else None
                sheet.write_datetime(row, at, day, self._day) if day else sheet.write_string(row, at, cell)
            elif type(cell) is bool:
                sheet.write_boolean(row, at, cell)
            else:
                sheet.write_number(row, at, cell)
        self._at = row + 1


def _shortened(record: list[Cell], columns: tuple[Column, ...], key: str) -> tuple[list[Cell], list[list[Cell]]]:
    """Return the record with long texts replaced by their first parts, and the lines for the sheet "Long texts": (`key`
    of the record, column, number of the part, text)."""
    long: list[list[Cell]] = []
    for at, cell in enumerate(record):
        if type(cell) is str and len(cell) * 2 > CELL_LIMIT:
            record[at], *rest = parts_of(cell)
            long += [[key, columns[at].name, number, part] for number, part in enumerate(rest, 2)]
    return record, long


def _method_lines(provenance: Provenance, layout: Layout, count: int) -> Iterator[list[Cell]]:
    for line in provenance.lines():
        yield [*line]
    yield ["Rows", count]
    for note in layout.notes:
        yield ["Note", note]
    yield ["Note", f"A text of more than {CELL_LIMIT:,} characters goes on, part by part, on the sheet 'Long texts'."]


def _day(text: str) -> datetime | None:
    """Parse the day of an ISO date or time; None for anything else, and for days before a workbook's calendar
    begins."""
    try:
        day = datetime.fromisoformat(text).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    except ValueError:
        return None
    return day if day.year >= 1900 else None  # Excel has no day before 1900


def _fill(book: Workbook, rows: Iterable[Row], job: ExportJob) -> None:
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    main = _Sheets(book, "Rows", job.layout.columns, head)
    tagged = long_layout(job.provenance)
    names = [column.name for column in tagged.columns]
    ours = slice(names.index(TAG_COLUMNS[0].name), names.index(TAG_COLUMNS[-1].name) + 1)
    tags = _Sheets(book, "Tags", (Column("id"), *tagged.columns[ours]), head)
    long = _Sheets(book, "Long texts", _LONG, head)
    count = 0
    for count, row in enumerate(rows, 1):
        for record in job.layout.records(row):
            record, rest = _shortened(record, job.layout.columns, row.id)
            main.add(record)
            for line in rest:
                long.add(line)
        for record in tagged.records(row) if row.tags else ():
            tags.add([row.id, *record[ours]])
    method = _Sheets(book, "Query and method", (Column("what"), Column("value")), head)
    for line in _method_lines(job.provenance, job.layout, count):
        method.add([part for cell in line for part in (parts_of(cell) if isinstance(cell, str) else [cell])])


def write(rows: Iterable[Row], path: Path, job: ExportJob) -> None:
    """Write the workbook; the date in its properties is the provenance's."""
    with scratch("xlsx", path.parent) as folder:
        _write(rows, path, job, str(folder))


def _write(rows: Iterable[Row], path: Path, job: ExportJob, folder: str) -> None:
    """Write the workbook; the library keeps rows in files in `folder` first, to save memory. Raises OSError on a full
    disk."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    book = xlsxwriter.Workbook(
        str(path),
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "tmpdir": folder,
        },
    )
    book.use_zip64()
    if mark := own_mark(job.provenance.log):
        book.set_custom_property(PROPERTY, mark)
    book.set_properties(
        {
            "title": f"{job.provenance.kind}: {job.provenance.asked_for}"[:250],
            "comments": job.provenance.licence,
            "created": _day(job.provenance.date) or datetime(1980, 1, 1),  # the first day that a zip can write
        }
    )
    try:
        _fill(book, rows, job)
        book.close()
    except FileCreateError as error:  # the writer's own name for an OSError
        raise error.args[0] from error
