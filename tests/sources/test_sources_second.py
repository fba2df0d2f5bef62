"""The second reader of each type, on small files made here."""

import io
import zipfile

import pytest

from kb.errors import InputError
from kb.sources.second import second_reading_of

HTML = "<html><head><style>p{}</style></head><body><p>Paid in 2011<sup>3</sup> to <b>a</b>ll<br>of <del>few</del> us</p></body></html>"


def docx() -> bytes:
    from docx import Document

    made, stream = Document(), io.BytesIO()
    line = made.add_paragraph("Paid in 2011")
    line.add_run("3").font.superscript = True
    line.add_run(" to all")
    made.add_table(1, 2).rows[0].cells[1].text = "52 per cent"
    made.save(stream)
    return stream.getvalue()


def epub() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", "<container/>")
        archive.writestr("one.xhtml", HTML)
    return stream.getvalue()


def pdf() -> bytes:
    from pathlib import Path
    from runpy import run_path

    make = run_path(str(Path(__file__).parents[1] / "read" / "make.py"))
    return make["pdf"]([[(72, 72, "First page.")], [(72, 72, "Paid in 2011 to all")]])


@pytest.mark.parametrize(
    ("name", "data", "by", "words"),
    [
        ("a.html", HTML.encode(), "lxml", "Paid in 2011 3 to all of us"),
        ("a.docx", docx, "python-docx", "Paid in 2011 3 to all 52 per cent"),
        ("a.epub", epub, "lxml", "Paid in 2011 3 to all of us"),
        ("a.pdf", pdf, "pypdf", "First page. Paid in 2011 to all"),
        (
            "a.txt",
            b"Paid in 2011 to all, in one line of text.\n",
            "the file itself",
            "Paid in 2011 to all, in one line of text.",
        ),
        (
            "a.json",
            b'{"text": "Paid in 2011", "year": 2011.50}',
            "json of the standard library",
            "Paid in 2011 2011.50",
        ),
    ],
)
def test_each_type_has_a_second_reader(tmp_path, name, data, by, words):
    (tmp_path / name).write_bytes(data() if callable(data) else data)
    found = second_reading_of(tmp_path / name)
    assert (found.by, " ".join(" ".join(found.pages).split())) == (by, words)
    assert found.paged == name.endswith(".pdf")


def test_a_type_that_only_our_reader_reads_has_none(tmp_path):
    (tmp_path / "a.rtf").write_bytes(rb"{\rtf1 Paid in 2011 to all}")
    assert second_reading_of(tmp_path / "a.rtf") is None


def test_a_file_that_cannot_be_read_again_is_named(tmp_path):
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 and no more")
    with pytest.raises(InputError, match="broken.pdf"):
        second_reading_of(tmp_path / "broken.pdf")


def test_a_note_mark_that_our_reader_joins_to_a_year_is_found_in_the_file_itself(tmp_path):
    from pathlib import Path
    from runpy import run_path

    from kb.sources.compare import compare
    from kb.sources.library import read_text

    make = run_path(str(Path(__file__).parents[1] / "read" / "make.py"))["pdf"]
    end = 166.2  # where "52 per cent in 2011" ends in Helvetica of 11 points, by its widths
    lines = [
        (72, 100, "The share of girls in secondary school rose to"),
        (72, 114, "52 per cent in 2011"),
        (end, 110, "3", 9.5),
        (end + 8, 114, "and rose further in the years that followed."),
    ]
    (tmp_path / "law.pdf").write_bytes(make([lines]))
    found = read_text(
        tmp_path / "law.pdf", "law", title="Law", style="generic", force="national-measure", language="en"
    )
    (one,) = compare(found.passages, lambda name: tmp_path / name, second_reading_of).differences
    assert (one.kind, one.by, one.page) == ("figures", "pypdf", 1)
    assert "in 20113 and" in one.first and "in 2011 3 and" in one.second


def test_line_numbers_of_a_text_are_no_difference(tmp_path):
    lines = ["Section 1. Every employer shall", "reserve one post in twenty for", "persons with disabilities and"] * 3
    file = tmp_path / "bill.txt"
    file.write_text("".join(f"{n:>3}  {line}\n" for n, line in enumerate(lines, 1)), encoding="utf-8")
    found = second_reading_of(file)
    assert found is not None and "shall reserve one post" in " ".join(" ".join(found.pages).split())
