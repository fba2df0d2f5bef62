"""Citations of several documents in one line: each is answered or named, and no place is assigned to another."""

from __future__ import annotations

import random

import pytest
from corpus_citations import citations

from kb.citing.cite import Ambiguous, Citations
from kb.errors import KBError


@pytest.fixture(scope="module")
def here() -> Citations:
    return citations()


@pytest.mark.parametrize(
    ("typed", "ids", "told"),
    [
        (
            "Arts. 19, 26 and 28 CRPD; paras 58, 60 BPfA",
            "crpd/art19 crpd/art26 crpd/art28 beijing/para58 beijing/para60",
            "",
        ),
        ("art. 19 CRPD and art. 12 CEDAW", "crpd/art19 cedaw/art12", ""),
        ("background paper and CRPD art. 19", "crpd/art19", "background paper art. 19"),
        ("the background paper; CRPD art. 19", "crpd/art19", "background paper art. 19"),
        ("CRPD art. 19 and background paper", "crpd/art19", "'background paper' is no part of the citation"),
        ("CRPD and the background paper", "crpd paper", ""),
        ("R3 and CRPD", "paper/r3 crpd", ""),
        (
            "Copenhagen Declaration, commitment 2 and the Programme of Action",
            "wssd/c2",
            "not answered: 'Programme of Action'",
        ),
    ],
)
def test_in_a_list_each_document_is_answered_or_named(here, typed: str, ids: str, told: str) -> None:
    found = here.resolve(typed)
    assert [found.id, *(each.id for each in found.also)] == ids.split()
    assert told in " ".join(found.notes)


_NAMED = {
    "crpd": (("CRPD", "disability convention"), ("art. 19", "articles 5 and 12")),
    "cedaw": (("CEDAW", "the women's convention"), ("art. 12", "arts. 2, 3")),
    "beijing": (("BPfA", "Platform for Action", "Beijing"), ("para 58", "paras 58, 60")),
    "wssd": (("Copenhagen Declaration", "Programme of Action"), ("commitment 2", "para 5")),
    "mipaa": (("MIPAA", "Madrid Plan", "Madrid"), ("para 19", "paras 12 and 13")),
    "paper": (("background paper", "Helsinki paper"), ("recommendation 2",)),
}


def test_of_three_hundred_lists_made_by_chance_none_drops_a_document_in_silence(here) -> None:
    dice, dropped = random.Random(7), []
    for _ in range(300):
        chosen = [
            (one, dice.choice(_NAMED[one][0]), dice.choice(_NAMED[one][1])) for one in dice.sample(list(_NAMED), 2)
        ]
        forms = ("{n}", "{n} {p}", "{n}, {p}", "{p} {n}", "{p} of {n}")
        items = [dice.choice(forms).format(n=name, p=place) for _, name, place in chosen]
        typed = dice.choice(("; ", " and ", ", ", " & ", " / ", " read with ")).join(items)
        try:
            found = here.resolve(typed)
        except KBError:
            continue  # refused, which is not silence
        answered = {each.id.split("/")[0] for each in (found, *found.also)}
        told = " ".join(note for each in (found, *found.also) for note in each.notes)
        dropped += [typed for one, name, _ in chosen if one not in answered and name.removeprefix("the ") not in told]
    assert dropped == []


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("BPfA para 58 and arts. 2, 3 of CEDAW", "beijing/para58 cedaw/art2 cedaw/art3"),
        ("R3 and articles 5 and 12 of the CRPD", "paper/r3 crpd/art5 crpd/art12"),
    ],
)
def test_every_number_of_a_list_is_of_the_name_behind_it(here, typed: str, ids: str) -> None:
    found = here.resolve(typed)
    assert [each.id for each in (found, *found.also)] == ids.split()


def test_places_that_may_be_of_either_name_are_asked_about(here) -> None:
    for typed in ("CEDAW read with articles 5 and 12 CRPD", "Madrid, articles 5 and 12 disability convention"):
        with pytest.raises(Ambiguous, match="CRPD"):
            here.resolve(typed)
