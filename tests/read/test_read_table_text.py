"""Tables kept as text (CSV, TSV): quotation marks that do not fit lose nothing and join no records."""

from __future__ import annotations

import csv

import pytest

from kb.errors import InputError
from kb.read.formats.table_text import read_table
from kb.read.limits import DEFAULT


def texts(data: str) -> list[str]:
    """Return the texts of a table's paragraphs."""
    return [one.text for one in read_table(data.encode(), DEFAULT).drafts]


def problems(data: str) -> list[str]:
    """Return what the reading of a table says is wrong."""
    return [one.what for one in read_table(data.encode(), DEFAULT).problems]


@pytest.mark.parametrize(
    ("lines", "broken"),
    [
        (("right,holder", 'school,"every child', "work,all", "health,women"), 2),
        (("right,holder", 'school,"every child', "work,all", 'health,"women"', "food,men"), 2),
        (("right,holder", 'school,"every" child', "work,all"), 2),
        (('"right,holder', "school,every child", "work,all"), 1),
        (("right,holder", "school,every child", 'work,"all'), 3),
        (("right;holder", 'school;"every\tchild', "work;all"), 2),
    ],
)
def test_a_quotation_mark_that_does_not_fit_keeps_its_line_whole_and_no_other(lines, broken):
    for end in ("\n", "\r\n", "\r"):
        read = texts(end.join(lines) + end)
        assert len(read) == len(lines)
        assert read[broken - 1].replace("\t", " ") == lines[broken - 1].replace("\t", " "), "as it is written"
        for at, line in enumerate(lines, start=1):
            if at != broken:
                assert read[at - 1] == line.replace('"', "").replace(",", " | ").replace(";", " | ")
        (said,) = problems(end.join(lines) + end)
        assert f"line {broken} " in said


def test_quotation_marks_that_fit_are_read_without_a_word():
    data = 'right,holder\n"school, free","every\nchild"\n"the ""best"" care",a "plain" word\n'
    assert texts(data) == ["right | holder", "school, free | every child", 'the "best" care | a "plain" word']
    assert not problems(data)


def test_the_line_is_counted_after_a_value_of_several_lines():
    assert "line 4 " in problems('a,b\n"x\ny",z\nschool,"every child\n')[0]


def test_marks_that_fit_in_hardly_any_line_are_refused_with_the_first_line():
    data = "right,holder\n" + 'school,"every" child\n' * 101
    with pytest.raises(InputError, match="the first is line 2"):
        texts(data)
    assert len(texts("right,holder\n" + 'school,"every" child\n' * 100)) == 101


def test_an_open_mark_far_from_the_end_costs_one_line_only():
    data = 'right,holder\nschool,"every child\n' + "work,all people of the country\n" * 6000
    assert len(texts(data)) == 6002 and len(problems(data)) == 1


def test_a_value_too_long_to_be_one_is_refused_with_its_line():
    assert csv.field_size_limit(131_072)  # bytes, as a new process has it: other tests read larger values
    with pytest.raises(InputError, match="line 2: the table cannot be read"):
        texts("a,b\n" + "x" * 140_000 + ",y\n")
