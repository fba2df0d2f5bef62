"""From a query to ranked, cited, explained hits."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kb_toys import HIT_FIELDS, TOY, ToyEncoder, toy_document, toy_passage, toy_searcher

from kb.errors import InputError, QueryError
from kb.search import MODES, Searcher, search_many


def ids(found):
    return [hit.id for hit in found.hits]


@pytest.mark.parametrize("mode", MODES)
def test_each_mode_finds_what_the_query_says(kb_in_memory, mode):
    found = kb_in_memory.search("older women receive a pension", mode=mode)
    assert found.mode == mode and ids(found)[0] == "toy/s1/p1"


def test_a_hit_carries_its_citation_force_place_tags_and_reason(kb_in_memory):
    hit = kb_in_memory.search("older women receive a pension", limit=1).hits[0]
    assert (hit.rank, hit.citation, hit.force, hit.section) == (
        1,
        "Toy, toy/s1/p1",
        "expert-recommendation",
        ("Pensions for all",),
    )
    assert hit.source.lines == (1, 1) and {tag["id"] for tag in hit.tags["group"]} == {"older-persons", "women"}
    assert set(hit.why["legs"]) == {"lexical", "english"} and hit.why["factor"] == 1.0
    assert {"Older", "women", "receive", "pension"} <= {hit.text[a:b] for a, b in hit.why["marks"]}


def test_results_have_the_promised_shape(kb_in_memory):
    row = kb_in_memory.search("pension").model_dump(mode="json")
    assert {"query", "mode", "took_ms", "total", "hits"} <= set(row)
    assert set(row["hits"][0]) >= HIT_FIELDS
    assert {"file", "sha256", "chars", "lines", "page"} <= set(row["hits"][0]["source"])


def test_scores_fall_and_ranks_count(kb_in_memory):
    hits = kb_in_memory.search("pension for older women").hits
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert all(a.score >= b.score for a, b in zip(hits, hits[1:]))


def test_a_limit_is_kept_and_without_one_ten_of_each_force_are_shown(root):
    many = [
        toy_document(
            *(
                toy_passage(f"{name}/p{n}", f"Pension number {n} of {name} {n * 7}.", force=force)
                for n in range(300 if name == "paper" else 12)
            )
        )
        for name, force in (("paper", "expert-recommendation"), ("law", "legal-obligation"))
    ]
    searcher = toy_searcher(many, root / "corpus")
    found = searcher.search("paper pension")
    forces = [hit.force for hit in found.hits]
    assert forces.count("expert-recommendation") == 10 and forces.count("legal-obligation") == 10
    assert len(searcher.search("paper pension", limit=37).hits) == 37


@pytest.mark.parametrize(
    "facets,found",
    [
        ([("group", "children")], {"toy/s1/p3"}),
        ([("country", "CHL"), ("country", "BRA")], {"toy/s1/p2", "toy/s1/p4"}),
        ([("group", "women"), ("force", "legal-obligation")], {"treaty/art1", "treaty/art2"}),
        ([("language", "fr")], {"treaty/art3"}),
    ],
)
def test_filters_of_one_facet_are_alternatives_and_of_several_all_hold(kb_in_memory, facets, found):
    assert set(ids(kb_in_memory.search("anything whatever", facets=facets))) == found


def test_one_document_only(kb_in_memory):
    assert {hit.document for hit in kb_in_memory.search("pension", document="treaty").hits} == {"treaty"}


def test_facets_count_what_matches(kb_in_memory):
    found = kb_in_memory.search("pension AND women")
    assert found.facets["document"] == {"toy": 1, "treaty": 1} and found.facets["group"]["women"] == 2


def test_headings_and_road_maps_are_held_back(kb_in_memory):
    for query, held in (
        ("pensions for all", "toy/s1"),
        ("the world health organization asks who is left behind", "toy/s1/p5"),
    ):
        hit = next(h for h in kb_in_memory.search(query).hits if h.id == held)
        assert hit.why["factor"] < 1


def test_parts_are_shown_within_their_parent(kb_in_memory):
    for query in ("participatory budgets", '"participatory budgets"', "road OR budgets", "NOT pension"):
        assert "toy/s1/p4/a" not in ids(kb_in_memory.search(query))


def test_repeated_texts_are_shown_once_and_the_others_named(root):
    text = "Every older person receives a pension from the age of sixty five without conditions"
    searcher = toy_searcher(
        [
            toy_document(
                toy_passage("a/1", text), toy_passage("a/2", text + "."), toy_passage("a/3", "School for children")
            )
        ],
        root / "corpus",
    )
    found = searcher.search("pension")
    assert ids(found)[0] == "a/1" and found.hits[0].also == ("a/2",) and "a/2" not in ids(found)
    assert found.total == 1


@pytest.mark.parametrize("mode", MODES)
def test_a_total_is_never_below_what_is_shown_as_matching(root, mode):
    texts = ["pension"] + ["the same sentence about something else and nothing more"] * 8
    searcher = toy_searcher(
        [toy_document(*(toy_passage(f"a/{i}", text) for i, text in enumerate(texts)))], root / "corpus"
    )
    assert searcher.search("pension", mode=mode).total >= 1


@pytest.mark.parametrize("mode", MODES)
def test_hits_are_counted_without_being_read(kb_in_memory, mode):
    for query in ("land", "older persons", "nosuchword", "land NOT rural"):
        shown = kb_in_memory.search(query, mode=mode, every=True)
        assert kb_in_memory.ids(query, mode=mode) == tuple(hit.id for hit in shown.hits)


def test_a_count_after_a_search_of_a_small_index_looks_at_no_passage_again(root, kb_in_memory, monkeypatch):
    asked = {"mode": "hybrid", "facets": [("force", "expert-recommendation")]}
    for query in ("land", "older persons", "land NOT rural", "carbon tax on flights"):
        before = kb_in_memory.ids(query, **asked)
        again = Searcher(kb_in_memory.index)
        again.search(query, **asked)
        monkeypatch.setattr(again, "_find", lambda *given: pytest.fail("looked again"))
        assert again.ids(query, **asked) == before


def test_a_question_asked_again_with_another_filter_is_not_encoded_again(root):
    encoder = ToyEncoder()
    searcher = toy_searcher([toy_document(toy_passage("a/1", "pension"))], root / "corpus", encoder)
    assert ids(searcher.search("pension")) == ["a/1"]
    encoder.query = lambda text: pytest.fail("the question was encoded before")
    assert ids(searcher.search("pension", facets=[("kind", "paragraph")])) == ["a/1"]


def test_a_word_search_asks_no_encoder(root):
    encoder = ToyEncoder()
    searcher = toy_searcher([toy_document(toy_passage("a/1", "pension"))], root / "corpus", encoder)
    encoder.query = lambda text: pytest.fail("no vector is needed")
    assert ids(searcher.search("pension", mode="lexical")) == ["a/1"]


def test_the_same_query_gives_the_same_answer(kb_in_memory):
    first, second = (kb_in_memory.search("rights of women", method=m) for m in ("convex", "convex"))
    assert first.hits == second.hits
    assert set(ids(kb_in_memory.search("rights of women", method="rrf"))) == set(ids(first))


@pytest.mark.parametrize(
    "options,error,said",
    [
        ({"mode": "hybird"}, InputError, "unknown mode 'hybird'. Modes are: hybrid, lexical, semantic."),
        ({"limit": 0}, InputError, "shows nothing"),
        ({"method": "sum"}, InputError, "unknown fusion 'sum'"),
        ({"document": "other"}, QueryError, "the filter document=other: document has no term 'other'. Try document="),
        (
            {"facets": [("colour", "red")]},
            QueryError,
            "the filter colour=red: there is no facet 'colour'. Facets are: ",
        ),
    ],
)
def test_options_that_cannot_be_used_are_reported(kb_in_memory, options, error, said):
    with pytest.raises(error, match=said):
        kb_in_memory.search("pension", **options)


def test_a_batch_goes_on_after_a_query_that_cannot_be_read(kb_in_memory):
    rows = search_many(kb_in_memory, [{"id": 1, "query": "pension"}, {"id": 2, "query": '"open'}, {"id": 3}], limit=2)
    assert [row["id"] for row in rows] == [1, 2, 3] and len(rows[0]["hits"]) == 2
    assert "column 1" in rows[1]["error"] and "empty" in rows[2]["error"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(
            st.sampled_from(
                [
                    "older",
                    "women",
                    "AND",
                    "OR",
                    "NOT",
                    "NEAR",
                    '"',
                    "(",
                    ")",
                    "*",
                    "p*",
                    "group:women",
                    "é*",
                    "'",
                    "\ud800",
                    "\0",
                    "zz",
                ]
            ),
            max_size=10,
        ).map(" ".join),
    ),
    st.sampled_from(MODES),
)
def test_any_text_gives_results_or_one_line(kb_in_memory, text, mode):
    try:
        found = kb_in_memory.search(text, mode=mode)
    except QueryError as error:
        assert 1 <= error.column <= len(text) + 1
    else:
        found.model_dump_json().encode("utf-8")
        assert found.total >= 0 and (found.hits or found.total == 0)


def test_a_query_of_ten_thousand_characters(kb_in_memory):
    assert kb_in_memory.search("older women " * 833).hits


@pytest.mark.parametrize("limit", [None, 5])
def test_the_same_words_of_another_force_are_never_folded_into_a_hit(root, limit):
    words = "States and employers make work safe for everyone who does it, wherever they do it."
    documents = [
        toy_document(toy_passage(f"{name}/1", words, force=force))
        for name, force in (
            ("treaty", "legal-obligation"),
            ("paper", "expert-recommendation"),
            ("declaration", "political-commitment"),
        )
    ]
    documents.append(toy_document(toy_passage("second/1", words, force="legal-obligation")))
    hits = toy_searcher(documents, root / "corpus").search("safe work for everyone", limit=limit).hits
    assert sorted(hit.force for hit in hits) == ["expert-recommendation", "legal-obligation", "political-commitment"]
    assert {hit.force: hit.also for hit in hits} == {
        "legal-obligation": ("second/1",),
        "expert-recommendation": (),
        "political-commitment": (),
    }


@pytest.mark.parametrize(
    ("query", "weights"),
    [
        ("pension", "weights_short"),
        ("who receives a pension from the age of sixty-five, and is it paid without conditions", "weights"),
        ("¿reciben las mujeres mayores una pensión del Estado?", "weights_other"),
        ("les gouvernements garantissent-ils des logements aux familles ?", "weights_other"),
    ],
)
def test_a_question_is_weighed_by_its_length_and_language(root, query, weights):
    from kb.search.ranking import load_ranking

    ranking = load_ranking(root / "corpus")
    apart = {
        "weights": {"lexical": 0.11, "english": 0.89},
        "weights_short": {"lexical": 0.22, "english": 0.78},
        "weights_other": {"lexical": 0.33, "english": 0.67},
    }
    searcher = toy_searcher(TOY, root / "corpus")
    searcher.ranking = ranking.model_copy(update=apart)
    for hit in searcher.search(query).hits:
        assert hit.why["weights"].items() <= apart[weights].items()
    assert len({str(value) for value in (ranking.weights, ranking.weights_short, ranking.weights_other)}) == 3
    order = [hit.id for hit in searcher.search(query).hits]
    searcher.ranking = ranking.model_copy(update={**apart, weights: {"lexical": 1.0, "english": 0.0}})
    scores = {hit.id: hit.score for hit in searcher.search(query).hits}
    assert order and scores, "the weights of the question's kind are those that rank"
    searcher.ranking = ranking.model_copy(update={**apart, weights: {"lexical": 0.0, "english": 1.0}})
    assert scores != {hit.id: hit.score for hit in searcher.search(query).hits}
