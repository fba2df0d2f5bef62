"""Load the layouts of resolutions and conference texts (how they are divided and numbered):
corpus/structure/resolutions.yaml.

Numbers: a heading has at most 300 letters, a bare one 150, and a line that opens a list 200, chosen by eye on the
instruments; 64 and 96 are the Unicode positions before A and a.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, Field

from kb.config import settings
from kb.data import load_yaml
from kb.models import Model
from kb.structure.division_names import numeral
from kb.text import squeeze

_ENDS = re.compile(r"[.:;,]\s*$")
Ordinals = tuple[tuple[str, ...], ...]
ByLanguage = dict[str, tuple[str, ...]]


class HeadingForm(Model):
    """A printed form of headings. A `bare` form contains no word that names the division, so such headings must be
    short and without final punctuation."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    rank: str
    forms: ByLanguage
    roman: bool = Field(False, description="identifiers write its number in Roman numerals, however it is printed")
    bare: bool = False
    label: bool = Field(False, description="words may go on after the label in one paragraph")
    heading: bool = Field(False, description="only what the reader takes for a heading counts")

    def match(self, text: str, ordinals: Ordinals) -> re.Match[str] | None:
        """Match a complete heading of this form in `text`. Returns None when `text` is no such heading."""
        # letters, by eye: longer text is no heading
        if len(text) > (150 if self.bare else 300) or (self.bare and _ENDS.search(text)):
            return None
        return next((m for form in _all(self.forms) if (m := _pattern(form, ordinals).match(text))), None)

    def head(self, text: str, ordinals: Ordinals) -> re.Match[str] | None:
        """Match only the label at the start of a text that continues on the same line; None when there is none, or this
        form does not allow that."""
        if not self.label:
            return None
        heads = (form.replace("{a}", "") for form in _all(self.forms))
        return next((m for form in heads if (m := _pattern(form, ordinals, "head").match(text))), None)


class DocumentPart(Model):
    """A part of a document whose paragraphs are numbered separately."""

    title: ByLanguage = Field(description="words of its title, by which it is found, by language")
    id: str = Field(description="what its identifiers begin with; empty for the main part")
    short: str = Field(description="how citations name it")
    ranks: tuple[str, ...] | None = Field(None, description="divisions it has; None for any")
    ids: dict[str, str] = Field(default_factory=dict)
    cite: dict[str, str] = Field(default_factory=dict)
    names: dict[str, str] = Field(
        default_factory=dict, description="identifiers of single divisions by rank and number: chapter I"
    )
    lettered: dict[str, str] = Field(
        default_factory=dict, description="divisions in which `ids` hold, e.g. chapter: IV"
    )


class Layouts(Model):
    """The layout of a family of documents: forms of headings, words for levels, and cues for closing words and
    notes."""

    ranks: tuple[str, ...]
    forms: tuple[HeadingForm, ...]
    ordinals: Ordinals = Field(description="words for first, second and so on, in order")
    addressees: ByLanguage
    runs: ByLanguage
    levels: dict[str, str] = Field(
        description="words for a level in other languages, by the English word that identifiers use"
    )
    labels: ByLanguage = Field(description="lines that only announce what follows")
    notes: ByLanguage = Field(description="headings of notes at the end")
    closings: ByLanguage
    ids: dict[str, str]
    cite: dict[str, str]
    documents: dict[str, tuple[DocumentPart, ...]]

    def addressee(self, text: str) -> str | None:
        """Return whom a line such as "By Governments:" addresses, as printed; None for any other line."""
        found = (_pattern(form).match(text) for form in _all(self.addressees))
        match = next((each for each in found if each), None)
        return squeeze(match["who"]) if match else None

    def run(self, text: str) -> str | None:
        """Return the level that a line such as "At the national level, we will:" introduces ('national'); None for any
        other line."""
        if len(text) > 200 or not text.rstrip().endswith(":"):  # letters, by eye: a longer line opens no list
            return None
        found = (_pattern(form, where="inside").search(text) for form in _all(self.runs))
        level = next((each["level"].lower() for each in found if each), None)
        return self.levels.get(level, level) if level else None

    def titled(self, part: DocumentPart, text: str) -> bool:
        """Return whether `text` contains the title of `part` in any language."""
        return any(_pattern(title, where="inside").search(text) for title in _all(part.title))

    def closes(self, text: str) -> bool:
        """Return whether a line names the meeting at which a resolution was adopted, which closes the resolution."""
        return any(_pattern(cue, where="inside").search(text) for cue in _all(self.closings))

    def is_label(self, text: str) -> bool:
        """Return whether a line only announces what follows it ("Actions to be taken")."""
        return any(_pattern(f"{label}").match(text.rstrip(" .:")) for label in _all(self.labels))

    def heads_notes(self, text: str) -> bool:
        """Return whether a line is the heading of the notes at the end."""
        return any(_pattern(label).match(text) for label in _all(self.notes))


