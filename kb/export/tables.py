"""Tables of counts, ratings and quotations as CSV, each with a description beside it: the command, the index, and the
last position of the log."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kb.coding.cells import put_table
from kb.export import put_described
from kb.export.columns import words_of_column
from kb.export.csv_ import GUARD_NOTE
from kb.export.download import zip_of
from kb.export.rows import Provenance
from kb.files import scratch

if TYPE_CHECKING:
    from kb.export.collect import Bench

BESIDE = "-metadata.json"
"""Ending of the file name of a table's description (CSV on the Web)."""


def made_by(bench: Bench, command: str) -> Provenance:
    """Return the provenance of a table or a plot; `command` makes it again."""
    return bench.provenance("passages").model_copy(update={"command": command, "viewer": bench.viewer})


def write_table(
    bench: Bench, path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]], command: str
) -> Path:
    """Write the table and, beside it, its description with the mark of the log; both or neither."""
    made, seen = made_by(bench, command), _Seen(columns)

    def describe(digest: str) -> bytes:
        """Return the description of the table, with `digest`, its sha256; it is made after the rows were written."""
        return _description(path.name, digest, columns, seen.of(made))

    put_described(
        path,
        path.with_name(path.name + BESIDE),
        lambda beside: put_table(beside, columns, seen.through(rows)),
        describe,
    )
    return path


class _Seen:
    """Collects the documents that a table's rows refer to, if it has a column of documents or passages."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._at = [n for n, name in enumerate(columns) if name in ("document", "passage", "unit")]
        self._documents: set[str] = set()

    def through(self, rows: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
        """Yield the rows unchanged, and record their documents."""
        for row in rows:
            self._documents.update(str(row[n]).split("/")[0] for n in self._at)
            yield row

    def of(self, made: Provenance) -> Provenance:
        """Return the provenance `made` with only the sources of these rows; with all sources if no column names
        documents."""
        return made.from_rows_of(self._documents, ()) if self._at else made


def table_zip(bench: Bench, name: str, columns: Sequence[str], rows: Iterable[Sequence[object]], command: str) -> bytes:
    """Return what `write_table` writes, as a zip of both files; `name` ends in .csv."""
    with scratch("table") as folder:
        path = write_table(bench, folder / name, columns, rows, command)
        return zip_of(path, path.with_name(path.name + BESIDE))


def _description(name: str, digest: str, columns: Sequence[str], made: Provenance) -> bytes:
    """Return the CSVW metadata of the table in the file `name`, with its sha256 `digest`, its columns and its
    provenance."""
    value: dict[str, object] = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": name,
        "tableSchema": {"columns": [{"name": c, "titles": c, "dc:description": words_of_column(c)} for c in columns]},
        "dialect": {"encoding": "utf-8", "header": True},
        "dc:description": [GUARD_NOTE, *(f"{label}: {text}" for label, text in made.lines() if label != "Content")],
        "kb:sha256": digest,
        "kb:provenance": made.model_dump(mode="json"),
    }
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
