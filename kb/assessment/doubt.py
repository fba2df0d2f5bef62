"""Find out whether a text calls itself a bill or a draft near its beginning. The result is a question for a person;
it never sets the legal status."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from kb.assess.terms import fold
from kb.config import settings
from kb.data import load_yaml
from kb.models import Document, Model
from kb.text import squeeze

HEAD = 2000
"""Characters at the beginning that are read: title page, long title and note on who presented it, but no preamble."""
MORE = 4
"""Words quoted after a match, so that a reader sees the context."""
_WORD = re.compile(r"[^\W_]+")
_WORDS = re.compile(r"[^\W_]+\*?")


class Bills(Model):
    """The content of corpus/bills.yaml, each a mapping of language code to terms: `bill` marks a bill anywhere,
    `title` marks one only in a title, `passed` shows that a bill was passed."""

    bill: dict[str, list[str]]
    title: dict[str, list[str]]
    passed: dict[str, list[str]]


def calls_itself(document: Document, title: str = "") -> str:
    """Return the words by which a text calls itself a bill or a draft, in its beginning or title; '' if it does not.
    Raises DataError if corpus/bills.yaml is missing or invalid."""
    known = _bills()
    head, held = [], 0
    for passage in document.passages:
        head.append(passage.text[: HEAD - held])
        held += len(passage.text)
        if held >= HEAD:
            break
    start = squeeze(" ".join(head))
    if _met(start, known.passed):
        return ""
    return draft_words_of_title(title) or _met(start, known.bill)


def draft_words_of_title(title: str) -> str:
    """Return the words of `title` that mark a bill or a draft; '' if there are none."""
    return _met(title, _bills().title)


def _bills() -> Bills:
    return load_yaml(settings().corpus / "bills.yaml", Bills)


def _met(text: str, by_language: Mapping[str, Iterable[str]]) -> str:
    """Return the first match of a term in a text, with a few words after it; '' if there is none."""
    terms = [tuple(_WORDS.findall(fold(term))) for language in by_language.values() for term in language]
    places = list(_WORD.finditer(text))
    words = [fold(place.group()) for place in places]
    for at in range(len(words)):
        for term in terms:
            if len(term) <= len(words) - at and all(map(_is, words[at:], term)):
                end = places[min(at + len(term) + MORE, len(places)) - 1].end()
                return text[places[at].start() : end]
    return ""


def _is(word: str, wanted: str) -> bool:
    """Return whether `word` equals `wanted`, one word of a term in bills.yaml; `wanted` may end in `*`, which
    matches any ending."""
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted
