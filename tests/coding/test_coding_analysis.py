"""Counts with denominators, samples that can be drawn again, words in their context."""

import pytest

from kb.coding import sample
from kb.coding.analysis import by_group, concordance, counts, kwic, together
from kb.coding.plots import bars, grid, pairs
from kb.errors import InputError
from kb.models import Passage, Place, Tag


def passage(id, text="", document="d", **codes):
    tags = [
        Tag(facet=facet, id=code, origin="rule:r", confidence=0.9) for facet, given in codes.items() for code in given
    ]
    return Passage(
        id=id,
        document=document,
        kind="paragraph",
        text=text,
        citation=id,
        force="observation",
        place=Place(file="f", sha256="0"),
        tags=tuple(tags),
    )


PASSAGES = [
    passage("1", "Older persons work.", group=["old"], sector=["work"]),
    passage("2", "Old age; older\n women", document="e", group=["old", "women"]),
    passage("3", "Nothing"),
]


def test_counts_say_of_how_many():
    first, second = counts(PASSAGES, "group")
    assert (first.code, first.n, first.of, first.of_coded, first.share) == ("old", 2, 3, 2, 0.6667)
    assert (second.code, second.n) == ("women", 1)


def test_rejected_tags_do_not_count_and_people_and_machine_can_be_counted_apart():
    tags = (
        Tag(facet="group", id="a", origin="rule:r", state="rejected"),
        Tag(facet="group", id="b", origin="person:X"),
        Tag(facet="group", id="c", origin="rule:r", state="confirmed"),
        Tag(facet="group", id="d", origin="rule:r"),
    )
    one = [passage("1").model_copy(update={"tags": tags})]
    assert [c.code for c in counts(one, "group")] == ["b", "c", "d"]
    assert [c.code for c in counts(one, "group", side="person")] == ["b", "c"]
    assert [c.code for c in counts(one, "group", side="machine")] == ["c", "d"]


def test_each_group_has_its_own_denominator():
    assert [(c.group, c.code, c.n, c.of) for c in by_group(PASSAGES, "group", "document")] == [
        ("d", "old", 1, 2),
        ("e", "old", 1, 1),
        ("e", "women", 1, 1),
    ]
    assert [(c.group, c.of) for c in by_group(PASSAGES, "group", "sector")] == [
        ("(none)", 2),
        ("(none)", 2),
        ("work", 1),
    ]


def test_codes_together():
    assert [(t.a, t.b, t.n, t.n_a, t.n_b, t.of, t.jaccard) for t in together(PASSAGES, "group")] == [
        ("group:old", "group:women", 1, 2, 1, 3, 0.5)
    ]
    assert [(t.a, t.b) for t in together(PASSAGES, "group", "sector")] == [("group:old", "sector:work")]


def test_words_in_context_are_whole_words_across_line_ends():
    lines = list(kwic(PASSAGES, "old*", width=6))
    assert [(line.left, line.hit, line.right) for line in lines] == [
        ("", "Older", " perso"),
        ("", "Old", " age; "),
        (" age; ", "older", "\n wome"),
    ]
    assert [line.hit for line in kwic(PASSAGES, "older women")] == ["older\n women"]
    assert list(kwic(PASSAGES, "old persons")) == []
    assert PASSAGES[1].text[lines[2].start :].startswith("older")


def test_a_concordance_is_ordered_by_its_neighbours():
    lines = list(kwic(PASSAGES, "old*"))
    assert [line.right.split()[0] for line in concordance(lines, "right")] == ["age;", "persons", "women"]
    with pytest.raises(InputError, match="Orders are: left, right, hit"):
        concordance(lines, "up")
    with pytest.raises(InputError, match="no word"):
        list(kwic(PASSAGES, " * "))


def test_a_plot_keeps_its_numbers():
    for plot in (
        bars(counts(PASSAGES, "group"), "Groups"),
        grid(by_group(PASSAGES, "group", "document"), "By document"),
        pairs(together(PASSAGES, "group"), "Together"),
    ):
        assert plot.numbers
        assert plot.spec["data"]["values"] == list(plot.numbers)


def test_a_sample_takes_from_each_term_in_turn_and_can_be_drawn_again():
    many = [passage(f"o{n}", group=["old"]) for n in range(30)] + [passage("rare", group=["rare"])]
    drawn = sample.draw(many, 4, facet="group", seed=7)
    assert "rare" in drawn.ids and len(drawn.ids) == 4
    assert sample.draw(list(reversed(many)), 4, facet="group", seed=7).ids == drawn.ids
    assert sample.draw(many, 4, facet="group", seed=8).ids != drawn.ids
    assert drawn.strata == {"old": 30, "rare": 1}


def test_the_uncertain_come_first_when_asked():
    sure = passage("sure", group=["x"])
    unsure = sure.model_copy(
        update={"id": "unsure", "tags": (Tag(facet="group", id="x", origin="model:m@1", confidence=0.55),)}
    )
    assert sample.draw([sure, unsure], 1, by_uncertainty=True).ids == ("unsure",)
    assert sample.uncertainty(unsure) == pytest.approx(0.9)


def test_a_sample_larger_than_the_population_is_the_population():
    assert set(sample.draw(PASSAGES, 10).ids) == {"1", "2", "3"}
    with pytest.raises(InputError):
        sample.draw(PASSAGES, 0)


def test_codes_together_by_span_need_words_that_overlap():
    def coded(id, *spans):
        tags = [Tag(facet="group", id=code, origin="person:A", state="confirmed", span=span) for code, span in spans]
        return passage(id, "Older persons and women work.").model_copy(update={"tags": tuple(tags)})

    texts = [
        coded("apart", ("old", (0, 13)), ("women", (18, 23))),
        coded("touching", ("old", (0, 13)), ("women", (13, 23))),
        coded("over", ("old", (0, 13)), ("women", (6, 23))),
        coded("whole", ("old", None), ("women", (18, 23))),
        coded("twice", ("old", (0, 5)), ("women", (6, 13)), ("old", (12, 20))),
    ]
    (by_passage,), (by_span,) = together(texts, "group"), together(texts, "group", within="span")
    assert (by_passage.n, by_passage.within, by_span.n, by_span.within) == (5, "passage", 3, "span")
    assert (by_span.n_a, by_span.n_b, by_span.jaccard) == (5, 5, round(3 / 7, 4))


def test_passages_are_grouped_by_what_is_known_of_their_source():
    years = {"d": ["1995"], "e": ["2006"]}
    found = by_group(PASSAGES, "group", "source.year", groups=lambda one: years[one.document])
    assert {(one.group, one.code, one.n, one.of) for one in found if one.code == "old"} == {
        (year, "old", sum(y == [year] and "old" in {t.id for t in p.tags} for p in PASSAGES for y in [years[p.document]]),
         sum(years[p.document] == [year] for p in PASSAGES))
        for year in ("1995", "2006")
    }  # fmt: skip
