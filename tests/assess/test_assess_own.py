"""The project's own judged passages are still where they were found, and name criteria that exist."""
from __future__ import annotations

import json

from kb.text import sha256_text, squeeze


def test_own_passages_are_found_by_place_and_hash(root, shared, framework):
    ids = {c.id for c in framework.criteria()}
    for line in (root / "tests" / "relevance" / "mapping_own.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        text = (shared / "data" / "policies" / entry["file"]).read_text(encoding="utf-8")
        assert sha256_text(squeeze(text[slice(*entry["chars"])])) == entry["sha256"], entry["file"]
        assert entry["criterion"] in ids and entry["grade"] in (1, 2)
