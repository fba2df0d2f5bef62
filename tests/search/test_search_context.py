"""A passage in its context, or the ids nearest to an unknown one."""

import pytest

from kb.errors import NotFound
from kb.search.context import in_context, nearest


def test_neighbours_and_parts(kb_in_memory):
    found = in_context(kb_in_memory.engine, "toy/s1/p4", 1)
    assert [p.id for p in found.before] == ["toy/s1/p3"] and [p.id for p in found.after] == ["toy/s1/p4/a"]
    assert [p.id for p in found.parts] == ["toy/s1/p4/a"]


def test_the_first_and_the_last_have_one_side_only(kb_in_memory):
    assert in_context(kb_in_memory.engine, "toy/s1").before == ()
    assert in_context(kb_in_memory.engine, "treaty/art3").after == ()


def test_an_unknown_identifier_names_the_nearest(kb_in_memory):
    with pytest.raises(NotFound, match="no passage 'treaty/art4'. Nearest are: treaty/art"):
        in_context(kb_in_memory.engine, "treaty/art4")


def test_what_is_below_comes_first_and_capitals_do_not_matter():
    known = ["crpd/art33", "crpd/art33/1", "crpd/art3", "wssd/c33"]
    assert nearest("CRPD/ART33", known)[:2] == ["crpd/art33", "crpd/art33/1"]
    assert nearest("", []) == []
