"""Decisions become examples at once: confirmed and rejected clauses, with place and person; a switch turns this off."""

from __future__ import annotations

import pytest
from kb_toys import ToyEncoder
from workspace_toys import WORDS, framework

from kb.assess.encoding import CachedVectors
from kb.assess.examples import DIRECT, NOT_EVIDENCE
from kb.assessment.findings import finding
from kb.assessment.proposals import accept, proposals, reject, store_run
from kb.errors import InputError
from kb.index.cache import VectorCache
from kb.learning import export_examples, import_examples, imported, is_on, learned, switch

FRAMEWORK = framework()


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Return a new workspace folder."""
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path))
    return tmp_path


@pytest.fixture
def embed():
    """Return a function that embeds texts with a toy encoder, in any language."""
    vectors = CachedVectors(ToyEncoder(), VectorCache(":memory:"))
    return lambda language: vectors


@pytest.fixture
def run(land):
    """Propose two passages for R2.a."""
    rows = [
        {
            "id": c.id,
            "state": "proposed" if c.id == "R2.a" else "no-evidence-found",
            "proposals": [
                {"rank": n, "passage": f"pension-act/{key}", "text": WORDS[key], "citation": key, "grade": "direct"}
                for n, key in enumerate(("art1", "art4"), 1)
                if c.id == "R2.a"
            ],
        }
        for c in FRAMEWORK.criteria()
    ]
    result = {"policy": "pension-act", "framework": {"version": "1.0"}, "method": {}, "criteria": rows}
    return store_run(land, "land", "pension-act", result, models={"embedding": "toy@1"})


def test_nothing_is_learnt_from_nothing(land, embed):
    assert learned(land, "en", embed=embed) is None


def test_confirmed_and_rejected_clauses_are_examples_with_place_and_person(land, run, embed):
    accept(land, FRAMEWORK, "land", "R2.a", run, 1, by="Ana", expected=0, role="instrument")
    reject(land, "land", "R2.a", run, 2, by="Ben", reason="only a promise")
    made = learned(land, "en", embed=embed)
    assert [(one.at, one.grades, one.by) for one in made.clauses] == [
        ("pension-act art1", {"R2.a": DIRECT}, "Ana"),
        ("pension-act art4", {"R2.a": NOT_EVIDENCE}, "Ben"),
    ]
    assert made.vectors.shape[0] == 2


def test_only_the_policy_that_is_looked_through_keeps_its_decisions_in_place(land, run, embed):
    reject(land, "land", "R2.a", run, 2, by="Ben", reason="only a promise")
    (here,) = learned(land, "en", policy_set="land", policy="pension-act", embed=embed).clauses
    (elsewhere,) = learned(land, "en", policy_set="other", policy="pension-act", embed=embed).clauses
    assert here.decision and not elsewhere.decision


def test_a_switch_turns_it_off_and_on(land, run, embed, folder):
    reject(land, "land", "R2.a", run, 2, by="Ben", reason="only a promise")
    switch(False)
    assert not is_on() and learned(land, "en", embed=embed) is None
    switch(True)
    assert len(learned(land, "en", embed=embed)) == 1


def test_learning_changes_no_word_of_a_person(land, run, embed):
    accept(land, FRAMEWORK, "land", "R2.a", run, 1, by="Ana", expected=0, role="instrument")
    reject(land, "land", "R2.a", run, 2, by="Ben", reason="only a promise")
    before = finding(land, "land", "R2.a"), proposals(land, "land", "R2.a"), len(land.events("verdict"))
    learned(land, "en", embed=embed)
    assert (finding(land, "land", "R2.a"), proposals(land, "land", "R2.a"), len(land.events("verdict"))) == before


def test_examples_go_to_others_without_text_and_without_names(land, run, embed, folder):
    accept(land, FRAMEWORK, "land", "R2.a", run, 1, by="Ana Example", expected=0, role="instrument")
    own = learned(land, "en", embed=embed)
    assert export_examples(own, folder / "out.json") == 1
    written = (folder / "out.json").read_text(encoding="utf-8")
    assert "Ana" not in written and "entitled" not in written and "pension-act art1" in written
    assert '"decision":' not in written
    assert import_examples(folder / "out.json") == import_examples(folder / "out.json") == 1
    (again,) = imported()
    assert again.clauses[0].origin == "import" and again.clauses[0].grades == {"R2.a": DIRECT}
    assert len(learned(land, "en", embed=embed)) == 2


@pytest.mark.parametrize(
    "content, said",
    [("not json", "no examples"), ('{"format": "other"}', "no examples"), ("", "no examples")],
)
def test_a_file_that_holds_no_examples_is_refused_and_nothing_is_kept(folder, content, said):
    (folder / "in.json").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        import_examples(folder / "in.json")
    assert imported() == []


def test_a_damaged_export_is_named(land, run, embed, folder):
    reject(land, "land", "R2.a", run, 2, by="Ben", reason="only a promise")
    export_examples(learned(land, "en", embed=embed), folder / "out.json")
    cut = (folder / "out.json").read_text(encoding="utf-8").replace('"R2.a":0', '"R2.a":7')
    (folder / "in.json").write_text(cut, encoding="utf-8")
    with pytest.raises(InputError, match="no grade"):
        import_examples(folder / "in.json")
