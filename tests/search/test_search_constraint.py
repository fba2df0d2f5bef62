"""The requirements of a query, as a filter of the passages that it allows."""

import pytest

from kb.errors import QueryError
from kb.search.constraint import phrases_of, required
from kb.search.query import parse


@pytest.fixture
def ids(kb_in_memory):
    """Return a function that returns the ids that a query allows, without the prefix 'toy/s1/'; None if it requires
    nothing."""

    def find(query):
        tree = parse(query, kb_in_memory.fields)
        found = required(tree, kb_in_memory.lexical.required, kb_in_memory.engine, kb_in_memory.index.names)
        if found is None:
            return None
        passing = {id.removeprefix("toy/s1/") for id in kb_in_memory.engine.words(None, found, 100).ids}
        assert passing == {p.id.removeprefix("toy/s1/") for p in kb_in_memory.engine.scan(found)}
        return passing

    return find


@pytest.mark.parametrize("query", ["pension", "older women pension", "zzzz"])
def test_words_require_nothing(ids, query):
    assert ids(query) is None


@pytest.mark.parametrize(
    "query,found",
    [
        ('"older women"', {"p1", "treaty/art1"}),
        ('"older person"', {"p2"}),
        ('"women older"', set()),
        ("pension AND women", {"p1", "treaty/art1"}),
        ("road OR budgets", {"p3", "p4", "p4/a"}),
        ("group:women AND NOT document:treaty", {"p1"}),
        ("sch*", {"p3"}),
        ("children NEAR/3 school", {"p3"}),
        ("school NEAR/3 children", {"p3"}),
        ("children NEAR/2 school", set()),
        ("children NEAR/1 road", set()),
        ('"Porto Alegre"', {"p4"}),
        ('"Porto Allegre"', {"p4"}),
        ("force:legal", {"treaty/art1", "treaty/art2", "treaty/art3"}),
        ("country:chl", {"p2"}),
        ("country:Chile", {"p2"}),
        ("country:brazil", {"p4"}),
        ('"to school" NEAR/3 children', {"p3"}),
        ('"school to" NEAR/3 children', set()),  # the engine's own slop would swap the words of the phrase
        ('"older women" NEAR/3 "a pension"', {"p1", "treaty/art1"}),
        ('"older women" NEAR/1 pension', set()),
        ('"women pension" NEAR/9 older', set()),
        ("document:toy pension -women -kind:heading", {"p2", "p3", "p4", "p4/a", "p5"}),
        ('older "pension" group:women', {"p1", "treaty/art1"}),
        ("(road OR pension) AND (children OR group:women)", {"p1", "p3", "treaty/art1"}),
        ("NOT (group:women OR group:children) AND document:toy AND NOT kind:heading", {"p2", "p4", "p4/a", "p5"}),
    ],
)
def test_operators_phrases_prefixes_nearness_and_fields(ids, query, found):
    assert ids(query) == found


def test_an_unknown_term_of_a_field_names_the_nearest(ids):
    with pytest.raises(QueryError, match="group has no term 'woman'. Try group:women") as error:
        ids("pension group:woman")
    assert error.value.column == 9


def test_a_country_of_several_words_takes_quotation_marks(ids):
    with pytest.raises(QueryError, match='country:"Sri …"'):
        ids("country:Sri Lanka land")


def test_a_known_term_that_no_passage_has_is_reported(ids):
    with pytest.raises(QueryError, match=r"no passage has country 'Peru' \(PER\)"):
        ids("country:Peru")


def test_the_beginning_of_a_term_is_enough(ids):
    assert ids("group:older") == ids("group:older-persons")


def test_what_must_be_somewhere_leaves_out_what_must_not():
    tree = parse('"a b" (c* OR "d e") NOT "f g" h')
    assert [leaf.text for leaf in phrases_of(tree)] == ["a b", "c", "d e"]


@pytest.mark.parametrize(
    ("typed", "words", "filters"),
    [
        ("pension force:legal", "pension", [("force", "legal")]),
        ("force:legal pension", "pension", [("force", "legal")]),
        ("(pension force:legal)", "pension", [("force", "legal")]),
        ("unheardofword force:legal", "unheardofword", [("force", "legal")]),
        ('"words that nobody wrote" force:legal', '"words that nobody wrote"', [("force", "legal")]),
    ],
)
def test_a_filter_typed_in_the_question_is_the_filter_beside_it(kb_in_memory, typed, words, filters):
    inside, beside = kb_in_memory.search(typed), kb_in_memory.search(words, facets=filters)
    assert (inside.total, inside.state, inside.message) == (beside.total, beside.state, beside.message)
    assert [hit.id for hit in inside.hits] == [hit.id for hit in beside.hits]
    assert {hit.force for hit in inside.hits} <= {"legal-obligation"}


@pytest.mark.parametrize("typed", ["unheardofword NOT women", "unheardofword -women", "unheardofword -otherunheard"])
def test_an_exclusion_matches_nothing_by_itself(kb_in_memory, typed):
    found = kb_in_memory.search(typed, mode="lexical")
    assert found.absent and found.total == 0 and "within these filters" in found.message


def test_a_word_with_an_exclusion_counts_what_has_the_word_and_not_the_other(kb_in_memory):
    asked = [
        kb_in_memory.search(query).total for query in ("pension -women", "pension NOT women", "pension AND NOT women")
    ]
    assert len(set(asked)) == 1 and asked[0] <= kb_in_memory.search("pension").total


def test_filters_that_no_passage_passes_are_reported(kb_in_memory):
    for found in (
        kb_in_memory.search("pension force:legal force:expert"),
        kb_in_memory.search("unheardofword force:legal force:expert", mode="semantic"),
    ):
        assert (found.absent, found.state, found.total, found.hits) == (True, "nothing", 0, ())
        assert found.message == "No passage is within these filters."
