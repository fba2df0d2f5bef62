"""Learn the linear map that moves a question's vector towards the passages that answer such questions:
corpus/search/turn.npz.

    python benchmarks/train_questions.py [--write]

Reads corpus/search/everyday.tsv (everyday questions about the register, in three languages, written from its
statements), corpus/search/asked.yaml and the built index. The map begins at zero and is trained so that each question
is nearer to its entry than to any other passage, entries above and below it excepted; the vectors of passages do not
change. Takes about four minutes on one processor, mostly for the vectors. Without --write it prints how often a
question finds its entry, for questions on a tenth of the entries that were held out, and writes nothing.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NamedTuple

import numpy as np

from kb.commitments.documents import load_search_words
from kb.config import settings
from kb.index.embedded_texts import parts_to_embed, under_heading
from kb.index.encoders import Encoder
from kb.index.live import open_index
from kb.models import Passage
from kb.search.everyday import load_everyday
from kb.search.turn import FILE, Turn, write_turn

SPACE = "multilingual"
RANK = 64
"""Rank of the stored map, of at most 384. With 64 the judged questions (search_first, development) are ranked as with
the full map, with 16 less well."""
TEMPERATURE, DECAY, ROUNDS, BATCH, RATE, SEED = 0.04, 1e-2, 10, 128, 1e-3, 0
"""Parameters of training: temperature of the softmax over passages, weight decay towards the zero map, rounds over all
questions, batch size, learning rate, seed.

For 1,098 questions of a fifth of the entries, which were held out, the right entry is found for .671 at a temperature
of .04, .662 at .06, .639 at .1; half as many rounds (.648), or three and ten times the decay (.658, .646), are no
better.
"""


class Learnt(NamedTuple):
    """Questions as vectors float32 [n, dim], and the passage (row) that answers each."""

    vectors: np.ndarray
    rows: np.ndarray


class Space(NamedTuple):
    """Passages as vectors (float32 [n, dim]); `owner[i]` is the row of the passage to which vector i belongs."""

    ids: list[str]
    parents: list[str]
    vectors: np.ndarray
    owner: np.ndarray


def questions(corpus: Path) -> list[tuple[str, str]]:
    """Return (entry, question) in all languages; the everyday words of corpus/search/asked.yaml count as questions
    too."""
    found = [(entry, text) for entry, _, text in load_everyday(corpus)]
    words = load_search_words(corpus)
    return found + [(id, each.strip()) for id, by in words.items() for text in by.values() for each in text.split(";")]


def space(passages: list[Passage], encoder: Encoder) -> Space:
    """Return the vectors of the passages as the index has them, without those of everyday questions: a part is the mean
    of a window and the complete passage, and a passage without parts counts as one part."""
    wholes = embedded([under_heading(p) for p in passages], encoder)
    parts = [(row, text) for row, p in enumerate(passages) for text in parts_to_embed(p)]
    owner = np.array([row for row, _ in parts])
    vectors = (embedded([text for _, text in parts], encoder) + wholes[owner]) / 2
    alone = np.setdiff1d(np.arange(len(passages)), owner)
    ids = [p.id for p in passages]
    return Space(
        ids,
        [p.parent or "" for p in passages],
        np.concatenate([vectors, wholes[alone]]),
        np.concatenate([owner, alone]),
    )


def embedded(texts: list[str], encoder: Encoder) -> np.ndarray:
    """Return float32 [n, dim], computed in small batches of texts of similar length, since a batch needs the memory of
    its longest text."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    found = np.zeros((len(texts), encoder.dim), dtype=np.float32)
    for start in range(0, len(order), 16):
        some = order[start : start + 16]
        found[some] = encoder.passages([texts[i] for i in some])
    return found


