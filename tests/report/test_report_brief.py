"""A brief: passages about everything that was chosen, quotable ones first, and each note once."""

from datetime import date

import pytest

from kb import i18n
from kb.commitments.documents import MARKS, OWN_WORDS
from kb.report.blocks import STANDING_NOTES, Bullets, Quote, Text, note_words, own_mark
from kb.report.brief import EACH, LONGEST, LOOKED, _best, brief
from kb.search import live_searcher
from kb.search.browse import by_force

ON = date(2026, 1, 2)


def quotes(report):
    """Return the quotations of a report."""
    return [block for block in report.blocks if isinstance(block, Quote)]


def test_two_groups_mean_people_who_are_of_both(live_kb):
    chosen = [("group", "older-persons"), ("group", "women-girls")]
    found = live_searcher()
    made = brief(found, "Older women", "", chosen, on=ON)
    held = {
        passage.citation
        for passage in found.index.store.passages()
        if {("group", "older-persons"), ("group", "women-girls")} <= {(tag.facet, tag.id) for tag in passage.tags}
    }
    assert quotes(made) and {quote.citation for quote in quotes(made)} <= held
    assert any("about both of the chosen subjects" in block.text for block in made.blocks if isinstance(block, Text))


def test_what_binds_is_given_though_the_treaty_begins_with_more_recitals_than_are_looked_at(live_kb):
    found = live_searcher()
    recitals = [one for one in found.index.store.passages("crpd") if one.kind == "procedural"]
    assert len(recitals) > LOOKED
    made = brief(found, "Persons with disabilities", "", [("group", "persons-with-disabilities")], on=ON)
    binding = [one for one in quotes(made) if one.force == "legal-obligation"]
    assert len(binding) == EACH["legal-obligation"]
    assert not {one.citation for one in binding} & {one.citation for one in recitals}


def test_a_caveat_of_several_passages_is_shown_once_at_the_end(live_kb):
    made = brief(live_searcher(), "Older persons", "", [("group", "older-persons")], on=ON)
    under = [note for quote in quotes(made) for note in quote.notes]
    assert len(under) == len(set(under)) and OWN_WORDS not in under
    assert any("of the passages: Identifier and heading agree" in item for item in made.blocks[-1].items)
    assert isinstance(made.blocks[-1], Bullets)


def test_a_longer_brief_has_more_passages_of_each_status(live_kb):
    lengths = [len(quotes(brief(live_searcher(), "Work", "work", [], on=ON, more=more))) for more in (1, 2)]
    assert lengths[0] < lengths[1]


def test_the_passage_that_fits_best_is_given_whatever_its_length_and_what_is_left_out_for_it_is_named(live_kb):
    found = live_searcher()
    chosen = [("group", "older-persons")]
    made = brief(found, "Pensions", "pension", chosen, on=ON, addresses={"mipaa": "https://example.org/mipaa"})
    best = by_force(found.search("pension", facets=chosen, per_force=LOOKED).hits)
    cited = {quote.citation for quote in quotes(made)}
    assert {best[force][0].citation for force in best if EACH[force]} <= cited
    last = [block for block in made.blocks if isinstance(block, Bullets)]
    assert any(item.endswith(": https://example.org/mipaa") for item in last[-1].items)
    long = [hit for hit in best["political-commitment"][1:] if len(hit.text) > LONGEST]
    for hit in long[:1]:
        assert any(hit.citation in item for item in last[0].items) or hit.citation not in cited


def test_passages_that_a_person_picked_are_not_described_as_fitting_a_question(live_kb):
    hit = live_searcher().search("pension").hits[0]
    made = brief(live_searcher(), "Mine", on=ON, picked=[hit])
    assert any("picked by hand" in item for item in made.blocks[-1].items)
    assert not any("question" in item for item in made.blocks[-1].items)


def test_words_that_may_be_quoted_come_first(live_kb):
    found = live_searcher().search("work", per_force=9).hits
    turned = [hit.model_copy(update={"may_quote": number % 2 == 1}) for number, hit in enumerate(found)]
    for hits in _best(turned, 3).values():
        assert [hit.may_quote for hit in hits] == sorted((hit.may_quote for hit in hits), reverse=True)


def test_the_notes_of_the_register_are_given_in_the_language_of_the_report():
    assert set(STANDING_NOTES) == {OWN_WORDS, *MARKS.values()}
    i18n.use("fr")
    try:
        assert all(note_words(note) != note for note in STANDING_NOTES)
        assert own_mark(Quote(text="a", citation="b", wording="own-words")).startswith("Énoncé de la base")
    finally:
        i18n.use("en")


@pytest.mark.parametrize(("note", "words"), [("Scope: women.", "Scope: women."), ("Old.", "Note: Old.")])
def test_a_note_has_one_label(note, words):
    assert note_words(note) == words
