"""Facts about a source of rows, read from the library; not what a person states of an incoming file
(`kb.workspace.intake.Arrival`), although some fields have the same name."""

from __future__ import annotations

from pydantic import Field

from kb.coding.attributes import Attribute
from kb.models import Model


class SourceNote(Model):
    """One source that rows come from."""

    document: str
    title: str = ""
    author: str = ""
    date: str = ""
    symbol: str = ""
    sha256: str = ""
    url: str = ""
    licence: str = ""
    force: str = ""
    work: str = Field("", description="title of the work itself, as a reference gives it; empty: `title`")
    cite_as: str = Field("", description="what citations of its passages begin with")
    country: str = Field("", description="ISO 3166-1 alpha-3, of a policy")
    attributes: tuple[Attribute, ...] = Field((), description="what cases of other programs say of it")
