"""Export 100,000 rows in each format: rows per second and peak memory, beside pandas writing the same table. One run,
one table.

Usage: python benchmarks/export.py [rows] Each measurement runs in its own process. Time is processor time, which other
programs do not change; peak memory is the largest resident set of the process minus what it held before the first row.
Rows are generated while they are written, in both: pandas collects them in a frame first.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PANDAS = ("csv", "xlsx", "jsonl", "parquet", "html")
WORDS = "Governments should guarantee universal access to social protection for older persons and their families. "


def rows(count: int) -> Iterator:
    """Yield `count` rows like those of the index: 400 characters, three tags, a place."""
    from kb.export import Row
    from kb.models import Place, Tag

    tags = tuple(
        Tag(facet="group", id=f"term-{n}", origin="rule:words", confidence=0.5, span=(0, 11)) for n in range(3)
    )
    for n in range(count):
        yield Row(
            id=f"d{n % 50}/p{n}",
            document=f"d{n % 50}",
            title="A document",
            citation=f"Document, para {n}",
            text=f"{n} {WORDS * 4}",
            force="political-commitment",
            section=("I", "A"),
            tags=tags,
            url="https://example.org/",
            place=Place(file="a.pdf", sha256="0" * 64, page=n % 300 + 1, chars=(n * 410, n * 410 + 400)),
        )


def ours(format: str, count: int, path: Path) -> None:
    """Write `count` rows to `path` with the export of this project."""
    from kb.export import Provenance, export

    export(rows(count), format, path, Provenance(query="benchmark", date="2026-01-01"))


def theirs(format: str, count: int, path: Path) -> None:
    """Write the same table to `path` with pandas, in the layout that the format has by default."""
    import pandas as pd

    from kb.export import FORMATS, Provenance
    from kb.export.layouts import LAYOUTS

    layout = LAYOUTS[FORMATS[format].layout](Provenance())
    frame = pd.DataFrame(
        (record for row in rows(count) for record in layout.records(row)),
        columns=[column.name for column in layout.columns],
    )
    {
        "csv": lambda: frame.to_csv(path, index=False, encoding="utf-8-sig"),
        "xlsx": lambda: frame.to_excel(path, index=False, engine="xlsxwriter"),
        "jsonl": lambda: frame.to_json(path, orient="records", lines=True, force_ascii=False),
        "parquet": lambda: frame.to_parquet(path, index=False),
        "html": lambda: path.write_text(frame.to_html(index=False), encoding="utf-8"),
    }[format]()


def peak() -> float:
    """Return the largest resident set of this process so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def one(who: str, format: str, count: int) -> None:
    """Measure one format in this process and print the result as JSON; `who` is 'ours' or 'theirs'."""
    with tempfile.TemporaryDirectory() as folder:
        path, write = Path(folder) / "out", {"kb": ours, "pandas": theirs}[who]
        write(format, 10, path)  # libraries are loaded before the clock starts
        before, start = peak(), time.process_time()
        write(format, count, path)
        print(json.dumps({"seconds": time.process_time() - start, "mb": peak() - before}))


def measured(who: str, format: str, count: int) -> dict[str, float]:
    """Run `one` in a new process; return what it measured."""
    done = subprocess.run(
        [sys.executable, __file__, who, format, str(count)], check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


def table(count: int) -> None:
    """Print the table of all formats with `count` rows."""
    from kb.export import FORMATS

    print(
        f"{count:,} rows\n{'format':<16}{'rows/s':>10}{'MB':>8}{'pandas rows/s':>15}{'MB':>8}"
        f"{'time ratio':>12}{'memory ratio':>14}"
    )
    for format in FORMATS:
        mine = measured("kb", format, count)
        line = f"{format:<16}{count / mine['seconds']:>10,.0f}{mine['mb']:>8.0f}"
        if format in PANDAS:
            other = measured("pandas", format, count)
            line += (
                f"{count / other['seconds']:>15,.0f}{other['mb']:>8.0f}{mine['seconds'] / other['seconds']:>12.2f}"
                f"{mine['mb'] / max(other['mb'], 1):>14.2f}"
            )
        print(line, flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 4:
        one(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    else:
        table(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
