"""'Nothing says this' is said when nothing does, and only then."""
import pytest


@pytest.mark.parametrize("query,said", [
    ('"community land trust"', "Nothing here says “community land trust”."),
    ('pension "women older"', "Nothing here says “women older”."),
    ("zebra*", "Nothing here says “zebra*”."),
    ("children NEAR/1 road", "Nothing here says “children near road”."),
    ('"a b c" OR "d e f"', "Nothing here says “a b c” and “d e f”."),
    ("group:children AND group:women", "No passage here meets the whole query."),
])
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
