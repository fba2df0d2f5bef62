"""CSV (RFC 4180, UTF-8 with a byte order mark), with its description beside it (W3C CSV on the Web metadata)."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path

from kb.coding.cells import GUARDED, Cells, guard
from kb.export.columns import words_of_column
from kb.export.job import ExportJob
from kb.export.layouts import Layout
from kb.export.rows import Provenance, Row

_CSVW_TYPES = {
    "string": "string",
    "date": "string",
    "json": "json",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
}
GUARD_NOTE = (
    "A text cell that a spreadsheet could run (first character one of = + - @, tab, line end, or their "
    "full-width forms, after any apostrophes) has one apostrophe before it; take it off to get the text. The character "
    "NUL, at which some programs stop, stands as its picture (U+2400)."
)


def write(rows: Iterable[Row], path: Path, job: ExportJob) -> None:
    """Write the table; text cells are guarded against formulas (kb.coding.cells), numbers stay numbers."""
    records = job.layout.records
    with path.open("w", encoding="utf-8", errors="surrogatepass", newline="") as stream:
        stream.write("\ufeff")  # the byte order mark; the encoding that has it by itself is several times slower
        writer = csv.writer(Cells(stream))
        writer.writerow([guard(column.name) for column in job.layout.columns])
        writer.writerows(
            [guard(cell) if type(cell) is str and cell[:1] in GUARDED else cell for cell in record]
            for row in rows
            for record in records(row)
        )


def describe(name: str, digest: str, provenance: Provenance, layout: Layout) -> bytes:
    """Return the CSVW metadata of the table in the file `name`, with its hash and the provenance."""
    columns = [
        {
            "name": c.name,
            "titles": c.title or c.name,
            "datatype": _CSVW_TYPES[c.type],
            "dc:description": words_of_column(c.name),
        }
        for c in layout.columns
    ]
    value = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": name,
        "tableSchema": {"columns": columns},
        "dialect": {"encoding": "utf-8", "header": True},
        "dc:description": [GUARD_NOTE, *layout.notes, *(f"{label}: {text}" for label, text in provenance.lines())],
        "kb:sha256": digest,
        "kb:layout": layout.name,
        "kb:provenance": provenance.model_dump(mode="json"),
    }
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
