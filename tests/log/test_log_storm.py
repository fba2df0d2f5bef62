"""Eight writers, killed at random, on both databases; the benchmark makes a thousand decisions, this test a hundred."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_when_writers_are_killed(url, root):
    command = [
        sys.executable,
        str(root / "benchmarks" / "workspace_storm.py"),
        "--url",
        url,
        "--operations",
        "100",
        "--json",
    ]
    run = subprocess.run(command, check=False, capture_output=True, text=True, cwd=root, timeout=300)
    report = json.loads(run.stdout)
    assert report["problems"] == [] and run.returncode == 0
    assert report["acknowledged"] >= 100 and report["killed"] > 0 and report["met_refused"] > 0
    assert report["events"] >= report["acknowledged"]
