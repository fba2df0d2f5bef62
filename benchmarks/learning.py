"""How much an officer's decisions help: judged policies replayed, one criterion at a time, and as an officer works.

    python benchmarks/learning.py JUDGED.jsonl … [--policies FOLDER …] [--shipped]

After 0, 5, 10 and 20 decisions, where the order learns from them and where it does not: recall@5 with what is confirmed
(most of its rise is the officer's own looking), of what is still to be found the share that the next five hold, and the
share confirmed of all; and recall@5 of a criterion that nobody has looked at, after one decision on each of twenty
others. Policies are ranked by what the others taught, in five parts. Weights of learning were tried on
every second policy (by language and name); the rows "nothing chosen on" are of the others.

--shipped measures an officer at work (`kb/evaluation/replay.py`) with the model that ships, on policies that it was not
fitted on: some seconds, since nothing is fitted.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from kb.evaluation.mapping import cases, folder_of, shipped, written
from kb.evaluation.replay import at_work, replay


def main() -> None:
    """Print the rows."""
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
