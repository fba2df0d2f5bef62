"""Tables of counts, ratings and quotations as CSV, each with a file beside it that says how it came about: the command,
the index, and where the log ended."""

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
"""What the description of a table is named after it (CSV on the Web)."""


def made_by(bench: Bench, command: str) -> Provenance:
    """How a table or a plot of the bench comes about; `command` makes it again."""
    return bench.provenance("passages").model_copy(update={"command": command, "viewer": bench.viewer})


def write_table(
    bench: Bench, path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]], command: str
) -> Path:
    """Write the table and, beside it, its description with the mark of the log; both or neither."""
    made, seen = made_by(bench, command), _Seen(columns)

    def describe(digest: str) -> bytes:
        """The description, once the rows were written."""
        return _description(path.name, digest, columns, seen.of(made))

    put_described(
        path,
        path.with_name(path.name + BESIDE),
        lambda beside: put_table(beside, columns, seen.through(rows)),
        describe,
    )
    return path


class _Seen:
    """The documents that the rows of a table name, where a column of it names documents or passages."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._at = [n for n, name in enumerate(columns) if name in ("document", "passage", "unit")]
        self._documents: set[str] = set()

    def through(self, rows: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
        """Hand on the rows and note the documents that they name."""
        for row in rows:
            self._documents.update(str(row[n]).split("/")[0] for n in self._at)
            yield row

    def of(self, made: Provenance) -> Provenance:
        """The provenance with the sources that the rows name; with all counted sources where no column names
        documents."""
        return made.from_rows_of(self._documents, ()) if self._at else made


def table_zip(bench: Bench, name: str, columns: Sequence[str], rows: Iterable[Sequence[object]], command: str) -> bytes:
    """What `write_table` writes, as a zip of both files; `name` ends in .csv."""
    with scratch("table") as folder:
        path = write_table(bench, folder / name, columns, rows, command)
        return zip_of(path, path.with_name(path.name + BESIDE))


def _description(name: str, digest: str, columns: Sequence[str], made: Provenance) -> bytes:
    """The CSVW metadata of a table."""
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
