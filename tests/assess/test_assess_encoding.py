"""The cache of vectors is stored beside the indexes, or in memory if nothing can be written."""

import dataclasses
import os

from kb_toys import ToyEncoder

from kb.assess.encoding import cache_of
from kb.config import settings


def test_vectors_are_kept_beside_the_indexes(tmp_path):
    cache_of(dataclasses.replace(settings(), indexes=tmp_path)).encode(ToyEncoder(), ["land"])
    assert (tmp_path / "assess-vectors.sqlite").exists()


def test_a_read_only_folder_costs_the_cache_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    cache = cache_of(dataclasses.replace(settings(), indexes=tmp_path))
    assert cache.encode(ToyEncoder(), ["land"]).shape[0] == 1 and not list(tmp_path.iterdir())
