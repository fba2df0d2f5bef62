"""The languages that the project supports, from corpus/languages.yaml, with what exists for each (stemmer, probes,
labels …).

>>> is_main("en"), is_main("pt")
(True, False)
>>> stemmer("pt"), stemmer("nl")
('portuguese', None)
"""

from __future__ import annotations

import codecs
import sys
import unicodedata
from functools import cache, cached_property
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from kb.config import settings, shipped_corpus

MAIN = "en"
"""The language of the register, of the framework and of the taxonomy's first labels; also the language of a text that
names none. The data file must agree, since the criteria and the statements are written in this language."""

STEMMERS = (
    *("arabic", "danish", "dutch", "english", "finnish", "french", "german", "greek", "hungarian", "italian"),
    *("norwegian", "portuguese", "romanian", "russian", "spanish", "swedish", "tamil", "turkish"),
)
"""The Snowball stemmers that tantivy has."""
STOP_WORDS = (
    *("danish", "dutch", "english", "finnish", "french", "german", "hungarian", "italian"),
    *("norwegian", "portuguese", "russian", "spanish", "swedish"),
)
"""The languages for which tantivy has a list of stop words."""


@cache
def _is_script(name: str) -> bool:
    """Return whether any letter has a Unicode name that begins with this word: LATIN, CYRILLIC, CJK. The first such
    letter is found quickly; when there is none, all characters are tested, which takes half a second."""
    letters = (each for each in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(each).startswith("L"))
    return any(unicodedata.name(letter, "").split(" ", 1)[0] == name for letter in letters)


