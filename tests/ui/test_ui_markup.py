"""HTML from data: everything escaped, every span kept."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.ui import markup


def text_of(html: str) -> str:
    """Return the visible text of HTML."""
    return unescape(re.sub(r"<[^>]+>", "", html))


def test_marked_words_stand_in_mark():
    assert "a <mark>pension</mark> for" in markup.marked("a pension for all", [(2, 9)], wording="verbatim")


@given(st.text(max_size=80), st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), max_size=6))
def test_whatever_the_marks_the_text_is_whole_and_no_markup_of_it_survives(text, marks):
    made = markup.marked(text, [(min(pair), max(pair)) for pair in marks], wording="verbatim").partition("</p>")[2]
    assert text_of(made) == text
    assert set(re.findall(r"</?(\w+)", made)) <= {"blockquote", "mark"}


@pytest.mark.parametrize(
    "make",
    [
        lambda bad: markup.line(bad),
        lambda bad: markup.notes([bad]),
        lambda bad: markup.force(bad, bad),
        lambda bad: markup.trail([bad]),
        lambda bad: markup.facts([(bad, bad)]),
        lambda bad: markup.table([bad, bad], [(bad, bad)], bad),
        lambda bad: markup.anchor(bad, bad),
        lambda bad: markup.passage(bad, current=True, citation=bad, wording="own-words"),
    ],
)
def test_nothing_that_comes_in_is_markup(make):
    made = make('<img src=x onerror="alert(1)">')
    assert "<img" not in made and 'onerror="' not in made


def test_a_table_names_its_rows_columns_and_itself():
    made = markup.table(("Group", "Count"), [("Youth", "3")], "Groups")
    assert (
        '<th scope="col">Count</th>' in made
        and '<th scope="row">Youth</th>' in made
        and "<caption>Groups</caption>" in made
    )


def test_empty_facts_are_left_out():
    assert markup.facts([("Page", ""), ("File", "a.txt")]).count("<dt>") == 1


def test_words_that_markdown_would_read_are_shown_as_they_are():
    assert markup.plain_markdown("*not* [bold](x)") == r"\*not\* \[bold\]\(x\)"


def test_a_language_is_said_for_the_screen_reader():
    assert 'lang="es"' in markup.marked("pensión", [], language="es", wording="verbatim")


@pytest.mark.parametrize(
    "wording, may_quote, words",
    [
        ("verbatim", True, "Verbatim: the words of the source"),
        ("own-words", False, "In our words: not a quotation"),
        ("verbatim", False, "Not checked against the source"),
    ],
)
def test_every_text_says_whose_words_it_is(wording, may_quote, words):
    made = markup.marked("A right.", (), wording=markup.wording_of(wording, may_quote))
    assert words in made and made.index(words) < made.index("A right.")
    assert ("<blockquote" in made) == (wording == "verbatim"), "our own words are no quotation"


@pytest.mark.parametrize(
    "bad", ["**Bold** land", "[x](javascript:alert(1))", ":red[Land]", ":material/home:", "`a` $b$ <b>", "![i](u)"]
)
def test_a_title_that_somebody_typed_is_shown_as_it_is_in_a_label(bad):
    escaped = markup.plain_label(bad)
    assert re.sub(r"\\(.)", r"\1", escaped) == bad
    assert not re.search(r"(?<!\\)[*`\[\]<>$!]|(?<!\\):(?=\w)", escaped)
