"""A codebook: what each code means, when to use it and when not, its version, and what changed since the last one.

The parts of an entry are those of MacQueen, McLellan, Kay and Milstein (1998): name, definition, when to use, when not
to use, a typical and a borderline example. Names may contain anything, slashes and emoji too; ids are percent-encoded.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal, get_args

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator

from kb.errors import DataError
from kb.files import read_text, replacing
from kb.languages import MAIN
from kb.models import Model

Relation = Literal[
    "broader", "related", "closeMatch", "exactMatch", "broadMatch", "narrowMatch", "relatedMatch", "seeAlso"
]
LanguageTag = Annotated[str, Field(pattern=r"^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$")]
"""A language tag that is well-formed (BCP 47, section 2.1): 'en', 'pt-BR'; SKOS writers refuse any other."""
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:kb:codebook")


LARGEST = 32 * 1024 * 1024
"""Largest size in bytes of a codebook file: 10,000 codes with 3 kB of definitions and examples each."""


def code_id(*parts: str) -> str:
    """Return the id of a code from the names of the levels down to it, joined by slashes: 'group/older-persons'. A
    slash inside a name becomes %2F."""
    return "/".join("-".join(part.replace("%", "%25").replace("/", "%2F").split()) for part in parts)


def guid_of(scheme: str, path: str) -> str:
    """Return the stable GUID of `path` in `scheme`: a name-based UUID (RFC 9562, version 5)."""
    return str(uuid.uuid5(uuid.uuid5(NAMESPACE, scheme), path))


class Code(Model):
    """One code of a codebook, with its place in the tree (`parent`), definition, examples and links to other
    vocabularies."""

    id: str = Field(min_length=1, description="path of slugs: 'group/older-persons'")
    guid: str = Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
    parent: str | None = Field(None, description="id of the code above it; a facet has none")
    name: str = Field(min_length=1, description="preferred label in the codebook's language")
    labels: dict[LanguageTag, str] = Field(
        default_factory=dict, description="preferred label in other languages, one each"
    )
    alternatives: dict[LanguageTag, tuple[str, ...]] = Field(
        default_factory=dict, description="other labels by language"
    )
    definition: str = ""
    include: str = Field("", description="when to use the code")
    exclude: str = Field("", description="when not to use it, and its traps")
    typical: str = Field("", description="a typical example")
    borderline: str = Field("", description="an example at the border, and which side it falls on")
    source: str = Field("", description="where the definition comes from")
    codable: bool = Field(True, description="False for a facet, which only holds codes")
    color: str | None = Field(None, pattern=r"^#([0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})$")
    uri: str | None = Field(None, description="address of the concept, when it came from elsewhere")
    relations: dict[Relation, tuple[str, ...]] = Field(
        default_factory=dict,
        description="further broader codes, related codes, matches in other vocabularies: by SKOS "
        "property, or seeAlso of RDF Schema, the ids of codes here, or addresses",
    )

    @field_validator("labels", mode="after")
    @classmethod
    def _tags_in_order(cls, value: dict[str, str]) -> dict[str, str]:
        """Return the labels sorted by language tag, with tags in lower case (BCP 47: case has no meaning)."""
        return {tag.lower(): label for tag, label in sorted(value.items())}

    @field_validator("alternatives", "relations", mode="after")
    @classmethod
    def _sets_in_order(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        """Return the mapping with sorted keys; each value is sorted and has no repeats, and empty values are
        dropped. Language tags are put in lower case, names of relations are unchanged."""
        return {
            name if name in get_args(Relation) else name.lower(): tuple(sorted(set(values)))
            for name, values in sorted(value.items())
            if values
        }


class CodeChange(Model):
    """What one revision changed in one code."""

    kind: Literal["added", "changed", "removed"]
    code: str
    fields: tuple[str, ...] = Field((), description="names of the fields that changed")


class Revision(Model):
    """One version of the codebook: who made it, when, why, and what changed."""

    version: str
    date: str = Field(description="ISO date")
    by: str
    note: str = ""
    changes: tuple[CodeChange, ...] = ()


class Codebook(Model):
    """A codebook: codes in tree order, its version, and the list of its revisions."""

    id: str = Field(min_length=1, description="the scheme: GUIDs are made from it")
    title: str
    version: str
    language: LanguageTag = MAIN
    codes: tuple[Code, ...] = ()
    history: tuple[Revision, ...] = ()

    @model_validator(mode="after")
    def _is_a_tree(self) -> Codebook:
        problems = problems_of(self.codes)
        problems += [
            f"{code.id}: two preferred labels in the language '{self.language}'."
            for code in self.codes
            if self.language in code.labels
        ]
        if problems:
            raise ValueError(" ".join(problems))
        return self

    def by_id(self) -> dict[str, Code]:
        """Return the codes by id."""
        return {code.id: code for code in self.codes}

    def children(self, parent: str | None) -> tuple[Code, ...]:
        """Return the codes directly under `parent`; the facets for None."""
        return tuple(code for code in self.codes if code.parent == parent)

    def guid(self, path: str) -> str:
        """Return the GUID of the code with the id `path`. If the codebook has no such code, return the GUID that it
        would get."""
        known = self.by_id().get(path)
        return known.guid if known else guid_of(self.id, path)


def _twice(values: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return sorted({value for value in values if value in seen or seen.add(value)})  # type: ignore[func-returns-value]


def cycle_of(parents: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the ids on the first cycle found in the graph `parents` (id to the ids of its parents); empty if there
    is no cycle."""
    done: set[str] = set()
    for start in parents:
        path: list[str] = []
        waiting: list[tuple[str, int]] = [(start, 0)]
        while waiting:
            at, depth = waiting.pop()
            del path[depth:]
            if at in path:
                return path[path.index(at) :]
            if at in done:
                continue
            path.append(at)
            above = [(parent, depth + 1) for parent in parents.get(at, ())]
            waiting.extend(above)
            if not above:
                done.add(at)
        done.add(start)
    return []


