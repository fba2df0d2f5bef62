"""People's codes: separate from the machine's, from each other's if blind, and unchanged by another reading of the
text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workspace_toys import document

from kb.coding.codes import (
    add_code,
    assignments,
    close_session,
    codes_of,
    codings,
    correct_code,
    open_session,
    reject_code,
    stream_of,
    versions,
    withdraw_code,
)
from kb.errors import InputError, RefusedError
from kb.log.conflict import ConflictError
from kb.models import Tag

ACT = document()
PASSAGE = ACT.passages[0]


def test_code_on_a_span_keeps_the_words(ws):
    made = add_code(ws, PASSAGE, "sector", "pensions", by="Ana", codebook="1.0", span=(29, 42), memo="clear")
    assert made.quotation == PASSAGE.text[29:42] and made.sha256 == PASSAGE.place.sha256
    assert codes_of(ws, PASSAGE.id) == [made]


@pytest.mark.parametrize("span", [(5, 5), (-1, 4), (0, 9999)])
def test_span_outside_the_text_is_refused(ws, span):
    with pytest.raises(InputError, match="does not lie in"):
        add_code(ws, PASSAGE, "sector", "pensions", by="Ana", span=span)


def test_two_coders_stand_beside_each_other(ws):
    add_code(ws, PASSAGE, "sector", "pensions", by="Ana")
    reject_code(ws, PASSAGE, "sector", "pensions", by="Ben", memo="it is housing")
    assert {(one.coder, one.state) for one in codes_of(ws, PASSAGE.id)} == {("Ana", "added"), ("Ben", "rejected")}


def test_changing_ones_mind_keeps_both_words(ws):
    first = add_code(ws, PASSAGE, "sector", "pensions", by="Ana")
    gone = withdraw_code(ws, first, by="Ana", memo="wrong passage")
    kinds = [event.kind for event in ws.events(stream_of(gone))]
    assert gone.state == "withdrawn" and kinds == ["coding.added", "coding.withdrawn"]
    with pytest.raises(RefusedError, match="Changed since"):
        withdraw_code(ws, first, by="Ana")
    with pytest.raises(RefusedError, match="given by Ana"):
        withdraw_code(ws, gone, by="Ben")


def test_a_word_that_was_changed_in_another_tab_is_a_conflict_and_nothing_of_it_is_replaced(ws):
    here = versions(codes_of(ws, PASSAGE.id, viewer="Ana"), "Ana")
    first = add_code(ws, PASSAGE, "sector", "pensions", by="Ana", memo="the first reason", seen=here)
    with pytest.raises(ConflictError) as met:
        add_code(ws, PASSAGE, "sector", "pensions", by="Ana", memo="the second reason", seen=here)
    sides = {side.field: (side.theirs, side.mine) for side in met.value.sides}
    assert sides["memo"] == ("the first reason", "the second reason")
    assert codes_of(ws, PASSAGE.id) == [first]
    assert add_code(ws, PASSAGE, "sector", "pensions", by="Ana", memo="the first reason", seen=here) == first
    after = {**here, met.value.stream: met.value.present.version}
    second = add_code(ws, PASSAGE, "sector", "pensions", by="Ana", memo="the second reason", seen=after)
    with pytest.raises(ConflictError):
        withdraw_code(ws, first, by="Ana", memo="wrong")
    gone = withdraw_code(ws, first, by="Ana", memo="wrong", seen={stream_of(second): second.version})
    assert gone.state == "withdrawn"
    with pytest.raises(ConflictError):
        correct_code(ws, PASSAGE, ("sector", "housing"), ("sector", "pensions"), by="Ana", seen=after)
    assert [one.state for one in codes_of(ws, PASSAGE.id)] == ["withdrawn"], "all of a correction or nothing"


def test_correction_is_two_words_in_one_act(ws):
    made = correct_code(ws, PASSAGE, ("sector", "housing"), ("sector", "pensions"), by="Ana", of_machine="rule:sector")
    assert made.replaces == "sector:housing"
    assert {(one.code, one.state) for one in codes_of(ws, PASSAGE.id)} == {
        ("housing", "rejected"),
        ("pensions", "added"),
    }


def test_a_word_on_a_machine_tag_names_it_and_does_not_change_it(ws):
    tags = (
        Tag(facet="sector", id="pensions", origin="rule:sector"),
        Tag(facet="sector", id="housing", origin="rule:sector"),
    )
    tagged = PASSAGE.model_copy(update={"tags": tags})
    add_code(ws, tagged, "sector", "pensions", by="Ana", of_machine="rule:sector")
    reject_code(ws, tagged, "sector", "housing", by="Ben", of_machine="rule:sector")
    assert sorted((one.code, one.state, one.coder, one.of_machine) for one in codes_of(ws, tagged.id)) == [
        ("housing", "rejected", "Ben", "rule:sector"),
        ("pensions", "added", "Ana", "rule:sector"),
    ]
    assert tagged.tags == tags


def test_blind_coders_see_each_other_after_the_end_only(ws):
    open_session(ws, "pilot", ["Ana", "Ben"], codebook="1.0", by="Cy")
    add_code(ws, PASSAGE, "sector", "pensions", by="Ana", session="pilot")
    assert codes_of(ws, PASSAGE.id, viewer="Ben") == [] and codings(ws, viewer="Cy") == []
    assert len(codes_of(ws, PASSAGE.id, viewer="Ana")) == 1
    close_session(ws, "pilot", by="Cy")
    made = codes_of(ws, PASSAGE.id, viewer="Ben")
    assert [one.codebook for one in made] == ["1.0"] and codings(ws, session="pilot") == made


def test_session_takes_its_coders_their_share_and_its_time_only(ws):
    open_session(ws, "pilot", ["Ana", "Ben"], codebook="1.0", by="Cy", sample=[PASSAGE.id], double=0)
    with pytest.raises(RefusedError, match="not a coder"):
        add_code(ws, PASSAGE, "f", "c", by="Dee", session="pilot")
    with pytest.raises(RefusedError, match="not in the share of Ben"):
        add_code(ws, PASSAGE, "f", "c", by="Ben", session="pilot")
    close_session(ws, "pilot", by="Cy")
    with pytest.raises(RefusedError, match="closed"):
        add_code(ws, PASSAGE, "f", "c", by="Ana", session="pilot")


def test_nobody_and_machines_give_no_codes(ws):
    for author in ("", "rule:sector"):
        with pytest.raises(RefusedError):
            add_code(ws, PASSAGE, "sector", "pensions", by=author)
    with pytest.raises(RefusedError, match="different, named"):
        open_session(ws, "s", ["Ana", "ana"], codebook="1", by="Cy")


def test_codes_with_strange_names_come_back(ws):
    made = add_code(ws, PASSAGE, "a/b", "santé 🏥/% x", by="Ana / Ben")
    assert codes_of(ws, PASSAGE.id) == [made]
    assert (made.facet, made.code, made.coder) == ("a/b", "santé 🏥/% x", "Ana / Ben")


@given(st.lists(st.text(min_size=1, max_size=3), unique=True, max_size=30), st.integers(1, 4), st.floats(0, 1))
def test_shares_cover_the_sample_evenly(sample, coders, double):
    names = [f"coder {n}" for n in range(coders)]
    shares = assignments(sample, names, double=double, seed=3)
    held = [passage for share in shares.values() for passage in share]
    twice = round(double * len(sample)) if coders > 1 else 0
    assert set(held) == set(sample) and len(held) == len(sample) + twice
    assert max(map(len, shares.values())) - min(map(len, shares.values())) <= 1
    assert shares == assignments(sample, names, double=double, seed=3)
