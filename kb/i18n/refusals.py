"""Refusals in the reader's language. The rooms below write what they refuse in English, with its values filled in; here
a sentence is known again by the catalogue, which holds it as `There is already an action '{id}'.`, and said in the
present language with the same values.

`.ci/refusals.py` reads the sentences from the code. A terminal goes on in English. What no catalogue knows stays as it
is. Where a terminal names a command as the next step, a page names what can be done on it: in Spanish and French the
translation says so, in English `en.po`, which holds these next steps alone.
"""

from __future__ import annotations

import re
import string
from functools import lru_cache
from typing import NamedTuple

from kb.errors import KBError, RefusedError
from kb.i18n.catalogue import FOLDER, language

CONTEXT = "refusal"
"""The context of refusals in a catalogue: they are known again by their words, other texts are not."""

OTHERS = (
    "Field required",
    "Input should be a valid string",
    "Input should be {options}",
    "Input should be greater than or equal to {least}",
    "Input should be less than or equal to {most}",
    "String should have at least {least} character",
    "String should have at most {most} characters",
    "Extra inputs are not permitted",
)
"""What the check of a value says; its words are those of the library that checks."""


class _Known(NamedTuple):
    """A sentence of the catalogue: how it is known, what it is in the language."""

    pattern: re.Pattern[str]
    said: str


def in_words(error: KBError) -> str:
    """An error in the present language: where, what, and the next step, in the order in which it says them."""
    if type(error).__str__ not in (KBError.__str__, RefusedError.__str__):
        return translated(str(error))  # a refusal that writes its own words
    made = type(error).__str__
    here = KBError(translated(error.what), where=error.where, do=translated(error.do))
    if made is RefusedError.__str__:
        return str(RefusedError(here.what, where=here.where, do=here.do))
    return str(here)


def translated(text: str) -> str:
    """A refusal, or one with its next step, in the present language, as far as its sentences are known."""
    if not text or not _known(language()):
        return text
    return _one(text) or _with_step(text) or _with_place(text) or text


def _one(text: str) -> str:
    """A single sentence, with or without its full stop; '' where it is not known."""
    for words, stop in ((text, ""), (text.removesuffix("."), "." if text.endswith(".") else "")):
        for known in _known(language()):
            if match := known.pattern.fullmatch(words):
                values = {name: _one(value) or value for name, value in match.groupdict().items()}
                return known.said.format(**values) + stop
    return ""


def _with_step(text: str) -> str:
    """A sentence and its next step behind it."""
    for end in re.finditer(r"(?<=[.!?:]) ", text):
        if step := _one(text[end.end() :]):
            return f"{translated(text[: end.start()])} {step}"
    return ""


def _with_place(text: str) -> str:
    """A sentence with its place before it, or behind it in brackets."""
    for end in re.finditer(r": ", text):
        if rest := _one(text[end.end() :]):
            return f"{text[: end.start()]}: {rest}"
    if (behind := re.fullmatch(r"(.+) (\([^()]+\))", text)) and (said := _one(behind[1]) or _with_step(behind[1])):
        return f"{said} {behind[2]}"
    return ""


@lru_cache
def _known(language: str) -> list[_Known]:
    """The refusals of a language, those with most words of their own first: they fit fewest texts."""
    path = FOLDER / f"{language}.po"
    if not path.exists():
        return []
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        held = [m for m in read_po(file, locale=language) if m.context == CONTEXT and m.string and not m.fuzzy]
    sized = sorted(((_pattern(str(m.id)), str(m.string)) for m in held), key=lambda one: one[0], reverse=True)
    return [_Known(re.compile(pattern, re.DOTALL), said) for (_, pattern), said in sized]


def _pattern(text: str) -> tuple[int, str]:
    """How many letters of its own a sentence has, and the pattern that finds its values."""
    parts = list(string.Formatter().parse(text))
    pattern = "".join(re.escape(words) + (f"(?P<{name}>.*?)" if name else "") for words, name, _, _ in parts)
    pattern = re.sub(r"^\(\?P<n>", r"(?P<n>\\d", pattern)  # a count comes first: not "a thing of 3 bytes"
    return sum(len(words) for words, *_ in parts), pattern
