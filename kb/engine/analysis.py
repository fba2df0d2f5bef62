"""Texts as the terms that engines find them by: in small letters, without accents, stemmed by language."""

from __future__ import annotations

from functools import lru_cache

import tantivy

from kb.languages import stemmer
from kb.text import visible


@lru_cache(maxsize=64)  # one for each language and way of reading
def analyzer(language: str | None) -> tantivy.TextAnalyzer:
    """Lower case, accents folded, stemmed in `language`; None, or a language without a stemmer, gives words as
    printed."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.remove_long(60))
    builder = builder.filter(tantivy.Filter.lowercase())
    if name := stemmer(language):
        builder = builder.filter(tantivy.Filter.stemmer(name))
    return builder.filter(tantivy.Filter.ascii_fold()).build()


def words(text: str, language: str | None = None) -> list[str]:
    """The index terms of `text`: stemmed when a language with a stemmer is given, else lower-cased words."""
    return analyzer(language).analyze(_joined(text))


_RAISED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
"""Raised signs call notes or are powers: "2011³" is found as 2011 and never as 20113; lowered ones are figures
(H₂O)."""


def _joined(text: str) -> str:
    """Text as it is seen, typographic apostrophes as plain ones and possessives without theirs: "women's" finds
    "womens"."""
    return visible(text).translate(_RAISED).replace("’", "'").replace("'s ", " ").replace("'s", "s")
