"""How resolutions and conference texts are built, as data: corpus/structure/resolutions.yaml."""
from __future__ import annotations

import re
from functools import cached_property, lru_cache
from pathlib import Path

from pydantic import ConfigDict, Field

from kb.config import settings
from kb.data import load_yaml
from kb.models import Model
from kb.structure.labels import numeral
from kb.text import squeeze

_SLOTS = {
    "n": r"(?P<n>\d{1,3}|[IVXLC]{1,7})", "R": r"(?P<n>[IVXLC]{1,7})", "A": r"(?P<A>[A-Z])",
    "a": r"(?P<rest>(?:(?<=\s)|(?!\w)).*)", "who": r"(?P<who>[^:]{3,400})",
    "level": r"(?P<level>\w+(?:(?: and |, )\w+)*)",
}
_ENDS = re.compile(r"[.:;,]\s*$")


class Form(Model):
    """One way to print a heading; `bare` forms carry no word that names the division, so they must be short and unended."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    rank: str
    form: str
    roman: bool = Field(False, description="identifiers write its number in Roman numerals, however it is printed")
    bare: bool = False

    def match(self, text: str) -> re.Match[str] | None:
        """The heading's parts where `text` is one."""
        if len(text) > (150 if self.bare else 300) or (self.bare and _ENDS.search(text)):
            return None
        return _pattern(self.form).match(text)


class Part(Model):
    """A part of a document with paragraphs numbered on their own."""

    title: str = Field(description="words of its title, by which it is found")
    id: str = Field(description="what its identifiers begin with; empty for the main part")
    short: str = Field(description="how citations name it")
    ranks: tuple[str, ...] | None = Field(None, description="divisions it has; None for any")
    ids: dict[str, str] = Field(default_factory=dict)
    cite: dict[str, str] = Field(default_factory=dict)
    lettered: dict[str, str] = Field(default_factory=dict, description="divisions in which `ids` hold, e.g. chapter: IV")


class Layouts(Model):
    """All that is known of such texts."""

    ranks: tuple[str, ...]
    forms: tuple[Form, ...]
    addressees: tuple[str, ...]
    runs: tuple[str, ...]
    labels: tuple[str, ...]
    closings: tuple[str, ...]
    ids: dict[str, str]
    cite: dict[str, str]
    documents: dict[str, tuple[Part, ...]]

    def addressee(self, text: str) -> str | None:
        """Who is addressed by a line such as "By Governments:", as printed."""
        found = next((match for form in self.addressees if (match := _pattern(form).match(text))), None)
        return squeeze(found["who"]) if found else None

    def run(self, text: str) -> str | None:
        """The level that a line such as "At the national level, we will:" opens."""
        if len(text) > 200 or not text.rstrip().endswith(":"):
            return None
        found = next((match for form in self.runs if (match := _pattern(form, whole=False).search(text))), None)
        return found["level"].lower() if found else None


@lru_cache(maxsize=128)
def _pattern(form: str, whole: bool = True) -> re.Pattern[str]:
    """The pattern of a form; blanks match any white space, case apart."""
    escaped = re.sub(r"\\\{(\w+)\\\}", lambda m: _SLOTS[m[1]], re.escape(form)).replace("\\ ", r"\s+")
    capital = escaped.startswith("(?P<")  # a bare letter or numeral is a heading only in capitals
    return re.compile(rf"^\s*{escaped}\s*$" if whole else escaped, re.DOTALL | (re.NOFLAG if capital else re.IGNORECASE))


def layouts() -> Layouts:
    """The layouts in force. Raises DataError with file and line."""
    return _load(settings().corpus / "structure" / "resolutions.yaml")


@lru_cache(maxsize=4)
def _load(path: Path) -> Layouts:
    """Layouts of one file, read once."""
    return load_yaml(path, Layouts)


def order_of(printed: str, letter: bool = False) -> int:
    """Where a number or letter stands in its run; 0 when it is none."""
    return ord(printed) - 64 if letter else numeral(printed) or 0


def roman_of(value: int) -> str:
    """A number as a Roman numeral, up to 39."""
    text = ""
    for worth, sign in ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        text, value = text + sign * (value // worth), value % worth
    return text
