"""Two languages side by side on the pages of one text: each language is read separately, over all pages."""

from __future__ import annotations

import pytest

from kb.models import Pages, Paragraph
from kb.structure.drafts import lost
from kb.structure.treaty import parse

TEXT = {
    "en": [
        "Article {n} Wells",
        "The States Parties shall dig {n} wells in all of the villages and shall keep them clean for the people.",
    ],
    "es": [
        "Artículo {n} Pozos",
        "Los Estados Partes cavarán {n} pozos en todas las aldeas y los mantendrán limpios para las personas del lugar.",
    ],
}


def bilingual(pages: int = 3) -> Pages:
    """Return pages with two articles in English, then the same two in Spanish."""
    rows = [
        (page, line.format(n=n))
        for page in range(1, pages + 1)
        for language in ("en", "es")
        for n in (2 * page - 1, 2 * page)
        for line in TEXT[language]
    ]
    paragraphs, at = [], 0
    for page, text in rows:
        paragraphs.append(Paragraph(text=text, page=page, chars=(at, at + len(text))))
        at += len(text) + 2
    return Pages(
        file="x.pdf",
        sha256="0" * 64,
        type="pdf",
        text="\n\n".join(text for _, text in rows),
        paragraphs=tuple(paragraphs),
    )


@pytest.mark.parametrize(("language", "word"), [("en", "The States"), ("es", "Los Estados")])
def test_each_language_has_all_articles_and_only_its_words(language: str, word: str) -> None:
    source = bilingual()
    document = parse(source, document="t", title="T", language=language)
    found = {p.id: p.text for p in document.passages}
    assert [found[f"t/art{n}"][: len(word)] for n in range(1, 7)] == [word] * 6
    assert not any("more" in id for id in found) and lost(document, source.text) == []


def test_a_text_in_one_language_is_left_as_it_is() -> None:
    rows = [p for p in bilingual().paragraphs if not p.text.startswith(("Artículo", "Los"))]
    source = bilingual().model_copy(update={"paragraphs": tuple(rows)})
    document = parse(source, document="t", title="T", language="en")
    assert {f"t/art{n}" for n in range(1, 7)} <= {p.id for p in document.passages}
    assert not [each for each in document.leftovers if each.kind == "other-language"]
