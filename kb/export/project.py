"""What a REFI-QDA project holds for us, and what of it cannot be taken."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import Field
from typing_extensions import TypedDict

from kb.coding.codebook import Codebook
from kb.export.cases import CaseValue
from kb.export.rows import Row
from kb.models import Model


class NotTaken(Model):
    """Something of a project that was not taken."""

    where: str = Field(description="name of the source")
    codings: int = Field(description="codings, attributes or other things that are not taken with it")
    why: str
    what: str = "codings"


class Attributed(Model):
    """An attribute of a source, and which source: a document of ours, or the text by its sha256."""

    attribute: CaseValue
    where: str = Field(description="name of the source in the project")
    document: str = ""
    sha256: str = ""


class OfProject(TypedDict, total=False):
    """What a project file says of its sources, as `take_codes` takes it."""

    texts: dict[str, str]
    memos: dict[str, dict[int, str]]
    attributes: list[Attributed]


@dataclass
class Project:
    """What a project file holds; `texts` are the decoded texts of its sources by their sha256, which rows' places
    name."""

    codebook: Codebook
    users: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    not_taken: list[NotTaken] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """Names of the sources of `texts`, by the same hash."""
    memos: dict[str, dict[int, str]] = field(default_factory=dict)
    """Remarks on codings: by row, and by the place of the tag in it."""
    attributes: list[Attributed] = field(default_factory=list)
    """What cases, and sources themselves, say of the sources."""
