"""Decisions change the order: clauses near confirmed ones move up, those near rejected ones down; a confirmed clause is
first and a rejected one last."""

from __future__ import annotations

import numpy as np
import pytest
from assess_toys import TEXTS, policy

from kb.assess import propose
from kb.assess.decided import Decisions, Settled, decisions, kinship, learnt, moved, settled_as
from kb.assess.encoding import CachedVectors
from kb.assess.examples import DIRECT, NOT_EVIDENCE, Example, ExamplePolicy, Examples
from kb.assess.proposing import look
from kb.assess.provisions import source_pieces
from kb.assess.windows import Window, windows
from kb.text import sha256_text

CRITERIA = ["R1.c", "R6.b"]
FILE = "a" * 64


@pytest.fixture
def found(root, toy, cache):
    return look(policy("law", "en", *TEXTS["en"]), "en", CRITERIA, CachedVectors(toy, cache), root / "corpus")


def _decided(found, *said: tuple[int, str, int], file: str = FILE, decision: str = "one") -> Examples:
    """Return decided clauses as examples: each of `said` is (position in `found`, criterion, grade). `file` is the hash
    of their policy."""
    clauses = tuple(
        Example(
            policy="land/law",
            at=f"clause {number}",
            pieces=source_pieces(found.units[number].parts),
            sha256=sha256_text(found.units[number].text)[:16],
            grades={criterion: grade},
            origin="decision",
            decision=decision,
        )
        for number, criterion, grade in said
    )
    source = ExamplePolicy(id="land/law", title="Law", language="en", file="law.txt", sha256=file)
    return Examples("toy", {"land/law": source}, clauses, found.vectors[[number for number, _, _ in said]])


def test_without_decisions_the_order_is_as_it_was(found):
    ranks = np.zeros((2, len(found.units)))
    assert decisions(found, None, FILE, None) is None and moved(ranks, None) is ranks


@pytest.mark.parametrize("file", [FILE, "b" * 64])
def test_confirmed_clauses_rise_and_rejected_ones_fall(found, file):
    ranks = np.zeros((2, len(found.units))) + np.linspace(0, 1, len(found.units))
    up = moved(ranks, decisions(found, _decided(found, (1, "R1.c", DIRECT), file=file), FILE, None))
    down = moved(ranks, decisions(found, _decided(found, (1, "R1.c", NOT_EVIDENCE), file=file), FILE, None))
    assert up[0, 1] > ranks[0, 1] > down[0, 1]
    assert (up[1] == ranks[1]).all(), "another criterion is not moved without a kinship"


def test_a_clause_confirmed_for_a_like_criterion_rises(found):
    here = {"R6.b": Settled(confirmed=(Window(1, 1, 1),))}
    like = settled_as(found, here, None, np.array([[0.0, 2.0], [2.0, 0.0]])).moves["kin"]
    assert like[0].argmax() == 1 and like[0, 1] > 0 and not like[1].any()
    unlike = settled_as(found, here, None, np.array([[0.0, -2.0], [-2.0, 0.0]])).moves["kin"]
    assert unlike[0, 1] < 0 and not np.delete(unlike[0], 1).any()


def test_criteria_that_share_clauses_are_kin(found):
    both = _decided(found, *((n, c, DIRECT) for n in range(2) for c in CRITERIA))
    clauses = tuple(one.model_copy(update={"grades": dict.fromkeys(CRITERIA, DIRECT)}) for one in both.clauses)
    shared = kinship(Examples("toy", both.policies, clauses, both.vectors), tuple(CRITERIA))
    apart = kinship(_decided(found, (0, "R1.c", DIRECT), (1, "R6.b", DIRECT)), tuple(CRITERIA))
    assert shared[0, 1] > 0 >= apart[0, 1] and np.allclose(shared, shared.T)


def test_a_decided_stretch_is_kept_as_it_was_cut(found):
    said = decisions(found, _decided(found, (0, "R1.c", DIRECT), (1, "R1.c", DIRECT)), FILE, None)
    assert [(one.first, one.last) for one in said.of("R1.c").confirmed] == [(0, 1)]
    taken = said.of("R1.c").taken(len(found.units))
    assert taken[:2].all() and not taken[2:].any()
    assert all(one.first > 1 for one in windows(found.units, np.ones(len(found.units)), taken=taken))


def test_where_decisions_overlap_what_was_confirmed_counts(found):
    said = decisions(found, _decided(found, (1, "R1.c", NOT_EVIDENCE), (1, "R1.c", DIRECT)), FILE, None).of("R1.c")
    assert len(said.confirmed) == 1 and not said.rejected


def test_a_clause_of_an_older_text_moves_the_order_and_takes_no_place(found):
    said = decisions(found, _decided(found, (1, "R1.c", DIRECT), file="b" * 64), FILE, None)
    assert said.here == {} and said.moves["elsewhere"][0].argmax() == 1


def test_the_same_text_in_another_assessment_keeps_its_own_list(found):
    said = decisions(found, _decided(found, (1, "R1.c", DIRECT), decision=""), FILE, None)
    assert said.here == {} and said.moves["elsewhere"][0, 1] > 0


def test_why_says_what_decisions_did(found):
    inside, beside = Window(0, 0, 0), Window(1, 1, 1)
    said = settled_as(found, {"R1.c": Settled(confirmed=(inside,), rejected=(beside,))})
    assert learnt(found, 0, inside, said) == ("confirmed here",)
    assert learnt(found, 0, beside, said) == ("rejected here",)
    assert learnt(found, 1, beside, said) == () == learnt(found, 0, inside, None)
    near = Decisions({"R1.c": Settled()}, {"near": np.full((2, len(found.units)), 0.5)})
    assert learnt(found, 0, beside, near) == ("like what was confirmed here: up",)


def test_a_new_run_puts_decided_passages_first_and_last_and_is_as_sure_as_before(framework, model, toy, cache, root):
    law = policy("law", "en", *TEXTS["en"])
    whole = look(law, "en", CRITERIA, CachedVectors(toy, cache), root / "corpus")
    before = propose(law, framework, encoder=toy, model=model, cache=cache)
    row = next(one for one in before.criteria if one.id == "R1.c")
    best, second = row.proposals[0].text, row.proposals[1].text
    number = {text: [n for n, unit in enumerate(whole.units) if unit.text in text] for text in (best, second)}
    said = [(n, "R1.c", NOT_EVIDENCE) for n in number[best]] + [(n, "R1.c", DIRECT) for n in number[second]]
    decided = _decided(whole, *said, file=law.place.sha256)
    after = propose(law, framework, encoder=toy, model=model, cache=cache, decided=decided)
    again = next(one for one in after.criteria if one.id == "R1.c")
    assert (again.proposals[0].text, again.proposals[-1].text) == (second, best)
    assert again.proposals[0].why.learnt == ("confirmed here",) and again.proposals[0].why.resembles is None
    assert again.proposals[-1].why.learnt == ("rejected here",)
    assert [one.rank for one in again.proposals] == list(range(1, len(again.proposals) + 1))
    assert [(one.state, one.confidence) for one in after.criteria] == [
        (one.state, one.confidence) for one in before.criteria
    ]
