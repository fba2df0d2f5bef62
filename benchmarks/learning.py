"""Measure how much an officer's decisions help: judged policies are replayed, one criterion at a time, and as an
officer works.

    python benchmarks/learning.py JUDGED.jsonl … [--policies FOLDER …] [--shipped]

After 0, 5, 10 and 20 decisions, with and without learning from them: recall@5 including confirmed passages (most of its
rise comes from the officer's own reading), the share of what is still to be found that the next five passages contain,
and the share confirmed of all; and recall@5 of a criterion without decisions, after one decision on each of twenty
others. Each policy is ranked by what the others taught, in five parts. The weights of learning were chosen on every
second policy (by language and name); the rows "nothing chosen on" are of the others.

--shipped measures an officer at work (`kb/evaluation/replay.py`) with the model that ships, on policies that it was not
fitted on; it takes some seconds, since nothing is fitted.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from kb.evaluation.mapping import cases, folder_of, shipped, written
from kb.evaluation.replay import at_work, replay


def main() -> None:
    """Replay the decisions and print the rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("judged", type=Path, nargs="+")
    parser.add_argument("--policies", type=Path, nargs="*", help="folders of the policies' files")
    parser.add_argument("--shipped", action="store_true", help="an officer at work with the model that ships")
    options = parser.parse_args()
    folders = options.policies or [options.judged[0].parent.parent / "policies"]
    judged = [case for file in options.judged for case in cases(file, folder_of(file, folders))]
    if options.shipped:
        rows = at_work([(case, fitted) for case, _, fitted in shipped(judged)])
    else:
        rows = replay(judged, written())
    print("\t".join(rows[0]))
    for row in rows:
        print("\t".join(map(str, row.values())))


if __name__ == "__main__":
    main()
