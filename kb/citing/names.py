"""Load corpus/citations/names.yaml: the names of instruments that people type, and rules that convert a place to an
identifier."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from kb.data import load_yaml
from kb.models import Model


class Name(Model):
    """A name that people type, and the instrument (or part of it) that it means."""

    name: str
    instrument: str
    part: str | None = Field(None, description="as Range.of: declaration, programme, platform, plan")
    report: bool = Field(
        False, description="the report that prints the instrument: its chapters are not the instrument's"
    )
    generic: bool = Field(
        False, description="words that other documents bear too: with any unknown word beside it, it is another"
    )


class PlaceRule(Model):
    """A rule that converts one kind of place to an identifier in one instrument."""

    id: str
    part: str | None = None
    named: bool = Field(False, description="meant only where its part is named, as the Optional Protocol must be")
    inside: str | None = Field(None, description="only for this number: areas A to L stand in chapter IV alone")


class CitationNames(Model):
    """How people name instruments and their places in citations; the content of corpus/citations/names.yaml."""

    names: tuple[Name, ...]
    places: dict[str, dict[str, tuple[PlaceRule, ...]]]
    bare: dict[str, str] = Field(
        default_factory=dict, description="what a number means that follows the instrument's name"
    )
    annexes: dict[str, dict[str, str]] = Field(
        default_factory=dict, description="part printed in each annex of the report or resolution"
    )
    divisions: dict[str, dict[str, str]] = Field(
        default_factory=dict,
        description="place of each division named without a place; empty for one that is a document of its own",
    )
    numbered: dict[str, dict[str, tuple[str, ...]]] = Field(
        default_factory=dict, description="parts of articles to which the register gives one entry for the whole"
    )
    years: dict[str, tuple[int, ...]] = Field(
        default_factory=dict, description="years that a citation of the instrument may give"
    )
    spellings: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="words of names as they are also spelt: Beijing, Pekín"
    )
    ordinals: dict[str, int] = Field(default_factory=dict, description="numbers in words: tenth, décimo, dixième")
    tens: dict[str, int] = Field(
        default_factory=dict, description="words for tens that stand before an ordinal: thirty-third, trigésimo tercero"
    )
    filler: tuple[str, ...] = Field((), description="words around a citation that name nothing")
    hosts: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="country of each city where an instrument was adopted: 'Madrid, Spain'",
    )
    qualifying: tuple[str, ...] = Field(
        (), description="words around a citation that make of a generic name another's: World Programme of Action"
    )
    beside: tuple[str, ...] = Field(
        (), description="words that name nothing beside a known name, and another document without one: UNTS, Geneva"
    )
    other: tuple[str, ...] = Field((), description="words that make of a known name the name of another document")
    apparatus: tuple[str, ...] = Field(
        (), description="patterns of what law reviews print beside a citation: sales numbers, series"
    )
    series: tuple[str, ...] = Field(
        (), description="patterns of treaty series beside a known name; without one they may be of another treaty"
    )
    treaties: tuple[str, ...] = Field(
        (), description="words that, with a capital, title a treaty or the like: one that is not here has its own place"
    )
    commentaries: tuple[str, ...] = Field(
        (), description="patterns of what committees publish on a treaty, as documents of their own"
    )
    documents: tuple[str, ...] = Field(
        (), description="patterns of titles that others give to documents of their own: a national action plan"
    )
    excepted: tuple[str, ...] = Field((), description="words that take a place out of what is cited: except, sauf")


def load_names(corpus: Path) -> CitationNames:
    """Load corpus/citations/names.yaml. Raises DataError with file and line when it is invalid."""
    return load_yaml(corpus / "citations" / "names.yaml", CitationNames)


def meant(places: Sequence[PlaceRule], part: str | None) -> list[PlaceRule]:
    """Return the rules for the named `part`. If there are none, or no part is named, return the rules that do not
    require a part."""
    strict = [place for place in places if part and place.part == part]
    return strict or [place for place in places if not place.named and (part is None or place.part is None)]
