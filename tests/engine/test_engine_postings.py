"""Postings: which passages contain each term, how often, and how long the field is."""

from collections import Counter

import numpy as np
import pytest
from kb_toys import toy_passage

from kb.engine.local.entry import LOOKED_UP, number_of, terms_of
from kb.engine.local.postings import FILES, LENGTHS, Collector, Postings, open_postings
from kb.engine.local.terms import Terms
from kb.errors import IndexError_

TEXTS = [
    "The right to work.",
    "Land, land and the right to land.",
    "",
    "Work for older people.",
    "land " * 300,
]


def passages(texts=TEXTS):
    return [toy_passage(f"t/p{n}", text or "-", section=("Rights to land",)) for n, text in enumerate(texts)]


def collected(passages, first=1):
    collector = Collector(first)
    for row, passage in enumerate(passages, first):
        collector.add(row, terms_of(passage))
    return collector.collected()


def read(postings: Postings, name: str, term: str):
    """Return (row, how often, length) of each passage with the term."""
    at = postings.of(number_of(name, term))
    return [
        (int(row), *postings.counts[kind].tolist())
        for row, kind in zip(postings.rows[at], postings.kinds[at], strict=True)
    ]


def same(one: Postings, other: Postings) -> bool:
    """Return whether two hold the same of each term; how the kinds are numbered does not count."""
    kinds = [each.counts[each.kinds].tolist() for each in (one, other)]
    return kinds[0] == kinds[1] and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in ("terms", "ends", "rows", "tokens", "size")
    )


def test_a_term_has_its_rows_how_often_it_occurs_and_the_length_of_the_field():
    found = collected(passages())
    assert read(found, "stemmed", "land") == [
        (2, 3, 7),
        (5, 300, 280),
    ]  # 300 words count as 280, the next shorter length
    assert read(found, "stemmed", "work") == [(1, 1, 4), (4, 1, 4)]
    assert read(found, "headings", "land") == [(row, 1, 3) for row in range(1, 6)]
    assert read(found, "stemmed", "nowhere") == []
    assert found.size == 5
    assert found.tokens.tolist() == [sum(len(terms_of(passage)[name]) for passage in passages()) for name in LOOKED_UP]


def test_lengths_are_kept_as_lucene_does():
    """The first lengths, and the greatest: https://github.com/apache/lucene, SmallFloat.byte4ToInt."""
    assert LENGTHS[:48].tolist() == [*range(40), 40, 42, 44, 46, 48, 50, 52, 54]
    assert len(LENGTHS) == 256
    assert LENGTHS[-1] == 2_013_265_944
    assert (np.diff(LENGTHS) > 0).all()


@pytest.mark.parametrize("part", [1, 7, 1_000])
def test_however_often_they_are_sorted_the_postings_are_the_same(monkeypatch, part):
    whole = collected(passages())
    monkeypatch.setattr("kb.engine.local.postings._PART", part)
    assert same(collected(passages()), whole)


def test_what_is_on_the_disk_is_what_was_saved_the_same_bytes_each_time(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
        collected(passages()).save(tmp_path / name, 1)
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == sorted(FILES)
    for name in FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert same(Postings.load(tmp_path / "a", 1), collected(passages()))


def test_earlier_segments_are_taken_into_a_new_one():
    every = passages()
    collector = Collector(2)
    collector.take(collected(every[1:2], 2), 2)
    collector.take(collected(every[2:4], 3), 3)
    collector.add(5, terms_of(every[4]))
    assert same(collector.collected(), collected(every[1:], 2))


def test_a_word_index_keeps_the_postings_of_each_addition_beside_it(tmp_path):
    every = list(enumerate(passages(), 1))
    terms = Terms(tmp_path, create=True)
    terms.add(every[:2])
    terms.add(every[2:4])
    assert list(Terms(tmp_path).postings()) == [1, 3]
    terms.add(every[4:], first=3, taking={3: Postings.load(tmp_path, 3)})
    assert list(Terms(tmp_path).postings()) == [1, 3]
    assert same(Terms(tmp_path).postings()[3], collected([passage for _, passage in every[2:]], 3))
    assert Terms(tmp_path).size == 5


def test_an_index_without_postings_of_every_passage_has_none(tmp_path):
    every = list(enumerate(passages(), 1))
    terms = Terms(tmp_path, create=True)
    terms.add(every[:3])
    terms.add(every[3:])
    (tmp_path / f"{FILES[0]}.4").unlink()
    assert Terms(tmp_path).postings() is None
    (tmp_path / FILES[0]).unlink()
    assert open_postings(tmp_path) is None


def test_an_empty_index_has_postings_of_nothing(tmp_path):
    collected([]).save(tmp_path, 1)
    found = Postings.load(tmp_path, 1)
    assert found.size == 0
    assert read(found, "stemmed", "land") == []


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", ["cut", "away", "empty", "other"])
def test_damage_is_named(tmp_path, name, damage):
    collected(passages()).save(tmp_path, 1)
    path = tmp_path / name
    if damage == "away":
        path.unlink()
    else:
        path.write_bytes({"cut": path.read_bytes()[:-8], "empty": b"", "other": b"no numbers at all" * 20}[damage])
    if damage == "away" and name == FILES[0]:
        assert Postings.load(tmp_path, 1) is None  # as in an index of an older version; the manifest names what is gone
        return
    with pytest.raises(IndexError_, match="lists of passages with each word") as error:
        Postings.load(tmp_path, 1)
    assert "kb build" in str(error.value)


def test_each_posting_is_that_of_a_passage():
    every, found = passages(), collected(passages())
    for name in LOOKED_UP:
        held = Counter((row, term) for row, passage in enumerate(every, 1) for term in terms_of(passage)[name])
        for term in {term for _, term in held}:
            assert {row: often for row, often, _ in read(found, name, term)} == {
                row: often for (row, each), often in held.items() if each == term
            }
