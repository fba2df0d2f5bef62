"""The limit below which the model is silent: the one that a set of judged rows allows, and the one of the policy's
language."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kb.assess import train
from kb.assess.calibrate import WHOLE, held_back
from kb.assess.train import LEAST, limit

LONG = WHOLE
"""Words of a policy for which a limit holds whole."""


def rows(*found):
    """Return rows of rising probability; each value of `found` is True if the judge found nothing."""
    return [(number / 100, nothing) for number, nothing in enumerate(found)]


def test_the_limit_is_the_highest_under_which_silence_is_right_often_enough():
    known = rows(*[True] * LEAST, False, True, True, *[False] * 10)
    assert limit(known, 0.95) == pytest.approx(known[LEAST + 3][0])  # 22 of 23 under it, 22 of 24 with the next
    assert limit(known, 0.99) == pytest.approx(known[LEAST][0])


def test_a_limit_finds_no_more_than_is_wanted_where_it_could():
    known = rows(*[True] * 40, *[False] * 40)
    assert limit(known, 0.9) > known[39][0]
    assert limit(known, 0.9, recall=0.5) == pytest.approx(0.195), "half of the forty"
    mixed = rows(*[True] * 19, *[False, True] * 20)
    assert limit(mixed, 0.9, recall=0.9) == limit(mixed, 0.9), "it never goes above the limit of being right"


def test_too_few_rows_and_rows_that_are_never_silent_have_no_limit():
    assert limit(rows(*[True] * (LEAST - 1)), 0.9) == 0.0
    assert limit(rows(*[False] * 60), 0.9) == 0.0


def test_a_language_has_its_own_limit_and_one_without_has_that_of_all(model):
    known = model.model_copy(update={"silent_below": 0.3, "silent_below_in": {"fr": 0.6, "es": 0.2}})
    assert known.is_silent(0.5, "fr", LONG) and not known.is_silent(0.25, "es", LONG)
    assert known.is_silent(0.25, "pt", LONG) and not known.is_silent(0.3, "pt", LONG)


def test_a_short_policy_is_called_silent_less_readily_and_a_page_no_less_so_than_two(model):
    known = model.model_copy(update={"silent_below": 0.4, "silent_below_in": {}})
    assert known.is_silent(0.3, "en", 4000) and not known.is_silent(0.3, "en", 1000)
    assert known.is_silent(0.19, "en", 1000), "the root of a fourth"
    assert held_back(9) == held_back(200) == pytest.approx(0.2236, abs=1e-4) and held_back(90_000) == 1.0


def test_each_language_is_looked_at_by_itself(monkeypatch):
    class Told:
        """A policy of one language, with (row probability, whether there is nothing) of each row."""

        def __init__(self, language, judged):
            self.policy, self.judged, self.found = self, judged, SimpleNamespace(words=LONG)
            self.language = language
            self.rows = {
                str(number): type("Row", (), {"nothing": nothing})() for number, (_, nothing) in enumerate(judged)
            }

        def shown(self):
            return [train.ShownPassages(str(number), row, (), ()) for number, (row, _) in enumerate(self.judged)]

    sure = Told("fr", [(0.4 + row, nothing) for row, nothing in rows(*[True] * 30, *[False] * 10)])
    unsure = Told("es", rows(*[True] * 25, *[False] * 10))
    few = Told("pt", rows(True, True, False))
    everywhere, own = train._silent([(one, one.shown()) for one in (sure, unsure, few)])
    assert own.keys() == {"es", "fr"} and own["fr"] > 0.6 and own["es"] < 0.3 and everywhere
