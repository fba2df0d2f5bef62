"""Turn text into index terms: lower case, without accents, stemmed by language."""

from __future__ import annotations

from functools import lru_cache

import tantivy

from kb.languages import stemmer
from kb.text import visible


@lru_cache(maxsize=64)  # one analyzer for each language
def analyzer(language: str | None) -> tantivy.TextAnalyzer:
    """Build the analyzer that splits a text into index terms: lower case, accents folded, stemmed in `language` (a code
    such as "en"). For None, or a language without a stemmer, terms are not stemmed. Words above 60 bytes are
    dropped."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.remove_long(60))
    builder = builder.filter(tantivy.Filter.lowercase())
    if name := stemmer(language):
        builder = builder.filter(tantivy.Filter.stemmer(name))
    return builder.filter(tantivy.Filter.ascii_fold()).build()


def words(text: str, language: str | None = None) -> list[str]:
    """Return the index terms of `text`, in order: stemmed when `language` has a stemmer, else lower-case words without
    accents.

    >>> words("The women's rights", "en")
    ['the', 'women', 'right']
    """
    return analyzer(language).analyze(_joined(text))


_RAISED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
"""Table for `str.translate`: superscripts, which are footnote marks or powers, are removed ("2011³" is found as 2011,
never as 20113); subscripts become digits (H₂O)."""


def _joined(text: str) -> str:
    """Return the visible text with typographic apostrophes as "'" and possessives joined, so that "women's" and
    "womens" give the same term."""
    return visible(text).translate(_RAISED).replace("’", "'").replace("'s ", " ").replace("'s", "s")