class Language(BaseModel):
    """One language, and what exists for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern="^[a-z]{2}$", description="ISO 639-1")
    name: str = Field(description="in English")
    script: str = Field(description="first word of the Unicode names of its letters")
    other_scripts: tuple[str, ...] = Field((), description="further scripts that it is written in")
    script_tells: bool = Field(False, description="text in its script is taken to be in this language")
    direction: Literal["ltr", "rtl"] = "ltr"
    stemmer: str | None = Field(None, description="name of its Snowball stemmer")
    stop_words: str | None = Field(None, description="name of its list of small words in tantivy")
    decoding: str | None = Field(None, description="8-bit encoding of its text files that are no UTF-8")
    probes: bool = Field(False, description="policies in it can be assessed")
    labels: bool = Field(False, description="the taxonomy has labels in it")
    interface: str | None = Field(None, description="its name in itself, where the interface speaks it (kb/i18n)")
    locale: str | None = Field(
        None,
        pattern="^[a-z]{2}(_[A-Z][a-z]{3})?(_[A-Z]{2})?$",
        description="CLDR locale of dates and numbers, where that is not the code",
    )

    @field_validator("code", mode="before")
    @classmethod
    def _quoted(cls, code: object) -> object:
        """Refuse the Boolean that YAML makes of an unquoted `no`."""
        if code is True or code is False:
            raise ValueError("YAML reads this code as a truth value: write it in quotation marks")
        return code

    @field_validator("script", "other_scripts")
    @classmethod
    def _written(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        """Refuse a script that no letter has, such as LATN: every text would then count as another language."""
        for name in (value,) if isinstance(value, str) else value:
            if not _is_script(name):
                raise ValueError(
                    f"no letter has a Unicode name that begins with '{name}': write its first word in capitals, as "
                    "LATIN, CYRILLIC, ARABIC or CJK"
                )
        return value

    @model_validator(mode="after")
    def _fits(self) -> Self:
        """Refuse a locale that belongs to another language."""
        if self.locale and self.locale[:2] != self.code:
            raise ValueError(f"the locale {self.locale} is of another language: write one that begins with {self.code}")
        return self

    @field_validator("stemmer", "stop_words", "decoding")
    @classmethod
    def _there(cls, name: str | None, info: ValidationInfo) -> str | None:
        """Refuse the name of a stemmer, stop-word list or encoding that does not exist, which would otherwise fail only
        in a build or a search."""
        if name is None:
            return name
        if info.field_name == "decoding":
            try:
                codecs.lookup(name)
            except LookupError as error:
                raise ValueError(f"Python knows no encoding '{name}'") from error
            return name
        names = STEMMERS if info.field_name == "stemmer" else STOP_WORDS
        if name not in names:
            raise ValueError(f"there is no '{name}'; there are: {', '.join(names)}")
        return name


class Languages(BaseModel):
    """The languages that the program knows and the `main` one; the content of corpus/languages.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    main: str
    languages: tuple[Language, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        codes = [each.code for each in self.languages]
        twice = next((code for code in codes if codes.count(code) > 1), None)
        if twice:
            raise ValueError(f"{twice} occurs twice")
        if self.main != MAIN or MAIN not in codes:
            raise ValueError(f"{MAIN} must be the main language: the register and the framework are written in it")
        needs = [each.code for each in self.languages if each.probes and not each.stemmer]
        if needs:
            raise ValueError(f"{needs[0]}: probes are matched by stems, so it needs a stemmer")
        return self

    @cached_property
    def by_code(self) -> dict[str, Language]:
        """The languages by code."""
        return {each.code: each for each in self.languages}


def load_languages(corpus: Path) -> Languages:
    """Load the languages of a corpus. Raises DataError with file, line and entry when the file is invalid."""
    from kb.data import load_yaml

    return load_yaml(corpus / "languages.yaml", Languages)


@cache
def table() -> Languages:
    """Return the languages of the corpus in use, or of the shipped corpus when that has no such file; loaded once per
    process."""
    corpus = settings().corpus
    return load_languages(corpus if (corpus / "languages.yaml").exists() else shipped_corpus())


def is_main(code: str | None) -> bool:
    """Return whether `code` is the project's main language."""
    return code == MAIN


def name_of(code: str | None) -> str:
    """Return the English name of a language: 'Spanish' for 'es'; the code itself when it is not in the table; '' for
    None."""
    found = table().by_code.get(code or "")
    return found.name if found else code or ""


def stemmer(code: str | None) -> str | None:
    """Return the name of a language's Snowball stemmer; None when it has none or is unknown."""
    found = table().by_code.get(code or "")
    return found.stemmer if found else None


def stop_words(code: str | None) -> str | None:
    """Return the name of tantivy's stop-word list for a language; None when it has none or is unknown."""
    found = table().by_code.get(code or "")
    return found.stop_words if found else None


def with_stop_words() -> tuple[str, ...]:
    """Return the codes of the languages in which a question can be recognised, the main one first."""
    return tuple(each.code for each in table().languages if each.stop_words)


def with_probes() -> tuple[str, ...]:
    """Return the codes of the languages in which a policy can be assessed, the main one first."""
    return tuple(each.code for each in table().languages if each.probes)


def with_labels() -> tuple[str, ...]:
    """Return the codes of the languages in which the taxonomy has labels, and in which the project therefore searches
    and cites; the main one first."""
    return tuple(each.code for each in table().languages if each.labels)


def of_interface() -> dict[str, str]:
    """Return language code to the language's own name, for the languages of the interface; the main one first."""
    return {each.code: each.interface for each in table().languages if each.interface}


def locale(code: str) -> str:
    """Return the CLDR locale for dates and numbers of a language; the code itself when none is given."""
    found = table().by_code.get(code)
    return (found.locale if found else None) or code


def recognised() -> tuple[str, ...]:
    """Return the codes of all languages that can be identified in a passage."""
    return tuple(each.code for each in table().languages)


def by_script() -> dict[str, str]:
    """Return by script the language that is assumed for text in it."""
    return {
        script: each.code
        for each in table().languages
        if each.script_tells
        for script in (each.script, *each.other_scripts)
    }


def decoded_as(encoding: str) -> frozenset[str]:
    """Return the codes of the languages whose text files, if not UTF-8, are in this 8-bit encoding."""
    return frozenset(each.code for each in table().languages if each.decoding == encoding)
