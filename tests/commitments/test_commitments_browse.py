"""Browsing the register."""

import pytest

from kb.commitments.browse import EVERYONE, choices, find, outline, passes, under, who_promised_what
from kb.commitments.register import Instrument
from kb.errors import NotFound


def entry(id, parent=None, **more):
    """Return an entry of a toy instrument."""
    return {
        "id": id,
        "identifier": id,
        "heading": "h",
        "statement": f"statement of {id}",
        "kind": "section",
        "parent": parent,
        "force": "political-commitment",
        "duty_bearers": ["state"],
        **more,
    }


@pytest.fixture
def toy():
    """Return an instrument with a chapter, two objectives in it, and a procedural entry."""
    return Instrument.model_validate(
        {
            "id": "toy",
            "title": "Toy",
            "short": "T",
            "symbol": "T/1",
            "adopted": "2000",
            "force": "political-commitment",
            "force_note": "n",
            "url": "https://example.org",
            "entries": [
                entry("toy/1"),
                entry("toy/1/a", "toy/1", groups=["youth"], sectors=["health"]),
                entry("toy/1/b", "toy/1", groups=["youth", "children"]),
                entry("toy/2", procedural=True, groups=["youth"]),
            ],
        }
    )


def test_an_outline_shows_headings_above_what_passes_and_says_which_they_are(toy):
    lines = outline(toy, {"groups": ["children"]})
    assert [(line.entry.id, line.depth, line.wanted) for line in lines] == [("toy/1", 0, False), ("toy/1/b", 1, True)]


def test_without_filters_everything_passes_in_the_order_of_the_text(toy):
    assert [line.entry.id for line in outline(toy, {"groups": []})] == ["toy/1", "toy/1/a", "toy/1/b", "toy/2"]


def test_filters_of_two_fields_must_both_pass_and_terms_of_one_are_alternatives(toy):
    passing = [e.id for e in toy.entries if passes(e, {"groups": ["youth", "children"], "sectors": ["health"]})]
    assert passing == ["toy/1/a"]


def test_the_matrix_counts_a_group_once_for_each_entry_and_leaves_procedure_out(toy):
    assert who_promised_what([toy]) == {
        "youth": {"toy": ("toy/1/a", "toy/1/b")},
        "children": {"toy": ("toy/1/b",)},
        EVERYONE: {"toy": ("toy/1",)},
    }


def test_the_entries_behind_a_cell_are_those_that_its_filters_find(toy):
    for group, row in who_promised_what([toy]).items():
        found = [line.entry.id for line in outline(toy, {"groups": [group], "procedural": ["no"]}) if line.wanted]
        assert tuple(found) == row["toy"]


def test_choices_are_counted_most_frequent_first(toy):
    assert choices([toy], "groups") == {"youth": 3, EVERYONE: 1, "children": 1}


def test_an_entry_is_found_with_what_is_under_it(toy):
    instrument, found = find([toy], "toy/1")
    assert [e.id for e in under(instrument, found.id)] == ["toy/1/a", "toy/1/b"]
    with pytest.raises(NotFound, match="no entry 'toy/9'"):
        find([toy], "toy/9")
