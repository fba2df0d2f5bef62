"""Error messages in the reader's language.

Lower packages write errors in English with their values filled in. Here each sentence is matched with the catalogue,
which has it as a pattern such as `There is already an action '{id}'.`, and is returned in the current language with the
same values. `.ci/refusals.py` collects the sentences from the code. A terminal stays in English, and so does a sentence
that is not in the catalogue.

A terminal names a command as the next step; a page should name what can be done on it. The Spanish and French
translations do so; for English, `en.po` has only these next steps.
"""

from __future__ import annotations

import re
import string
from functools import lru_cache
from typing import NamedTuple

from kb.errors import KBError, RefusedError
from kb.i18n.catalogue import FOLDER, language, unbroken

CONTEXT = "refusal"
"""Context of error messages in a catalogue: they are matched by pattern, other texts are not."""

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
"""Messages of pydantic, the library that validates values."""


class _CatalogueSentence(NamedTuple):
    """A sentence of the catalogue: the pattern that matches it, and its translation."""

    pattern: re.Pattern[str]
    translation: str


def in_words(error: KBError) -> str:
    """Return an error in the current language: location, what is wrong and the next step, in the order of the original
    message."""
    if type(error).__str__ not in (KBError.__str__, RefusedError.__str__):
        return translated(str(error))  # an error that formats its own message
    made = type(error).__str__
    here = KBError(translated(error.what), where=error.where, do=translated(error.do))
    if made is RefusedError.__str__:
        return str(RefusedError(here.what, where=here.where, do=here.do))
    return str(here)


def translated(text: str) -> str:
    """Translate an error message, with or without its next step; sentences that are not in the catalogue stay in
    English."""
    if not text or not _known(language()):
        return text
    return _one(text) or _with_step(text) or _with_place(text) or text


def _one(text: str) -> str:
    """Translate a single sentence, with or without its full stop; '' when it is not in the catalogue."""
    for words, stop in ((text, ""), (text.removesuffix("."), "." if text.endswith(".") else "")):
        for known in _known(language()):
            if match := known.pattern.fullmatch(words):
                values = {name: _one(value) or value for name, value in match.groupdict().items()}
                return known.translation.format(**values) + stop
    return ""


def _with_step(text: str) -> str:
    """Translate a sentence followed by its next step; '' when the step is not in the catalogue."""
    for end in re.finditer(r"(?<=[.!?:]) ", text):
        if step := _one(text[end.end() :]):
            return f"{translated(text[: end.start()])} {step}"
    return ""


def _with_place(text: str) -> str:
    """Translate a sentence with a location before it, or after it in brackets; '' when it is not in the catalogue."""
    for end in re.finditer(r": ", text):
        if rest := _one(text[end.end() :]):
            return f"{text[: end.start()]}: {rest}"
    if (behind := re.fullmatch(r"(.+) (\([^()]+\))", text)) and (
        translation := _one(behind[1]) or _with_step(behind[1])
    ):
        return f"{translation} {behind[2]}"
    return ""


@lru_cache
def _known(language: str) -> list[_CatalogueSentence]:
    """Return the error messages of a language; those with most literal characters, which match fewest texts, come
    first."""
    path = FOLDER / f"{language}.po"
    if not path.exists():
        return []
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        held = [m for m in read_po(file, locale=language) if m.context == CONTEXT and m.string and not m.fuzzy]
    sized = sorted(((_pattern(str(m.id)), unbroken(str(m.string))) for m in held), key=lambda one: one[0], reverse=True)
    return [_CatalogueSentence(re.compile(pattern, re.DOTALL), translation) for (_, pattern), translation in sized]


def _pattern(text: str) -> tuple[int, str]:
    """Return the number of literal characters of a sentence with `{names}`, and a regular expression that captures
    their values."""
    parts = list(string.Formatter().parse(text))
    pattern = "".join(re.escape(words) + (f"(?P<{name}>.*?)" if name else "") for words, name, _, _ in parts)
    pattern = re.sub(r"^\(\?P<n>", r"(?P<n>\\d", pattern)  # a count comes first: not "a thing of 3 bytes"
    return sum(len(words) for words, *_ in parts), pattern
