"""Import rows from CSV, JSON lines and Web Annotations of this or another program (REFI-QDA: `importing_qdpx`).

Nothing is guessed: input that cannot be read raises InputError with the file, the line or element, and what to do.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import TypeAlias

from pydantic import ValidationError

from kb.amounts import some
from kb.coding.cells import unguard
from kb.data import Json
from kb.errors import InputError
from kb.export.fields import FIELDS
from kb.export.job import TextOf, no_text
from kb.export.layouts import rows_layout
from kb.export.rows import Provenance, Row, RowKind
from kb.files import MAX_BYTES, read_text

_TYPES: dict[str, Callable[[str], object]] = {
    "string": unguard,
    "date": unguard,
    "json": lambda cell: json.loads(unguard(cell)),
    "integer": int,
    "number": float,
    "boolean": lambda cell: cell == "True",
}
_PLACE = ("file", "sha256", "page", "boxes", "pieces")
_SPANS = {"lines": ("line_first", "line_last"), "chars": ("char_first", "char_end")}
_DIRECT = (
    "id",
    "document",
    "title",
    "citation",
    "text",
    "statement",
    "wording",
    "verified",
    "may_quote",
    "force",
    "section",
    "number",
    "language",
    "pinpoint",
    "url",
    "official_url",
    "why",
    "notes",
)


def refused(error: ValidationError) -> str:
    """Return a sentence about the first fault in a model's validation error."""
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc'])) or 'row'}: {first['msg']}"


# --- CSV
# ---------------------------------------------------------------------------------------------------------------


def _columns(path: Path, names: list[str]) -> dict[str, str]:
    """Return column name to type: from the metadata file beside `path`, or else from the known kinds of rows. Raises
    InputError if that metadata file is invalid."""
    beside = path.with_name(path.name + "-metadata.json")
    provenance = Provenance(kind=_kind_of(names))
    if beside.exists():
        try:
            provenance = Provenance.model_validate(json.loads(read_text(beside))["kb:provenance"])
        except (ValueError, KeyError) as error:
            raise InputError(
                f"its description is broken ({str(error)[:100]}).", where=str(beside), do="Export again, or remove it."
            ) from error
    types = {column.name: column.type for column in rows_layout(provenance).columns}
    every = {name: type for fields in FIELDS.values() for name, type in fields.items()}
    return {name: types.get(name) or every.get(name, "string") for name in names}


def _kind_of(names: list[str]) -> RowKind:
    """Return the kind of rows that has a `source` field and whose fields are all among the columns `names`;
    'passages' if there is none."""
    own = {name.removeprefix("field_") for name in names}
    found = (kind for kind, fields in FIELDS.items() if "source" in fields and fields.keys() <= own)
    return next(found, "passages")  # type: ignore[arg-type]


def _row_from(cells: Mapping[str, object]) -> Row:
    place: dict[str, object] = {name: cells[name] for name in _PLACE if cells.get(name) is not None}
    for name, (first, end) in _SPANS.items():
        if cells.get(first) is not None:
            place[name] = (cells[first], cells.get(end))
    known = {*_DIRECT, *_PLACE, "tags", "tags_json", *(part for pair in _SPANS.values() for part in pair)}
    if isinstance(cells.get("source"), dict):  # the place, which is also in columns of its own
        known.add("source")
    fields = {name.removeprefix("field_"): value for name, value in cells.items() if name not in known}
    return Row.model_validate(
        {
            **{name: cells[name] for name in _DIRECT if cells.get(name) is not None},
            "place": place or None,
            "tags": cells.get("tags_json") or (),
            "fields": fields,
        }
    )


def read_csv(path: Path) -> Iterator[Row]:
    """Yield the rows of a CSV table in the layout 'rows'. Raises InputError for any other file."""
    csv.field_size_limit(MAX_BYTES)
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    try:
        names = [unguard(name) for name in next(reader, [])]
        if "id" not in names:
            raise InputError("has no column 'id'.", where=str(path), do="Give a table in the layout 'rows'.")
        types = _columns(path, names)
        for record in reader:
            yield _typed_row(dict(zip_longest(names, record)), types, f"{path}, line {reader.line_num}")
    except csv.Error as error:
        raise InputError(
            f"is not a CSV table ({error}).", where=f"{path}, line {reader.line_num}", do="Export it again."
        ) from error


def _typed_row(cells: dict[str | None, str | None], types: dict[str, str], where: str) -> Row:
    if None in cells or None in cells.values():
        raise InputError("has more or fewer cells than the head row.", where=where, do="Mend the line.")
    try:
        return _row_from({name: _TYPES[types[name]](cell) for name, cell in cells.items() if name and cell})
    except ValidationError as error:
        raise InputError(refused(error), where=where, do="Mend the line.") from error
    except ValueError as error:
        raise InputError(f"a cell has the wrong type ({error}).", where=where, do="Mend the line.") from error


# --- JSON lines
# --------------------------------------------------------------------------------------------------------


