"""Tables of counts, ratings and quotations as CSV, each with a file beside it that says how it came about: the command,
the index, and where the log ended."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    made = made_by(bench, command)
    put_described(
        path,
        path.with_name(path.name + BESIDE),
        lambda beside: put_table(beside, columns, rows),
        lambda digest: _description(path.name, digest, columns, made),
    )
    return path


def table_zip(bench: Bench, name: str, columns: Sequence[str], rows: Iterable[Sequence[object]], command: str) -> bytes:
    """What `write_table` writes, as a zip of both files; `name` ends in .csv."""
    with scratch("table") as folder:
        path = write_table(bench, folder / name, columns, rows, command)
        return zip_of(path, path.with_name(path.name + BESIDE))


def _description(name: str, digest: str, columns: Sequence[str], made: Provenance) -> bytes:
    """The CSVW metadata of a table."""
    value: dict[str, Any] = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": name,
        "tableSchema": {"columns": [{"name": c, "titles": c, "dc:description": words_of_column(c)} for c in columns]},
        "dialect": {"encoding": "utf-8", "header": True},
        "dc:description": [GUARD_NOTE, *(f"{label}: {text}" for label, text in made.lines() if label != "Content")],
        "kb:sha256": digest,
        "kb:provenance": made.model_dump(mode="json"),
    }
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
