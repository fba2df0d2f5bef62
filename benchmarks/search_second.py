"""Measure how far a second reader of graded search questions agrees with the first; or write the pools to give to a
second reader.

    python benchmarks/search_second.py [--second FILE]
    python benchmarks/search_second.py --pool POOL.jsonl [--data FOLDER]

--pool writes forty questions, drawn with a fixed seed, with passages in random order, their words, and no grades. The
file contains words of texts that are not part of the project: keep it outside.
"""

from __future__ import annotations

import argparse
import json
import re
from functools import cache
from pathlib import Path

from kb.commitments.register import load_register
from kb.config import settings
from kb.evaluation.graded import GradedQuestion
from kb.evaluation.graded_second import SecondGrades, draw, pool, table
from kb.evaluation.judged import load_judged
from kb.read import read

HALVES = ("search_first.jsonl", "search_heldout.jsonl")


def main() -> None:
    """Print the table of agreement, or write the pools."""
    relevance = settings().home / "tests" / "relevance"
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--second", type=Path, default=relevance / "search_second.jsonl")
    parser.add_argument("--pool", type=Path)
    parser.add_argument("--data", type=Path, default=settings().home.parent / "shared" / "data")
    options = parser.parse_args()
    questions = [one for name in HALVES for one in load_judged(relevance / name, GradedQuestion)]
    if options.pool:
        _write(questions, options.pool, options.data)
        return
    rows = table(questions, load_judged(options.second, SecondGrades))
    print("\t".join(rows[0]))
    for row in rows:
        print("\t".join(_plain(value) for value in row.values()))


def _plain(value: object) -> str:
    number = getattr(value, "value", value)
    if number is None:
        return "-"
    return f"{number:.2f}" if isinstance(number, float) else str(number)


def _write(questions: list[GradedQuestion], file: Path, data: Path) -> None:
    entries = {one.id: one for each in load_register(settings().corpus / "commitments") for one in each.entries}
    paper = (settings().corpus / "background-paper" / "background-paper.txt").read_text(encoding="utf-8").split("\n")

    @cache
    def text_of(name: str) -> str:
        return read(data / name).text

    def words(where: str) -> str:
        if where in entries:
            return f"{entries[where].heading}: {entries[where].statement}"
        name, first, last = re.fullmatch(r"(.+) (\d+)-(\d+)", where).groups()
        if name == "paper":
            return "\n".join(paper[int(first) - 1 : int(last)])
        return text_of(name)[int(first) : int(last)]

    with file.open("w", encoding="utf-8") as out:
        for one in draw(questions):
            passages = [{"address": where, "words": words(where)} for where in pool(one, questions)]
            row = {"id": one.id, "language": one.language, "query": one.query, "passages": passages}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
