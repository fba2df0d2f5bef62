"""The table of proposed evidence: its message if a policy is missing."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from kb.errors import InputError
from kb.evaluation import mapping
from kb.evaluation.run import _all_there


def test_a_judged_policy_without_its_file_is_named(tmp_path):
    judged = tmp_path / "mapping.jsonl"
    row = {
        "doc": "law",
        "file": "law.txt",
        "lang": "en",
        "criterion": "R1.a",
        "label": "no_evidence_found",
        "passages": [],
        "hard_negatives": [],
    }
    judged.write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(InputError, match="law.txt"):
        mapping.cases(judged, policies=tmp_path)


def test_a_policy_that_two_sets_judge_is_held_out_of_both(monkeypatch):
    cases = [
        SimpleNamespace(policy=SimpleNamespace(file=file)) for file in ("a/law.md", "b/plan.md", "elsewhere/law.md")
    ]
    fitted_on = []
    monkeypatch.setattr(
        mapping.train, "fit", lambda others, _: fitted_on.append([c.policy.file for c in others]) or 1 / 0
    )
    with pytest.raises(ZeroDivisionError):
        mapping.held_out(cases, None)
    assert fitted_on == [["b/plan.md"]]


def test_policies_put_aside_in_parts_are_none_of_them_fitted_on(monkeypatch):
    cases = [
        SimpleNamespace(policy=SimpleNamespace(file=f"{id}.md", id=id, language=language))
        for id, language in (("a", "en"), ("b", "en"), ("c", "es"), ("d", "es"))
    ]
    fitted_on = []

    def fit(others, _):
        fitted_on.append([case.policy.id for case in others])
        return SimpleNamespace(
            lessons=None, rank=SimpleNamespace(names=(), score=lambda _: None), row=None, proposal=None
        )

    for case in cases:
        case.knowing = lambda _, case=case: case
        case.found = None
    monkeypatch.setattr(mapping.train, "fit", fit)
    monkeypatch.setattr(mapping.train, "show", lambda *_: [])
    monkeypatch.setattr(mapping, "centred", lambda *_: None)
    results = mapping.held_out(cases, None, parts=2)
    assert fitted_on == [["b", "d"], ["a", "c"]]
    assert [case.policy.id for case, _, _ in results] == ["a", "b", "c", "d"]


def test_own_judgements_stand_beside_only_where_all_their_policies_are(tmp_path):
    own = tmp_path / "own.jsonl"
    own.write_text('{"file": "a.md"}\n{"file": "b.md"}\n', encoding="utf-8")
    (tmp_path / "a.md").touch()
    assert not _all_there(own, tmp_path) and not _all_there(tmp_path / "none.jsonl", tmp_path)
    (tmp_path / "b.md").touch()
    assert _all_there(own, tmp_path)


def test_the_shipped_model_is_not_measured_on_what_it_was_fitted_on(monkeypatch):
    lessons = SimpleNamespace(examples=SimpleNamespace(policies={"old-law": None}))
    monkeypatch.setattr(mapping, "load_lessons", lambda *_: lessons)
    monkeypatch.setattr(mapping, "encoder_for", lambda _: None)
    monkeypatch.setattr(mapping, "cache_of", lambda _: None)
    with pytest.raises(InputError, match="fitted on this policy"):
        mapping.shipped([SimpleNamespace(policy=SimpleNamespace(id="old-law"))])


def test_short_policies_have_a_row_of_their_own(monkeypatch):
    monkeypatch.setattr(mapping.measure, "figures", lambda part: {"policies": len(part)})
    results = [
        (SimpleNamespace(policy=SimpleNamespace(id=id, language="es"), found=SimpleNamespace(words=words)), [], None)
        for id, words in (("page", 300), ("code", 22_000))
    ]
    rows = {row["step"].strip(): row["policies"] for row in mapping.figures_by(results)}
    assert rows["at most 2,000 words"] == rows["above 2,000 words"] == 1
    assert rows["the whole"] == rows["es"] == 2 and "page, 300 words" in rows


def test_rows_whose_judge_wrote_down_some_of_many_stand_apart(monkeypatch):
    judged = [SimpleNamespace(more=True), SimpleNamespace(more=False), SimpleNamespace(more=False)]
    monkeypatch.setattr(mapping.measure, "figures", lambda part, of: {"rows": len(part) * sum(map(of, judged))})
    results = [(SimpleNamespace(policy=SimpleNamespace(language=language)), [], None) for language in ("en", "fr")]
    rows = {row["step"].strip(): row["rows"] for row in mapping.by_lists(results)}
    assert rows["lists whole"] == 4 and rows["lists cut"] == 2, "both policies"
    assert rows["lists whole, fr"] == 2 and rows["lists cut, en"] == 1
