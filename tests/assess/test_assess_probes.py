"""The probes, cues and model that the project ships: complete, in three languages, identified by a hash."""

from __future__ import annotations

import pytest

from kb.assess.calibrate import load_model
from kb.assess.cues import load_cues
from kb.assess.probes import load_probes
from kb.errors import DataError, InputError
from kb.languages import with_probes


def test_every_criterion_has_probes_and_sentences(root, framework):
    probes = load_probes(root / "corpus" / "probes")
    ids = [c.id for c in framework.criteria()]
    assert sorted(probes.by_criterion) == sorted(ids)
    assert all(sorted(probes.sentences[language]) == sorted(ids) for language in with_probes())


@pytest.mark.parametrize("language", with_probes())
def test_every_language_has_cues(root, language):
    cues = load_cues(root / "corpus" / "cues", language)
    assert cues.kinds["repeal"] and cues.modality["shall"]


def test_a_language_without_cues_is_named(root):
    with pytest.raises(InputError, match="en, es, fr"):
        load_cues(root / "corpus" / "cues", "fi")


def test_a_broken_probe_is_reported_with_file_and_entry(tmp_path):
    (tmp_path / "X.yaml").write_text(
        "R1.a:\n- id: one\n  means: something\n  en: {say: a, need: []}\n", encoding="utf-8"
    )
    with pytest.raises(DataError, match=r"X\.yaml.*R1\.a"):
        load_probes(tmp_path)


def test_a_criterion_in_two_files_is_refused(tmp_path):
    words = "{say: a b, need: [a]}"
    for name in ("A", "B"):
        (tmp_path / f"{name}.yaml").write_text(
            f"R1.a:\n- {{id: one, means: m, en: {words}, es: {words}, fr: {words}}}\n", encoding="utf-8"
        )
    with pytest.raises(DataError, match="another file"):
        load_probes(tmp_path)


def test_the_shipped_model_says_where_it_comes_from(root):
    model = load_model(root / "corpus" / "models" / "assess.json")
    assert len(model.trained_on) == 64 and model.held_out["with_direct"] > 0
    assert 0 < model.silent_below < 1 and 0 < model.direct_from < 1
    assert set(model.silent_below_in) == set(with_probes()) and all(
        0 < one < 1 for one in model.silent_below_in.values()
    )


def test_a_missing_model_says_what_to_do(tmp_path):
    with pytest.raises(DataError, match="train_assess"):
        load_model(tmp_path / "assess.json")