def problems_of(codes: Iterable[Code]) -> list[str]:
    """Return a sentence for each rule that the codes break: duplicate id or GUID, unknown parent, cycle, two
    siblings with one name. Empty if all is correct."""
    codes = tuple(codes)
    ids = {code.id for code in codes}
    found = [f"The id {i} stands twice." for i in _twice(code.id for code in codes)]
    found += [f"The GUID {g} stands twice." for g in _twice(code.guid for code in codes)]
    found += [
        f"{code.id}: its parent {code.parent} is not in the codebook."
        for code in codes
        if code.parent is not None and code.parent not in ids
    ]
    found += [
        f"{code.id}: has a further broader code but no parent."
        for code in codes
        if code.parent is None and "broader" in code.relations
    ]
    circle = cycle_of(
        {code.id: (*([code.parent] if code.parent else []), *code.relations.get("broader", ())) for code in codes}
    )
    if circle:
        found.append(f"Codes stand in a circle: {' > '.join([*circle, circle[0]])}.")
    names = _twice(f"{code.name} (under {code.parent or 'the top'})" for code in codes)
    return found + [f"Two codes are called {name}." for name in names]


def in_tree_order(codes: Iterable[Code]) -> tuple[Code, ...]:
    """Sort codes so that every parent comes before its children; siblings keep their order."""
    codes = tuple(codes)
    below: dict[str | None, list[Code]] = {}
    for code in codes:
        below.setdefault(code.parent, []).append(code)
    ordered: list[Code] = []
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        code = waiting.pop()
        ordered.append(code)
        waiting.extend(reversed(below.get(code.id, [])))
    return tuple(ordered)


def _differences(old: Code, new: Code) -> tuple[str, ...]:
    return tuple(name for name in Code.model_fields if getattr(old, name) != getattr(new, name))


def changes_between(old: Iterable[Code], new: Iterable[Code]) -> tuple[CodeChange, ...]:
    """Return the codes that were added, changed or removed from `old` to `new`, sorted by id."""
    before, after = ({code.id: code for code in codes} for codes in (old, new))
    changes = []
    for path in sorted(before.keys() | after.keys()):
        if path not in before:
            changes.append(CodeChange(kind="added", code=path))
        elif path not in after:
            changes.append(CodeChange(kind="removed", code=path))
        elif before[path] != after[path]:
            changes.append(CodeChange(kind="changed", code=path, fields=_differences(before[path], after[path])))
    return tuple(changes)


def path_words(codes: Mapping[str, Code], id: str) -> str:
    """Return the names on the path from the facet down to the code `id`, e.g. 'Groups > Older persons'. `codes` maps
    ids to codes."""
    names, code = [], codes.get(id)
    while code is not None:
        names.append(code.name)
        code = codes.get(code.parent) if code.parent else None
    return " > ".join(reversed(names))


def revise(book: Codebook, codes: Iterable[Code], *, version: str, by: str, date: str, note: str = "") -> Codebook:
    """Return a copy of the codebook with the new `codes` and `version`; its history gets one more revision with the
    changes.

    Raises DataError if the version was used before, or if the codes break a rule (see `problems_of`).
    """
    if version in {book.version, *(revision.version for revision in book.history)}:
        raise DataError(f"Version {version} was used before.", where=book.id, do="Give the revision a new version.")
    codes = tuple(codes)
    revision = Revision(version=version, date=date, by=by, note=note, changes=changes_between(book.codes, codes))
    try:
        return Codebook(**{**dict(book), "codes": codes, "version": version, "history": (*book.history, revision)})
    except ValidationError as error:
        raise DataError(str(error), where=book.id, do="Mend the codes and revise again.") from error


def save(book: Codebook, path: Path) -> Path:
    """Write the codebook with its history to a YAML file; return its path."""
    with replacing(path) as beside:
        beside.write_text(
            yaml.safe_dump(
                # as the files of this project
                book.model_dump(mode="json", exclude_defaults=True),
                allow_unicode=True,
                sort_keys=False,
                width=120,
            ),
            encoding="utf-8",
        )
    return path


def load(path: Path) -> Codebook:
    """Read a codebook from a YAML file. Raises DataError with the file and the rule that it breaks."""
    try:
        return Codebook.model_validate(yaml.safe_load(read_text(path)))
    except (
        ValidationError,
        yaml.YAMLError,
        RecursionError,
        ValueError,
    ) as error:  # ValueError: a number of 5,000 digits
        raise DataError(str(error), where=str(path), do="Mend the file and load it again.") from error
