"""On real policies: the complete method ranks unseen policies better than words alone, and can be silent."""

from __future__ import annotations

import json

import pytest

from kb.assess.measure import figures
from kb.evaluation import mapping

ENGLISH = {"pk-baitulmal-1991", "zw-gender-commission-2015", "us-ncd-equity-2022"}


@pytest.mark.slow
def test_held_out_order_beats_words_alone(shared, tmp_path):
    lines = (shared / "data" / "judged" / "mapping_dev.jsonl").read_text(encoding="utf-8").splitlines()
    some = tmp_path / "mapping.jsonl"
    some.write_text("\n".join(line for line in lines if json.loads(line)["doc"] in ENGLISH), encoding="utf-8")
    judged = mapping.cases(some, policies=shared / "data" / "policies")
    results = mapping.held_out(judged, mapping.written())
    words_alone = mapping.order_recall((case, case.found.scores["bm25"]) for case in judged)
    whole = figures(results)
    assert whole["recall_at_5_if_never_silent"] > words_alone["recall_at_5_if_never_silent"]
    prevalence = sum(row.nothing for case in judged for row in case.policy.rows.values()) / whole["criteria"]
    assert whole["silent_precision"] > prevalence
