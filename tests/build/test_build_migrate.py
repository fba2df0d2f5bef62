"""Copying an index to another engine: passages are counted and compared there, and searched if KB_ENGINE names it."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from kb.build.migrate import compare
from kb.cli.main import root as kb
from kb.errors import InputError
from kb.index.live import open_index

QUESTION = ["search", "older women without a pension", "--limit", "5", "--json"]


@pytest.mark.slow
def test_an_index_is_migrated_compared_and_searched(live_kb, root, tmp_path, monkeypatch):
    address = f"milvus://{tmp_path / 'kb.db'}"
    done = CliRunner().invoke(kb, ["migrate", "--to", address, "--sample", "5"])
    assert done.exit_code == 0 and "Both answer alike." in done.output, done.output
    here = json.loads(CliRunner().invoke(kb, QUESTION).output)
    monkeypatch.setenv("KB_ENGINE", address)
    there = json.loads(CliRunner().invoke(kb, QUESTION).output)
    assert (
        here["total"] == there["total"] and len({h["id"] for h in here["hits"]} & {h["id"] for h in there["hits"]}) >= 4
    )
    index = open_index(live_kb, root / "corpus")

    class Moved(type(index.engine)):
        def nearest(self, space, vector, within, k):
            return super().nearest(space, np.roll(vector, 1), within, k)

    index.engine.__class__ = Moved
    found = compare(index, index.engine, 3)
    assert not found.is_same and "nearness" in found.differs[0]


def test_without_an_address_nothing_is_written(live_kb):
    done = CliRunner().invoke(kb, ["migrate"])
    assert isinstance(done.exception, InputError) and "no engine is named" in str(done.exception)
