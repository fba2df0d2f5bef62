"""A toy encoder and small policies in three languages, made up for these tests."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from kb.assess.calibrate import Linear
from kb.assess.terms import words
from kb.models import Document, Passage, Place


class ToyEncoder:
    """Encoder for tests: a vector counts hashed beginnings of words, so that texts with common words are near each
    other."""

    identity, dim = "toy@1", 64

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """Return float32 [texts, 64], with rows of length 1."""
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        for i, text in enumerate(texts):
            for word in words(text):
                vectors[i, zlib.crc32(word[:5].encode()) % self.dim] += 1
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)

    def query(self, text: str) -> np.ndarray:
        """Return float32 [64] of length 1."""
        return self.passages([text])[0]


def policy(id: str, language: str, *paragraphs: str) -> Document:
    """Return a document with these paragraphs; those that begin with '# ' are headings."""
    place = Place(file=f"{id}.txt", sha256="0" * 64)
    section: tuple[str, ...] = ()
    passages = []
    for number, text in enumerate(paragraphs, 1):
        heading = text.startswith("# ")
        words_ = text.removeprefix("# ")
        passages.append(
            Passage(
                id=f"{id}/{number}",
                document=id,
                kind="heading" if heading else "paragraph",
                text=words_,
                citation=f"{id}, paragraph {number}",
                force="national-measure",
                section=section,
                place=place.model_copy(update={"lines": (number, number)}),
                language=language,
            )
        )
        section = (words_,) if heading else section
    return Document(id=id, title=id, force="national-measure", language=language, place=place, passages=tuple(passages))


ENGLISH = (
    "# Children",
    "Every child shall be registered immediately after birth, free of charge, and shall be given a name.",
    "# Labour",
    "Every worker has the right to form and join a trade union and to bargain collectively with the employer.",
    "A labour inspector may enter any workplace and shall enforce the rules on hours of work and child labour.",
    "# Definitions",
    "In this Act, “worker” means a person who does work for another person in return for wages.",
    "# Repeal",
    "The Trade Union Act of 1950 is hereby repealed.",
    "# Colours",
    "The colours of the flag are blue and green, and its length is twice its width.",
)
SPANISH = (
    "# Infancia",
    "Todo niño será inscripto gratuitamente en el registro civil inmediatamente después de su nacimiento.",
    "# Trabajo",
    "Los trabajadores tienen derecho a constituir sindicatos, a la negociación colectiva y a la huelga.",
    "La inspección del trabajo hará cumplir la jornada y la prohibición del trabajo infantil, y sancionará al empleador.",
    "# Bandera",
    "Los colores de la bandera son el azul y el verde, y su largo es el doble de su ancho.",
)
FRENCH = (
    "# Enfance",
    "Tout enfant est enregistré gratuitement à l'état civil dès sa naissance et reçoit un acte de naissance.",
    "# Travail",
    "Tout travailleur a le droit de constituer un syndicat, de négocier collectivement et de faire grève.",
    "L'inspection du travail fait respecter la durée du travail et l'interdiction du travail des enfants.",
    "# Drapeau",
    "Les couleurs du drapeau sont le bleu et le vert, et sa longueur est le double de sa largeur.",
)
TEXTS = {"en": ENGLISH, "es": SPANISH, "fr": FRENCH}


def linear(names: tuple[str, ...], intercept: float, **weights: float) -> Linear:
    """Return a linear score over the features `names`; features without a weight in `weights` get 0."""
    assert set(weights) <= set(names)
    size = len(names)
    return Linear(
        names=names,
        mean=(0.0,) * size,
        scale=(1.0,) * size,
        weights=tuple(weights.get(n, 0.0) for n in names),
        intercept=intercept,
    )
