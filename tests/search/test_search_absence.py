"""'Nothing says this' is said when nothing does, and only then."""

import pytest


@pytest.mark.parametrize(
    "query,said",
    [
        ('"community land trust"', "Nothing here says “community land trust”."),
        ('pension "women older"', "Nothing here says “women older”."),
        ("zebra*", "Nothing here says “zebra*”."),
        ("children NEAR/1 road", "Nothing here says “children near road”."),
        ('"a b c" OR "d e f"', "Nothing here says “a b c” and “d e f”."),
        ("group:children AND group:women", "No passage here meets the whole query."),
    ],
)
def test_what_is_required_and_nowhere_is_told_and_the_nearest_are_marked(kb_in_memory, query, said):
    found = kb_in_memory.search(query)
    assert found.absent and found.total == 0
    assert found.message == said + " The nearest passages follow, marked as such."
    assert all(hit.why["nearest"] for hit in found.hits)


@pytest.mark.parametrize("query", ['"older women"', "pension", "sch*", "group:women"])
def test_what_is_there_is_not_called_absent(kb_in_memory, query):
    found = kb_in_memory.search(query)
    assert not found.absent and found.total > 0 and found.message == ""
    assert not any(hit.why["nearest"] for hit in found.hits)


def test_a_phrase_that_is_only_outside_the_filters_is_absent_inside(kb_in_memory):
    found = kb_in_memory.search('"older women"', facets=[("group", "children")])
    assert found.absent and found.message.startswith("Nothing within these filters says “older women”.")
    assert [hit.id for hit in found.hits] == ["toy/s1/p3"]


def test_words_that_are_nowhere_are_named(kb_in_memory):
    assert "“qqqqq”" in kb_in_memory.search("pension for older women qqqqq").message


def test_a_word_search_for_what_is_nowhere_says_so(kb_in_memory):
    assert kb_in_memory.search("qqqqq wwwww", mode="lexical").absent


def test_how_much_of_a_question_one_passage_covers_counts_rare_words_more():
    from kb.search.absence import covered
    from kb.search.query import Word, parse

    rows = {"children": {1, 2, 3, 4, 5, 6}, "carbon": {1}, "whale": set()}

    def of(query: str) -> float:
        return covered(
            parse(query, frozenset()),
            lambda leaf: rows.get(leaf.text, set()) if isinstance(leaf, Word) else set(),
            8,
            "en",
        )

    assert of("children") == of("carbon children") == 1.0 and of("whale") == 0.0
    assert of("children whale") < of("carbon whale") < 1.0


def test_a_question_far_in_meaning_whose_words_stand_apart_is_absent(kb_in_memory):
    from kb.search.absence import Verdict, judge
    from kb.search.lexical import Matched
    from kb.search.query import parse

    tree = parse("speed limits for whales", frozenset())
    matched = Matched(scores={1: 1.0}, present=["speed", "limits", "whales"])

    def verdict(english: float, multilingual: float) -> Verdict:
        legs = {"lexical": {1: 1.0}, "english": {1: english}, "multilingual": {1: multilingual}}
        return judge(tree, matched, legs, None, lambda leaf: set(), kb_in_memory.ranking, "hybrid")

    assert verdict(0.25, 0.80).message.startswith("Probably nothing here says “speed limits for whales”.")
    assert verdict(0.25, 0.80).absent and not verdict(0.75, 0.90).absent
