"""The table of proposed evidence: what it says where a policy is missing."""
from __future__ import annotations

import json

import pytest

from kb.errors import InputError
from kb.evaluation import mapping


def test_a_judged_policy_without_its_file_is_named(tmp_path):
    judged = tmp_path / "mapping.jsonl"
    row = {"doc": "law", "file": "law.txt", "lang": "en", "criterion": "R1.a", "label": "no_evidence_found",
           "passages": [], "hard_negatives": []}
    judged.write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(InputError, match="law.txt"):
        mapping.cases(judged, policies=tmp_path)
