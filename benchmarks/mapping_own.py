"""Where this project's own judged passages end up: criteria that the development judgements hold no direct evidence for.

    python benchmarks/mapping_own.py [--policies FOLDER] [--judged FILE] [--only PART OF A FILE NAME]

The passages are named by file, characters and hash; the texts are not part of the project. One coder chose them while
reading laws of kinds that the development set lacks, after the probes were written: a check by eye, not a result.
"""
from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path

from kb.assess import propose
from kb.assess.judged import grams, meets
from kb.config import settings
from kb.framework import load
from kb.read import read
from kb.structure import parse

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """One line per passage: the rank of the proposal that holds it, its grade and confidence, or what was said instead."""
    options = _options()
    by_file = defaultdict(list)
    for line in options.judged.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if options.only in entry["file"]:
            by_file[entry["file"]].append(entry)
    found, total = 0, 0
    for name, entries in by_file.items():
        for entry, rank, words in _ranks(options.policies / name, entries):
            found, total = found + (rank is not None and rank <= 5), total + 1
            print(f"{name}\t{entry['criterion']}\t{rank or '-'}\t{words}", flush=True)
    print(f"in the first five: {found} of {total}")


def _ranks(path: Path, entries: list[dict]):
    text = path.read_text(encoding="utf-8")
    policy = parse(read(path), "generic", document=path.stem, title=path.stem, language=entries[0]["language"])
    rows = {row.id: row for row in propose(policy, load(settings().corpus / "framework")).criteria}
    for entry in entries:
        quote = grams(text[slice(*entry["chars"])])
        row = rows[entry["criterion"]]
        hit = next((p for p in (*row.proposals, *row.nearest) if meets(quote, grams(p.text))), None)
        yield entry, hit.rank if hit else None, f"{row.state}\t{hit.grade} {hit.confidence}" if hit else row.state


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--policies", type=Path, default=ROOT.parent / "shared" / "data" / "policies")
    parser.add_argument("--judged", type=Path, default=ROOT / "tests" / "relevance" / "mapping_own.jsonl")
    parser.add_argument("--only", default="")
    return parser.parse_args()


if __name__ == "__main__":
    main()
