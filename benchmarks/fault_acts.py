"""The actions that `benchmarks/faults.py` disturbs: each runs on its own small workspace, whose remains are then
examined."""

from __future__ import annotations

import json
import re
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), *(str(ROOT / "tests" / part) for part in ("", "log", "workspace", "index", "cli", "read"))]

import test_log_restore as restoring
import test_workspace_intake_kills as intake
import workspace_toys as toys
from building import toy_job
from kb_toys import TOY, ToyEncoder, toy_passage

import kb.log.restore as restore_module
from kb.assessment import policies
from kb.assessment.findings import decide, findings
from kb.build import pipeline
from kb.build.job import build
from kb.export import Provenance, export, sidecar_of
from kb.export.rows import row_of
from kb.index import live
from kb.log import open_workspace
from kb.log.archive import proved_manifest
from kb.log.backup import backup
from kb.log.proving import prove
from kb.search import Searcher
from kb.text import sha256_of
from kb.workspace.exchange import import_assessment, read_assessment, write_assessment

FRAMEWORK = toys.framework()
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)?")


@dataclass(frozen=True)
class Act:
    """One action: a function that prepares its folder (home), one that runs the action in it, and functions that
    examine the home afterwards: `kept` (what is stored), `answers` (what searches return) and `left` (leftovers and
    faults)."""

    name: str
    prepare: Callable[[Path], Any]
    act: Callable[[Path], Any]
    look: Callable[[Path], dict[str, Any]]


def quick_roads() -> None:
    """Make the actions fast: use a toy encoder, no corpus, and reading in this process, because only writing is
    disturbed."""
    import kb.commitments.documents
    import kb.read.face
    import kb.sources.documents

    kb.read.read = kb.read.face.read_here
    kb.sources.documents.corpus_documents = lambda *_, **__: []
    kb.commitments.documents.register_documents = lambda *_, **__: []
    pipeline.run = intake.toy_run
    live.Index._encoder = lambda index, name: ToyEncoder()


def url(home: Path) -> str:
    """Return the address of the home's database."""
    return f"sqlite:///{home / 'w' / 'workspace.sqlite'}"


def _log(home: Path) -> dict[str, Any]:
    """Return the events of the log without their times, the states that follow from it, and whether its verification
    succeeds."""
    with open_workspace(url(home)) as ws:
        events = json.loads(
            _TIME.sub(
                "", json.dumps([[event.stream, event.version, event.author, event.after] for event in ws.events()])
            )
        )
        problems = list(prove(ws).problems)
        sets = [made.id for made in policies.policy_sets(ws)]
        states = [[f.criterion, f.status, f.rationale] for name in ("land", "brought") for f in _findings(ws, name)]
    left = [path.name for path in (home / "w").iterdir() if path.suffix == ".part"]
    return {"kept": events, "answers": [sets, states], "left": problems + left}


def _findings(ws, name: str) -> list:
    known = {event.stream for event in ws.events()}
    return [one for one in findings(ws, FRAMEWORK, name) if one.version] if f"set/{name}" in known else []


def _land(home: Path) -> None:
    """Create in the home an assessment of a country with one policy and three decisions."""
    (home / "w").mkdir(parents=True, exist_ok=True)
    with open_workspace(url(home)) as ws:
        policies.create_set(ws, "land", "Land", country="KEN", by="Ada")
        policies.add_policy(ws, "land", toys.document(), by="Ada", label="2018", standing="in-force", dated="2018")
        for version, status in enumerate(["commitment-only", "partial", "contrary"]):
            _decision(ws, status, version)


def _decision(ws, status: str, version: int) -> None:
    decide(
        ws,
        FRAMEWORK,
        "land",
        "R2.a",
        {"status": status, "rationale": f"because {version}", "evidence": [toys.LAW]},
        by="Ada",
        expected=version,
    )


def _decide(home: Path) -> int:
    with open_workspace(url(home)) as ws:
        _decision(ws, "partial", 3)
    return 1


def _with_file(home: Path) -> None:
    """Prepare a home with a file to import."""
    _land(home)
    with open_workspace(url(home)) as ws:
        write_assessment(ws, "land", home / "land.json")


def _import(home: Path) -> int:
    with open_workspace(url(home)) as ws:
        return import_assessment(ws, read_assessment(home / "land.json"), by="Ada", as_set="brought").events


def _with_backup(home: Path) -> None:
    """Prepare a home with an older backup, and a decision made since."""
    _land(home)
    _backup(home)
    _decide(home)


def _backup(home: Path) -> int:
    with open_workspace(url(home)) as ws:
        return len(backup(ws, home / "b.kb.zip", library=home / "w" / "library", force=True)["tables"])


