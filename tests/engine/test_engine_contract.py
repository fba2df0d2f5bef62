"""What every engine must do: apply filters before ranking, return columns and counts that agree with the passages, and
count nothing before it is committed. The embedded engine and a toy of the tests pass the same tests."""

import inspect
import pathlib
import tempfile

import numpy as np
import pytest
from kb_toys import TOY, ToyEncoder, toy_document, toy_engine, toy_passage, toy_searcher, toy_vectors
from toy_store import ToyEngine, ToyStore, passes

from kb.engine import Candidates, Contents, Engine, FullEngine, Vectors, Writer
from kb.engine.derived import Derived
from kb.engine.fields import fields_of_passage, tags_of
from kb.engine.filters import EVERYTHING, AllOf, Among, AnyOf, Has, Is, NoneOf
from kb.engine.local import LocalEngine, LocalWriter
from kb.engine.local.passage_store import facets_of
from kb.engine.milvus import MilvusEngine, MilvusWriter
from kb.engine.query import Sum, Words
from kb.engine.stems import stems
from kb.errors import NotFound

PENSION = Words("pension", 0.3)
FILTERS = [
    EVERYTHING,
    Is("group", ("women",)),
    Is("group", ("women", "children")),
    NoneOf(Is("kind", ("sub-item",))),
    AllOf((Is("force", ("legal-obligation",)), NoneOf(Is("language", ("es",))))),
    AnyOf((Is("country", ("CHL",)), Is("country", ("BRA",)))),
    AllOf((Has(PENSION), NoneOf(Has(Words("women"))))),
    NoneOf(AllOf((Has(PENSION), Is("document", ("toy",))))),
    Among(("toy/s1/p3", "treaty/art1", "no/such")),
    AnyOf(()),
    Is("colour", ("red",)),
]


def filled(writer, documents=TOY):
    """Add the documents to the writer, in order; return the writer."""
    for document in documents:
        writer.add(document, {"english": toy_vectors(document, ToyEncoder())})
    assert writer.commit() == sum(len(document.passages) for document in documents)
    return writer


def engine_of(writer):
    """Commit; return the engine that answers then (the toy itself)."""
    return writer if isinstance(writer, ToyStore) else writer.engine


_LITE = tempfile.TemporaryDirectory(prefix="kb-milvus-")


def milvus():
    """Return a writer of Milvus Lite over a new file."""
    folder = pathlib.Path(tempfile.mkdtemp(dir=_LITE.name))
    return MilvusWriter(f"milvus://{folder / 'kb.db'}", ["english"])


WRITERS = {"embedded": lambda: LocalWriter(["english"]), "toy": ToyStore, "milvus": milvus}


@pytest.fixture(scope="module", params=WRITERS)
def engine(request):
    return engine_of(filled(WRITERS[request.param]()))


@pytest.mark.parametrize("within", FILTERS)
def test_a_filter_lets_the_same_passages_through_everywhere(engine, within):
    wanted = [p.id for document in TOY for p in document.passages if passes(within, p)]
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
    assert engine.stems(["toy/s1/p3"])[0].tolist() == stems(text, "en").tolist()


LONG = "States shall take all appropriate measures to protect the rights of older women in rural areas and in towns"


@pytest.mark.parametrize("kind", WRITERS)
def test_passages_that_repeat_another_are_pairs_of_places_the_later_first(kind):
    texts = {"toy/a": LONG, "toy/b": "Something else.", "toy/c": LONG + " too"}
    made = toy_document(*(toy_passage(id, text) for id, text in texts.items()))
    engine = engine_of(filled(WRITERS[kind](), [made]))
    assert list(engine.repeats(["toy/c", "toy/b", "toy/a"], 0.8)) == [(2, 0)]
    assert list(engine.repeats(["toy/c", "toy/b"], 0.8)) == list(engine.repeats([], 0.8)) == []


def test_a_hit_shows_the_fields_of_its_passage_however_often_it_is_asked_for(engine):
    passage = TOY[0].passages[1]
    for _ in range(12):
        found = engine.fields(["no/such", passage.id])
        assert list(found) == [passage.id] and found[passage.id] == fields_of_passage(passage)
    assert found[passage.id]["source"] == passage.place and found[passage.id]["tags"] == tags_of(passage.tags)


def test_counts_are_of_what_matches_most_frequent_first(engine):
    found = engine.count(Sum((PENSION,)), EVERYTHING)
    matching = [engine.passages([id])[id] for id in engine.words(PENSION, EVERYTHING, 99).ids]
    assert found["document"] == {"toy": 3, "treaty": 1} and list(found["document"]) == ["toy", "treaty"]
    assert found["group"]["women"] == sum(("group", "women") in facets_of(p) for p in matching)


