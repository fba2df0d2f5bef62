"""The benchmark of search: made from any live index, run in every mode, with everything that a search uses at
present."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SCRIPT = """
import sys
from pathlib import Path
from kb_toys import ToyEncoder
from kb.index import live
live.Index._encoder = lambda index, name: ToyEncoder()
import scale
sys.argv = ["scale.py", "--passages", "300", "--queries", "4", "--folder", sys.argv[1]]
scale.subprocess.run = lambda *a, **k: None  # memory is measured in a process of its own, without the toy
scale.main()
"""


@pytest.mark.slow
def test_the_benchmark_asks_in_every_mode(live_kb, root, tmp_path):
    run = [sys.executable, "-c", SCRIPT, str(tmp_path)]
    where = {"PYTHONPATH": f"{root}:{root / 'tests'}:{root / 'benchmarks'}", "KB_HOME": str(root)}
    done = subprocess.run(run, env=dict(os.environ, **where), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for line in ("lexical p50", "semantic p50", "hybrid p50", "SQLite FTS5 p50", "recall@10 english"):
        assert line in done.stdout
