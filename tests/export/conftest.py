"""Rows with everything that breaks exports: formulas, controls, right to left, emoji, spans, rejected tags."""

from __future__ import annotations

import pytest

from kb.export import Provenance, Row, SourceNote
from kb.models import Place, Tag

SOURCE = "Head\n\n  The first\n  passage = here. 👵 كبار السن\n\n=SUM(A1)\x0b and\ttab\n\n(a) one [1]\n  two\n"
SHA = "ab" * 32


def place(words: str, *, pieces: tuple[str, ...] = ()) -> Place:
    start = SOURCE.index(words)
    spans = tuple((SOURCE.index(piece), SOURCE.index(piece) + len(piece)) for piece in pieces)
    return Place(file="toy.txt", sha256=SHA, chars=(start, start + len(words)), lines=(3, 4), pieces=spans)


@pytest.fixture
def rows() -> list[Row]:
    return [
        Row(
            id="toy/p1",
            document="toy",
            title="A toy & more",
            citation="Toy, p. 1",
            section=("Head", "5.2 = x"),
            text="The first passage = here. 👵 كبار السن",
            wording="verbatim",
            may_quote=True,
            force="expert-recommendation",
            url="https://example.org/toy",
            place=place("The first\n  passage = here. 👵 كبار السن"),
            notes=("draft", "=note"),
            tags=(
                Tag(facet="group", id="older-persons", origin="rule:words", confidence=0.5, span=(28, 37)),
                Tag(facet="group", id="and/or 👵", origin="person:Coder A", state="confirmed"),
                Tag(facet="sector", id="health", origin="model:m@1", confidence=0.25, state="rejected"),
            ),
            fields={"kind": "paragraph"},
        ),
        Row(
            id="toy/p2",
            document="toy",
            title="A toy & more",
            citation="=cmd|'/c calc'!A1",
            force="legal-obligation",
            text="=SUM(A1)\x0b and\ttab",
            place=place("=SUM(A1)\x0b and\ttab"),
            number="2",
            language="es",
        ),
        Row(
            id="toy/p3",
            document="toy",
            title="A toy & more",
            citation="-3",
            text="(a) one two",
            force="political-commitment",
            place=place("(a) one [1]\n  two", pieces=("(a) one", "two")),
            tags=(Tag(facet="group", id="older-persons", origin="person:Coder A", span=(8, 11)),),
        ),
        Row(
            id="register/1",
            document="register",
            title="'=register",
            citation="@home",
            force=None,
            text="",
            fields={"kind": "'=kept"},
        ),
    ]


@pytest.fixture
def provenance() -> Provenance:
    return Provenance(
        query='old* AND "x"',
        filters={"group": ("older-persons",)},
        index="index-1",
        date="2026-01-31",
        framework="recommendations 1 (6 stated + 1 derived)",
        taxonomy="taxonomy 3",
        models=("m@1",),
        sources=(
            SourceNote(
                document="toy",
                title="A toy & more",
                author="An Author {x}",
                date="2008-06",
                symbol="A/1",
                sha256=SHA,
                url="https://example.org/toy",
            ),
        ),
    )


@pytest.fixture
def text_of():
    return {"toy": SOURCE}.get
