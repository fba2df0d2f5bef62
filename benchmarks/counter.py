"""Count how many clauses that judges found to contradict a criterion are proposed as such, with the model that ships.

    python benchmarks/counter.py JUDGED.jsonl … [--policies FOLDER …]

A policy's own examples are left out, as `kb assess` does. The ranking weights were fitted on these policies, and some
of the clauses were read when the cues of `corpus/counter.yaml` were written (corpus/examples/README.md).
"""

from __future__ import annotations

import argparse
from pathlib import Path

from kb.evaluation.contrary import as_shipped, contrary, counted
from kb.evaluation.mapping import cases, folder_of


def main() -> None:
    """Print the counts of each set and of all sets."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("judged", type=Path, nargs="+")
    parser.add_argument("--policies", type=Path, nargs="*", help="folders of the policies' files")
    options = parser.parse_args()
    folders = options.policies or [options.judged[0].parent.parent / "policies"]
    rows: list[dict[str, int]] = []
    for file in options.judged:
        folder = folder_of(file, folders)
        rows.append(counted(as_shipped(cases(file, folder)), contrary(file, folder)))
    print("\t".join(["set", *rows[0]]))
    for name, row in zip([*(file.stem for file in options.judged), "all"], [*rows, _sum(rows)], strict=True):
        print("\t".join([name, *map(str, row.values())]))


def _sum(rows: list[dict[str, int]]) -> dict[str, int]:
    return {name: sum(row[name] for row in rows) for name in rows[0]}


if __name__ == "__main__":
    main()
