"""Turn text into index terms: lower case, without accents, stemmed by language."""

from __future__ import annotations

from functools import lru_cache

import tantivy

from kb.languages import stemmer
from kb.text import visible


@lru_cache(maxsize=64)  # one for each language and way of reading
def analyzer(language: str | None) -> tantivy.TextAnalyzer:
    """Build the analyzer: lower case, accents folded, stemmed in `language`; without stemming for None or a language
    without a stemmer."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.remove_long(60))
    builder = builder.filter(tantivy.Filter.lowercase())
    if name := stemmer(language):
        builder = builder.filter(tantivy.Filter.stemmer(name))
    return builder.filter(tantivy.Filter.ascii_fold()).build()


def words(text: str, language: str | None = None) -> list[str]:
    """Return the index terms of `text`: stemmed when a language with a stemmer is given, else lower-case words."""
    return analyzer(language).analyze(_joined(text))


_RAISED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
"""Superscripts are footnote marks or powers and are removed ("2011³" is found as 2011, never as 20113); subscripts
become digits (H₂O)."""


def _joined(text: str) -> str:
    """Return the visible text with plain apostrophes and possessives joined: "women's" finds "womens"."""
    return visible(text).translate(_RAISED).replace("’", "'").replace("'s ", " ").replace("'s", "s")
