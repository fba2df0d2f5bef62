"""Read corpus/taxonomy/roles.yaml, which defines the uses of each facet."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from pydantic import Field

from kb.data import load_yaml
from kb.models import Model

FILE = "roles.yaml"


class Map(Model):
    """The table of who promised what to whom, whose rows and filters are fields of the register's entries."""

    rows: str = Field(description="field whose terms are the rows")
    filters: tuple[str, ...] = Field((), description="fields by which the table can be narrowed")


class Roles(Model):
    """The facets that have each role, such as grouping or filtering."""

    version: str
    subject: tuple[str, ...] = Field(description="what a passage is about; a road map only announces it")
    named: tuple[str, ...] = Field(description="names of things: a passage without what a question names is held back")
    groupable: tuple[str, ...] = Field(description="facets by which counts of passages can be grouped")
    register_fields: dict[str, str] = Field(alias="register", description="field of an entry to its facet, in order")
    outline: tuple[str, ...] = Field(description="fields of an entry that filter the outlines, in the page's order")
    map: Map
    brief: tuple[str, ...] = Field(description="what a brief can be about")
    field: tuple[str, ...] = Field(description="facets with one value for a passage, kept in a field of it")
    own_rules: tuple[str, ...] = Field(description="facets tagged by rules of their own")
    judged: tuple[str, ...] = Field(description="facets that `kb eval --set tags` measures")

    def facet_of(self, field: str) -> str:
        """Return the facet of an entry's field; the field's own name when it has no facet."""
        return self.register_fields.get(field, field)

    def facets(self) -> Iterator[tuple[str, str]]:
        """Yield `(role, facet)` for every facet that the file names."""
        for role in ("subject", "named", "groupable", "brief", "field", "own_rules", "judged"):
            yield from ((role, facet) for facet in getattr(self, role))
        yield from (("register", facet) for facet in self.register_fields.values())


@lru_cache(maxsize=4)  # a corpus and what tests build
def load_roles(folder: Path) -> Roles:
    """Load the roles of a taxonomy's folder. Raises DataError with file, line and entry."""
    return load_yaml(folder / FILE, Roles)
