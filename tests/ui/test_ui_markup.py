"""HTML from data: everything escaped, every span kept."""
import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.ui import markup


def text_of(html: str) -> str:
    """What a reader reads."""
    return unescape(re.sub(r"<[^>]+>", "", html))


def test_marked_words_stand_in_mark():
    assert "a <mark>pension</mark> for" in markup.marked("a pension for all", [(2, 9)])


@given(st.text(max_size=80), st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), max_size=6))
def test_whatever_the_marks_the_text_is_whole_and_no_markup_of_it_survives(text, marks):
    made = markup.marked(text, [(min(pair), max(pair)) for pair in marks])
    assert text_of(made) == text
    assert set(re.findall(r"</?(\w+)", made)) <= {"blockquote", "mark"}


@pytest.mark.parametrize("make", [
    lambda bad: markup.line(bad), lambda bad: markup.notes([bad]), lambda bad: markup.force(bad, bad), lambda bad: markup.trail([bad]),
    lambda bad: markup.facts([(bad, bad)]), lambda bad: markup.table([bad, bad], [(bad, bad)], bad), lambda bad: markup.anchor(bad, bad),
    lambda bad: markup.passage(bad, current=True, citation=bad)])
def test_nothing_that_comes_in_is_markup(make):
    made = make('<img src=x onerror="alert(1)">')
    assert "<img" not in made and 'onerror="' not in made


def test_a_table_names_its_rows_columns_and_itself():
    made = markup.table(("Group", "Count"), [("Youth", "3")], "Groups")
    assert '<th scope="col">Count</th>' in made and '<th scope="row">Youth</th>' in made and "<caption>Groups</caption>" in made


def test_empty_facts_are_left_out():
    assert markup.facts([("Page", ""), ("File", "a.txt")]).count("<dt>") == 1


def test_words_that_markdown_would_read_are_shown_as_they_are():
    assert markup.plain_markdown("*not* [bold](x)") == r"\*not\* \[bold\]\(x\)"


def test_a_language_is_said_for_the_screen_reader():
    assert 'lang="es"' in markup.marked("pensión", [], language="es")
