"""Test every kind of fault and print one table: what was tried, what held, what was lost, left half, answered wrongly
or not named.

    python benchmarks/faults.py [--quick] [--only KIND ...] [--seed N]

Kinds: kills (SIGKILL at a step that changes the disk, or at a random moment, of building, adding, replacing, removing,
deciding, importing, backing up, restoring and exporting), damage (a changed bit and a cut in every file of indexes,
workspace, corpus and library), backups (the same in backups and exported assessments), full (a small disk of its own),
read-only, memory (RLIMIT_AS), clocks (ten years off), writers (several at once, killed at random), hostile (files and
mutations).

A trial is held if the state found afterwards is exactly the one before or the one after, and an action that was
reported as done is done. `lost`: something that was stored or reported as done is gone. `half`: a mixture of both
states, or leftovers that the next command of the kind does not delete. `wrong`: an answer that belongs to neither
state. `unnamed`: damage or a refusal that is not put into words (for hostile files: a refusal without what, where or
what to do). `over`: readings over 60 s of processor time or 1 GB. `--quick` does about a tenth. Exit code 1 if one of
these is not 0.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as daytime
from pathlib import Path
from typing import Any

from fault_acts import ROOT, Act, acts, quick_roads
from killing import in_child, killed_at, steps_of

from kb import memory as room
from kb.cli.main import lacks_memory
from kb.errors import KBError
from kb.log import open_workspace

COLUMNS = ("tried", "held", "lost", "half", "wrong", "unnamed", "over")
Row = tuple[str, Counter | str]
SHORT = (
    "room",
    "space",
    "full",
    "memory",
    "permission",
    "read-only",
    "only be read",
    "cannot be written",
    "quota",
    "too large",
)
"""A refusal for lack of space, memory or permission must contain one of these words."""


class Trial:
    """One action, the home (folder) in which it runs, and the states of that home before and after it."""

    def __init__(self, act: Act, folder: Path) -> None:
        self.act, self.home, self.copy = act, folder / "home", folder / "copy"
        _in_words(in_child(lambda: act.prepare(self.home) and None)[1])
        self.before = self._seen_after(lambda _: None)
        self.after = self._seen_after(act.act)
        if self.before == self.after or self.before["left"] or self.after["left"]:
            raise SystemExit(f"{act.name}: the act itself does not work: {self.before} -> {self.after}")

    def _seen_after(self, act: Callable[[Path], Any]) -> dict[str, Any]:
        self.fresh()
        _in_words(in_child(lambda: act(self.copy) and None)[1])
        return _in_words(in_child(lambda: self.act.look(self.copy))[1])

    def fresh(self, at: Path | None = None) -> Path:
        """Return a new copy of the home (at `at`, if given)."""
        at = at or self.copy
        shutil.rmtree(at, ignore_errors=True)
        shutil.copytree(self.home, at)
        return at

    def judge(self, done: bool, at: Path | None = None) -> str:
        """Return 'held', or the name of the column that counts the fault. `done` says whether the action was reported
        as done."""
        found = json.loads(in_child(lambda: self.act.look(at or self.copy))[1])
        if found == self.after or (found == self.before and not done):
            return "held"
        self._report(found, done)
        if not isinstance(found, dict) or found == self.before:
            return "lost"
        if found["kept"] not in (self.before["kept"], self.after["kept"]) or found["left"]:
            return "half"
        return "wrong"

    def _report(self, found: Any, done: bool) -> None:
        print(f"  {self.act.name}{' (was said to be done)' if done else ''}: {str(found)[:600]}", file=sys.stderr)


def _in_words(text: str) -> Any:
    """Return the value in the child's answer; ends the benchmark if the undisturbed action failed."""
    found = json.loads(text)
    if isinstance(found, str) and ": " in found:
        raise SystemExit(f"an act that nothing disturbs fails: {found}")
    return found


def after_seconds(seconds: float, act: Callable[[], Any]) -> Callable[[], Any]:
    """Return a function that runs `act` and is ended by SIGKILL after `seconds`."""

    def work() -> Any:
        """Set the alarm and run the action."""
        alarm = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGKILL))
        alarm.daemon = True
        alarm.start()
        return act()

    return work


