"""Measure how far two readers of judged policies agree, by language and by the sets of the first reader; and how each
reader judged the passages that the other called direct evidence.

    python benchmarks/agreement.py FIRST.jsonl … --second SECOND.jsonl [--policies FOLDER] [--rows]
    python benchmarks/agreement.py FIRST.jsonl … --draw

--rows prints every row on whose label, or on whose having direct evidence, the two differ, without text of a policy.
--draw prints the rows to give to a second reader, drawn with a fixed seed.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from kb.assess.judged import load_judged
from kb.coding.agreement import Estimate
from kb.config import settings
from kb.evaluation.second import Twice, draw, fates, judged_twice, table
from kb.framework import load as load_framework


def main() -> None:
    """Print the rows drawn for a second reader, or the table of agreement and the rows that differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("first", type=Path, nargs="+")
    parser.add_argument("--second", type=Path)
    parser.add_argument("--policies", type=Path, help="folder of the policies' files")
    parser.add_argument("--rows", action="store_true")
    parser.add_argument("--draw", action="store_true")
    options = parser.parse_args()
    folder = options.policies or options.first[0].parent.parent / "policies"
    first = {file.stem: load_judged(file, folder) for file in options.first}
    if options.draw or not options.second:
        _print_draw([policy.id for policies in first.values() for policy in policies])
        return
    rows = judged_twice(first, load_judged(options.second, folder))
    for made in (table(rows), fates(rows)):
        print("\t".join(made[0]))
        for row in made:
            print("\t".join(map(_plain, row.values())))
    for row in rows if options.rows else ():
        if row.first.label != row.second.label or bool(row.first.direct) != bool(row.second.direct):
            print(_difference(row))


def _print_draw(policies: list[str]) -> None:
    criteria = [criterion.id for criterion in load_framework(settings().corpus / "framework").criteria()]
    for policy, drawn in draw(policies, criteria).items():
        print(policy, *drawn)


def _plain(value: Any) -> str:
    if not isinstance(value, Estimate):
        return str(value)
    if value.value is None:
        return f"- ({value.why})"
    return f"{value.value:.2f}" + ("" if value.low is None else f" ({value.low:.2f} to {value.high:.2f})")


def _difference(row: Twice) -> str:
    sides = [
        f"{side.label}, {len(side.direct)} direct, {len(side.related)} related" for side in (row.first, row.second)
    ]
    return f"{row.name} [{row.source}]\tfirst: {sides[0]}\tsecond: {sides[1]}"


if __name__ == "__main__":
    main()