def kin(at: Space) -> np.ndarray:
    """Return bool [n, n]: True for two passages of which one is above the other; they answer the same questions."""
    n = len(at.ids)
    found = np.zeros((n, n), dtype=bool)
    for i, one in enumerate(at.ids):
        for j, other in enumerate(at.ids):
            found[i, j] = i != j and (
                one.startswith(other + "/") or other.startswith(one + "/") or at.parents[i] == other
            )
    return found


def learn(asked: Learnt, at: Space) -> np.ndarray:
    """Return the map, float32 [dim, dim], trained by Adam on the cross-entropy over all passages."""
    import torch

    torch.manual_seed(SEED)
    torch.set_num_threads(1)  # the same sums in the same order
    questions, rows = torch.tensor(asked.vectors), torch.tensor(asked.rows)
    vectors, owner, apart = torch.tensor(at.vectors), torch.tensor(at.owner), torch.tensor(kin(at))
    turn = torch.zeros(questions.shape[1], questions.shape[1], requires_grad=True)
    steps = torch.optim.Adam([turn], lr=RATE)
    for _ in range(ROUNDS):
        for batch in torch.randperm(len(rows)).split(BATCH):
            turned = torch.nn.functional.normalize(questions[batch] @ (torch.eye(len(turn)) + turn), dim=1)
            near = torch.full((len(batch), len(at.ids)), -9.0)
            near = near.scatter_reduce(1, owner.expand(len(batch), -1), turned @ vectors.T, "amax")
            near = near.masked_fill(apart[rows[batch]], -9.0)
            loss = torch.nn.functional.cross_entropy(near / TEMPERATURE, rows[batch]) + DECAY * (turn**2).sum()
            steps.zero_grad()
            loss.backward()
            steps.step()
    return turn.detach().numpy()


def lower(turn: np.ndarray, identity: str) -> Turn:
    """Return the map of rank RANK nearest to `turn`, for the encoder `identity`."""
    left, strength, right = np.linalg.svd(turn)
    return Turn(identity, left[:, :RANK] * strength[:RANK], right[:RANK])


def found(asked: Learnt, at: Space, turn: Turn | None, share: float) -> float:
    """Return the share of questions for which their entry, or one above or below it, is among the five nearest
    passages. `share` is how far `turn` moves a question's vector; without `turn` it is not moved."""
    apart, hits = kin(at), 0
    for vector, row in zip(asked.vectors, asked.rows, strict=True):
        best = np.full(len(at.ids), -1.0)
        np.maximum.at(best, at.owner, at.vectors @ (turn.of(vector, share) if turn else vector))
        first = np.argsort(-best)[:5]
        hits += bool((first == row).any() or apart[row, first].any())
    return hits / len(asked.rows)


def main() -> None:
    """Print how much unseen questions gain; with --write, learn from all questions and write the map."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--write", action="store_true", help="write corpus/search/turn.npz")
    write = options.parse_args().write
    index = open_index(settings().indexes, settings().corpus)
    encoder = index.encoders[SPACE]
    at = space([p for d in index.store.documents() for p in index.store.passages(d["id"])], encoder)
    row = {id: i for i, id in enumerate(at.ids)}
    known = [(entry, text) for entry, text in questions(settings().corpus) if entry in row]
    asked = Learnt(np.stack([encoder.query(text) for _, text in known]), np.array([row[entry] for entry, _ in known]))
    held = np.isin(asked.rows % 10, [7])  # a tenth of the entries
    turn = lower(learn(Learnt(asked.vectors[~held], asked.rows[~held]), at), encoder.identity)
    unseen = Learnt(asked.vectors[held], asked.rows[held])
    print(f"{len(known)} questions, {len(unseen.rows)} of entries that it did not learn from; among the five nearest:")
    for share in (0.0, 0.5, 1.0):
        print(f"  share {share}: {found(unseen, at, turn, share):.3f}")
    if write:
        write_turn(lower(learn(asked, at), encoder.identity), settings().corpus / FILE)


if __name__ == "__main__":
    main()