def kills(dice: random.Random, share: float, folder: Path) -> Iterator[Row]:
    """Yield the rows of 22 kills of each action (242 in all). Three in four are at a step that changes the disk, the
    others at a random moment; an action that ends before the kill counts too."""
    for act in acts():
        trial, counts = Trial(act, folder / act.name.replace(" ", "-")), Counter()
        steps = steps_of(lambda t=trial: t.act.act(t.fresh()))
        began = time.monotonic()
        in_child(lambda t=trial: t.act.act(t.fresh()))
        lasts, wanted = time.monotonic() - began, max(3, round(22 * share))
        while counts["killed"] < wanted and counts["tried"] < 3 * wanted:
            here = trial.fresh()
            do = lambda h=here, t=trial: t.act.act(h)
            at_step = dice.random() < 0.75
            status, output = in_child(
                killed_at(dice.randint(1, steps), do) if at_step else after_seconds(dice.uniform(0, lasts), do)
            )
            counts["killed"] += os.WIFSIGNALED(status)
            counts.update(tried=1, **{trial.judge(done=bool(output) and not _is_error(output)): 1})
        yield f"kill: {act.name} ({counts['killed']} died)", counts


_ERRORS = (
    {cls.__name__ for cls in KBError.__subclasses__()}
    | {sub.__name__ for cls in KBError.__subclasses__() for sub in cls.__subclasses__()}
    | {"KBError"}
)


def _is_error(output: str) -> bool:
    """Return whether `output`, the last output of a child process, is an error ('NAME: text') and not a result."""
    value = json.loads(output)
    return isinstance(value, str) and ": " in value and value.partition(": ")[0].isidentifier()


def _is_named(output: str, words: tuple[str, ...] = SHORT) -> bool:
    """Return whether `output` is an error of this program or of the operating system whose text contains one of
    `words`, which name what is lacking."""
    kind, _, text = json.loads(output).partition(": ")
    known = kind in _ERRORS or kind in ("OSError", "PermissionError", "MemoryError")
    return kind == "MemoryError" or known and any(word in text.lower() for word in words)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """Yield the mount point of a new disk of 24 MB; None if this process may not create one."""
    disk = folder / "disk"
    disk.mkdir()
    if (
        os.geteuid()
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=24m", "none", disk], check=False, capture_output=True
        ).returncode
    ):
        yield None
        return
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", disk], check=False)


def full(dice: random.Random, share: float, folder: Path) -> Iterator[Row]:
    """Yield the rows of every action on a disk whose free space is reduced step by step."""
    with small_disk(folder) as disk:
        if disk is None:
            yield "full disk", "skipped: a disk of its own needs root and mount"
            return
        for act in acts():
            trial, counts = Trial(act, folder / act.name.replace(" ", "-")), Counter()
            for _ in range(max(2, round(8 * share))):
                at, filler = trial.fresh(disk / "copy"), disk / "filler"
                free = int(2 ** dice.uniform(10, 18))
                filler.write_bytes(b"x" * max(0, shutil.disk_usage(disk).free - free))
                output = in_child(lambda t=trial, a=at: t.act.act(a))[1]
                filler.unlink()
                _count(counts, trial, output, at)
                shutil.rmtree(at)
            yield f"full disk: {act.name}", counts


def read_only(dice: random.Random, share: float, folder: Path) -> Iterator[Row]:
    """Yield the rows of every action on a disk that is mounted read-only."""
    with small_disk(folder) as disk:
        if disk is None:
            yield "read-only", "skipped: a disk of its own needs root and mount"
            return
        counts: Counter = Counter()
        for act in list(acts())[:: 1 if share == 1 else 4]:
            trial = Trial(act, folder / act.name.replace(" ", "-"))
            at = trial.fresh(disk / "copy")
            subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
            output = in_child(lambda t=trial, a=at: t.act.act(a))[1]
            subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
            _count(counts, trial, output, at)
            shutil.rmtree(at)
        yield "read-only disk", counts


def memory(dice: random.Random, share: float, folder: Path) -> Iterator[Row]:
    """Yield the rows of every action with a few megabytes more than the program already uses. A process that a library
    in C or Rust ends counts as unnamed."""
    counts, ended = Counter(), 0
    for act in list(acts())[:: 1 if share == 1 else 4]:
        trial = Trial(act, folder / act.name.replace(" ", "-"))
        for more in (0, 1, 4, 16, 64, 256)[: 6 if share == 1 else 2]:
            at = trial.fresh()
            output = in_child(lambda t=trial, a=at, m=more: _with_memory(m, lambda: t.act.act(a)))[1]
            by_library = not output or "PanicException" in output
            ended += by_library
            _count(counts, trial, "" if by_library else output, at)
    yield f"low memory ({ended} ended by a library)", counts


