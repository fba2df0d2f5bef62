"""Numbers written in words are complete numbers: a part of one is never taken for another."""

from __future__ import annotations

import pytest

from kb.citing.figures import in_figures

ORDINALS = {"first": 1, "second": 2, "third": 3, "ninth": 9, "troisième": 3, "dixième": 10, "tercero": 3, "tercer": 3}
TENS = {
    "thirty": 30,
    "fifty": 50,
    "forty": 40,
    "hundred and": 100,
    "one hundred and": 100,
    "trente": 30,
    "trigésimo": 30,
    "soixante": 60,
}


@pytest.mark.parametrize(
    ("typed", "figures"),
    [
        ("third article", "article 3"),
        ("thirty-third article", "article 33"),
        ("Thirty third Article", "Article 33"),
        ("the fifty-ninth article", "the article 59"),
        ("one hundred and first paragraph", "paragraph 101"),
        ("one hundred and forty-second paragraph", "paragraph 142"),
        ("article trente-troisième", "article 33"),
        ("soixante-dixième paragraphe", "paragraphe 70"),
        ("trigésimo tercer artículo", "artículo 33"),
        ("artículo trigésimo tercero", "artículo 33"),
        ("hundred-first article", "hundred-first article"),
        ("eighty-first article", "eighty-first article"),
        ("third-party article", "third-party article"),
        ("10th preambular paragraph", "preambular paragraph 10"),
        ("art. \u0662\u0667", "art. 27"),
    ],
)
def test_ordinals_in_words(typed, figures):
    assert in_figures(typed, ORDINALS, TENS) == figures


def test_without_words_only_digits_change():
    assert in_figures("third art. \u0663", {}) == "third art. 3"
