"""Places in words: outermost first, in three languages."""

from __future__ import annotations

import pytest

from kb.places import plainly


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Article Nine", "Article 9"),
        ("4th commitment", "commitment 4"),
        ("the third issue", "the issue 3"),
        ("paragraph 2 of article 33", "article 33, paragraph 2"),
        ("subparagraph (c) of paragraph 2 of article 28", "article 28, paragraph 2, subparagraph (c)"),
        ("inciso b) del párrafo 2 del artículo 28", "artículo 28, párrafo 2, inciso b)"),
        ("alinéa b) du paragraphe 2 de l'article 28", "article 28, paragraphe 2, alinéa b)"),
        ("párrafos 58 a 60 de la Plataforma", "párrafos 58 a 60 de la Plataforma"),
    ],
)
def test_words_become_figures_and_the_outermost_place_comes_first(typed: str, plain: str) -> None:
    assert plainly(typed) == plain
