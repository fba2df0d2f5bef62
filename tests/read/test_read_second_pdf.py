"""The second reading of a PDF, with pypdf: text by page, and the leftovers of the first reading."""

from __future__ import annotations

import io
import re
import zlib
from pathlib import Path

import pypdf
import pytest
from make import pdf, prose
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from kb.errors import InputError
from kb.read import Limits, read
from kb.read.formats.second_pdf import second_reading

WORDS = "Every school shall have a ramp by 2030, and 52 per cent of all buildings in 2013 had one already."
LATER = "A second page says something else in 1995."


@pytest.fixture
def saved(tmp_path):
    """Return a function that writes bytes or a pypdf writer to a file and returns its path."""

    def save(what: bytes | pypdf.PdfWriter, name: str = "a.pdf") -> Path:
        path = tmp_path / name
        if isinstance(what, bytes):
            path.write_bytes(what)
        else:
            what.write(path)
        return path

    return save


def writer(*texts: str) -> pypdf.PdfWriter:
    made = pypdf.PdfWriter()
    made.append(io.BytesIO(pdf([prose(60, 100, text) for text in texts])))
    return made


def letters(text: str) -> str:
    return re.sub(r"\W", "", text)


def test_each_page_has_the_letters_and_figures_that_the_first_reading_has(saved):
    path = saved(pdf([prose(60, 100, WORDS), prose(60, 300, LATER)]))
    first = letters("".join(paragraph.text for paragraph in read(path, ocr=False).paragraphs))
    second = second_reading(path).pages
    assert letters("".join(second)) == first and letters(second[1]) == letters(LATER)


def test_outline_entries_carry_level_and_page(saved):
    made = writer(WORDS, WORDS)
    part = made.add_outline_item("Part I", 0)
    made.add_outline_item("Article 1", 1, parent=part)
    made.add_outline_item("Part II", 1)
    found = second_reading(saved(made)).outline
    assert [(e.title, e.level, e.page) for e in found] == [("Part I", 1, 1), ("Article 1", 2, 2), ("Part II", 1, 2)]


def test_attached_files_are_named_with_their_size_and_not_read(saved):
    made = writer(WORDS)
    made.add_attachment("annex.csv", b"a,b\n1,2\n").size = pypdf.generic.NumberObject(8)
    found = second_reading(saved(made)).attachments
    assert [(a.name, a.bytes) for a in found] == [("annex.csv", 8)]


def form(made: pypdf.PdfWriter, **values: str) -> pypdf.PdfWriter:
    """Add text fields with these values; return the writer."""
    fields = ArrayObject()
    for name, value in values.items():
        fields.append(
            made._add_object(
                DictionaryObject(
                    {
                        NameObject("/FT"): NameObject("/Tx"),
                        NameObject("/T"): TextStringObject(name),
                        NameObject("/TU"): TextStringObject(f"the {name}"),
                        NameObject("/V"): TextStringObject(value),
                    }
                )
            )
        )
    made._root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/Fields"): fields})
    return made


def test_what_was_typed_into_a_form_is_read_with_name_and_label(saved):
    found = second_reading(saved(form(writer(WORDS), country="Kenya", year=""))).fields
    assert [(f.name, f.label, f.value, f.kind) for f in found] == [
        ("country", "the country", "Kenya", "text"),
        ("year", "the year", "", "text"),
    ]


def test_an_encrypted_file_needs_its_password_and_says_so(saved):
    made = writer(WORDS)
    made.encrypt("secret", algorithm="AES-256")
    path = saved(made)
    with pytest.raises(InputError, match="needs a password"):
        second_reading(path)
    with pytest.raises(InputError, match="password is wrong"):
        second_reading(path, "guess")
    got = second_reading(path, "secret")
    assert got.encrypted and "52 per cent" in " ".join(got.pages[0].split())


def test_a_file_that_anyone_may_open_and_nobody_copy_is_told(saved):
    made = writer(WORDS)
    made.encrypt("", "owner", permissions_flag=pypdf.constants.UserAccessPermissions.PRINT, algorithm="AES-256")
    got = second_reading(saved(made))
    assert got.encrypted and not got.may_copy
    assert second_reading(saved(writer(WORDS), "b.pdf")).may_copy


@pytest.mark.parametrize("content", [b"", b"no PDF at all", b"%PDF-1.4\n" + b"\x00" * 200])
def test_what_is_no_pdf_is_the_files_fault(saved, content):
    with pytest.raises(InputError, match=r"a\.pdf"):
        second_reading(saved(content))


def test_a_page_that_unfolds_without_end_is_a_problem_of_that_page(saved):
    made = writer(WORDS, WORDS)
    bomb = pypdf.generic.EncodedStreamObject()
    bomb._data = zlib.compress(b" " * 60_000_000, 9)
    bomb[NameObject("/Filter")] = NameObject("/FlateDecode")
    made.pages[0][NameObject("/Contents")] = made._add_object(bomb)
    got = second_reading(saved(made))
    assert got.pages[0] == "" and "52 per cent" in " ".join(got.pages[1].split())
    assert got.problems == ("page 1 cannot be read (LimitReachedError)",)


def test_the_limit_on_pages_and_letters_is_told(saved):
    got = second_reading(saved(writer(WORDS, WORDS)), limits=Limits(pages=1, chars_per_page=10))
    assert [len(page) for page in got.pages] == [10]
    assert got.problems == ("only the first 1 of 2 pages were read", "only the first 10 characters of page 1 were read")