def _with_memory(more: int, act: Callable[[], Any]) -> Any:
    """Run `act` with a memory limit of `more` megabytes above what is in use; return its result. Raises MemoryError if
    it needs more."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(
        resource.RLIMIT_AS, (pages * os.sysconf("SC_PAGESIZE") + more * 1_000_000, resource.RLIM_INFINITY)
    )
    try:
        room.require(room.DATABASE, "a command")  # as the command line does before anything else
        return act()
    except Exception as error:
        if lacks_memory(error):
            raise MemoryError(str(error)) from error
        raise
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _count(counts: Counter, trial: Trial, output: str, at: Path) -> None:
    """Add the result of one disturbed action to `counts`, and whether its refusal was put into words; `output` is the
    last output of the process."""
    refused = not output or _is_error(output)
    judged = trial.judge(done=not refused, at=at)
    if judged == "held" and refused and not (output and _is_named(output)):
        print(f"  {trial.act.name}: not named: {output[:300] or 'it died'}", file=sys.stderr)
        judged = "unnamed"
    counts.update(tried=1, **{judged: 1})


def damage(dice: random.Random, share: float, folder: Path) -> Iterator[Row]:
    """Yield the rows of a changed bit and a cut in every file: `kb doctor` must name it, and search and log must answer
    as before or refuse."""
    import test_cli_damage as damaged

    from kb.build import health

    health.identities = lambda settings: ["toy@1"]
    for part in ("_corpus", "_models", "_extras"):  # they read the corpus's meaning and packages: they only add
        setattr(health, part, lambda *_: [])
    (folder / "home").mkdir()
    home = damaged.made_home(folder / "home", ROOT)
    for kind in ("indexes", "workspace", "corpus"):
        files = [path for path in sorted((home.home / kind).rglob("*")) if path.is_file() and path.stat().st_size]
        for way in (damaged.flipped, damaged.cut):
            counts: Counter = Counter()
            for path in files if share == 1 else dice.sample(files, max(2, round(len(files) * share))):
                counts.update(tried=1, **{_damaged(damaged, home, path, way): 1})
            yield f"{'flip' if way is damaged.flipped else 'cut'}: {kind}", counts


def _damaged(damaged, home, path: Path, way: Callable[[Path], bytes]) -> str:
    """Damage the file at `path` with `way`, examine the home with `damaged`, and restore the file; return the
    result."""
    whole, right = path.read_bytes(), _asked(home)
    path.write_bytes(way(path))
    answer = json.loads(in_child(lambda: _asked(home))[1])
    named = json.loads(in_child(lambda: damaged.broken(home))[1])
    path.write_bytes(whole)
    for tail in ("-wal", "-shm"):
        path.with_name(path.name + tail).unlink(missing_ok=True)
    if isinstance(answer, dict) and answer != right:
        return "wrong"
    return "held" if isinstance(named, list) and named else "unnamed"


def _asked(home) -> dict[str, Any]:
    """Return the answers to three searches and the events of the log."""
    from fault_acts import _answers

    index = _answers(home.indexes)
    with open_workspace(home.database_url) as ws:
        return {"index": index, "log": [[event.stream, event.after] for event in ws.events()]}


def backups(dice: random.Random, share: float, folder: Path) -> Iterator[Row]:
    """Yield the rows of changed bits and cuts in a backup and in an exported assessment: either it is refused, or
    exactly the same is restored."""
    for act in acts():
        if act.name in ("restore", "import"):
            trial, counts = Trial(act, folder / act.name), Counter()
            name = "new.zip" if act.name == "restore" else "land.json"
            for number in range(max(4, round(40 * share))):
                file = trial.fresh() / name
                data, place = bytearray(file.read_bytes()), dice.randrange(file.stat().st_size)
                if number % 2:
                    del data[place:]
                else:
                    data[place] ^= 1 << dice.randrange(8)
                file.write_bytes(data)
                _count_file(counts, trial, in_child(lambda t=trial: t.act.act(t.copy))[1])
            yield f"flip and cut: file to {act.name}", counts


def _count_file(counts: Counter, trial: Trial, output: str) -> None:
    refused = not output or _is_error(output)
    named = bool(output) and refused and json.loads(output).partition(": ")[0] in _ERRORS
    judged = trial.judge(done=not refused)
    counts.update(tried=1, **{"unnamed" if judged == "held" and refused and not named else judged: 1})


def clocks(dice: random.Random, share: float, folder: Path) -> Iterator[Row]:
    """Yield the rows of events dated by a clock that is ten years off, among right ones: each day must hold what was
    written on it."""
    counts, monday, day = Counter(), datetime(2026, 3, 2, 9, tzinfo=UTC), timedelta(days=1)
    right, late = timedelta(), timedelta(hours=3)
    for number in range(max(4, round(40 * share))):
        reader = number % 4 == 3  # the clock of the one who looks is wrong, not that of a writer
        wrong, off = -1 if reader else dice.randrange(1, 6), dice.choice((1, -1)) * timedelta(days=3652)
        now, told = [monday], []
        with open_workspace(f"sqlite:///{folder / str(number)}/w.sqlite", clock=lambda n=now: n[0]) as ws:
            for count in range(6):
                for hour, name in ((right, "morning"), (late, "evening")):  # the day's right word bounds the wrong one
                    now[0] = monday + count * day + (off if count == wrong and not hour else hour)
                    ws.append("note/a", "note.written", {"value": [count, name]}, author="Ana")
                    now[0] = monday + count * day + hour
                    told.append(ws.state("note/a", until=_end(monday + count * day)).data.get("value") == [count, name])
            now[0] = monday + 7 * day + (off if reader else right)
            told += [
                ws.state("note/a", until=_end(monday + n * day)).data.get("value") == [n, "evening"] for n in range(6)
            ]
            told += [len(ws.events(until=_end(monday + n * day))) == 2 * (n + 1) for n in range(6)]
            lost = len(ws.events()) != 12
        counts.update(tried=1, **{"lost" if lost else "held" if all(told) else "wrong": 1})
    yield "clock ten years off", counts


def _end(day: datetime) -> datetime:
    return datetime.combine(day.date(), daytime.max, UTC)


def writers(dice: random.Random, share: float, folder: Path) -> Iterator[Row]:
    """Yield the rows of eight writers at once, killed at random: decisions that were acknowledged must be in the log,
    none twice or overwritten."""
    from workspace_storm import storm

    report: dict[str, Any] = storm(
        f"sqlite:///{folder / 'storm.sqlite'}", round(1000 * share), 8, dice.randrange(1 << 30), folder
    )
    problems = report["problems"]
    tried = report["acknowledged"] + report["stale_refused"] + report["met_refused"]
    lost = sum("not in the history" in p or "lost update" in p for p in problems)
    for problem in problems:
        print(f"  {problem}", file=sys.stderr)
    yield (
        f"second writer ({report['killed']} killed, {report['stale_refused']} refused as too late)",
        Counter(tried=tried, held=tried - len(problems), lost=lost, wrong=len(problems) - lost),
    )


def hostile(dice: random.Random, share: float, folder: Path) -> Iterator[Row]:
    """Yield the rows of hostile files and mutations: each must give text, or a refusal that says what, where and what
    to do."""
    from hostile import tried

    found, seconds, peak = tried(round(600 * share), say=lambda _: None)
    over, bare = found["over limits"], found["without what, where or do"]
    yield (
        f"hostile files (at most {seconds:.0f} s, {peak / 1e6:.0f} MB; {found['broken']} caught by the guard)",
        Counter(tried=found["tried"], held=found["tried"] - over - bare, unnamed=bare, over=over),
    )


KINDS = {
    "kills": kills,
    "damage": damage,
    "backups": backups,
    "full": full,
    "read-only": read_only,
    "memory": memory,
    "clocks": clocks,
    "writers": writers,
    "hostile": hostile,
}


def main() -> None:
    """Test the kinds of faults and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the numbers")
    parser.add_argument("--only", nargs="+", choices=KINDS, default=list(KINDS), metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    quick_roads()
    total, bad = Counter(), 0
    print(f"{'fault':64} " + " ".join(f"{column:>7}" for column in COLUMNS))
    for name in given.only:
        with tempfile.TemporaryDirectory() as folder:
            for label, counts in KINDS[name](random.Random(given.seed), 0.1 if given.quick else 1, Path(folder)):
                if isinstance(counts, str):
                    print(f"{label:64} {counts}", flush=True)
                    continue
                print(f"{label:64} " + " ".join(f"{counts[column]:7}" for column in COLUMNS), flush=True)
                total.update(counts)
    print(f"{'all':64} " + " ".join(f"{total[column]:7}" for column in COLUMNS))
    bad = total["tried"] - total["held"]
    sys.exit(int(bad > 0 or not total["tried"]))


if __name__ == "__main__":
    main()
