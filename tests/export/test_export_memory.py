"""Ten times the rows do not need more memory: writers hold one row, not the table."""

import tracemalloc

import pytest

from kb.export import FORMATS, Provenance, Row, export
from kb.models import Place, Tag

ALLOWANCE = 1_500_000  # bytes: the larger table would take 5,000,000 in Python strings


def many(count):
    tags = (Tag(facet="group", id="x", origin="rule:r"),)
    for n in range(count):
        yield Row(
            id=f"d{n % 3}/{n}",
            document=f"d{n % 3}",
            text=f"{n} " + "word " * 2000,
            tags=tags,
            place=Place(file="a", sha256="0" * 64, chars=(0, 1)),
        )


def peak(format, count, path):
    tracemalloc.start()
    export(many(count), format, path, Provenance())
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return highest


@pytest.mark.parametrize("format", sorted(FORMATS.keys() - {"parquet"}))  # its memory is one row group, 10,000 records
def test_memory_does_not_grow_with_the_rows(format, tmp_path):
    few = peak(format, 50, tmp_path / "a")
    assert peak(format, 500, tmp_path / "a") < few + ALLOWANCE
