"""Toys that tests share: an encoder that is exact and fast, a few passages, and a searcher over them in memory."""

from __future__ import annotations

import functools
import hashlib
import pathlib
import re

import numpy as np

from kb.citing.promises import Promises
from kb.engine import Vectors
from kb.engine.local import LocalEngine, LocalWriter
from kb.index.embedded_texts import parts_to_embed, under_heading
from kb.index.encoders import normalise
from kb.index.expansions import Expansions
from kb.index.names import LabelNames
from kb.models import Document, Passage, Place, Tag
from kb.search import Searcher


class ToyEncoder:
    """Encoder for tests: every word is a fixed direction, and a text is the sum of its words. It is exact and fast, and
    counts the texts that it encodes."""

    dim = 48

    def __init__(self, identity: str = "toy@1") -> None:
        self.identity, self.computed = identity, 0

    def passages(self, texts):
        """Return unit vectors of the texts, float32 [texts, dim]."""
        self.computed += len(texts)
        return normalise(np.array([self._sum(text) for text in texts]).reshape(len(texts), self.dim))

    def query(self, text):
        """Return the unit vector of a query, float32 [dim]."""
        return normalise(self._sum(text))

    def _sum(self, text):
        vector = np.zeros(self.dim, dtype=np.float32)
        for word in re.findall(r"\w+", text.lower()):
            seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
            vector += np.random.default_rng(seed).standard_normal(self.dim).astype(np.float32)
        return vector


def toy_passage(id: str, text: str, tags: dict | None = None, **fields) -> Passage:
    """Return a passage whose citation is its id; `tags` maps facets to terms."""
    found = tuple(Tag(facet=f, id=term, origin="rule:toy") for f, terms in (tags or {}).items() for term in terms)
    defaults = {
        "document": id.split("/")[0],
        "kind": "paragraph",
        "citation": f"Toy, {id}",
        "tags": found,
        "force": "expert-recommendation",
        "place": Place(file="toy.txt", sha256="0" * 64, lines=(1, 1)),
    }
    return Passage(id=id, text=text, **{**defaults, **fields})


def toy_document(*passages: Passage) -> Document:
    """Return a document with these passages."""
    first = passages[0]
    return Document(
        id=first.document, title=first.document.title(), force=first.force, place=first.place, passages=passages
    )


TOY = (
    toy_document(
        toy_passage("toy/s1", "Pensions for all", kind="heading"),
        toy_passage(
            "toy/s1/p1",
            "Older women receive a pension from the age of sixty-five.",
            section=("Pensions for all",),
            tags={"group": ["older-persons", "women"], "sector": ["social-protection"]},
        ),
        toy_passage(
            "toy/s1/p2",
            "A pension is paid to every older person without conditions.",
            section=("Pensions for all",),
            tags={"group": ["older-persons"], "country": ["CHL"]},
        ),
        toy_passage("toy/s1/p3", "Children walk far to school when the road is closed.", tags={"group": ["children"]}),
        toy_passage(
            "toy/s1/p4",
            "Participatory budgets began in Porto Allegre.",
            normalised="Participatory budgets began in Porto Alegre.",
            tags={"country": ["BRA"]},
        ),
        toy_passage("toy/s1/p4/a", "Participatory budgets", kind="sub-item", parent="toy/s1/p4"),
        toy_passage("toy/s1/p5", "The World Health Organization asks who is left behind.", part="roadmap"),
    ),
    toy_document(
        toy_passage(
            "treaty/art1",
            "States Parties recognize the right of older women to a pension.",
            kind="provision",
            force="legal-obligation",
            tags={"group": ["older-persons", "women"]},
        ),
        toy_passage(
            "treaty/art2",
            "Los Estados reconocen los derechos de las mujeres mayores.",
            language="es",
            kind="provision",
            force="legal-obligation",
            tags={"group": ["women"]},
        ),
        toy_passage(
            "treaty/art3",
            "Les gouvernements garantissent des logements aux familles.",
            language="fr",
            kind="provision",
            force="legal-obligation",
        ),
    ),
)


NAMES = LabelNames(
    {}, {"chile": ("country=country:CHL",), "brazil": ("country=country:BRA",), "peru": ("country=country:PER",)}
)


def toy_engine(documents, encoder=None) -> LocalEngine:
    """Return the embedded engine over documents in memory, with one vector space."""
    writer = LocalWriter(["english"])
    for document in documents:
        writer.add(document, {"english": toy_vectors(document, encoder or ToyEncoder())})
    writer.commit()
    return writer.engine


def toy_vectors(document, encoder) -> Vectors:
    """Return the vectors of a document's passages and of their pairs of sentences."""
    pairs = [(i, text) for i, passage in enumerate(document.passages) for text in parts_to_embed(passage)]
    return Vectors(
        encoder.passages([under_heading(passage) for passage in document.passages]),
        encoder.passages([text for _, text in pairs]),
        np.asarray([i for i, _ in pairs], dtype=np.int64),
    )


class ToyIndex:
    """The parts of an open index that a search uses, without files: three country names, and no expansions of words."""

    expansions, names, subjects = Expansions({}, {}), NAMES, {}

    def __init__(self, corpus: pathlib.Path, engine, encoder, store=None) -> None:
        self.corpus, self.engine, self.encoders, self.store = corpus, engine, {"english": encoder}, store

    @functools.cached_property
    def promises(self) -> Promises:
        """The promises that passages state."""
        return Promises.of_corpus(self.corpus)


def toy_searcher(documents, corpus: pathlib.Path, encoder=None, engine=None) -> Searcher:
    """Return a searcher over documents in memory, with the embedded engine or the given `engine`."""
    encoder = encoder or ToyEncoder()
    local = toy_engine(documents, encoder)
    return Searcher(ToyIndex(corpus, engine or local, encoder, local.store))


HIT_FIELDS = {
    "rank",
    "id",
    "document",
    "kind",
    "score",
    "text",
    "citation",
    "force",
    "section",
    "source",
    "why",
    "tags",
}
"""Fields that every hit has, whoever asked."""