def _all(by_language: ByLanguage) -> tuple[str, ...]:
    """Return the entries of all languages, without duplicates."""
    return tuple(dict.fromkeys(each for entries in by_language.values() for each in entries))


def _slots(ordinals: Ordinals) -> dict[str, str]:
    """Return for each slot of a form (its name, such as "n" for a number) a regular expression that matches what may
    fill it."""
    words = "|".join(_tolerant(word) for row in ordinals for word in row)
    number = r"\d{1,3}|[IVXLC]{1,7}" + (f"|{words}" if words else "")
    return {
        "n": rf"(?P<n>{number})",
        "R": r"(?P<n>(?-i:[IVXLC]{1,7}))",
        "A": r"(?P<A>(?-i:[A-Z]))",
        "a": r"(?P<rest>(?:(?<=\s)|(?!\w)).*)",
        "who": r"(?P<who>[^:]{3,700}?)",
        "level": r"(?P<level>\w+(?:(?: and | y | e | et |, )\w+)*)",
    }


def _tolerant(form: str) -> str:
    """Return a regular expression for `form` that ignores accents that are missing or separate characters, and the kind
    of white space, also before a colon; `{slots}` are kept."""
    made = []
    for char in unicodedata.normalize("NFC", form):
        base, *marks = list(unicodedata.normalize("NFD", char))
        if marks:
            made.append(f"(?:{char}|{base}(?:{''.join(marks)}|['’´`^])?)")
        elif char in "'’":
            made.append("['’´]\\s?")
        else:
            made.append(
                r"\s+" if char == " " else r"\s*:" if char == ":" else char if char in "{}" else re.escape(char)
            )
    return "".join(made)


@lru_cache(maxsize=256)
def _pattern(
    form: str, ordinals: Ordinals = (), where: Literal["whole", "head", "inside"] = "whole"
) -> re.Pattern[str]:
    """Compile a form to a pattern that ignores case. `where` determines what the pattern matches: the 'whole' text, its
    start ('head'), or words 'inside' it."""
    body = re.sub(r"\{(\w+)\}", lambda m: _slots(ordinals)[m[1]], _tolerant(form))
    shape = {"whole": rf"^\s*{body}\s*$", "head": rf"^\s*{body}(?!\w)", "inside": rf"(?<!\w){body}"}[where]
    return re.compile(shape, re.DOTALL | re.IGNORECASE)


def layouts() -> Layouts:
    """Return the layouts of the current corpus. Raises DataError with file and line when they are invalid."""
    return _load(settings().corpus / "structure" / "resolutions.yaml")


@lru_cache(maxsize=4)  # corpora: the one in use and what tests build
def _load(path: Path) -> Layouts:
    """Load the layouts of one file, once."""
    return load_yaml(path, Layouts)


def order_of(printed: str, letter: bool = False, ordinals: Ordinals = ()) -> int:
    """Return the position of a number or ordinal word in its sequence, 0 when it is none; with `letter`, that of the
    capital letter `printed`."""
    if letter:
        return ord(printed) - 64  # 64 lies one before A
    found = numeral(printed)
    return found or next(
        (
            at
            for at, row in enumerate(ordinals, 1)
            if any(re.fullmatch(_tolerant(word), printed, re.IGNORECASE) for word in row)
        ),
        0,
    )


def roman_of(value: int) -> str:
    """Return a number from 1 to 39 as a Roman numeral."""
    text = ""
    for worth, sign in ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):  # values of Roman numerals
        text, value = text + sign * (value // worth), value % worth
    return text
