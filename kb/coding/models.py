"""The data models of coding: one person's decision on one code, and a coding session. Both are computed from events
of the log."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from kb.models import Model, Span


class Coding(Model):
    """One person's decision on one code for a passage or a span of it: added, rejected or withdrawn."""

    passage: str
    coder: str
    facet: str
    code: str
    session: str = Field("", description="coding session; empty for open coding")
    span: Span | None = Field(None, description="characters of the passage's text; None for the whole passage")
    quotation: str = Field("", description="the words coded, verbatim")
    state: Literal["added", "rejected", "withdrawn"] = "added"
    replaces: str | None = Field(None, description="'facet:code' that this one corrects")
    of_machine: str | None = Field(None, description="origin of the machine tag that it confirms, corrects or rejects")
    memo: str = ""
    codebook: str = Field("", description="version of the codebook")
    sha256: str | None = Field(None, description="hash of the source file that span offsets point into")
    version: int = 0
    sequence: int = 0
    at: datetime | None = None

    @property
    def of_document(self) -> bool:
        """Whether the coding applies to a complete document: its `passage` is then the id of the document."""
        return "/" not in self.passage


class Session(Model):
    """A coding session (a round): its coders, its codebook, its sample and each coder's share of the sample."""

    id: str
    title: str = Field("", description="its name for people; empty for its id")
    coders: tuple[str, ...]
    codebook: str
    blind: bool = True
    open: bool = True
    archived: bool = Field(False, description="put aside: kept whole, and no longer offered")
    removed: bool = Field(False, description="deleted by a person: in no list and no export; the log keeps it")
    assignments: dict[str, tuple[str, ...]] = Field(default_factory=dict, description="coder to passages, in order")
    sample: tuple[str, ...] = Field(
        (), description="passages that were drawn, in order; empty where every passage is open"
    )
    double: float | None = Field(None, description="share of the sample that two people code")
    seed: int | None = Field(None, description="of the draw and of the shares")
    drawn: dict[str, object] = Field(
        default_factory=dict, description="how the sample was drawn: kb.coding.sample.Sample, index"
    )
    undone: dict[str, int] = Field(
        default_factory=dict, description="coder to passages left uncoded when it was closed"
    )
    version: int = 0
