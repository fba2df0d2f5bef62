"""Translations from the .po files of this folder, read directly; the language is that of the page or command."""

from __future__ import annotations

import gettext
from collections.abc import ItemsView, Iterator, ValuesView
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

LANGUAGES = {"en": "English", "es": "Español", "fr": "Français"}
"""Language to its own name."""
FOLDER = Path(__file__).resolve().parent
_present: ContextVar[str] = ContextVar("kb-language", default="en")


def use(language: str) -> None:
    """Speak this language from now on, in this thread; English for one that there is no catalogue of."""
    _present.set(language if language in LANGUAGES else "en")


def language() -> str:
    """The language spoken now."""
    return _present.get()


def t(text: str, **values: Any) -> str:
    """The text in the present language, with its `{names}` filled in. `t("{count} rows", count=3)`"""
    said = _catalogue(_present.get())[0].get(text, text) if text else ""
    return said.format(**values) if values else said


def tn(one: str, many: str, n: int, **values: Any) -> str:
    """The text for a count: `one` for 1, in each language by its own rule; `{n}` is the count."""
    forms, plural = _catalogue(_present.get())[1:]
    held = forms.get(one)
    said = held[plural(n)] if held else one if n == 1 else many
    return said.format(n=n, **values)


def later(text: str) -> str:
    """The text as it is; it stands in the catalogues and is translated where it is shown."""
    return text


class Words(dict[str, str]):
    """Names for people, by key: written in English, read in the present language."""

    def __getitem__(self, key: str) -> str:
        return t(super().__getitem__(key))

    def get(self, key: str, default: Any = None) -> Any:
        """The word of a key in the present language, else the default."""
        return t(super().get(key)) if key in self else default

    def values(self) -> ValuesView[str]:
        """The words in the present language."""
        return {key: self[key] for key in self}.values()

    def items(self) -> ItemsView[str, str]:
        """Keys and words in the present language."""
        return {key: self[key] for key in self}.items()

    def __iter__(self) -> Iterator[str]:
        return super().__iter__()


@lru_cache
def _catalogue(language: str) -> tuple[dict[str, str], dict[str, tuple[str, ...]], Any]:
    """Texts, texts by count, and the rule for counts. What is not translated, or marked as doubtful, is left out."""
    path = FOLDER / f"{language}.po"
    if not path.exists():
        return {}, {}, int
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        held = read_po(file, locale=language)
    texts = {m.id: m.string for m in held if isinstance(m.id, str) and m.id and m.string and not m.fuzzy}
    counted = {m.id[0]: tuple(m.string) for m in held if isinstance(m.id, tuple) and all(m.string) and not m.fuzzy}
    return texts, counted, gettext.c2py(held.plural_expr)  # type: ignore[attr-defined]
