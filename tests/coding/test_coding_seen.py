"""Light records for counting give the same counts as complete passages."""

import pytest
from workspace_toys import document

from kb.coding.analysis import by_group, counts, kwic
from kb.coding.seen import seen, texts_of
from kb.engine.local.passage_store import Store
from kb.models import Document, Passage, Place, Tag
from kb.search import live_searcher

PLACE = Place(file="f", sha256="0")


def passage(document, n, kind="paragraph", wording="verbatim", **codes):
    """Return a passage with codes by facet; a code that ends in “!” is rejected."""
    tags = [
        Tag(facet=facet, id=code.rstrip("!"), origin="rule:r", state="rejected" if code.endswith("!") else "proposed")
        for facet, given in codes.items()
        for code in given
    ]
    return Passage(
        id=f"{document}/p{n}",
        document=document,
        kind=kind,
        text=f"Words of {n}.",
        citation="c",
        force="observation" if document == "d" else "legal-obligation",
        wording=wording,
        verified="unverified" if wording == "own-words" else "source",
        part="annex" if n == 2 else None,
        place=PLACE,
        tags=tuple(tags),
    )


MADE = (
    passage("d", 1, group=["old"], sector=["work"]),
    passage("d", 2, wording="own-words", group=["old", "women"]),
    passage("d", 3, kind="heading", group=["old"]),
    passage("e", 1, group=["women!", "children"], sector=["work", "health"]),
    passage("e", 2),
)


@pytest.fixture
def store():
    """Return a store with two documents."""
    made = Store(":memory:", create=True)
    for id in ("d", "e"):
        own = tuple(one for one in MADE if one.document == id)
        made.add(Document(id=id, title=id, force=own[0].force, place=PLACE, passages=own))
    return made


@pytest.mark.parametrize("documents", [("d", "e"), ("e",)])
@pytest.mark.parametrize("facet", ["group", "sector"])
@pytest.mark.parametrize("by", ["", "document", "force", "part", "sector", "group"])
def test_counts_are_those_of_whole_passages(store, documents, facet, by):
    whole = [one for id in documents for one in store.passages(id) if one.kind != "heading"]
    light = seen(store, documents, (facet, by))
    if by:
        assert list(by_group(light, facet, by)) == list(by_group(whole, facet, by))
    else:
        assert counts(light, facet) == counts(whole, facet)


def test_headings_and_rejected_codes_are_left_out(store):
    light = seen(store, ("d", "e"), ("group",))
    assert [one.id for one in light] == ["d/p1", "d/p2", "e/p1", "e/p2"]
    assert [mark.id for one in light for mark in one.tags] == ["old", "old", "women", "children"]


@pytest.mark.parametrize("documents", [("d", "e"), ("e",)])
def test_words_in_context_are_those_of_whole_passages(store, documents):
    whole = [one for id in documents for one in store.passages(id) if one.kind != "heading"]
    light = list(kwic(texts_of(store, documents), "words of *"))
    assert light == list(kwic(whole, "words of *")) and len(light) == len(whole)


@pytest.mark.parametrize(
    "words",
    [
        "pension*",
        "social justice",
        "PENSION",
        "a",
        "the",
        "*able",
        "women's",
        "older-persons",
        "persons? 2011",
        "ñandú",
    ],
)
def test_reading_only_texts_that_may_have_the_words_finds_every_occurrence(live_kb, words):
    store = live_searcher().index.store
    every = [head["id"] for head in store.documents()]
    assert list(kwic(texts_of(store, every, words), words)) == list(kwic(texts_of(store, every), words))


def test_few_texts_are_read_for_a_word_and_letters_of_another_form_are_met():
    store = Store(":memory:")
    store.add(document("act", {"art1": "The poor are aſſiſted.", "art2": "Ten \u212aelvin.", "art3": "Nothing of it."}))
    for words, found in (("assisted", "art1"), ("kelvin", "art2")):
        assert [line.passage for line in kwic(texts_of(store, ["act"], words), words)] == [f"act/{found}"]
        assert [one.id for one in texts_of(store, ["act"], words)] == [f"act/{found}"], "the others are not read"


def test_passages_are_counted_by_wording_without_headings_as_reading_them_does(live_kb):
    store = live_searcher().index.store
    every = [head["id"] for head in store.documents()]
    held, read = store.wordings(headings=False), seen(store, every, ())
    for id in every:
        for wording in ("verbatim", "own-words"):
            assert held[id][wording] == sum(one.document == id and one.wording == wording for one in read)
    assert store.wordings() != held, "there are headings"