def test_a_word_that_is_nowhere_has_no_frequency(engine):
    assert engine.frequency("zzzzz") == 0 and engine.frequency("pensions") >= 3 and engine.frequency("mujer") == 1


def test_passages_around_and_unknown_identifiers(engine):
    assert [p.id for p in engine.around("toy/s1/p2", 1, 1)] == ["toy/s1/p1", "toy/s1/p2", "toy/s1/p3"]
    assert engine.around("no/such", 1, 1) == [] and engine.passages(["no/such"]) == {}
    assert toy_engine([toy_document(toy_passage("d/1", "one"))]).size == 1


# --- writers ---


@pytest.mark.parametrize("kind", WRITERS)
def test_nothing_counts_before_it_is_committed(kind):
    writer = filled(WRITERS[kind]())
    writer.remove("toy")
    assert engine_of(writer).size == sum(len(document.passages) for document in TOY)
    assert writer.commit() == len(TOY[1].passages)
    assert [p.document for p in engine_of(writer).scan(EVERYTHING)] == ["treaty"] * len(TOY[1].passages)


@pytest.mark.parametrize("kind", WRITERS)
def test_a_document_that_is_added_again_takes_the_place_of_the_old_one(kind):
    writer = filled(WRITERS[kind]())
    again = toy_document(toy_passage("toy/s1/p1", "One sentence. And another about bread."))
    writer.add(again, {"english": toy_vectors(again, ToyEncoder())})
    writer.commit()
    engine = engine_of(writer)
    assert engine.passages(["toy/s1/p1", "toy/s1/p2"]) == {"toy/s1/p1": again.passages[0]}
    assert engine.nearest("english", ToyEncoder().query("bread"), EVERYTHING, 1).ids[0] == "toy/s1/p1"


@pytest.mark.parametrize("kind", WRITERS)
def test_a_document_that_is_not_there_cannot_be_removed(kind):
    with pytest.raises(NotFound, match="no document 'nothing'"):
        WRITERS[kind]().remove("nothing")


def test_vectors_that_do_not_fit_are_refused():
    writer, few = LocalWriter(["english"]), Vectors(np.zeros((1, 48)), np.zeros((0, 48)), np.zeros(0, dtype=int))
    for vectors in ({}, {"english": few}):
        with pytest.raises(ValueError, match="vectors of 'toy' in the space 'english' do not fit"):
            writer.add(TOY[0], vectors)


def methods(protocol) -> set[str]:
    return {name for kind in protocol.__mro__ for name in vars(kind) if not name.startswith("_")}


@pytest.mark.parametrize("kind", [ToyStore, LocalEngine, MilvusEngine])
def test_engines_have_what_the_protocol_names_with_the_same_parameters(kind):
    for name in methods(FullEngine) | (methods(Writer) if kind is ToyStore else set()):
        wanted = getattr(FullEngine, name, None) or getattr(Writer, name)
        if callable(wanted):
            assert list(inspect.signature(getattr(kind, name)).parameters) == list(inspect.signature(wanted).parameters)
        else:
            assert hasattr(kind(), name) if kind is ToyStore else hasattr(kind, name)


def test_seven_functions_are_an_engine_that_search_can_use():
    own = {name for name, value in vars(ToyEngine).items() if callable(value)}
    assert own == Derived.__abstractmethods__ == methods(Engine) - {"spaces"} and len(own) == 7


def test_each_optional_part_has_a_default():
    optional = methods(Contents) | methods(Candidates)
    assert optional == methods(FullEngine) - methods(Engine) and optional <= vars(Derived).keys()


def test_the_toy_engine_is_short():
    assert lines_of(ToyEngine) <= 30


def test_sixty_lines_are_an_engine_and_its_writer():
    """The meaning of a filter, a score and a count is not part of these lines: it is the rule by which engines are
    compared."""
    assert lines_of(ToyEngine) + lines_of(ToyStore) <= 60


def lines_of(kind):
    return len([line for line in inspect.getsource(kind).splitlines() if line.strip()])


@pytest.mark.parametrize(
    "query", ["pension", '"older women"', "women AND NOT pension", "pens*", "older NEAR/9 pension"]
)
@pytest.mark.parametrize("mode", ["lexical", "semantic", "hybrid"])
def test_search_finds_the_same_over_any_engine(root, engine, query, mode):
    found = [toy_searcher(TOY, root / "corpus", engine=each).search(query, mode=mode) for each in (None, engine)]
    assert {hit.id for hit in found[0].hits} == {hit.id for hit in found[1].hits}
    assert found[0].total == found[1].total and found[0].facets == found[1].facets
