"""Exports as bytes."""

import zipfile
from io import BytesIO

import pytest

from kb.errors import InputError
from kb.export.collect import Bench
from kb.export.download import name_of, packed
from kb.export.request import Request, take
from kb.export.rows import Provenance, Row

ROWS = [Row(id="d/1", text="Every child has a name.", citation="d, 1", force="legal-obligation")]


def test_a_format_without_room_for_its_provenance_comes_in_a_zip_with_it():
    made = zipfile.ZipFile(BytesIO(packed(ROWS, "passages", "csv", Provenance())))
    assert sorted(made.namelist()) == ["passages.csv", "passages.csv-metadata.json"]
    assert "Every child has a name." in made.read("passages.csv").decode("utf-8-sig")


def test_a_format_that_holds_it_comes_alone():
    assert b"Every child has a name." in packed(ROWS, "passages", "html", Provenance())
    assert (name_of("passages", "html"), name_of("passages", "csv")) == ("passages.html", "passages.zip")


def test_the_same_rows_give_the_same_bytes():
    assert packed(ROWS, "passages", "csv", Provenance()) == packed(ROWS, "passages", "csv", Provenance())


@pytest.mark.parametrize(
    "kind, said",
    [
        ("results", "Results need a query"),
        ("findings", "belong to an assessment"),
    ],
)
def test_what_a_kind_lacks_is_reported(live_kb, kind, said):
    with pytest.raises(InputError, match=said):
        take(Bench.here(), Request(kind=kind))


def test_rows_are_filtered_passages(live_kb):
    rows = list(take(Bench.here(), Request(kind="passages", filters=(("document", "mipaa"),))).rows)
    assert rows and {row.document for row in rows} == {"mipaa"}
