"""Quotations are found word for word, at their own place, and again in a later text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workspace_toys import document

from kb.assessment.quoting import SearchedText, fingerprint, loose

WORDS = {"a": "The Board pays monthly.", "b": "It reports to Parliament.", "c": "The Board pays monthly."}
TEXT = SearchedText(document(words=WORDS))


def test_quotation_may_run_over_passages():
    assert TEXT.find("pays monthly. It reports").id == "pension-act/a"


def test_words_that_stand_twice_are_found_where_they_were_quoted():
    assert TEXT.find(WORDS["a"]).id == "pension-act/a"
    assert TEXT.find(WORDS["a"], at="pension-act/c").id == "pension-act/c"
    assert TEXT.find(WORDS["a"], at="pension-act/b").id == "pension-act/a"


@pytest.mark.parametrize("words", ["", "   ", "the board pays", "The Board pays weekly.", "monthly. The Board"])
def test_other_words_are_not_found(words):
    assert TEXT.find(words) is None


def test_nearest_shares_a_third_of_the_words_in_order():
    assert TEXT.nearest("It reports to the Parliament.").id == "pension-act/b"
    assert TEXT.nearest("Fishing rights are reserved.") is None


def test_words_that_a_scan_misread_are_found_all_the_same():
    alike = TEXT.alike("lt reports to Parliament. The Board pays monthly.")
    assert alike.passage.id == "pension-act/b" and 0.8 < alike.share < 1
    assert TEXT.alike("") is None and TEXT.alike("Board") is None


@given(st.text(max_size=40))
def test_layout_does_not_change_the_mark(text):
    assert fingerprint(text) == fingerprint(f"  {text}\n") and loose(text) == loose(" \t".join(text))


def test_typography_does_not_change_the_mark():
    assert fingerprint("The “Board’s” re\u00adport – 2019") == fingerprint('the "board\'s" report - 2019')
