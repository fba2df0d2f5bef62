"""Which language a question is in, by its small words; quick enough for every query, and English when in doubt."""

from __future__ import annotations

from functools import lru_cache

import tantivy

from kb.languages import MAIN, stop_words, with_stop_words
from kb.text import visible


@lru_cache(maxsize=16)
def _without(small_words: str | None) -> tantivy.TextAnalyzer:
    """Words in small letters, without those of tantivy's list of that name."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    if small_words:
        builder = builder.filter(tantivy.Filter.stopword(small_words))
    return builder.build()


def content_words(text: str, language: str = MAIN) -> list[str]:
    """The words of `text` in small letters without the small words of that language."""
    return _without(stop_words(language) or stop_words(MAIN)).analyze(visible(text))


@lru_cache(maxsize=20_000)  # words of some thousand questions
def is_content(word: str, language: str) -> bool:
    """Whether a word is more than a small word of that language."""
    return bool(content_words(word, language))


@lru_cache(maxsize=20_000)  # words of some thousand questions
def _small_in(word: str) -> tuple[str, ...]:
    """Codes of the languages of whose small words it is one."""
    return tuple(code for code in with_stop_words() if not content_words(word, code))


def language_of(text: str) -> str:
    """ISO 639-1 of the language whose small words are most frequent in `text`; the main one when none has more than it.

    Text in another script than Latin has no small words here except Russian; it is told apart by its letters.
    """
    found: dict[str, int] = {}
    for word in _without(None).analyze(visible(text)):
        for code in _small_in(word):
            found[code] = found.get(code, 0) + 1
    most = max(found.values(), default=0)
    if most > found.get(MAIN, 0):
        return next(code for code in with_stop_words() if found.get(code) == most)
    if text.isascii():
        return MAIN
    letters = [c for c in text if c.isalpha()]
    # Greek begins at 370; what is below is Latin
    return "other" if letters and sum(ord(c) > 0x370 for c in letters) > len(letters) / 2 else MAIN
