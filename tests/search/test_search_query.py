"""The query language: any text gives a tree, or an error in one line with the column of the mistake."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kb.errors import QueryError
from kb.search.query import (
    LONGEST,
    And,
    Bag,
    Field,
    Near,
    Not,
    Or,
    Phrase,
    leaves,
    parse,
    plain_text,
)

FIELDS = frozenset({"group", "force", "document", "duty_bearer"})


def read(text):
    return parse(text, FIELDS)


def outline(node):
    """Return the tree as nested lists, without columns."""
    if isinstance(node, And | Or | Bag):
        return [type(node).__name__, *map(outline, node.parts)]
    if isinstance(node, Not):
        return ["Not", outline(node.part)]
    if isinstance(node, Near):
        return ["Near", node.distance, outline(node.left), outline(node.right)]
    if isinstance(node, Field):
        return ["Field", node.name, node.value]
    return [type(node).__name__, node.text]


@pytest.mark.parametrize(
    "text,tree",
    [
        ("pension", ["Word", "pension"]),
        ("older women", ["Bag", ["Word", "older"], ["Word", "women"]]),
        ('"dollar a day"', ["Phrase", "dollar a day"]),
        ("“dollar a day”", ["Phrase", "dollar a day"]),
        ("pension*", ["Prefix", "pension"]),
        ("land AND reform", ["And", ["Word", "land"], ["Word", "reform"]]),
        ("land OR reform", ["Or", ["Word", "land"], ["Word", "reform"]]),
        ("NOT land", ["Not", ["Word", "land"]]),
        ("land AND NOT reform", ["And", ["Word", "land"], ["Not", ["Word", "reform"]]]),
        ("a b OR c AND d", ["Or", ["Bag", ["Word", "a"], ["Word", "b"]], ["And", ["Word", "c"], ["Word", "d"]]]),
        ("(a OR b) AND c", ["And", ["Or", ["Word", "a"], ["Word", "b"]], ["Word", "c"]]),
        ("children NEAR school", ["Near", 10, ["Word", "children"], ["Word", "school"]]),
        ('children NEAR/3 "to school"', ["Near", 3, ["Word", "children"], ["Phrase", "to school"]]),
        ("group:older-persons", ["Field", "group", "older-persons"]),
        ('GROUP:"older persons"', ["Field", "group", "older persons"]),
        ("duty-bearer:state", ["Field", "duty_bearer", "state"]),
        ("women's decision-making", ["Bag", ["Word", "women's"], ["Word", "decision-making"]]),
        ("and or not near", ["Bag", *(["Word", w] for w in ("and", "or", "not", "near"))]),
        ("ANDROID NEARBY", ["Bag", ["Word", "ANDROID"], ["Word", "NEARBY"]]),
        ("art. 5: what?", ["Bag", ["Word", "art"], ["Word", "5"], ["Word", "what"]]),
        ("http://example", ["Bag", ["Word", "http"], ["Word", "example"]]),
        ("貧困 and пенсия", ["Bag", ["Word", "貧困"], ["Word", "and"], ["Word", "пенсия"]]),
        ("'; DROP TABLE passages; --", ["Bag", *(["Word", w] for w in ("DROP", "TABLE", "passages"))]),
        ("SELECT count(x)", ["Bag", ["Word", "SELECT"], ["Word", "count"], ["Word", "x"]]),
        ("«land rights»", ["Phrase", "land rights"]),
        ("« droits fonciers » femmes", ["Bag", ["Phrase", "droits fonciers"], ["Word", "femmes"]]),
        ("„soziale Sicherheit“", ["Phrase", "soziale Sicherheit"]),
        ("‹land›", ["Phrase", "land"]),
        ("land -reform", ["Bag", ["Word", "land"], ["Not", ["Word", "reform"]]]),
        ('land -"agrarian reform"', ["Bag", ["Word", "land"], ["Not", ["Phrase", "agrarian reform"]]]),
        ("land −reform", ["Bag", ["Word", "land"], ["Not", ["Word", "reform"]]]),
        ("long-term care", ["Bag", ["Word", "long-term"], ["Word", "care"]]),
        ("1995 - 2006", ["Bag", ["Word", "1995"], ["Word", "2006"]]),
        ("pension 😀", ["Word", "pension"]),
        (
            "^title {a TO b} ~2 +x -y",
            ["Bag", *(["Word", w] for w in ("title", "a", "TO", "b", "2", "x")), ["Not", ["Word", "y"]]],
        ),
    ],
)
def test_a_query_and_its_tree(text, tree):
    assert outline(read(text)) == tree


@pytest.mark.parametrize(
    "text,column,said",
    [
        ("", 1, "the query is empty"),
        ("   ", 1, "the query is empty"),
        ("😀", 1, "there is no word in it"),
        ("?!", 1, "there is no word in it"),
        ("*", 1, r"\* needs the beginning of a word"),
        ("pension *", 9, r"\* needs the beginning of a word"),
        ("AND", 1, "AND needs something on both sides"),
        ("OR land", 1, "OR needs something on both sides"),
        ("land AND", 6, "AND needs something on both sides"),
        ("land AND OR reform", 6, "AND needs something on both sides"),
        ("land NOT", 6, "NOT needs something after it"),
        ("NOT NOT land", 1, "NOT needs something after it"),
        ('say "dollar a day', 5, "the quotation mark is not closed"),
        ('""', 1, "no word between the quotation marks"),
        ("(land", 1, "the bracket is not closed"),
        ("land AND (", 11, "the bracket is not closed"),
        ("land)", 5, "this bracket was never opened"),
        (")", 1, "this bracket was never opened"),
        ("()", 2, "there is nothing before this bracket"),
        ("(" * 60 + "a" + ")" * 60, 41, "nested more than 40 deep"),
        ("NEAR school", 1, "NEAR stands between two words"),
        ("children NEAR", 10, "NEAR stands between two words"),
        ("(a OR b) NEAR c", 10, "NEAR stands between two words"),
        ("pension* NEAR/3 x", 10, "NEAR stands between two words"),
        ("goup:women", 1, r"there is no field 'goup'. Did you mean group: \?"),
        ("x" * (LONGEST + 1), LONGEST + 1, "10,000 are read"),
    ],
)
def test_what_cannot_be_read_is_reported_with_its_column(text, column, said):
    with pytest.raises(QueryError, match=said) as error:
        read(text)
    assert error.value.column == column and str(error.value).startswith(f"column {column}: ")


def test_ten_thousand_characters_are_read():
    assert len(read("land " * 2000).parts) == 2000


PIECES = st.sampled_from(
    [
        "land",
        "AND",
        "OR",
        "NOT",
        "NEAR",
        "NEAR/3",
        "(",
        ")",
        '"',
        "“",
        "*",
        "group:",
        "x*",
        ":",
        " ",
        "'",
        "\\",
        "%",
        "\0",
        "\ud800",
        "é",
        "女",
        "😀",
        "force:legal",
        "--",
        ";",
    ]
)


@settings(max_examples=600, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80), st.lists(PIECES, max_size=25).map(" ".join), st.lists(PIECES, max_size=25).map("".join)
    )
)
@example('"\ud800"')
@example("group:(")
@example("a NEAR/999 b")
def test_any_text_gives_a_tree_or_a_column_inside_it(text):
    try:
        tree = read(text)
    except QueryError as error:
        assert 1 <= error.column <= len(text) + 1 and "\n" not in error.what
    else:
        assert all(1 <= leaf.column <= len(text) for leaf in leaves(tree, negative=True))
        assert all("\ud800" not in text for text in [plain_text(tree)])


@pytest.mark.parametrize(
    "text",
    [
        "pension",
        "  older\twomen  ",
        "and ANDES ORlando NOTHING NEARBY",
        "AND",
        "land OR",
        "NOT land",
        "children NEAR school",
        "land AND reform",
        "貧困 пенсия x_1",
        "cafe\u0301 pension",
        "a\u00a0b\u2003c",
    ],
)
def test_words_alone_are_read_as_the_parser_reads_them(text, monkeypatch):
    def told():
        """The tree with its columns, or what is wrong."""
        try:
            return repr(parse(text, FIELDS))
        except QueryError as error:
            return str(error), error.column

    at_once = told()
    monkeypatch.setattr("kb.search.query._ONLY_WORDS", re.compile("(?!)"))
    assert at_once == told()


def test_meaning_is_taken_from_what_is_wanted_only():
    assert plain_text(read('older "land rights" pension* group:women NOT school')) == "older land rights pension"


@pytest.mark.parametrize("typed", ["「land rights」", "『land rights』", "＂land rights＂"])
def test_quotation_marks_of_east_asia_make_a_phrase(typed: str) -> None:
    assert parse(typed) == Phrase("land rights", 1)
