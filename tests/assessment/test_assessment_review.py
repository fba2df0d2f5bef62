"""The data that a person sees of one criterion before deciding."""

import pytest
import workspace_toys as toys

from kb.assessment import policies, proposals
from kb.assessment.models import Proposal
from kb.assessment.review import SILENCE, neighbours, reasons, review, suggested
from kb.errors import NotFound


def run(*found, silent=()):
    """Return a result of the machine: passages for R2.a, and the nearest ones for a silent criterion."""
    return {
        "framework": {"version": "1.0"},
        "method": {},
        "criteria": [
            {"id": "R2.a", "state": "proposed", "proposals": list(found)},
            {"id": "R2.b", "state": "no-evidence-found", "proposals": [], "nearest": list(silent)},
        ],
    }


@pytest.fixture
def loaded(ws):
    """Create a set with one policy and one run."""
    policies.create_set(ws, "land", "Land", by="Ada")
    policies.add_policy(ws, "land", toys.document(), by="Ada", label="1", standing="draft")
    proposals.store_run(
        ws,
        "land",
        "pension-act",
        run({"text": toys.WORDS["art1"], "passage": "pension-act/art1"}, silent=[{"text": toys.WORDS["art3"]}]),
    )
    return ws


def test_silence_has_only_one_wording_and_keeps_the_nearest_passages(loaded):
    seen = review(loaded, toys.framework(), "land", "R2.b")
    assert seen.proposal_summary == SILENCE == "No evidence found in the supplied documents."
    assert [near.text for near in seen.nearest] == [toys.WORDS["art3"]]


def test_proposals_are_the_machines_and_the_worth_is_a_persons(loaded):
    seen = review(loaded, toys.framework(), "land", "R2.a")
    assert seen.proposal_summary == "The machine proposes 1 passage. A person decides what it is worth."
    assert seen.finding.status == "not-assessed"


def test_before_any_run_nothing_is_reported_missing(ws):
    policies.create_set(ws, "land", "Land", by="Ada")
    assert (
        review(ws, toys.framework(), "land", "R2.a").proposal_summary
        == "The machine has not looked through a document yet."
    )


def test_drafts_are_named(loaded):
    assert [policy.id for policy in review(loaded, toys.framework(), "land", "R2.a").drafts] == ["pension-act"]


def test_an_unknown_criterion_is_not_found(loaded):
    with pytest.raises(NotFound):
        review(loaded, toys.framework(), "land", "R9.z")


@pytest.mark.parametrize(
    "type, polarity, offered",
    [
        ("structural", None, ("instrument", "supports")),
        ("process", None, ("operation", "supports")),
        ("outcome", None, ("operation", "supports")),
        ("structural", "contrary?", ("instrument", "contradicts")),
    ],
)
def test_what_a_form_offers_first(type, polarity, offered):
    found = Proposal(
        run="r", policy="p", criterion="R2.a", rank=1, passage="", text="t", type=type, why={"polarity": polarity}
    )
    assert suggested(found) == offered


def test_neighbours_skip_the_derived_row_when_it_is_off():
    framework = toys.framework()
    assert neighbours(framework, "R2.a") == (None, "R2.b")
    assert neighbours(framework, "R3.e") == ("R3.d", "D7.a")
    assert neighbours(framework, "R3.e", derived=False) == ("R3.d", None)


def test_reasons_name_probe_words_kind_and_what_speaks_against():
    proposal_summary = reasons(
        {
            "probe": "free registration",
            "terms": ["free", "birth"],
            "cue": "duty",
            "polarity": "contrary?",
            "against": ["definition"],
        }
    )
    assert proposal_summary == [
        "Looked for: free registration",
        "Words met: free, birth",
        "Kind of sentence: duty",
        "May run against the element: read it closely",
        "Speaks against it: definition",
    ]
