"""The register of commitments: one entry per citable promise, in our own words, with its official identifier."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from kb.amounts import of_lines
from kb.data import load_yaml
from kb.models import Force, Model
from kb.sources.manifest import Manifest, load_manifest

Verified = Literal["official-text", "secondary", "unverified"]


class Range(Model):
    """The numbered paragraphs of the official text that an entry covers; they are read in a text, never counted."""

    first: int = Field(ge=1)
    last: int = Field(ge=1)
    of: str = Field(description="which numbered run: 'declaration', 'programme', 'platform', 'plan', 'convention'")
    verified: bool = Field(False, description="True only when the numbers were read in the official text")

    @model_validator(mode="after")
    def _in_order(self) -> Range:
        if self.last < self.first:
            raise ValueError(f"range {self.first}-{self.last} runs backwards")
        return self

    def cited(self) -> str:
        """Return the paragraphs as they are cited: 'plan para 53', 'platform paras 144–145'; unverified ones are
        marked."""
        run = of_lines((self.first, self.last), what="para")
        return f"{self.of} {run}" + ("" if self.verified else ", unverified")


class Entry(Model):
    """One commitment, or a heading above commitments."""

    id: str = Field(description="crpd/art33/2, wssd/c4/b, beijing/H.2, beijing/para206, mipaa/I.7/obj1")
    identifier: str = Field(description="as one cites it: 'CRPD art. 33(2)'")
    heading: str = Field(description="official heading of the entry, or of the nearest heading above it")
    statement: str = Field(
        description="plain-language statement in our own words: what, by whom, to whom, on what condition"
    )
    also: str = Field(
        "",
        exclude=True,
        description="further words that people ask with, for finding only: searched, never shown or exported",
    )
    wording: Literal["own-words"] = Field(
        "own-words", description="whose words the statement is: always this project's"
    )
    may_quote: Literal[False] = Field(False, description="the statement is never quoted as the words of the instrument")
    kind: Literal[
        "preamble",
        "article",
        "paragraph",
        "letter",
        "sub-letter",
        "commitment",
        "action",
        "area",
        "objective",
        "chapter",
        "section",
        "priority-direction",
        "issue",
        "declaration-article",
    ]
    parent: str | None = None
    force: Force
    duty_bearers: tuple[str, ...] = Field(min_length=1, description="slugs of corpus/taxonomy/actor.yaml")
    groups: tuple[str, ...] = Field((), description="addressee groups, slugs of group.yaml; empty means everyone")
    sectors: tuple[str, ...] = Field((), description="slugs of sector.yaml")
    processes: tuple[str, ...] = Field((), description="slugs of process.yaml")
    scope: str = Field(
        "", description="limits a reader must know: progressive realization, 'as appropriate', parties only"
    )
    range: Range | None = None
    deadline: str | None = Field(None, description="deadline or target, where the text has one")
    procedural: bool = False
    verified: Verified = "unverified"
    verified_against: str | None = Field(None, description="sha256 of the official text the entry was checked against")
    note: str = ""


class Instrument(Model):
    """One instrument of the register and its entries, in the order of its text."""

    id: str
    title: str
    short: str = Field(description="how citations name it: 'CRPD', 'BPfA'")
    aliases: tuple[str, ...] = Field((), description="other names people type")
    symbol: str
    adopted: str = Field(description="ISO date or year")
    force: Force
    force_note: str = Field(description="one sentence on who is bound and how")
    url: str = Field("", description="address of the official text; taken from corpus/sources.yaml on loading")
    url_verified: bool = Field(False, description="False where the address is from memory")
    note: str = ""
    entries: tuple[Entry, ...]

    @model_validator(mode="after")
    def _tree(self) -> Instrument:
        seen: set[str] = set()
        for entry in self.entries:
            if entry.id in seen:
                raise ValueError(f"{entry.id}: stands twice")
            if entry.parent is not None and entry.parent not in seen:
                raise ValueError(f"{entry.id}: its parent {entry.parent} does not stand before it")
            seen.add(entry.id)
        return self


def names_letter(entries: Mapping[str, Entry], id: str) -> bool:
    """Return whether the entry above a lettered place names its letter: for 'cedaw/art11/2/b', whether the statement of
    11(2) contains '(b)'."""
    above, _, letter = id.rpartition("/")
    return above in entries and len(letter) == 1 and f"({letter})" in entries[above].statement


def load_instrument(path: Path) -> Instrument:
    """Load the instrument in one YAML file. Raises DataError with file, line and entry when it is invalid."""
    return load_yaml(path, Instrument)


def load_register(folder: Path) -> tuple[Instrument, ...]:
    """Load every instrument under corpus/commitments, in order of file names, with its address from
    corpus/sources.yaml.

    Raises DataError when a file is invalid, NotFound when the manifest of sources lacks an instrument.
    """
    manifest = load_manifest(folder.parent)
    return tuple(_addressed(load_instrument(path), manifest) for path in sorted(folder.glob("*.yaml")))


def _addressed(instrument: Instrument, manifest: Manifest) -> Instrument:
    """Return the instrument with the web address that the manifest gives for its source."""
    source = manifest.get(instrument.id)
    return instrument.model_copy(update={"url": source.url, "url_verified": source.url_verified})
