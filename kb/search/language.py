"""Detect the language of a question by its stop words (small words such as "the"); fast enough for every query. In
doubt, the main language (English)."""

from __future__ import annotations

from functools import lru_cache

import tantivy

from kb.languages import MAIN, stop_words, with_stop_words
from kb.text import visible


@lru_cache(maxsize=16)
def _without(small_words: str | None) -> tantivy.TextAnalyzer:
    """Build an analyzer that splits text into lower-case words and drops the stop words of tantivy's list for
    `small_words` (a language name; None drops none)."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    if small_words:
        builder = builder.filter(tantivy.Filter.stopword(small_words))
    return builder.build()


def content_words(text: str, language: str = MAIN) -> list[str]:
    """Return the words of `text` in lower case, without the stop words of the language; of the main language when
    `language` has no list."""
    return _without(stop_words(language) or stop_words(MAIN)).analyze(visible(text))


@lru_cache(maxsize=20_000)  # words of some thousand questions
def is_content(word: str, language: str) -> bool:
    """Return whether a word is not a stop word of that language."""
    return bool(content_words(word, language))


@lru_cache(maxsize=20_000)  # words of some thousand questions
def _small_in(word: str) -> tuple[str, ...]:
    """Return the codes of the languages in which the word is a stop word."""
    return tuple(code for code in with_stop_words() if not content_words(word, code))


def language_of(text: str) -> str:
    """Return the ISO 639-1 code of the language with the most stop words in `text`; the main language when no other has
    more.

    Text mostly in letters of a script other than Latin, without known stop words, gives "other" (Russian has a list of
    stop words, so it is detected).
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
