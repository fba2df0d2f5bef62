"""The second reading of a PDF, with pypdf: text by page."""

from __future__ import annotations

import io
import re
import zlib
from pathlib import Path

import pypdf
import pytest
from make import pdf, prose
from pypdf.generic import NameObject

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


def test_an_encrypted_file_needs_its_password(saved):
    made = writer(WORDS)
    made.encrypt("secret", algorithm="AES-256")
    path = saved(made)
    with pytest.raises(InputError, match="needs a password"):
        second_reading(path)
    with pytest.raises(InputError, match="password is wrong"):
        second_reading(path, "guess")
    got = second_reading(path, "secret")
    assert "52 per cent" in " ".join(got.pages[0].split())


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


def test_the_limit_on_pages_and_letters_is_reported(saved):
    got = second_reading(saved(writer(WORDS, WORDS)), limits=Limits(pages=1, chars_per_page=10))
    assert [len(page) for page in got.pages] == [10]
    assert got.problems == ("only the first 1 of 2 pages were read", "only the first 10 characters of page 1 were read")
