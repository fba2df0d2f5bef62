"""Numbered headings by their sequence, bare headings by their shape, levels and paths by both."""

import pytest

from kb.models import Place
from kb.structure.headings import Outline, is_bare_heading
from kb.structure.lines import SourceLine

NOWHERE = Place(file="", sha256="")


def line(text, number=1):
    return SourceLine(number, 0, text)


BODY = line("Social integration is defined by the summit as a process of building the values")


@pytest.mark.parametrize("text", ["Equity", "Copenhagen - social integration", "Anti-discrimination measures"])
def test_a_short_line_in_title_shape_is_a_heading(text):
    assert is_bare_heading(line(text), BODY)


@pytest.mark.parametrize(
    "text",
    [
        "Forms of violence include:",
        "equity",
        "It ended there.",
        "Why does it matter?",
        "This line is as long as the lines of a paragraph are before the next word",
    ],
)
def test_a_sentence_a_lead_in_or_a_full_line_is_none(text):
    assert not is_bare_heading(line(text), BODY)


def test_the_last_line_of_a_file_is_no_heading():
    assert not is_bare_heading(line("Equity"), None)


@pytest.fixture
def outline():
    made = Outline("doc", {"Equity": 3})
    for number, text in enumerate(["1. Introduction", "2. Concepts", "2.1 Poverty"], 1):
        made.enter(line(text, number * 10), NOWHERE)
    return made


@pytest.mark.parametrize(
    "text,expected",
    [
        ("3. Why", True),
        (" 3  Why".strip(), True),
        ("3 . Why", True),
        ("2.2 Work", True),
        ("1. Establish", False),
        ("4. Later", False),
        ("2.4 Gap", False),
        ("3.1 No such chapter", False),
        ("Three", False),
    ],
)
def test_only_the_next_number_is_a_heading(outline, text, expected):
    assert outline.numbered(text) is expected


def test_a_bare_heading_has_its_recorded_level_and_its_path(outline):
    made = outline.enter(line("Equity", 50), NOWHERE)
    assert made.level == 3 and made.path == ("2. Concepts", "2.1 Poverty", "Equity") and made.id == "doc/s2.1/equity"


def test_a_heading_right_under_another_is_one_deeper_when_nothing_is_recorded(outline):
    first = outline.enter(line("Recognition", 50), NOWHERE)
    assert outline.enter(line("Measures", 51), NOWHERE).level == first.level + 1


def test_sections_end_with_the_last_words_before_the_next_of_their_level(outline):
    ends = {s.heading: s.lines for s in outline.closed([10, 12, 20, 21, 30, 33])}
    assert ends == {"1. Introduction": (10, 12), "2. Concepts": (20, 33), "2.1 Poverty": (30, 33)}
