"""Assigned, opened and coded are three states; 'none applies' is an answer, no answer is none."""

import pytest
from workspace_toys import document

from kb.coding.codes import add_code, close_session, open_session, withdraw_code
from kb.coding.units import Work, none_applies, open_unit, take_back_none, units, work
from kb.errors import RefusedError

PASSAGES = document().passages[:3]
IDS = [one.id for one in PASSAGES]


@pytest.fixture
def session(ws):
    """Open a blind round of two coders on three passages, each to be coded by both."""
    return open_session(
        ws, "pilot", ["Ana", "Ben"], codebook="1", by="Lead", sample=IDS, seed=3, drawn={"population": 9, "facet": None}
    )


def test_a_session_keeps_its_sample_seed_share_and_how_it_was_drawn(ws, session):
    assert (session.sample, session.seed, session.double, session.drawn["population"]) == (tuple(IDS), 3, 1.0, 9)
    (event,) = ws.events("session/pilot")
    assert event.after["sample"] == IDS and event.after["seed"] == 3 and event.after["assignments"]["Ana"] == IDS


def test_three_numbers_for_each_coder(ws, session):
    assert work(ws, "pilot") == {"Ana": Work(assigned=3, opened=0, coded=0), "Ben": Work(assigned=3, opened=0, coded=0)}
    open_unit(ws, IDS[0], by="Ana", session="pilot")
    open_unit(ws, IDS[0], by="Ana", session="pilot")
    none_applies(ws, IDS[1], "sector", by="Ana", session="pilot")
    withdraw_code(ws, add_code(ws, PASSAGES[2], "sector", "pensions", by="Ana", session="pilot"), by="Ana")
    add_code(ws, PASSAGES[0], "sector", "pensions", by="Ben", session="pilot")
    assert work(ws, "pilot") == {"Ana": Work(assigned=3, opened=3, coded=1), "Ben": Work(assigned=3, opened=1, coded=1)}
    assert len(ws.events("unit")) == 2, "opening twice is one event"


def test_closing_keeps_what_was_left_undone(ws, session):
    none_applies(ws, IDS[0], "sector", by="Ana", session="pilot")
    assert close_session(ws, "pilot", by="Lead").undone == {"Ana": 2, "Ben": 3}


def test_none_applies_and_a_code_of_the_facet_exclude_each_other(ws, session):
    given = add_code(ws, PASSAGES[0], "sector", "pensions", by="Ana", session="pilot")
    with pytest.raises(RefusedError, match="Ana gave sector:pensions there"):
        none_applies(ws, IDS[0], "sector", by="Ana", session="pilot")
    withdraw_code(ws, given, by="Ana")
    assert none_applies(ws, IDS[0], "sector", by="Ana", session="pilot").none == ("sector",)
    with pytest.raises(RefusedError, match="said that none applies"):
        add_code(ws, PASSAGES[0], "sector", "pensions", by="Ana", session="pilot")
    assert take_back_none(ws, IDS[0], "sector", by="Ana", session="pilot").none == ()
    add_code(ws, PASSAGES[0], "sector", "pensions", by="Ana", session="pilot")
    assert [e.kind for e in ws.events("unit")] == ["unit.none-applies", "unit.none-withdrawn"]


def test_it_is_blind_and_bound_to_the_share_like_a_code(ws, session):
    none_applies(ws, IDS[0], "sector", by="Ana", session="pilot")
    assert units(ws, session="pilot", viewer="Ben") == [] and len(units(ws, session="pilot", viewer="Ana")) == 1
    with pytest.raises(RefusedError, match="not a coder"):
        none_applies(ws, IDS[0], "sector", by="Cleo", session="pilot")
    with pytest.raises(RefusedError, match="not in the share"):
        open_unit(ws, "elsewhere/1", by="Ana", session="pilot")
    close_session(ws, "pilot", by="Lead")
    assert len(units(ws, session="pilot", viewer="Ben")) == 1
    with pytest.raises(RefusedError, match="is closed"):
        none_applies(ws, IDS[1], "sector", by="Ana", session="pilot")
