"""Write the vectors of everyday questions: corpus/search/nearby.npz, which a search compares a question with.

    python benchmarks/near_questions.py [--write | --check]

Reads everyday.tsv, asked.yaml, questions.yaml and everyday_paper.tsv of corpus/search and the encoders of the built
index; some two to five minutes, all of which goes into vectors. Run it with --write after a change of one of these.
--check says whether the file is of the questions that are there (1 where it is not); without either it prints how often
one of them finds its entry among the five nearest by the others.
"""

from __future__ import annotations

import argparse
from functools import reduce

import numpy as np

from kb.config import settings
from kb.index.live import open_index
from kb.languages import is_main
from kb.search.everyday import asked_of, asked_of_paper
from kb.search.nearby import FILE, Asked, digest, joined, load_nearby, prepared, write


def spaces(*parts: list[tuple[str, str, str]]) -> dict[str, Asked]:
    """The questions in each space, of one text after the other; in that of one language those in it alone."""
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


def led(asked: Asked) -> float:
    """Share of questions that find their entry among the five nearest, by the others alone."""
    hits, entries = 0, int(asked.owner.max()) + 1
    for i, row in enumerate(asked.rows):
        near = asked.rows @ row
        near[i] = -np.inf
        best = np.full(entries, -np.inf)
        np.maximum.at(best, asked.owner, near)
        hits += bool((np.argsort(-best)[:5] == asked.owner[i]).any())
    return hits / len(asked.rows)


def main() -> int:
    """Write, check or print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--write", action="store_true", help=f"write corpus/{FILE}")
    options.add_argument("--check", action="store_true", help="say whether it is of the questions that are there")
    given, corpus = options.parse_args(), settings().corpus
    parts = [part for part in (asked_of(corpus), asked_of_paper(corpus)) if part]
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
