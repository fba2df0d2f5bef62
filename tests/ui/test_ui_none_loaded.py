"""A page of an assessment without documents says why: none was loaded, or the first one is still being read."""

from __future__ import annotations

from kb.ui import work


def test_a_document_that_is_being_read_is_not_called_missing(monkeypatch):
    monkeypatch.setattr(work, "coming", lambda policy_set: ["a job"] if policy_set == "sampleland" else [])
    assert "is being read" in work.none_loaded("sampleland", "No document is loaded.")
    assert work.none_loaded("elsewhere", "No document is loaded.") == "No document is loaded."
