"""Every format: the same bytes twice, no partial file, the provenance inside or beside."""

import zipfile

import pytest

from kb.errors import InputError
from kb.export import FORMATS, IMPORTS, LAYOUT_NAMES, export, import_rows, sidecar_of


def content(path) -> str:
    """Return all text of a file; of a zip, that of its members."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes().decode("utf-8", "replace")
    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_rows_give_the_same_bytes(format, rows, provenance, text_of, tmp_path):
    first = export(rows, format, tmp_path / "a", provenance, text_of=text_of).read_bytes()
    assert export(iter(rows), format, tmp_path / "a", provenance, text_of=text_of).read_bytes() == first


@pytest.mark.parametrize("format", FORMATS)
def test_every_export_says_how_it_was_made(format, rows, provenance, text_of, tmp_path):
    path = export(rows, format, tmp_path / f"a{FORMATS[format].suffix}", provenance, text_of=text_of)
    beside = sidecar_of(path, format)
    said = content(path) + (beside.read_text(encoding="utf-8") if beside else "")
    for part in ("index-1", "6 stated + 1 derived", "taxonomy 3", "2026-01-31", "older-persons", "m@1", "Quotations"):
        assert part in said, part


@pytest.mark.parametrize("format", FORMATS)
def test_every_row_has_its_words_hash_and_identifier(format, rows, provenance, text_of, tmp_path):
    said = content(export(rows, format, tmp_path / "a", provenance, text_of=text_of))
    for part in (
        "toy/p1",
        "register/1",
        "ab" * 32,
        "toy.txt",
        "https://example.org/toy",
        "👵 كبار السن",
        "confirmed",
        "person:Coder A",
    ):
        assert part in said or part.replace("_", r"\_") in said, part


@pytest.mark.parametrize("format", FORMATS)
def test_an_export_cut_off_leaves_the_old_file_and_no_half_one(format, rows, provenance, text_of, tmp_path):
    path = export(rows, format, tmp_path / "a", provenance, text_of=text_of)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    def broken():
        yield rows[0]
        raise OSError("disk pulled out")

    with pytest.raises(OSError, match="pulled out"):
        export(broken(), format, path, provenance, text_of=text_of)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


@pytest.mark.parametrize("format", FORMATS)
def test_no_rows_are_an_export_too(format, provenance, tmp_path):
    assert export([], format, tmp_path / "a", provenance).stat().st_size > 0 or format == "jsonl" or format == "ris"


@pytest.mark.parametrize("format", IMPORTS)
def test_what_goes_out_comes_back_equal(format, rows, provenance, text_of, tmp_path):
    path = export(rows, format, tmp_path / "a", provenance, text_of=text_of)
    assert sorted(import_rows(format, path), key=lambda r: r.id) == sorted(rows, key=lambda r: r.id)


@pytest.mark.parametrize("format", IMPORTS)
def test_without_source_texts_it_comes_back_equal_too(format, rows, provenance, tmp_path):
    path = export(rows, format, tmp_path / "a", provenance)
    assert sorted(import_rows(format, path), key=lambda r: r.id) == sorted(rows, key=lambda r: r.id)


def test_unknown_names_are_answered_with_the_known_ones(rows, provenance, tmp_path):
    with pytest.raises(InputError, match="Formats are: csv, xlsx"):
        export(rows, "xls", tmp_path / "a", provenance)
    with pytest.raises(InputError, match="Layouts of table formats are: rows"):
        export(rows, "csv", tmp_path / "a", provenance, layout="tall")
    with pytest.raises(InputError, match="cannot be imported"):
        list(import_rows("docx", tmp_path / "a"))


def test_a_field_without_a_column_is_refused_rather_than_dropped(rows, provenance, tmp_path):
    odd = rows[0].model_copy(update={"fields": {"colour": "red"}})
    with pytest.raises(InputError, match="toy/p1: the field 'colour' has no column"):
        export([odd], "csv", tmp_path / "a.csv", provenance)
    named = provenance.model_copy(update={"fields": ("colour",)})
    assert "red" in export([odd], "csv", tmp_path / "a.csv", named).read_text(encoding="utf-8")


@pytest.mark.parametrize("layout", LAYOUT_NAMES)
@pytest.mark.parametrize("format", [name for name, spec in FORMATS.items() if spec.layouts])
def test_every_table_format_takes_every_layout(format, layout, rows, provenance, tmp_path):
    assert "toy/p3" in content(export(rows, format, tmp_path / "a", provenance, layout=layout))
