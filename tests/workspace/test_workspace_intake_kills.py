"""Adding, replacing and removing are killed at each of their steps: the next command finds all of it or nothing."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from building import toy_run
from killing import kill_each

from kb.assessment import policies
from kb.build import pipeline
from kb.config import Settings, settings
from kb.index.live import open_index
from kb.index.manifest import inputs_of
from kb.log import open_workspace
from kb.sources.library import records, unreadable
from kb.workspace import shelf
from kb.workspace.intake import Arrival, PolicyPlace, take

FACTS = {"country": "KEN", "title": "Pension Act", "dated": "2019", "standing": "in-force"}
OLD, NEW = (
    "Act\n\nArticle 1. Every resident has a pension.\n",
    "Act\n\nArticle 1. Every resident has a pension for life.\n",
)
CORPUS = Path(__file__).resolve().parents[2] / "corpus"


def at(home: Path) -> Settings:
    return dataclasses.replace(
        settings(),
        workspace=home / "w",
        indexes=home / "indexes",
        corpus=CORPUS,
        database_url=f"sqlite:///{home / 'w' / 'workspace.sqlite'}",
    )


def file(home: Path, words: str) -> Path:
    path = home.parent / f"{len(words)}.txt"
    path.write_text(words)
    return path


def add(home: Path):
    return take(at(home), Arrival(file(home, OLD), **FACTS)).searchable


def add_to_set(home: Path):
    return take(at(home), Arrival(file(home, OLD), **FACTS, place=PolicyPlace("land", "Ada"))).searchable


def replace(home: Path):
    return take(at(home), Arrival(file(home, NEW), **FACTS, replace=True)).searchable


def remove(home: Path):
    return shelf.remove(at(home), shelf.to_remove(at(home).library, "ken-pension-act"))


def look(home: Path) -> dict:
    """Return what exists after the next command of the kind, with its build."""
    now = at(home)
    before = open_index(now.indexes, now.corpus).manifest.documents  # answers, whatever happened
    shelf.settle(now)
    kept = records(now.library)
    with open_workspace(now.database_url) as ws:
        in_set = [policy.id for policy in policies.policy_set(ws, "land").policies]
    toy_run(now)
    made = open_index(now.indexes, now.corpus).manifest
    every = {path.relative_to(now.library).as_posix() for path in now.library.rglob("*") if path.is_file()}
    known = {record.file for record in kept} | {path for path in every if path.endswith(".record.json")}
    return {
        "bytes": [record.bytes for record in kept],
        "in_set": in_set,
        "faults": [fault.words for fault in unreadable(now.library)],
        "left": sorted(every - known) + [path.name for path in now.workspace.glob(".library-change*")],
        "indexed": sorted(made.documents),
        "stale": made.inputs != inputs_of(now.corpus, now.library),
        "parts": [path.name for path in now.indexes.glob("*.part")],
        "answered": sorted(before),
    }


ACTS = {"add": (add, False), "add_to_set": (add_to_set, False), "replace": (replace, True), "remove": (remove, True)}
NONE, FIRST, SECOND = [], [len(OLD)], [len(NEW)]
ALLOWED = {
    "add": [(NONE, []), (FIRST, [])],
    "add_to_set": [(NONE, []), (FIRST, ["pension-act"])],
    "replace": [(FIRST, []), (SECOND, [])],
    "remove": [(FIRST, []), (NONE, [])],
}


@pytest.mark.parametrize("name", ACTS)
def test_killed_at_any_step_it_is_done_or_not_done(tmp_path, name):
    out = subprocess.run(
        [sys.executable, __file__, str(tmp_path), name],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"},
    )
    assert out.returncode == 0, out.stderr[-3000:]
    found = json.loads(out.stdout)[:-1]
    assert all(isinstance(one, dict) for one in found), found
    assert len(found) > 20
    for one in found:
        assert (one["bytes"], one["in_set"]) in ALLOWED[name], one
        assert not one["faults"] and not one["left"] and not one["stale"] and not one["parts"], one
        assert one["indexed"] == ["ken-pension-act"] * bool(one["bytes"]) or one["in_set"], one
    assert (found[-1]["bytes"], found[-1]["in_set"]) == ALLOWED[name][1]


def main(folder: Path, name: str) -> None:
    """Kill the action at each of its steps; print what is found after each."""
    act, has_first = ACTS[name]
    pipeline.run = toy_run
    import kb.commitments.documents
    import kb.read.face
    import kb.sources.documents

    kb.read.read = kb.read.face.read_here  # a process of its own for each file would be most of the time

    kb.sources.documents.corpus_documents = lambda *_, **__: []
    kb.commitments.documents.register_documents = lambda *_, **__: []
    home = folder / "live"
    home.mkdir()
    with open_workspace(f"sqlite:///{home / 'w' / 'workspace.sqlite'}") as ws:
        policies.create_set(ws, "land", "Land", country="KEN", by="Ada")
    toy_run(at(home))
    if has_first:
        add(home)
    print(json.dumps(kill_each(home, act, look, every=2)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
