"""Measure what each step of self-assessment adds, on judged policies that were held out: one table.

    python benchmarks/mapping.py JUDGED.jsonl [--beside MORE.jsonl …] [--policies FOLDER] [--instead ID=FILE …] [--out
    FOLDER] [--shipped]

--shipped measures the model that ships, as it is, on policies that it was not fitted on; nothing is fitted. --beside
adds sets of judged policies: each takes part in every fit except the one on which it is measured. --out writes the
held-out proposals of each policy as JSON, for an independent scoring script.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from kb.assess.train import Case, Fitted, ShownPassages
from kb.assess.windows import text_of
from kb.evaluation import mapping


def main() -> None:
    """Print the table; with --out also write the proposals."""
    options = _options()
    instead = {one.partition("=")[0]: Path(one.partition("=")[2]) for one in options.instead}
    folder = options.policies or options.judged.parent.parent / "policies"
    sets = {file.stem: mapping.cases(file, folder, instead) for file in (options.judged, *options.beside)}
    judged = [case for some in sets.values() for case in some]
    if options.shipped:
        results = mapping.shipped(judged)
        table = mapping.figures_by(results)
    else:
        results = mapping.held_out(judged, mapping.written())
        table = mapping.table(results, {name: {case.policy.id for case in some} for name, some in sets.items()})
    names = list(dict.fromkeys(name for row in table for name in row))
    print("\t".join(names))
    for row in table:
        print("\t".join(str(row.get(name, "-")) for name in names))
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        for case, shown, fitted in results:
            plain = json.dumps(_plain(case, shown, fitted))
            (options.out / f"{case.policy.id}.json").write_text(plain, encoding="utf-8")


def _plain(case: Case, shown: list[ShownPassages], fitted: Fitted) -> dict:
    rows = []
    for one in shown:
        silent = fitted.is_silent(one.row, case.policy.language, case.found.words)
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
    parser.add_argument("--beside", type=Path, nargs="*", default=[])
    parser.add_argument("--policies", type=Path)
    parser.add_argument("--instead", nargs="*", default=[], metavar="ID=FILE")
    parser.add_argument("--shipped", action="store_true")
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
