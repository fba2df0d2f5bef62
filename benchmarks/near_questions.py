"""Write the vectors of everyday questions, corpus/search/nearby.npz, with which a search compares its query.

    python benchmarks/near_questions.py [--write | --check]

Reads everyday.tsv, asked.yaml, questions.yaml and everyday_paper.tsv of corpus/search and the encoders of the built
index; takes two to five minutes, nearly all for the vectors. Run it with --write after a change of one of these files.
--check compares the file with the present questions (exit code 1 if they differ); without either option it prints how
often a question finds its entry among the five nearest by the other questions.
"""

from __future__ import annotations

import argparse
from functools import reduce

import numpy as np

from kb.config import settings
from kb.index.live import open_index
from kb.languages import is_main
from kb.search.everyday import paper_questions_of, register_questions_of
from kb.search.nearby import FILE, QuestionSpace, digest, joined, load_nearby, prepared, write


def spaces(*parts: list[tuple[str, str, str]]) -> dict[str, QuestionSpace]:
    """Return space to its questions, from `parts`, lists of (entry, language, question), in order; the English space
    has only the English questions."""
    index = open_index(settings().indexes, settings().corpus)
    number = {entry: i for i, entry in enumerate(dict.fromkeys(entry for part in parts for entry, _, _ in part))}
    found = {}
    for name in ("multilingual", "english"):
        encoder, made = index.encoders[name], []
        for part in parts:
            some = [each for each in part if name == "multilingual" or is_main(each[1])]
            vectors = np.stack([encoder.query(text) for _, _, text in some])
            entries, languages, texts = ([each[i] for each in some] for i in range(3))
            made.append(prepared(encoder.identity, [number[entry] for entry in entries], languages, texts, vectors))
        found[name] = reduce(joined, made)
    return found


def led(asked: QuestionSpace) -> float:
    """Return the share (0 to 1) of questions whose entry is among the five nearest, compared with the other questions
    only."""
    hits, entries = 0, int(asked.owner.max()) + 1
    for i, row in enumerate(asked.rows):
        near = asked.rows @ row
        near[i] = -np.inf
        best = np.full(entries, -np.inf)
        np.maximum.at(best, asked.owner, near)
        hits += bool((np.argsort(-best)[:5] == asked.owner[i]).any())
    return hits / len(asked.rows)


def main() -> int:
    """Write, check or print, by the options; return the exit code."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--write", action="store_true", help=f"write corpus/{FILE}")
    options.add_argument("--check", action="store_true", help="say whether it is of the questions that are there")
    given, corpus = options.parse_args(), settings().corpus
    parts = [part for part in (register_questions_of(corpus), paper_questions_of(corpus)) if part]
    questions, held = [each for part in parts for each in part], load_nearby(corpus)
    if given.check:
        fits = held is not None and held.made_of == digest(questions)
        print(f"{FILE} is of these questions" if fits else f"{FILE} is not: --write")
        return 0 if fits else 1
    made = spaces(*parts)
    for name, asked in made.items():
        print(f"{name}: {len(asked.rows)} questions, {led(asked):.3f} led to their entry by the others")
    if given.write:
        write(questions, made, corpus / FILE)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
