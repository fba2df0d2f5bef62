"""A text with a missing paragraph reports the number that is skipped."""

from __future__ import annotations

import pytest

from kb.structure.gaps import inside, missing
from kb.structure.resolution import parse as parse_resolution
from kb.structure.treaty import parse as parse_treaty


def test_a_paragraph_that_was_cut_out_is_named_in_its_part() -> None:
    parts = [
        "Beijing Declaration",
        *(f"{n}. Words." for n in range(1, 13)),
        "Platform for Action",
        *(f"{n}. Words." for n in range(1, 16) if n != 7),
    ]
    document = parse_resolution("\n\n".join(parts), document="beijing", title="", file="x.md", sha256="0" * 64)
    assert missing(document) == ("beijing/para7",)


def test_an_article_that_was_cut_out_is_named() -> None:
    text = "\n\n".join(f"Article {n}\n\nStates shall dig wells of kind {n}." for n in range(1, 20) if n != 12)
    assert missing(parse_treaty(text, document="t", title="", file="x.md", sha256="0" * 64)) == ("t/art12",)


def test_an_extract_has_no_gaps() -> None:
    text = "\n\n".join(f"{n}. Words." for n in (1, 5, 9, 40))
    assert missing(parse_resolution(text, document="r", title="", file="x.md", sha256="0" * 64)) == ()


@pytest.mark.parametrize(
    ("numbers", "gone"),
    [
        ("1. 2. 3.", []),
        ("1. 2. 4. 6.", ["3", "5"]),
        ("2. 3.", ["1"]),
        ("(a) (b) (d)", ["c"]),
        ("(i) (ii) (iv)", ["iii"]),
        ("(a) (b) (c) (d) (e) (f) (g) (h) (i) (j)", []),
    ],
)
def test_numbers_and_letters_that_a_list_jumps_over_inside_an_article_are_named(numbers, gone) -> None:
    text = "\n\n".join(["Article 5", "States shall:", *(f"{n} dig wells of kind {n};" for n in numbers.split())])
    document = parse_treaty(text, document="t", title="", file="x.md", sha256="0" * 64)
    assert inside(document) == tuple(f"t/art5/{n}" for n in gone)


def test_letters_whose_paragraph_was_cut_out_leave_the_next_paragraphs_where_they_stand() -> None:
    parts = [
        "Platform for Action",
        *(f"{n}. Words." for n in range(1, 9)),
        "Strategic objective A.1. Dig wells",
        "(a) Dig them deep;",
        "(b) Keep them clean.",
        "10. By the towns:",
        "(a) Open them.",
        "11. Words.",
    ]
    document = parse_resolution("\n\n".join(parts), document="beijing", title="", file="x.md", sha256="0" * 64)
    ids = {passage.id for passage in document.passages}
    assert {"beijing/A.1/a", "beijing/A.1/b", "beijing/para10", "beijing/para10/a", "beijing/para11"} <= ids
    assert missing(document) == ("beijing/para9",)
