"""Parquet in row groups of fixed size; the provenance is in the file's own metadata."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from kb.export.job import ExportJob
from kb.export.layouts import Cell
from kb.export.rows import Row

GROUP = 10_000  # records held in memory at once


def _groups(rows: Iterable[Row], job: ExportJob) -> Iterator[list[list[Cell]]]:
    records = (record for row in rows for record in job.layout.records(row))
    while group := list(islice(records, GROUP)):
        yield group


def write(rows: Iterable[Row], path: Path, job: ExportJob) -> None:
    """Write the table with typed columns; characters that UTF-8 cannot encode become '?'."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {
        "string": pa.string(),
        "date": pa.string(),
        "json": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
    }
    schema = pa.schema(
        [pa.field(c.name, types[c.type]) for c in job.layout.columns],
        metadata={
            "kb.provenance": job.provenance.model_dump_json(),
            "kb.layout": job.layout.name,
            "kb.notes": "\n".join(job.layout.notes),
        },
    )
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for group in _groups(rows, job):
            columns = [pa.array(values, field.type) for values, field in zip(zip(*group), schema)]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema), row_group_size=GROUP)
