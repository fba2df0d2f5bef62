"""Layouts convert rows to tables: complete rows, rows for reading, one line per tag, one column per tag, and the
implementation table."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from kb.errors import InputError
from kb.export.fields import FIELDS
from kb.export.rows import Provenance, Row, words_of
from kb.models import Tag, marked

Cell = str | int | float | bool | None


@dataclass(frozen=True)
class Column:
    """A column: its name and the type of its cells (string, date, integer, number, boolean, json)."""

    name: str
    type: str = "string"
    title: str = ""


@dataclass(frozen=True)
class Layout:
    """The columns of a table, and a function that returns the records (lists of cells) of one row."""

    name: str
    columns: tuple[Column, ...]
    records: Callable[[Row], Iterable[list[Cell]]]
    notes: tuple[str, ...] = field(default=())


_BASE = (
    Column("id"),
    Column("document"),
    Column("title"),
    Column("citation"),
    Column("text"),
    Column("statement"),
    Column("wording"),
    Column("verified"),
    Column("may_quote", "boolean"),
    Column("force"),
    Column("section", "json"),
    Column("number"),
    Column("language"),
    Column("file"),
    Column("sha256"),
    Column("page", "integer"),
    Column("line_first", "integer"),
    Column("line_last", "integer"),
    Column("char_first", "integer"),
    Column("char_end", "integer"),
    Column("boxes", "json"),
    Column("pieces", "json"),
    Column("url"),
    Column("notes", "json"),
)
_RECORD = (Column("pinpoint"), Column("official_url"), Column("source", "json"), Column("why", "json"))
"""Fields of the record of `kb.api` that `_BASE` lacks or has under other names; they come last."""
_TAGS = (Column("tags"), Column("tags_json", "json"))
TAG_COLUMNS = (
    Column("facet"),
    Column("tag"),
    Column("origin"),
    Column("confidence", "number"),
    Column("state"),
    Column("span_first", "integer"),
    Column("span_end", "integer"),
)
"""Columns of one tag, side by side in the long layout."""


_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _json(value: object) -> str:
    return _encoded(value) if value else ""


def _base(row: Row) -> list[Cell]:
    place = row.place
    head: list[Cell] = [
        row.id,
        row.document,
        row.title,
        row.citation,
        row.text,
        row.statement,
        row.wording,
        row.verified,
        row.may_quote if row.words else None,
        str(row.force) if row.force else None,
        _json(row.section),
        row.number,
        row.language,
    ]
    if place is None:
        return [*head, None, None, None, None, None, None, None, "", "", row.url, _json(row.notes)]
    lines, chars = place.lines or (None, None), place.chars or (None, None)
    boxes = _json([box.model_dump() for box in place.boxes]) if place.boxes else ""
    return [
        *head,
        place.file,
        place.sha256,
        place.page,
        *lines,
        *chars,
        boxes,
        _json(place.pieces),
        row.url,
        _json(row.notes),
    ]


def _record(own: tuple[Column, ...]) -> tuple[tuple[Column, ...], Callable[[Row], list[Cell]]]:
    """Return the columns of `_RECORD` and a function for their cells. Columns that share a name with one of `own`, the
    fields of this kind of rows, are left out (the `source` of a finding is where its evidence is from, as a person
    wrote it)."""
    columns = tuple(column for column in _RECORD if column.name not in {each.name for each in own})
    make: dict[str, Callable[[Row], Cell]] = {
        "pinpoint": lambda row: row.pinpoint,
        "official_url": lambda row: row.url,
        "source": lambda row: row.place.model_dump_json() if row.place else "",
        "why": lambda row: _json(row.why),
    }
    return columns, lambda row: [make[column.name](row) for column in columns]


def tag_json(tags: tuple[Tag, ...]) -> str:
    """Return the tags as a JSON list, with every field of each."""
    return _json(
        [
            {
                "facet": t.facet,
                "id": t.id,
                "origin": t.origin,
                "confidence": t.confidence,
                "state": t.state,
                "span": t.span,
            }
            for t in tags
        ]
    )


def field_columns(provenance: Provenance) -> tuple[Column, ...]:
    """Return the columns of the rows' additional fields: those that the provenance names, or else those of the kind
    of rows."""
    types = FIELDS[provenance.kind]
    names = tuple(types) if provenance.fields is None else provenance.fields
    return tuple(Column(name, types.get(name, "string")) for name in names)


def _own(columns: tuple[Column, ...]) -> Callable[[Row], list[Cell]]:
    names = tuple(column.name for column in columns)
    known = frozenset(names)

    def cells(row: Row) -> list[Cell]:
        """Return the cells of the row's own fields. Raises InputError for a field without a column."""
        fields = row.fields
        if not fields.keys() <= known:
            raise InputError(
                f"the field '{min(fields.keys() - known)}' has no column.",
                where=row.id,
                do="Name it in Provenance(fields=…), so that nothing is left out.",
            )
        return [fields.get(name) for name in names]

    return cells


