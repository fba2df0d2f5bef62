"""The end of the log, noted outside it."""

from __future__ import annotations

from kb.log.anchor import Anchor, anchor, marks_in


def test_anchor_is_the_last_event(land):
    last = land.events()[-1]
    assert anchor(land) == Anchor(sequence=last.sequence, hash=last.hash, at=last.at)


def test_mark_is_found_again_in_any_text(land, ws):
    now = anchor(land)
    assert marks_in(f"<p>State of the log: {now.mark}.</p> and again {now.mark}") == [now]


def test_empty_log_has_an_anchor(ws):
    assert anchor(ws).sequence == 0 and marks_in(anchor(ws).mark) == [anchor(ws)]
