"""Learn the small space in which the words of a question are compared with those of an entry:
corpus/search/wordwise.npz.

    python benchmarks/train_words.py [--write]

Reads corpus/search/everyday.tsv and asked.yaml, the register's statements and the multilingual encoder of the built
index. The space is a linear map of the encoder's word states. It begins at their principal axes and is trained so that
the words of an everyday question are nearer to those of its entry than to those of the 30 other entries whose vectors
are nearest to it (seven of these are drawn each time; entries above and below it are excepted). Every sixth entry is
held out: the program prints how often a question on one of these has its own entry first among 31, by words and by
vectors. Takes about five minutes on one processor, mostly for the states; torch is needed. Of the file that ships: .420
of 1,427 such questions, many of them written to be far from the statements.
"""

from __future__ import annotations

import argparse
from collections import Counter
from math import log
from typing import Any, NamedTuple

import numpy as np

from kb.config import settings
from kb.index.embedded_texts import under_heading
from kb.index.encoders import normalise
from kb.index.live import open_index
from kb.index.onnx_query import OnnxEncoder
from kb.search.everyday import register_questions_of
from kb.search.wordwise import FILE, Wordwise, digest, write

SPACE, DIM, HARD, DRAWN, APART = "multilingual", 64, 30, 7, 6
TEMPERATURE, RATE, BATCH, SEED = 0.03, 1e-3, 16, 0
"""Parameters of training, with one round: after a second round, fewer questions of held-out entries find their entry
(.486 instead of .495 of 523)."""


class Words(NamedTuple):
    """The word pieces of several texts, int64 [words] each, and their states, float32 [words, dim] each."""

    pieces: list[np.ndarray]
    states: list[np.ndarray]


def of_passages(texts: list[str], encoder: OnnxEncoder) -> Words:
    """Return the words of passages, cut at the greatest length that the encoder allows."""
    found = [encoder.passage_words(text) for text in texts]
    return Words([pieces for pieces, _ in found], [states for _, states in found])


def of_questions(texts: list[str], encoder: OnnxEncoder) -> Words:
    """Return the words of questions."""
    found = [encoder.words(text) for text in texts]
    return Words([pieces for pieces, _ in found], [states for _, states in found])


def mean(words: Words) -> np.ndarray:
    """Return the mean of all states, float32 [dim]."""
    return np.concatenate(words.states).mean(0)


def hard(questions: Words, passages: Words, ids: list[str], own: list[int]) -> list[list[int]]:
    """Return, for each question, the entries whose vectors are nearest to its own, without its entry and those above or
    below it. `own` is the position of each question's entry."""
    like = vectors(questions) @ vectors(passages).T
    return [
        [j for j in np.argsort(-row) if not _kin(ids[j], ids[answer])][:HARD]
        for row, answer in zip(like, own, strict=True)
    ]


def vectors(words: Words) -> np.ndarray:
    """Return for each text the mean of its states, with length 1: float32 [n, dim]."""
    return normalise(np.stack([states.mean(0) for states in words.states]))


def _kin(one: str, other: str) -> bool:
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")


def learn(scored: Any, left: Any, own: list[int], others: list[list[int]], train: list[int]) -> None:
    """Train one round over the questions in `train`; `left` is changed in place. `scored(i, entries)` returns the
    nearness of question i to entries, by words; `own` and `others` are the right and the wrong entries of each
    question."""
    import torch

    rng, adam = np.random.default_rng(SEED), torch.optim.Adam([left], lr=RATE)
    order = rng.permutation(train)
    for start in range(0, len(order), BATCH):
        some = order[start : start + BATCH]
        losses = [
            torch.nn.functional.cross_entropy(
                scored(i, [own[i], *rng.choice(others[i], size=DRAWN, replace=False)])[None] / TEMPERATURE,
                torch.tensor([0]),
            )
            for i in some.tolist()
        ]
        adam.zero_grad()
        torch.stack(losses).mean().backward()
        adam.step()


def main() -> None:
    """Learn the space and print the figures; with --write also write the file."""
    import torch

    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--write", action="store_true", help=f"write corpus/{FILE}")
    given, corpus = options.parse_args(), settings().corpus
    index = open_index(settings().indexes, corpus)
    encoder = index.encoders[SPACE]
    assert isinstance(encoder, OnnxEncoder)
    every = [p for document in index.store.documents() for p in index.store.passages(document["id"])]
    texts = {p.id: under_heading(p) for p in every}
    words = of_passages(list(texts.values()), encoder)
    many = Counter(piece for pieces in words.pieces for piece in set(pieces.tolist()))
    ids = [id for id in texts if id in index.promises.entries]
    row = {id: n for n, id in enumerate(texts)}
    mine = Words([words.pieces[row[id]] for id in ids], [words.states[row[id]] for id in ids])
    number = {id: n for n, id in enumerate(ids)}
    asked = [(entry, text) for entry, _, text in register_questions_of(corpus) if entry in number]
    questions = of_questions([text for _, text in asked], encoder)
    own = [number[entry] for entry, _ in asked]
    middle, of_asked = mean(words), mean(questions)
    axes = np.linalg.svd(np.concatenate([s - middle for s in words.states[::4]]), full_matrices=False)[2]
    left = torch.nn.Parameter(torch.tensor(axes[:DIM].T.copy()))
    rarity = {int(piece): log(1 + len(texts) / (1 + n)) for piece, n in many.items()}
    wise = Wordwise(encoder.identity, "", left.detach().numpy(), of_asked, rarity, log(1 + len(texts)), {}, *_none())
    passages = [torch.tensor(states - middle) for states in mine.states]

    def scored(i: int, entries: list[int]) -> Any:
        """Return the nearness by words of question `i` to `entries`."""
        which, weigh = wise.weighed(questions.pieces[i])
        small = torch.nn.functional.normalize
        near = small(torch.tensor(questions.states[i][which] - of_asked) @ left, dim=1)
        held = small(torch.cat([passages[n] for n in entries]) @ left, dim=1)
        parts = (near @ held.T).split([len(passages[n]) for n in entries], 1)
        return torch.stack([(torch.tensor(weigh, dtype=torch.float32) * part.max(1).values).sum() for part in parts])

    others, apart = hard(questions, mine, ids, own), set(sorted(set(own))[::APART])
    learn(scored, left, own, others, [i for i in range(len(own)) if own[i] not in apart])
    with torch.no_grad():
        tried = [i for i in range(len(own)) if own[i] in apart]
        first = [int(scored(i, [own[i], *others[i]]).argmax()) == 0 for i in tried]
    print(f"{np.mean(first):.3f} of {len(tried)} questions about entries held apart have theirs first among 31")
    if given.write:
        made = left.detach().numpy()
        rows = [np.round(normalise((states - middle) @ made) * 127) for states in mine.states]
        starts = np.cumsum([0, *map(len, rows)])
        of = digest({id: texts[id] for id in ids})
        found = Wordwise(
            encoder.identity, of, made, of_asked, rarity, wise.unknown, number, starts, np.concatenate(rows)
        )
        write(found, corpus / FILE)


def _none() -> tuple[np.ndarray, np.ndarray]:
    """Return the arrays of no entries: offsets, int32 [1], and states, int8 [0, DIM]."""
    return np.zeros(1, dtype=np.int32), np.zeros((0, DIM), dtype=np.int8)


if __name__ == "__main__":
    main()
