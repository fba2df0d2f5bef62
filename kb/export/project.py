"""Types for the content of a REFI-QDA project, and for what of it cannot be imported."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import Field
from typing_extensions import TypedDict

from kb.coding.codebook import Codebook
from kb.export.cases import CaseValue
from kb.export.rows import Row
from kb.models import Model


class NotTaken(Model):
    """Some content of a project that was not imported, with the number and the reason."""

    where: str = Field(description="name of the source")
    codings: int = Field(description="codings, attributes or other things that are not taken with it")
    why: str
    what: str = "codings"


class Attributed(Model):
    """An attribute of a source, identified by our document or by its text's sha256."""

    attribute: CaseValue
    where: str = Field(description="name of the source in the project")
    document: str = ""
    sha256: str = ""


class OfProject(TypedDict, total=False):
    """Keyword arguments of `take_codes` that a project file provides: texts, users, memos and attributes."""

    texts: dict[str, str]
    memos: dict[str, dict[int, str]]
    attributes: list[Attributed]


@dataclass
class Project:
    """The content of a project file; `texts` are the decoded texts of its sources by the sha256 that rows' places
    give."""

    codebook: Codebook
    users: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    not_taken: list[NotTaken] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """Names of the sources of `texts`, by the same hash."""
    memos: dict[str, dict[int, str]] = field(default_factory=dict)
    """Memos on codings: by row, and by the position of the tag in it."""
    attributes: list[Attributed] = field(default_factory=list)
    """Attributes of the sources, from cases and from the sources themselves."""
