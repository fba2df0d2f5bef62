"""Translations from the .po files of this folder, which are read directly. The language is set for each page or
command."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from kb.languages import MAIN, of_interface

FOLDER = Path(__file__).resolve().parent
_present: ContextVar[str] = ContextVar("kb-language", default=MAIN)


def use(language: str) -> None:
    """Set the language of this context (thread or task); English when there is no catalogue for it."""
    _present.set(language if language in of_interface() else MAIN)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Set the language for the duration of the block, then restore the previous one."""
    before = _present.get()
    use(language)
    try:
        yield
    finally:
        use(before)


def language() -> str:
    """Return the code of the current language."""
    return _present.get()


def t(text: str, **values: object) -> str:
    """Translate a text to the current language and fill in its `{names}`.

    >>> t("{count} rows", count=3)
    '3 rows'
    """
    translated = _catalogue(_present.get())[0].get(text, text) if text else ""
    return translated.format(**values) if values else translated


def tn(one: str, many: str, n: int, **values: object) -> str:
    """Translate a text with a count, by the plural rule of the current language: `one` for 1, otherwise `many`. `{n}`
    in the text is the count."""
    forms, plural = _catalogue(_present.get())[1:]
    held = forms.get(one)
    translated = held[plural(n)] if held else one if n == 1 else many
    return translated.format(n=n, **values)


def later(text: str) -> str:
    """Return `text` unchanged; the call marks it for the catalogues, and it is translated where it is shown."""
    return text


Key = TypeVar("Key", bound=Hashable)


class TranslatedLabels(Mapping[Key, str]):
    """Labels by key: written in English, returned in the current language.

    >>> names = TranslatedLabels({"status": "Status"})
    >>> use("es"); names["status"]
    'Estado'
    >>> use("en")
    """

    def __init__(self, words: Mapping[Key, str]) -> None:
        self._words = dict(words)

    def __getitem__(self, key: Key) -> str:
        return t(self._words[key])

    def __iter__(self) -> Iterator[Key]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)


def unbroken(text: str) -> str:
    """Return the text with non-breaking spaces after an opening « and before a closing », if it has spaces there."""
    return text.replace("« ", "«\N{NO-BREAK SPACE}").replace(" »", "\N{NO-BREAK SPACE}»")


@lru_cache
def _catalogue(language: str) -> tuple[dict[str, str], dict[str, tuple[str, ...]], Callable[[int], int]]:
    """Return the texts, the plural texts and the plural rule of a language. Entries that are untranslated or fuzzy are
    left out."""
    path = FOLDER / f"{language}.po"
    if language == MAIN or not path.exists():
        return {}, {}, int  # English texts are in the code; the English catalogue has only next steps of errors
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        held = read_po(file, locale=language)
    sure = [message for message in held if not message.fuzzy and message.string and not message.context]
    texts = {m.id: unbroken(str(m.string)) for m in sure if isinstance(m.id, str) and m.id}
    plurals = [m for m in sure if isinstance(m.id, tuple) and all(m.string or ())]
    counted = {m.id[0]: tuple(unbroken(one) for one in m.string or ()) for m in plurals}
    plural: Callable[[int], int] = gettext.c2py(held.plural_expr)  # type: ignore[attr-defined]
    return texts, counted, plural
