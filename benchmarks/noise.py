"""Measure the rules of kb/read/noise.py (contents lists and lists of references) on a public validation set.

    python benchmarks/noise.py [FOLDER]      default: ../shared/data/labelled/passage_type_noise_cpr

The rules were written with even rows at hand; odd rows were not read. Rows marked as ambiguous are left out.
"""

from __future__ import annotations

import json
import pathlib
import sys

from kb.read.noise import looks_like_contents, looks_like_references

SETS = {"toc_validation_set.jsonl": looks_like_contents, "reflist_validation_set.jsonl": looks_like_references}


def main(folder: pathlib.Path) -> None:
    """Print precision, recall and F1 for even, odd and all rows."""
    for name, rule in SETS.items():
        rows = [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]
        for half, part in (("even", rows[::2]), ("odd", rows[1::2]), ("all", rows)):
            marks = [(rule(r["content"]), bool(r["label"])) for r in part if not r["ambiguous"]]
            tp, fp, fn = (sum(m == want for m in marks) for want in ((True, True), (True, False), (False, True)))
            p, r = tp / max(1, tp + fp), tp / max(1, tp + fn)
            print(
                f"{name:<32}{half:<6}precision {p:.3f}  recall {r:.3f}  F1 {2 * p * r / max(1e-9, p + r):.3f}  "
                f"({len(marks)} rows)"
            )


if __name__ == "__main__":
    default = pathlib.Path(__file__).resolve().parents[2] / "shared" / "data" / "labelled" / "passage_type_noise_cpr"
    main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default)
