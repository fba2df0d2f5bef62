"""JSON lines: one row a line, every field in its own type; the provenance is in the file beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from kb.export.job import ExportJob
from kb.export.layouts import Layout
from kb.export.rows import Provenance, Row


def write(rows: Iterable[Row], path: Path, job: ExportJob) -> None:
    """Write one row a line; the layout 'rows' gives the row itself, other layouts flat objects."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        if job.layout.name == "rows":
            stream.writelines(row.model_dump_json() + "\n" for row in rows)
            return
        names = [column.name for column in job.layout.columns]
        for row in rows:
            stream.writelines(
                json.dumps(dict(zip(names, record)), ensure_ascii=False) + "\n" for record in job.layout.records(row)
            )


def describe(name: str, digest: str, provenance: Provenance, layout: Layout) -> bytes:
    """Return the description of the file `name`: its hash, layout and provenance."""
    value = {
        "file": name,
        "sha256": digest,
        "layout": layout.name,
        "notes": list(layout.notes),
        "provenance": provenance.model_dump(mode="json"),
    }
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
