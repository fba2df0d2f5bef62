"""Search works on candidates: it never requests all passages, and a small pool gives the same hits as a large one."""

import ast

import pytest
from kb_toys import TOY, toy_document, toy_engine, toy_passage, toy_searcher

from kb.engine.local.passage_store import STAYS
from kb.errors import NotFound
from kb.search.browse import browse
from kb.search.context import in_context


class Watched:
    """An engine that refuses to scan and fails if more is requested than the bound; otherwise it calls the engine
    within."""

    def __init__(self, engine, most: int) -> None:
        self.engine, self.most, self.size, self.spaces = engine, most, engine.size, engine.spaces

    def __getattr__(self, name):
        if name in ALL_PASSAGES:
            pytest.fail(f"search asks for {name}: it would touch every passage")
        return getattr(self.engine, name)

    def words(self, query, within, k):
        """As the engine; fails for more than the bound."""
        assert k <= self.most
        return self.engine.words(query, within, k)

    def nearest(self, space, vector, within, k):
        """As the engine; fails for more than the bound."""
        assert k <= self.most
        return self.engine.nearest(space, vector, within, k)

    def columns(self, ids):
        """As the engine; fails for more candidates than the bound of each retriever, and those of a force with few
        hits."""
        assert len(ids) <= 4 * self.most
        return self.engine.columns(ids)

    def passages(self, ids):
        """As the engine; fails for more passages than are shown."""
        assert len(ids) <= 100
        return self.engine.passages(ids)

    def fields(self, ids):
        """As the engine; fails for more passages than are shown."""
        assert len(ids) <= 100
        return self.engine.fields(ids)

    def repeats(self, ids, share):
        """As the engine; fails for more candidates than `columns` returned."""
        assert len(ids) <= 4 * self.most
        return self.engine.repeats(ids, share)


def many(n: int):
    """Return documents of passages that share words, most of one force and a few of another."""
    words = ["land", "water", "school", "pension", "women", "health", "work", "housing", "road", "food"]
    texts = [f"{words[i % 10]} and {words[i * 7 % 9]} for every {words[i * 3 % 8]} in place {i}" for i in range(n)]
    advice = toy_document(*(toy_passage(f"paper/p{i}", text) for i, text in enumerate(texts)))
    law = [toy_passage(f"law/a{i}", f"The law of {text}", force="legal-obligation") for i, text in enumerate(texts[:4])]
    return [advice, toy_document(*law)]


QUERIES = [
    "pension",
    "who pays a pension for women in place",
    "land AND NOT water",
    '"land and"',
    "zzzz qqqq",
    "force:legal",
]


@pytest.mark.parametrize("mode", ["hybrid", "lexical", "semantic"])
@pytest.mark.parametrize("query", QUERIES)
def test_search_never_touches_all_passages(root, mode, query):
    """Also in a long-running program that has searched often."""
    documents = many(1500)
    searcher = toy_searcher(documents, root / "corpus", engine=Watched(toy_engine(documents), 300))
    searcher.ranking = searcher.ranking.model_copy(update={"pool": 300})
    for options in ({}, {"limit": 5}, {"facets": [("force", "expert-recommendation")]}, *[{"limit": 9}] * STAYS):
        found = searcher.search(query, mode=mode, **options)
        assert found.hits or found.total == 0
    browse(searcher, query, {"force": ["legal-obligation"]}, mode=mode)
    browse(searcher, "", {"force": ["legal-obligation"]}, mode=mode)


def test_a_passage_in_its_context_asks_for_its_own_document_only(root):
    documents = many(1500)
    engine = Watched(toy_engine(documents), 300)
    assert [p.id for p in in_context(engine, "law/a2").before] == ["law/a1"]
    with pytest.raises(NotFound, match="Nearest are: law/a"):
        in_context(engine, "law/a9")


ALL_PASSAGES = {"scan", "store", "wordings", "rowids", "terms_index", "every_fields"}
"""What gives every passage, or rows of the store beneath the engine."""


def test_no_function_of_search_names_what_gives_all_passages(root):
    found = []
    for path in sorted((root / "kb" / "search").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ALL_PASSAGES:
                found.append(f"{path.name}:{node.lineno} {node.attr}")
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                ("kb.engine.local", "kb.index.store")
            ):
                found.append(f"{path.name}:{node.lineno} {node.module}")
    assert found == [], "ask the engine for candidates instead"


def test_a_small_pool_shows_the_same_first_hits_and_counts_the_same(root):
    documents = many(1500)
    searcher = toy_searcher(documents, root / "corpus")
    for query in ("pension", "who pays a pension for women in place", "land AND NOT water"):
        searcher.ranking = searcher.ranking.model_copy(update={"pool": 5000})
        whole = searcher.search(query, limit=10)
        searcher.ranking = searcher.ranking.model_copy(update={"pool": 400})
        some = searcher.search(query, limit=10)
        assert some.facets == whole.facets
        assert some.total >= whole.total, "what is not looked at is not folded: the count is at most too high"
        shared = {hit.id for hit in some.hits} & {hit.id for hit in whole.hits}
        assert some.hits[0].id == whole.hits[0].id and len(shared) >= 8


def test_a_force_that_the_pool_lacks_is_looked_for(root):
    searcher = toy_searcher(many(1500), root / "corpus")
    searcher.ranking = searcher.ranking.model_copy(update={"pool": 40})
    for mode in ("hybrid", "lexical", "semantic"):
        forces = {hit.force for hit in searcher.search("food in place", mode=mode).hits}
        assert forces == {"legal-obligation", "expert-recommendation"}, mode


def test_facets_are_not_counted_when_nobody_asks(root):
    searcher = toy_searcher(TOY, root / "corpus")
    assert searcher.search("pension", counts=False).facets == {} and searcher.search("pension").facets