def _look_backup(home: Path) -> dict[str, Any]:
    """Return what the backup restores into another folder. Then make the backup again, and check that no leftover is
    beside it."""
    with zipfile.ZipFile(home / "b.kb.zip") as archive:
        proved_manifest(archive, home / "b.kb.zip")
    again = home / "again"
    (again / "w").mkdir(parents=True)
    restore_module.restore(url(again), home / "b.kb.zip", library=again / "w" / "library")
    found = _log(again)
    shutil.rmtree(again)
    live_log = _log(home)
    _backup(home)
    beside = sorted(path.name for path in home.iterdir() if path.name not in ("w", "b.kb.zip"))
    return {
        "kept": [found["kept"], live_log["kept"]],
        "answers": found["answers"],
        "left": found["left"] + live_log["left"] + beside,
    }


def _restorable(home: Path) -> None:
    """Prepare a workspace that says 'old', and a backup beside it that says 'new'."""
    new = restoring.filled(home / "new" / "w", "new")
    with open_workspace(restoring.url_of(new)) as ws:
        backup(ws, home / "new.zip", library=new / "library")
    shutil.rmtree(home / "new")
    restoring.filled(home / "w", "old")


def _restore(home: Path) -> int:
    return restoring.restored(home / "w", home / "new.zip").events


def _look_restore(home: Path) -> dict[str, Any]:
    kept, titles, left = restoring.look(home / "w", "whole")
    return {"kept": kept, "answers": titles, "left": left}


def _rows(count: int) -> list:
    return [
        row_of(toy_passage(f"toy/s1/p{n}", f"Article {n}. Every person has a name."), title="Toy") for n in range(count)
    ]


def _exporter(format: str, suffix: str) -> Act:
    def write(home: Path, count: int) -> int:
        export(_rows(count), format, home / f"t{suffix}", Provenance())
        return count

    def look(home: Path) -> dict[str, Any]:
        """Return the hash of the file, whether the description beside it fits it, and the leftovers after it was made
        again."""
        file = home / f"t{suffix}"
        beside, digest = sidecar_of(file, format), sha256_of(file)
        fits = beside is None or digest in beside.read_text(encoding="utf-8")
        write(home, 300)
        known = {file.name, *([beside.name] if beside else [])}
        # an older file of the same name is kept on purpose (kb.files.keep_older) and is no left-over
        left = [p.name for p in home.iterdir() if p.name not in known and ".before-" not in p.name]
        return {"kept": [digest, fits], "answers": [], "left": left}

    def prepare(home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        write(home, 200)

    return Act(f"export {format}", prepare, lambda home: write(home, 300), look)


def _build(home: Path) -> int:
    return build(toy_job(home / "indexes")).passages


def _answers(indexes: Path) -> dict[str, Any]:
    """Return the documents of the live index and the answers to three searches."""
    index = live.open_index(indexes, ROOT / "corpus")
    searcher = Searcher(index)
    hits = [
        [hit.id for hit in searcher.search(query).hits]
        for query in ("pension for older women", "children walk to school")
    ]
    return {"kept": sorted(index.manifest.documents), "answers": hits}


def _look_build(home: Path) -> dict[str, Any]:
    found = _answers(home / "indexes")
    _build(home)
    _build(home)
    kept = [path.name for path in (home / "indexes").iterdir() if path.is_dir()]
    return {
        **found,
        "left": [path for path in kept if path.endswith(".part")] + (["too many builds"] if len(kept) > 3 else []),
    }


def _intake(name: str) -> Act:
    act, has_first = intake.ACTS[name]

    def prepare(home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        with open_workspace(url(home)) as ws:
            policies.create_set(ws, "land", "Land", country="KEN", by="Ada")
        intake.toy_run(intake.at(home))
        if has_first:
            intake.add(home)

    def look(home: Path) -> dict[str, Any]:
        found = intake.look(home)
        faults = [
            *found["faults"],
            *found["left"],
            *found["parts"],
            *(["the index is not of this library"] if found["stale"] else []),
        ]
        return {"kept": [found["bytes"], found["in_set"]], "answers": found["indexed"], "left": faults}

    return Act(name.replace("_", " "), prepare, lambda home: str(act(home)), look)


def _old_index(home: Path) -> None:
    home.mkdir(parents=True, exist_ok=True)
    build(toy_job(home / "indexes", documents=TOY[:1]))


def acts() -> Iterator[Act]:
    """Yield every action."""
    yield Act("build", _old_index, _build, _look_build)
    yield from (_intake(name) for name in ("add", "add_to_set", "replace", "remove"))
    yield Act("decide", _land, _decide, _log)
    yield Act("import", _with_file, _import, _log)
    yield Act("backup", _with_backup, _backup, _look_backup)
    yield Act("restore", _restorable, _restore, _look_restore)
    yield _exporter("xlsx", ".xlsx")
    yield _exporter("csv", ".csv")
