"""Measure what it costs to verify a stored file before it is used, as a share of the fastest command that uses it.

    python benchmarks/damage.py [--events 1000 4000]

One table from one run: the verification alone (median of nine), the command in its own process (median of three), and
the share. A verification runs on every use if its share is below a tenth; otherwise only the end of the log is verified
when it is opened, and all of it by `kb doctor`. The last line states the number of events for which a complete
verification takes a tenth.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from kb.assessment import policies
from kb.config import settings
from kb.index import live, manifest, onnx_query
from kb.log import open_workspace, proof
from kb.log.database import transaction


def seconds(act: Callable[[], object], times: int = 9) -> float:
    """Return the median duration in seconds of `times` calls of `act`."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        found.append(time.perf_counter() - start)
    return median(found)


def command(*arguments: str, **environment: str) -> float:
    """Return the median time of `kb` with these arguments in its own process, in seconds."""
    run = [sys.executable, "-c", "from kb.cli import main; main()", *arguments]
    return seconds(lambda: subprocess.run(run, check=True, capture_output=True, env={**os.environ, **environment}), 3)


def log(events: int) -> tuple[float, float]:
    """Return the seconds to verify a log of `events` events, and the seconds of a command that uses it."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'workspace.sqlite'}"
        with open_workspace(url) as ws:
            policies.create_set(ws, "land", "Land", by="Ana")
            with ws.writing() as writer:
                for count in range(events - 1):
                    writer.append(
                        f"finding/land/R{count % 6 + 1}.a",
                        "finding.decided",
                        {"gap": f"gap {count}", "rationale": "a reason of some length " * 8},
                        author="Ana",
                    )
            with transaction(ws.engine, write=False) as connection:
                alone = seconds(lambda: proof.log_problems(connection))
        return alone, command("findings", "list", "land", KB_DATABASE_URL=url)


def main() -> None:
    """Print the table of times and shares."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--events", type=int, nargs="+", default=[1000, 4000])
    now, rows = settings(), []
    for events in options.parse_args().events:
        rows.append((f"log of {events} events", *log(events)))
    index = live.open_index(now.indexes, now.corpus)
    search = command("search", "people who look after their parents", "--limit", "1")
    folder = now.indexes / "models" / index.manifest.spaces["english"].encoder.replace("@", "-")
    rows += [
        ("query encoder and tokenizer", seconds(lambda: onnx_query.prove(folder)), search),
        ("all files of the index", seconds(lambda: manifest.prove(index.folder, index.manifest)), search),
        (
            "corpus behind a citation",
            seconds(lambda: manifest.changed_since(index.manifest, now.corpus)),
            command("cite", "CRPD art. 33(2)"),
        ),
    ]
    print("proof | ms | command ms | share")
    for what, alone, whole in rows:
        print(f"{what} | {alone * 1000:.1f} | {whole * 1000:.0f} | {alone / whole:.1%}")
    events, alone, whole = int(rows[0][0].split()[2]), rows[0][1], rows[0][2]
    print(f"a tenth of the command is reached at about {events * whole / 10 / alone:.0f} events")


if __name__ == "__main__":
    main()
