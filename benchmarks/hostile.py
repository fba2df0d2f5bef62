"""Read hostile files and mutations of small honest ones, as users read files, and measure the cost.

    python benchmarks/hostile.py [--mutations N] [--only WORD] [--each]

Every file must end in text or in a refusal that says what, where and what to do, in less than 60 s of processor time
and 1 GB of memory, over all processes that reading starts. `broken` counts readers that crashed and were caught: such a
file is refused by the guard and not by the reader. Mutations are seeded: the same command tries the same files.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "read")]

SECONDS, MEMORY = 60.0, 1_000_000_000
RUN = """
import json, sys, time
sys.path[:] = json.loads(sys.argv[1])
from kb.errors import KBError
from kb.read import OverLimit, ReaderFault, read
for line in sys.stdin:
    try:
        pages = read(line.rstrip("\\n"))
        words = sum(len(p.text.split()) for p in pages.paragraphs)
        row = {"kind": "read", "detail": f"{pages.type}, {words} words", "bare": False}
    except KBError as error:
        kind = "broken" if isinstance(error, ReaderFault) else "limit" if isinstance(error, OverLimit) else "refused"
        row = {"kind": kind, "detail": str(error), "bare": not (error.what and error.where and error.do)}
    print(json.dumps(row), flush=True)
"""


class Reader:
    """A process that reads files; its cost is measured together with that of its child processes."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", RUN, json.dumps(sys.path)],
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ,
        )

    def read(self, file: pathlib.Path) -> tuple[dict, float, float]:
        """Read one file; return (outcome, processor seconds, most bytes of memory)."""
        answer: list[str] = []
        start = usage(self.process.pid)[0]
        asking = threading.Thread(target=lambda: answer.append(self.process.stdout.readline()))  # type: ignore[union-attr]
        self.process.stdin.write(f"{file}\n")  # type: ignore[union-attr]
        self.process.stdin.flush()  # type: ignore[union-attr]
        asking.start()
        peak = spent = 0.0
        while asking.is_alive():
            asking.join(0.02)
            used, memory = usage(self.process.pid)
            spent, peak = max(spent, used - start), max(peak, memory)
        if not answer[0]:
            raise SystemExit(f"the program that reads ended at {file}")
        return json.loads(answer[0]), spent, peak

    def close(self) -> None:
        """End the process."""
        self.process.stdin.close()  # type: ignore[union-attr]
        self.process.wait()


def usage(pid: int) -> tuple[float, float]:
    """Return the processor seconds of a process and its descendants, and the sum of their resident bytes, from
    /proc."""
    ticks, page = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGESIZE")
    rows: dict[int, tuple[int, float, int]] = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                shared = int((entry / "statm").read_text().split()[2])
                rows[int(entry.name)] = (
                    int(fields[1]),
                    sum(map(int, fields[11:15])) / ticks,
                    (int(fields[21]) - shared) * page,
                )
            except (OSError, IndexError):
                continue
    inside = {pid}
    for _ in range(6):
        inside |= {child for child, row in rows.items() if row[0] in inside}
    mine = [rows[p] for p in inside if p in rows]
    return sum(row[1] for row in mine), float(sum(row[2] for row in mine))


def tried(mutations: int, only: str = "", each: bool = False, say=print) -> tuple[collections.Counter, float, float]:
    """Read every file; return (counts by outcome, most processor seconds, most bytes of memory). `say` is called with
    the lines on single files."""
    import hostile_files

    counts: collections.Counter = collections.Counter()
    most = [0.0, 0.0]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        os.environ["KB_WORKSPACE"] = str(folder / "workspace")
        reader = Reader()
        for called, data in _files(hostile_files, only, mutations):
            file = folder / called
            file.write_bytes(data)
            row, seconds, memory = reader.read(file)
            file.unlink()
            over = seconds > SECONDS or memory > MEMORY
            most = [max(most[0], seconds), max(most[1], memory)]
            counts.update(
                {"tried": 1, row["kind"]: 1, "over limits": int(over), "without what, where or do": int(row["bare"])}
            )
            if each or over or row["bare"] or row["kind"] == "broken" or not called.startswith("mutated"):
                say(
                    f"{'OVER' if over else row['kind']:<8}{seconds:6.1f} s{memory / 1e6:6.0f} MB  {called:<34} "
                    f"{row['detail'][:150]}"
                )
        reader.close()
    return counts, *most


def main() -> None:
    """Read the files and print the table of outcomes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mutations", type=int, default=600)
    parser.add_argument("--only", default="", help="only hostile files whose name holds this, and no mutations")
    parser.add_argument("--each", action="store_true", help="print every file, not only those over a limit or broken")
    given = parser.parse_args()
    start = time.monotonic()
    counts, seconds, memory = tried(given.mutations, given.only, given.each, lambda line: print(line, flush=True))
    refused = counts["refused"] + counts["limit"] + counts["broken"]
    print(
        f"tried {counts['tried']}, refused {refused} (by a limit {counts['limit']}, reader broke down "
        f"{counts['broken']}), "
        f"read {counts['read']}, over limits {counts['over limits']}, "
        f"without what, where or do {counts['without what, where or do']}; "
        f"at most {seconds:.0f} s of processor time and {memory / 1e6:.0f} MB; {time.monotonic() - start:.0f} s in all"
    )
    sys.exit(bool(counts["over limits"] or counts["without what, where or do"]))


def _files(hostile_files, only: str, mutations: int):
    """Yield (name, bytes) of each file to read; `hostile_files` is the module that makes them."""
    for name, make in hostile_files.HOSTILE.items():
        if only in name:
            yield name, make()
    if not only:
        for n, (name, data) in enumerate(hostile_files.mutations(mutations)):
            yield f"mutated-{n}-{name}", data


if __name__ == "__main__":
    main()