def _clear_of(columns: tuple[Column, ...], taken: tuple[Column, ...]) -> tuple[Column, ...]:
    """Return `columns`, with "field_" before each name that a column in `taken` has."""
    names = {column.name for column in taken}
    return tuple(Column(f"field_{c.name}" if c.name in names else c.name, c.type) for c in columns)


def rows_layout(provenance: Provenance) -> Layout:
    """Return the layout with one record for each row and every field; it can be read back without loss."""
    own = field_columns(provenance)
    cells = _own(own)
    more, last = _record(own)

    def records(row: Row) -> Iterator[list[Cell]]:
        """Yield the one record of a row."""
        yield [*_base(row), "; ".join(map(words_of, row.tags)), tag_json(row.tags), *cells(row), *last(row)]

    before = _BASE + _TAGS
    return Layout("rows", before + _clear_of(own, before) + more, records)


def reading_layout(provenance: Provenance) -> Layout:
    """Return the layout for people, with one record for each row: force in words, place in one cell, tags with state
    and origin."""
    own = field_columns(provenance)
    cells = _own(own)
    columns = (
        Column("citation", title="Citation"),
        Column("text", title="Text"),
        Column("statement", title="Statement"),
        Column("wording", title="Wording"),
        Column("force", title="Force"),
        Column("tags", title="Tags (state, origin)"),
        Column("place", title="Place"),
        Column("sha256", title="Source sha256"),
        Column("url", title="Official text"),
        Column("notes", title="Notes"),
        Column("id", title="Identifier"),
    )

    def records(row: Row) -> Iterator[list[Cell]]:
        """Yield the one record of a row."""
        yield [
            row.citation,
            row.text,
            marked(row.statement, "own-words"),
            row.wording_words,
            row.force_words,
            "; ".join(map(words_of, row.tags)),
            row.where,
            row.place.sha256 if row.place else "",
            row.url,
            "; ".join(row.notes),
            row.id,
            *cells(row),
        ]

    titled = tuple(Column(c.name, c.type, c.name.replace("_", " ").capitalize()) for c in own)
    return Layout("reading", columns + titled, records)


