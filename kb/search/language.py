"""Which language a question is in, by its small words; quick enough for every query, and English when in doubt."""

from __future__ import annotations

from functools import lru_cache

import tantivy

from kb.text import visible

LANGUAGES = {
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "pt": "portuguese",
    "de": "german",
    "it": "italian",
    "nl": "dutch",
    "ru": "russian",
}
"""Languages with a list of small words, by ISO 639-1."""


@lru_cache(maxsize=16)
def _keeper(language: str | None) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    if language:
        builder = builder.filter(tantivy.Filter.stopword(LANGUAGES[language]))
    return builder.build()


def content_words(text: str, language: str = "en") -> list[str]:
    """The words of `text` in small letters without the small words of that language."""
    return _keeper(language if language in LANGUAGES else "en").analyze(visible(text))


def language_of(text: str) -> str:
    """ISO 639-1 of the language whose small words are most frequent in `text`; 'en' when none has more than English.

    Text in another script than Latin has no small words here except Russian; it is told apart by its letters.
    """
    count = len(_keeper(None).analyze(text))
    found = {code: count - len(content_words(text, code)) for code in LANGUAGES}
    best = max(found, key=lambda code: (found[code], code == "en"))
    if found[best] > found["en"]:
        return best
    letters = [c for c in text if c.isalpha()]
    return "other" if letters and sum(ord(c) > 0x370 for c in letters) > len(letters) / 2 else "en"
