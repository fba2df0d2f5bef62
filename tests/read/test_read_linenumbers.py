"""Line numbers of bills in text files and preformatted web pages: leftovers, never words of a sentence."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kb.read.formats.html import read_html
from kb.read.formats.text import read_text
from kb.read.limits import DEFAULT
from kb.read.linenumbers import line_numbers, without

BILL = (
    "  1  Section 1. Short title. This Act may be\n"
    "  2  cited as the Inclusion Act.\n"
    "  3\n"
    "  4  Section 2. Duty to employ. Every employer\n"
    "  5  shall reserve one post in twenty for\n"
    "  6  persons with disabilities.\n"
    "\n- 2 -\n"
    "  1  Section 3. Reports. The minister shall\n"
    "  2  report each year.\n"
)
SECTIONS = [
    "Section 1. Short title. This Act may be cited as the Inclusion Act.",
    "Section 2. Duty to employ. Every employer shall reserve one post in twenty for persons with disabilities.",
    "Section 3. Reports. The minister shall report each year.",
]


def test_line_numbers_of_a_text_are_left_over_and_everything_stays_where_it_is() -> None:
    reading = read_text(BILL.encode())
    assert [d.text for d in reading.drafts if d.text.startswith("Section")] == SECTIONS
    assert [d.text for d in reading.leftovers if d.kind == "line-number"] == list("12345612")
    assert reading.source is not None and len(reading.source) == len(BILL)
    first = next(d for d in reading.drafts if d.text.startswith("Section 1"))
    assert first.chars is not None and BILL[first.chars[0] :].startswith("Section 1.")


def test_preformatted_text_of_a_page_is_read_line_by_line() -> None:
    reading = read_html(f"<html><body><pre>\n{BILL}</pre></body></html>".encode(), DEFAULT)
    assert [d.text for d in reading.drafts if d.text.startswith("Section")] == SECTIONS


def test_what_only_looks_like_line_numbers_stays() -> None:
    contents = "".join(f"{n} Title number {n}\n" for n in range(1, 12))
    table = "".join(f"{n}  {n * 7} posts\n" for n in range(1, 12))
    numbered = "".join(f"{n}. the duty of town {n};\n" for n in range(1, 12))
    rising = "".join(f"{n * 3} of the posts are kept\n" for n in range(1, 12))
    assert not any(line_numbers(each) for each in (contents, table, numbered, rising, BILL[:60]))
    assert without("a 12 b", [(2, 4)]) == "a    b"


LINES = [
    "Section 1. Short title. This Act may be",
    "cited as the Inclusion Act and has force",
    "from the first of May in all the towns",
    "of the State and in the villages which",
    "belong to them by law or by custom.",
    "Section 2. Duty to employ. Every employer",
    "shall reserve one post in twenty for",
    "persons with disabilities and shall",
    "report on the posts each year to",
    "the office of the labour inspector.",
    "Section 3. Reports. The minister shall",
    "report each year.",
]


def _left(n: int, text: str) -> str:
    return f"{n:>4} {text}" if n % 5 == 0 else f"     {text}"


def _right(n: int, text: str) -> str:
    return f"{text:50}{n:>4}" if n % 5 == 0 else text


def _each_right(n: int, text: str) -> str:
    return f"{text:50}{n:>4}"


def _each_left(n: int, text: str) -> str:
    return f"{n:>4} {text}"


@pytest.mark.parametrize("line", [_left, _right, _each_right])
def test_numbers_of_each_fifth_line_and_at_the_right_are_left_over(line: Callable[[int, str], str]) -> None:
    text = "\n".join(line(n, LINES[n - 1]) for n in range(1, len(LINES) + 1))
    reading = read_text(text.encode())
    assert [d.text for d in reading.drafts] == [" ".join(LINES[a:b]) for a, b in ((0, 5), (5, 10), (10, 12))]
    numbers = [d.text for d in reading.leftovers if d.kind == "line-number"]
    assert numbers == [str(n) for n in range(1, 13) if line is _each_right or n % 5 == 0]


def test_figures_at_the_right_of_a_table_stay() -> None:
    rows = "".join(f"Town number {n:<30}{n * 5:>6}\n" for n in range(1, 12))
    counted = "".join(f"Town number {n:<30}{n:>6}\n" for n in range(1, 12))
    assert not line_numbers(rows) and not line_numbers(counted)


@pytest.mark.parametrize("line", [_left, _right, _each_right, _each_left])
def test_numbers_that_count_empty_lines_too_are_left_over(line: Callable[[int, str], str]) -> None:
    """A bill of three sections with an empty line after each: lines 6 and 12 are empty, so that 6 is not printed."""
    rows, n = [], 0
    for first, last in ((0, 5), (5, 10), (10, 12)):
        for at in range(first, last):
            n += 1
            rows.append(line(n, LINES[at]))
        n += 1
        rows.append("")
    reading = read_text("\n".join(rows).encode())
    assert [d.text for d in reading.drafts] == [" ".join(LINES[a:b]) for a, b in ((0, 5), (5, 10), (10, 12))]