def _printed(value: Cell) -> str:
    """Format a cell for people."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def page_layout(provenance: Provenance) -> Layout:
    """Return the layout with one record for each row in five columns, which fit a printed page; no field of the row is
    left out."""
    own = field_columns(provenance)
    cells = _own(own)
    titles = [column.name.replace("_", " ") for column in own]

    def records(row: Row) -> Iterator[list[Cell]]:
        """Yield the one record of a row."""
        place = row.place
        about = [
            row.wording_words,
            marked(row.statement, "own-words") if row.text else "",
            row.where,
            f"sha256 {place.sha256}" if place else "",
            row.url,
            *row.notes,
            *(f"{title}: {_printed(value)}" for title, value in zip(titles, cells(row)) if value is not None),
        ]
        yield [
            f"{row.citation}\n[{row.id}]" if row.citation else row.id,
            row.shown,
            row.force_words,
            "\n".join(map(words_of, row.tags)),
            "\n".join(filter(None, about)),
        ]

    return Layout(
        "page",
        (
            Column("citation", title="Citation and identifier"),
            Column("words", title="Words"),
            Column("force", title="Force"),
            Column("tags", title="Tags (state, origin)"),
            Column("place", title="Wording, place, source, notes"),
        ),
        records,
    )


def long_layout(provenance: Provenance) -> Layout:
    """Return the layout with one record for each tag; a row without tags gives one record with empty tag cells, so that
    no row is lost."""
    own = field_columns(provenance)
    cells = _own(own)
    more, last = _record(own)

    def records(row: Row) -> Iterator[list[Cell]]:
        """Yield a record for each tag of a row; one for a row without tags."""
        base, end_of_row = [*_base(row), *cells(row)], last(row)
        for tag in row.tags:
            first, end = tag.span or (None, None)
            yield [*base, tag.facet, tag.id, tag.origin, tag.confidence, tag.state, first, end, *end_of_row]
        if not row.tags:
            yield [*base, *[None] * len(TAG_COLUMNS), *end_of_row]

    return Layout("long", _BASE + _clear_of(own, _BASE + TAG_COLUMNS) + TAG_COLUMNS + more, records)


def sides_of(tag: Tag) -> Iterator[str]:
    """Yield 'machine' if the machine proposed the tag, even if people rejected it; 'person' if a person gave or
    confirmed it."""
    person = tag.origin.startswith("person:")
    if not person:
        yield "machine"
    if (person and tag.state != "rejected") or tag.state == "confirmed":
        yield "person"


def wide_layout(provenance: Provenance, found: tuple[tuple[str, str, str], ...]) -> Layout:
    """Return the layout with one record for each row and one column (1 or 0) for each (side, facet, term) in `found`.
    Machine and person never share a column."""
    own = field_columns(provenance)
    cells = _own(own)
    more, last = _record(own)

    def records(row: Row) -> Iterator[list[Cell]]:
        """Yield the one record of a row."""
        has = {(side, tag.facet, tag.id) for tag in row.tags for side in sides_of(tag)}
        yield [*_base(row), *cells(row), *last(row), *(1 if key in has else 0 for key in found)]

    columns = tuple(Column(f"{side}:{facet}/{term}", "integer") for side, facet, term in found)
    return Layout(
        "wide",
        _BASE + _clear_of(own, _BASE) + more + columns,
        records,
        (
            "1: the tag was given on that side; 0: it was not, which does not say that it was considered.",
            "machine: proposed by a rule or model, whatever became of it; person: given or confirmed by a person.",
        ),
    )


IMPLEMENTATION = "implementation"
_IMPLEMENTATION = ("recommendation", "theme", "body", "action", "indicator", "deadline", "status", "source")


def implementation_layout(provenance: Provenance) -> Layout:
    """Return the layout of the table that national mechanisms for reporting and follow-up keep, with the evidence of
    each line beside it."""
    columns = tuple(
        Column(name, "date" if name == "deadline" else "string", title)
        for name, title in zip(
            _IMPLEMENTATION,
            ("Recommendation", "Theme", "Responsible body", "Action", "Indicator", "Deadline", "Status", "Source"),
        )
    )
    evidence = (
        Column("citation", title="Evidence: citation"),
        Column("text", title="Evidence: text"),
        Column("statement", title="Evidence: statement"),
        Column("wording", title="Evidence: wording"),
        Column("force", title="Force"),
        Column("place", title="Place"),
        Column("sha256", title="Source sha256"),
        Column("tags", title="Tags (state, origin)"),
        Column("url", title="Official text"),
        Column("id", title="Identifier"),
    )
    others = tuple(c for c in field_columns(provenance) if c.name not in _IMPLEMENTATION)
    rest = _clear_of(others, columns + evidence)
    titled = tuple(Column(c.name, c.type, c.name.replace("_", " ").capitalize()) for c in rest)

    def records(row: Row) -> Iterator[list[Cell]]:
        """Yield the one record of a row."""
        own = [row.fields.get(name) for name in _IMPLEMENTATION]
        own[-1] = own[-1] or row.citation
        yield [
            *own,
            row.citation,
            row.text,
            marked(row.statement, "own-words"),
            row.wording_words,
            row.force_words,
            row.where,
            row.place.sha256 if row.place else "",
            "; ".join(map(words_of, row.tags)),
            row.url,
            row.id,
            *(row.fields.get(c.name) for c in others),
        ]

    return Layout(
        IMPLEMENTATION,
        columns + evidence + titled,
        records,
        ("An empty status means: not assessed. No status here was set by a machine.",),
    )


LAYOUTS: dict[str, Callable[[Provenance], Layout]] = {
    "rows": rows_layout,
    "reading": reading_layout,
    "page": page_layout,
    "long": long_layout,
    IMPLEMENTATION: implementation_layout,
}
LAYOUT_NAMES = (*LAYOUTS, "wide")
