"""The table of faults: a tenth of some kinds is held, and what is not is counted under its own name."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import random, sys
from pathlib import Path
import fault_acts, faults

def careless(home, end):
    (home / "first").write_text("new")
    (home / "second").write_text("new" if end else "old")

def look(home):
    return {"kept": [(home / name).read_text() for name in ("first", "second")], "answers": [], "left": []}

def prepare(home):
    home.mkdir(parents=True)
    for name in ("first", "second"):
        (home / name).write_text("old")

def act(home):
    careless(home, True)
    return 1

trial = faults.Trial(fault_acts.Act("careless", prepare, act, look), Path(sys.argv[1]))
careless(trial.fresh(), False)
print(trial.judge(done=False))
trial.fresh()
print(trial.judge(done=False), trial.judge(done=True))
faults.acts = lambda: iter([fault_acts.Act("careless", prepare, act, look)])
Path(sys.argv[1], "kills").mkdir()
print(dict(next(faults.kills(random.Random(1), 1, Path(sys.argv[1], "kills")))[1])["half"] > 0)
"""


def test_a_half_write_and_a_false_done_are_counted(root, tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        cwd=root / "benchmarks",
        check=False,
        capture_output=True,
        text=True,
    )
    assert run.stdout.splitlines() == ["half", "held lost", "True"], run.stderr[-2000:]


@pytest.mark.slow
def test_a_tenth_of_some_kinds_holds(root):
    run = subprocess.run(
        [sys.executable, str(root / "benchmarks" / "faults.py"), "--quick", "--only", "clocks", "backups"],
        cwd=root,
        check=False,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr[-2000:]
    assert run.stdout.splitlines()[-1].split()[1:3] == ["12", "12"]
