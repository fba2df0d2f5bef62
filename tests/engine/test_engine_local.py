"""The embedded engine: filters are pushed down, columns and counts agree with the passages, large spaces keep exact
cosines."""

import numpy as np
import pytest
from kb_toys import TOY, toy_document, toy_engine, toy_passage

from kb.engine.filters import EVERYTHING, Among, And, Has, Is, Not, Or
from kb.engine.local import vectors
from kb.engine.local.store import facets_of
from kb.engine.local.vectors import Space
from kb.engine.query import Sum, Words
from kb.engine.runs import runs
from kb.index.encoders import normalise

PENSION = Words("pension", 0.3)
FILTERS = [
    EVERYTHING,
    Is("group", ("women",)),
    Is("group", ("women", "children")),
    Not(Is("kind", ("sub-item",))),
    And((Is("force", ("legal-obligation",)), Not(Is("language", ("es",))))),
    Or((Is("country", ("CHL",)), Is("country", ("BRA",)))),
    And((Has(PENSION), Not(Has(Words("women"))))),
    Not(And((Has(PENSION), Is("document", ("toy",))))),
    Among(("toy/s1/p3", "treaty/art1", "no/such")),
    Or(()),
    Is("colour", ("red",)),
]


@pytest.fixture(scope="module")
def engine():
    return toy_engine(TOY)


def meant(within, passage) -> bool:
    """What a filter means, spelt out."""
    if isinstance(within, Is):
        return any((within.facet, term) in facets_of(passage) for term in within.terms)
    if isinstance(within, Has):
        return within.query.text in passage.text.lower() or "pension" in " ".join(passage.section).lower()
    if isinstance(within, Among):
        return passage.id in within.ids
    if isinstance(within, Not):
        return not meant(within.part, passage)
    return (all if isinstance(within, And) else any)(meant(part, passage) for part in within.parts)


@pytest.mark.parametrize("within", FILTERS)
def test_a_filter_lets_the_same_passages_through_everywhere(engine, within):
    wanted = [p.id for document in TOY for p in document.passages if meant(within, p)]
    if within == FILTERS[6] or within == FILTERS[7]:
        wanted = [p.id for p in engine.scan(within)]
        assert 0 < len(wanted) < engine.size
    leg = engine.words(None, within, 100)
    assert list(leg.ids) == wanted and leg.total == len(wanted)
    assert [p.id for p in engine.scan(within)] == wanted
    near = engine.nearest("english", np.ones(48, dtype=np.float32), within, 100)
    assert sorted(near.ids) == sorted(wanted) and near.total == len(wanted)
    every = [p.id for document in TOY for p in document.passages]
    assert [id for id, yes in zip(every, engine.carry(every, within), strict=True) if yes] == wanted
    assert sum(engine.count(None, within).get("document", {}).values()) == len(wanted)
    assert set(engine.words(PENSION, within, 100).ids) == set(engine.words(PENSION, EVERYTHING, 100).ids) & set(wanted)


def test_a_filter_changes_no_score(engine):
    leg = engine.words(PENSION, EVERYTHING, 9)
    everywhere = dict(zip(leg.ids, leg.scores, strict=True))
    inside = engine.words(PENSION, Is("force", ("legal-obligation",)), 9)
    assert len(inside.ids) and all(everywhere[id] == s for id, s in zip(inside.ids, inside.scores, strict=True))


def test_a_bound_keeps_the_best_and_says_how_many_there_are(engine):
    every, best = engine.words(PENSION, EVERYTHING, 9), engine.words(PENSION, EVERYTHING, 2)
    assert list(best.ids) == list(every.ids)[:2] and best.total == every.total > 2


def test_columns_are_the_properties_of_the_passages(engine):
    passages = [p for document in TOY for p in document.passages]
    columns = engine.columns([p.id for p in reversed(passages)])
    assert list(columns.order) == sorted(columns.order, reverse=True)
    for i, passage in enumerate(reversed(passages)):
        assert (columns.document.at(i), columns.kind.at(i)) == (passage.document, passage.kind)
        assert (columns.part.at(i), columns.force.at(i)) == (passage.part or "", passage.force)
        assert columns.language.at(i) == passage.language
    text = engine.passages(["toy/s1/p3"])["toy/s1/p3"].text
    assert engine.runs(["toy/s1/p3"])[0].tolist() == runs(text).tolist()


def test_counts_are_of_what_matches_most_frequent_first(engine):
    found = engine.count(Sum((PENSION,)), EVERYTHING)
    matching = [engine.passages([id])[id] for id in engine.words(PENSION, EVERYTHING, 99).ids]
    assert found["document"] == {"toy": 3, "treaty": 1} and list(found["document"]) == ["toy", "treaty"]
    assert found["group"]["women"] == sum(("group", "women") in facets_of(p) for p in matching)


def test_a_word_that_is_nowhere_has_no_frequency(engine):
    assert engine.frequency("zzzzz") == 0 and engine.frequency("pensions") >= 3 and engine.frequency("mujer") == 1


def test_a_large_space_scans_codes_and_gives_exact_cosines(tmp_path, monkeypatch):
    monkeypatch.setattr(vectors, "EXACT_UP_TO", 100)
    rng = np.random.default_rng(3)
    data = normalise(rng.standard_normal((4000, 32)))
    space = Space.build(data, list(range(1, 4001)))
    space.save(tmp_path, "s")
    space = Space.load(tmp_path, "s")
    assert not space.is_exact and space.recall(data) >= 0.99
    for query in normalise(rng.standard_normal((5, 32))):
        exact = data @ query
        top = np.argsort(-exact)[:10]
        assert list(space.search(query, 300))[:10] == [i + 1 for i in top.tolist()]
        assert space.best(query, top + 1) == pytest.approx(exact[top], abs=1e-3)
        mask = np.arange(4001) % 3 == 0
        assert all(row % 3 == 0 for row in space.scan(query, 50, mask))
        assert space.lowest(query) < np.median(exact)


def test_a_large_space_whose_exact_vectors_are_of_another_build_is_told(tmp_path, monkeypatch):
    from kb.errors import IndexError_

    monkeypatch.setattr(vectors, "EXACT_UP_TO", 1)
    Space.build(np.eye(4, dtype=np.float32), [1, 2, 3, 4]).save(tmp_path, "s")
    np.save(tmp_path / "s-exact.npy", np.eye(3, 4, dtype=np.float16))
    with pytest.raises(IndexError_, match="do not fit their rows"):
        Space.load(tmp_path, "s")


def test_passages_around_and_unknown_identifiers(engine):
    assert [p.id for p in engine.around("toy/s1/p2", 1, 1)] == ["toy/s1/p1", "toy/s1/p2", "toy/s1/p3"]
    assert engine.around("no/such", 1, 1) == [] and engine.passages(["no/such"]) == {}
    assert toy_engine([toy_document(toy_passage("d/1", "one"))]).size == 1
