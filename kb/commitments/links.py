"""Typed, signed links: from recommendation to commitment, paper to instrument, commitment to commitment.

A link is not an equivalence. It states the relation of its source to its target, who proposed it and why; a person
confirms or rejects it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from kb.data import load_yaml
from kb.i18n import later
from kb.models import Model, Span, TagState

LinkKind = Literal["equal", "broader", "narrower", "supports", "conflicts", "same-subject"]

KIND_WORDS: dict[str, str] = {
    "equal": later("says the same as"),
    "broader": later("is broader than, and includes,"),
    "narrower": later("is narrower than, and is part of,"),
    "supports": later("supports"),
    "conflicts": later("differs in a way that a reader must see from"),
    "same-subject": later("is on the same subject as"),
}


class Link(Model):
    """One link, stated from source to target: 'R5.d is broader than crpd/art28/2/c'."""

    source: str = Field(description="id of a recommendation, criterion, document or commitment")
    target: str = Field(description="id of a commitment")
    type: LinkKind
    sign: Literal["+", "-"] = Field(description="'+' they pull the same way; '-' a difference that a reader must see")
    origin: str = Field(description="'editors', 'person:NAME', 'rule:NAME' or 'model:NAME@VERSION'")
    rationale: str = Field(min_length=10, description="why the link was made, in one or two sentences")
    state: TagState = "proposed"
    lines: Span | None = Field(None, description="first and last line of the source, when the source is a document")
    note: str = Field("", description="where the source is loose or the link needs care")
    file: str = Field("", description="file the link was read from; set on loading")
    row: int = Field(0, description="1-based row in that file's list; set on loading")

    @model_validator(mode="after")
    def _consistent(self) -> Link:
        if self.type == "conflicts" and self.sign != "-":
            raise ValueError("a link of type 'conflicts' needs sign '-'")
        if self.type in ("equal", "supports") and self.sign != "+":
            raise ValueError(f"a link of type '{self.type}' needs sign '+'")
        if self.lines and not 1 <= self.lines[0] <= self.lines[1]:
            raise ValueError(f"lines {self.lines[0]}-{self.lines[1]} run backwards or begin before line 1")
        if self.source == self.target:
            raise ValueError(f"{self.source} is linked to itself")
        return self

    @property
    def place(self) -> str:
        """File and row of the link, for messages."""
        return f"{self.file} row {self.row}"


class LinkFile(Model):
    """The content of one file of links; its `origin` and `state` apply to rows without their own."""

    origin: str | None = None
    state: TagState = "proposed"
    links: tuple[Link, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _hand_down(cls, data: object) -> object:
        if not isinstance(data, dict) or not isinstance(data.get("links"), list):
            return data
        shared = {key: data[key] for key in ("origin", "state") if key in data}
        return {**data, "links": [{**shared, **row} if isinstance(row, dict) else row for row in data["links"]]}


def load_links(folder: Path) -> tuple[Link, ...]:
    """Load every link under corpus/links, by file name and row; `origin` and `state` of the file apply to rows without
    their own.

    Raises DataError with file, line and row where one is invalid.
    """
    return tuple(link for path in sorted(folder.glob("*.yaml")) if _holds_links(path) for link in _file(path))


def validate(links: Iterable[Link], known_ids: Collection[str]) -> tuple[str, ...]:
    """Return messages, with file and row, for each unknown source or target and each duplicate link; () when there are
    none."""
    links = tuple(links)
    unknown = [
        f"{link.place}: {end} '{getattr(link, end)}' is no known id"
        for link in links
        for end in ("source", "target")
        if getattr(link, end) not in known_ids
    ]
    seen = Counter(_key(link) for link in links)
    twice = [
        f"{link.place}: {link.source} and {link.target} are linked more than once as the same thing"
        for link in links
        if seen[_key(link)] > 1
    ]
    return (*unknown, *twice)


def links_of(id: str, links: Iterable[Link]) -> tuple[Link, ...]:
    """Return the links whose source or target is `id`, in order; rejected links are left out."""
    return tuple(link for link in links if id in (link.source, link.target) and link.state != "rejected")


def links_at(document: str, lines: Span, links: Iterable[Link]) -> tuple[Link, ...]:
    """Return the links whose source is `document` and whose lines overlap `lines` (1-based, inclusive)."""
    return tuple(
        link
        for link in links_of(document, links)
        if link.source == document and link.lines and link.lines[0] <= lines[1] and lines[0] <= link.lines[1]
    )


def _key(link: Link) -> tuple[frozenset[str], Span | None]:
    return frozenset((link.source, link.target)), link.lines


def _holds_links(path: Path) -> bool:
    """Return whether a file of the folder contains links. The paper's account, which has another model, is in the same
    folder."""
    return re.search(r"^links:", path.read_text(encoding="utf-8"), flags=re.MULTILINE) is not None


def _file(path: Path) -> list[Link]:
    rows = load_yaml(path, LinkFile).links
    return [row.model_copy(update={"file": path.name, "row": number}) for number, row in enumerate(rows, start=1)]