def read_jsonl(path: Path) -> Iterator[Row]:
    """Yield the rows of a JSON lines file in the layout 'rows'. Raises InputError with the number of the first
    invalid line."""
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield Row.model_validate_json(line)
        except ValidationError as error:
            raise InputError(refused(error), where=f"{path}, line {number}", do="Mend the line.") from error


# --- Web Annotation
# ----------------------------------------------------------------------------------------------------


_Object: TypeAlias = dict[str, Json]
"""A JSON object from any source: the type of a member is checked where it is used."""


def _string(given: Json) -> str:
    """Return the value if it is a string; '' for any other value."""
    return given if isinstance(given, str) else ""


def _targets(item: _Object) -> list[_Object]:
    target = item.get("target")
    return [t for t in (target if isinstance(target, list) else [target]) if isinstance(t, dict)]


def _selectors(target: _Object) -> dict[str, _Object]:
    given = target.get("selector", [])
    listed = given if isinstance(given, list) else [given]
    return {_string(s.get("type")): s for s in listed if isinstance(s, dict)}


def _resolved(target: _Object, text: str, where: str) -> str:
    selectors = _selectors(target)
    position, quotation = selectors.get("TextPositionSelector", {}), selectors.get("TextQuoteSelector", {})
    start, end = position.get("start"), position.get("end")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start <= end <= len(text):
        raise InputError(
            f"its position {start}–{end} is not in the text of {some(len(text), 'character')}.",
            where=where,
            do="Check that it was made on this version of the source.",
        )
    words = text[start:end]
    if quotation.get("exact", words) != words:
        raise InputError(
            f"position and quotation disagree: '{words[:60]}' against '{str(quotation['exact'])[:60]}'.",
            where=where,
            do="Check that it was made on this version of the source.",
        )
    return words


def resolve(item: _Object, text: str) -> tuple[str, ...]:
    """Return the text that an annotation's position selectors select in `text`, one entry per target.

    Raises InputError if a position is outside the text, or if the quotation selector has other words.
    """
    return tuple(_resolved(target, text, str(item.get("id", "annotation"))) for target in _targets(item))


def _text_for(item: _Object, row: _Object, text_of: TextOf) -> str | None:
    sources = [str(target.get("source", "")) for target in _targets(item)]
    own = any(source.startswith("urn:kb:passage:") for source in sources)
    words = _string(row.get("text")) or _string(row.get("statement"))
    return words if own else text_of(_string(row.get("document")))


def _checked(item: _Object, row: _Object, text_of: TextOf) -> None:
    text = _text_for(item, row, text_of)
    if text is not None:
        resolve(item, text)


def _page(path: Path) -> list[_Object]:
    try:
        page = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise InputError(f"is not JSON ({error}).", where=str(path), do="Export it again.") from error
    items = page.get("items") if isinstance(page, dict) else page
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise InputError("holds no list of annotations.", where=str(path), do="Give an annotation page.")
    return items


def _foreign(item: _Object) -> _Object:
    """Return the row of an annotation of another program: its quotation, with the content of its body as a note. Raises
    InputError for one without a quotation."""
    target = next(iter(_targets(item)), {})
    exact = _selectors(target).get("TextQuoteSelector", {}).get("exact")
    if not exact:
        raise InputError(
            "has no quotation.", where=str(item.get("id", "annotation")), do="Export it with a TextQuoteSelector."
        )
    bodies = item.get("body", [])
    tags = [
        b.get("value", "") if isinstance(b, dict) else str(b)
        for b in (bodies if isinstance(bodies, list) else [bodies])
    ]
    return {
        "id": str(item.get("id") or str(exact)[:60]),
        "text": exact,
        "document": str(target.get("source", "")),
        "notes": [s for s in tags if s],
    }


def read_annotations(path: Path, text_of: TextOf = no_text) -> Iterator[Row]:
    """Yield the rows of an annotation page; where `text_of` has the source, every selector is resolved and checked.
    Raises InputError for an annotation that cannot be read or does not agree with its source."""
    rows: dict[str, _Object] = {}
    tags: dict[str, list[Json]] = {}
    for item in _page(path):
        if "kb:tag" in item:
            of = item.get("kb:of")
            if not isinstance(of, str) or of not in rows:
                raise InputError(
                    f"tags the row {of}, which does not stand before it.",
                    where=str(item.get("id")),
                    do="Export the page again.",
                )
            _checked(item, rows[of], text_of)
            tags.setdefault(of, []).append(item["kb:tag"])
            continue
        given = item.get("kb:row")
        row = given if isinstance(given, dict) and given else _foreign(item)
        _checked(item, row, text_of)
        rows[_string(row.get("id"))] = row
    for id, row in rows.items():
        try:
            yield Row.model_validate({**row, "tags": tags.get(id, ())})
        except ValidationError as error:
            raise InputError(refused(error), where=f"{path}, {id}", do="Export the page again.") from error
