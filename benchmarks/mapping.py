"""What each step of self-assessment adds, on judged policies held apart: one table.

    python benchmarks/mapping.py JUDGED.jsonl [--beside MORE.jsonl] [--policies FOLDER] [--instead ID=FILE …] [--out FOLDER]

--beside adds judged policies that take part in every fit but their own and are measured in rows of their own.
--out writes each policy's held-out proposals as JSON, for an independent scoring script.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from kb.assess.train import Case, Fitted, Shown
from kb.assess.windows import text_of
from kb.evaluation import mapping


def main() -> None:
    """Print the table; write the proposals where asked."""
    options = _options()
    instead = {one.partition("=")[0]: Path(one.partition("=")[2]) for one in options.instead}
    table = mapping.rows(options.judged, options.policies, instead, options.beside)
    names = list(dict.fromkeys(name for row in table for name in row))
    print("\t".join(names))
    for row in table:
        print("\t".join(str(row.get(name, "-")) for name in names))
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        judged = mapping.cases(options.judged, options.policies, instead)
        beside = (
            mapping.cases(options.beside, options.policies or options.judged.parent.parent / "policies")
            if options.beside
            else []
        )
        for case, shown, fitted in [*mapping.held_out(judged, beside), *mapping.held_out(beside, judged)]:
            (options.out / f"{case.policy.id}.json").write_text(
                json.dumps(_plain(case, shown, fitted)), encoding="utf-8"
            )


def _plain(case: Case, shown: list[Shown], fitted: Fitted) -> dict:
    rows = []
    for one in shown:
        silent = one.row < fitted.silent_below
        texts = [text_of(case.found.units, part) for part in one.windows]
        proposals = [
            {
                "rank": n,
                "text": text,
                "grade": "direct" if sure >= fitted.direct_from else "related",
                "confidence": float(sure),
            }
            for n, (text, sure) in enumerate(zip(texts, one.confidence), 1)
        ]
        rows.append(
            {
                "id": one.criterion,
                "state": "no-evidence-found" if silent else "proposed",
                "proposals": [] if silent else proposals,
            }
        )
    return {"criteria": rows}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("judged", type=Path)
    parser.add_argument("--beside", type=Path)
    parser.add_argument("--policies", type=Path)
    parser.add_argument("--instead", nargs="*", default=[], metavar="ID=FILE")
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
