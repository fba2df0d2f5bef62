"""Two people code on two machines: their codes are merged, each with its coder, and neither saw the other's."""

from __future__ import annotations

import json

import pytest
from kb_toys import toy_passage

from kb.coding.codes import add_code, close_session, codings, open_session, reject_code
from kb.coding.merging import merge, read_share, share_of, write_share
from kb.coding.units import none_applies, units
from kb.errors import InputError, RefusedError
from kb.log.store import open_workspace

ONE, TWO = toy_passage("act/s1", "Each clinic has a ramp."), toy_passage("act/s2", "Courts pay.")
PASSAGES = {one.id: one for one in (ONE, TWO)}
WHO = ("A. One", "B. Two")


@pytest.fixture
def empty(tmp_path):
    """Return a function that creates an empty workspace."""
    made = []

    def make():
        made.append(open_workspace(f"sqlite:///{tmp_path}/{len(made)}.db"))
        return made[-1]

    yield make
    for ws in made:
        ws.close()


def round_of(ws, **more):
    open_session(ws, "pilot", WHO, codebook="1", by="A. Lead", sample=[*PASSAGES], double=1, seed=7, **more)
    return ws


def coded(ws, coder, code, **how):
    """Give a code in the round as `coder`; return the workspace."""
    round_of(ws)
    add_code(ws, ONE, "group", code, by=coder, session="pilot", **how)
    none_applies(ws, TWO.id, "group", by=coder, session="pilot")
    return ws


@pytest.fixture
def shares(empty, tmp_path):
    """Return the files of both coders, each from its own workspace."""
    paths = []
    for coder, code in zip(WHO, ("youth", "women")):
        ws = coded(empty(), coder, code, span=(0, 11), memo=f"{coder} thinks so")
        paths.append(write_share(share_of(ws, "pilot", coder, "i"), tmp_path / f"{code}.json"))
    return paths


def test_both_come_together_and_stay_blind_until_the_round_is_closed(empty, shares):
    lead = empty()
    done = [merge(lead, read_share(path), PASSAGES.get, by="A. Lead", source=path.name) for path in shares]
    assert [(d.opened, d.added, d.none, d.refused) for d in done] == [(True, 1, 1, ()), (False, 1, 1, ())]
    assert codings(lead, session="pilot") == [], "nobody sees anything of a blind round"
    assert [c.coder for c in codings(lead, session="pilot", viewer="A. One")] == ["A. One"]
    close_session(lead, "pilot", by="A. Lead")
    found = [(c.coder, c.code, c.quotation, c.memo, c.span) for c in codings(lead, session="pilot")]
    assert found == [
        ("A. One", "youth", "Each clinic", "A. One thinks so", (0, 11)),
        ("B. Two", "women", "Each clinic", "B. Two thinks so", (0, 11)),
    ]
    assert {(u.passage, u.coder, u.none) for u in units(lead) if u.none} == {("act/s2", who, ("group",)) for who in WHO}


def test_a_file_holds_one_coders_words_and_no_other(empty, shares, tmp_path):
    lead = round_of(empty())
    for path in shares:
        merge(lead, read_share(path), PASSAGES.get, by="A. Lead", source=path.name)
    own = write_share(share_of(lead, "pilot", "B. Two", "i"), tmp_path / "own.json").read_text(encoding="utf-8")
    assert "women" in own and "youth" not in own
    with pytest.raises(RefusedError, match="C. Three is not a coder of 'pilot'"):
        share_of(lead, "pilot", "C. Three", "i")


def test_a_second_time_adds_nothing(empty, shares):
    lead = empty()
    for _ in range(2):
        done = merge(lead, read_share(shares[0]), PASSAGES.get, by="A. Lead", source="x")
    assert (done.added, done.known, done.none, done.refused) == (0, 1, 0, ())


def test_the_log_says_that_a_file_states_it_and_keeps_when_it_was_stated(empty, shares):
    lead, share = empty(), read_share(shares[0])
    merge(lead, share, PASSAGES.get, by="A. Lead", source="youth.json")
    (event,) = [e for e in lead.events() if e.kind == "coding.added"]
    assert event.author == "A. One" and event.at == share.codings[0].at
    assert event.imported["by"] == "A. Lead" and event.imported["file"] == "youth.json"


def test_a_word_that_says_otherwise_is_named_and_none_is_written_over(empty, shares):
    lead = round_of(empty())
    reject_code(lead, ONE, "group", "youth", by="A. One", session="pilot", span=(0, 11))
    add_code(lead, TWO, "group", "youth", by="A. One", session="pilot")
    done = merge(lead, read_share(shares[0]), PASSAGES.get, by="A. Lead", source="x")
    assert done.added == 0 and done.refused == (
        "act/s1 group:youth by A. One: this coder's word here is 'rejected', in the file 'added'",
        "act/s2 none of group by A. One: this coder gave a code of it here",
    )
    assert {(c.passage, c.state) for c in codings(lead, viewer="A. One")} == {
        ("act/s1", "rejected"),
        ("act/s2", "added"),
    }


@pytest.mark.parametrize(
    ("held", "why"),
    [({}, "not in the index"), ({ONE.id: ONE.model_copy(update={"text": "A ramp."})}, "words are others here")],
)
def test_a_passage_that_is_not_here_or_reads_otherwise_is_refused(empty, shares, held, why):
    done = merge(empty(), read_share(shares[0]), held.get, by="A. Lead", source="x")
    assert done.added == 0 and any(why in line for line in done.refused) and len(done.refused) == 2


def test_another_round_of_the_same_name_and_a_closed_one_are_refused(empty, shares):
    other, closed = empty(), round_of(empty())
    open_session(other, "pilot", WHO, codebook="1", by="A. Lead")
    close_session(closed, "pilot", by="A. Lead")
    for ws, why in ((other, "is another one: its assignments is not"), (closed, "is closed here")):
        before = len(ws.events())
        with pytest.raises(RefusedError, match=why):
            merge(ws, read_share(shares[0]), PASSAGES.get, by="A. Lead", source="x")
        assert len(ws.events()) == before


def test_an_altered_a_cut_and_a_foreign_file_are_named(shares, tmp_path):
    held = json.loads(shares[0].read_text(encoding="utf-8"))
    held["codings"][0]["code"] = "children"
    for text, why in (
        (json.dumps(held), "was altered"),
        ("{", "no file of codes"),
        ('{"rows": 1}', "no file of codes"),
    ):
        (tmp_path / "x.json").write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=why):
            read_share(tmp_path / "x.json")
