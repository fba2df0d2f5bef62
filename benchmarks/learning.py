"""How much an officer's decisions help: judged policies replayed, one criterion at a time.

    python benchmarks/learning.py JUDGED.jsonl … [--policies FOLDER]

Recall@5 of direct evidence after 0, 5, 10 and 20 decisions, where the order learns from them and where it does not;
most of the rise is the officer's own looking, so the two are to be compared. Policies are ranked by what the others
taught, in five parts.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from kb.evaluation.mapping import cases, written
from kb.evaluation.replay import replay


def main() -> None:
    """Print the two rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("judged", type=Path, nargs="+")
    parser.add_argument("--policies", type=Path, help="folder of the policies' files")
    options = parser.parse_args()
    folder = options.policies or options.judged[0].parent.parent / "policies"
    rows = replay([case for file in options.judged for case in cases(file, folder)], written())
    print("\t".join(rows[0]))
    for row in rows:
        print("\t".join(map(str, row.values())))


if __name__ == "__main__":
    main()
