"""Read and write a codebook as one CSV table, one code per row (RFC 4180, UTF-8 with a byte order mark, which
spreadsheets need).

The first row has `id` '#' and holds the codebook's own title, version and history. Tables made by hand can be read
too: without that row, or with only two columns, name and definition. Cells that a spreadsheet could run as a formula
are guarded when written and unguarded when read (see kb.coding.cells).
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from kb.coding.cells import Cells, guard, unguard, write_table
from kb.coding.codebook import LARGEST, Code, Codebook, code_id, guid_of, path_words
from kb.errors import InputError
from kb.files import read_text, written

_JSON = ("labels", "alternatives", "relations")
COLUMNS = tuple(Code.model_fields)


def _cell(code: Code, name: str) -> str:
    value = getattr(code, name)
    if name in _JSON:
        return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
    if name == "codable":
        return "true" if value else "false"
    return guard(value or "")


def write_csv(book: Codebook, path: Path) -> Path:
    """Write the codebook with all fields as a CSV table; return its path."""
    head = book.model_dump(mode="json", exclude={"codes"})
    with written(path) as beside, beside.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(Cells(stream))
        writer.writerow(COLUMNS)
        writer.writerow(
            ["#", "", "", guard(book.title), json.dumps(head, ensure_ascii=False, sort_keys=True)]
            + [""] * (len(COLUMNS) - 5)
        )
        writer.writerows([_cell(code, name) for name in COLUMNS] for code in book.codes)
    return path


def write_two_columns(book: Codebook, path: Path) -> Path:
    """Write a CSV table of two columns, path and definition, which every program reads; return its path. Facets have
    rows too.

    All other fields of the codes are left out.
    """
    codes = book.by_id()
    return write_table(path, ("Code", "Definition"), ((path_words(codes, c.id), c.definition) for c in book.codes))


def _value(name: str, cell: str) -> object:
    if name in _JSON:
        return json.loads(cell) if cell else {}
    if name == "codable":
        return cell.strip().lower() not in ("false", "0", "no")
    if name in ("parent", "color", "uri"):
        return unguard(cell) or None
    return unguard(cell)


def _code(row: dict[str, str], scheme: str) -> Code:
    fields = {name: _value(name, cell or "") for name, cell in row.items() if name in Code.model_fields}
    if not fields.get("guid"):
        fields["guid"] = guid_of(scheme, str(fields.get("id", "")))
    return Code.model_validate(fields)


def _rows(path: Path) -> list[dict[str, str]]:
    csv.field_size_limit(2**31 - 1)
    try:
        reader = csv.DictReader(io.StringIO(read_text(path, LARGEST), newline=""), strict=True)
        rows = list(reader)
    except csv.Error as error:
        raise InputError(f"is not a CSV table ({error}).", where=str(path), do="Save it as CSV, UTF-8.") from error
    names = set(reader.fieldnames or ())
    if {"id", "name"} <= names:
        return rows
    return _by_hand(rows, reader.fieldnames or (), path)


_NAMES = ("name", "code", "code name", "label", "theme", "node")
_DEFINITIONS = ("definition", "description", "memo", "comment", "meaning", "code memo")
_PARENTS = ("parent", "parent code", "category", "group", "code group")
_STEPS = re.compile(r"\s*(?:\\+|>|::)\s*")  # MAXQDA and NVivo write paths with '\\', others with '>' or '::'


def _by_hand(rows: list[dict[str, str]], columns: Sequence[str], path: Path) -> list[dict[str, str]]:
    """Convert rows of a table that a person or another program wrote to rows of our own columns. Each row has a
    name, and may have a definition and a parent or path.

    Raises InputError if no column holds names of codes.
    """
    held = {(column or "").strip().lower(): column for column in columns}
    name, definition, parent = (
        next((held[each] for each in known if each in held), None) for known in (_NAMES, _DEFINITIONS, _PARENTS)
    )
    if name is None:
        raise InputError(
            "needs a column with the names of codes.",
            where=str(path),
            do=f"Call it id and name, or {', '.join(_NAMES)}, in row 1; a second column may be the definition.",
        )
    made: dict[str, dict[str, str]] = {}
    for row in rows:
        above = [(row.get(parent) or "").strip()] if parent and (row.get(parent) or "").strip() else []
        steps = [*above, *filter(None, _STEPS.split((row.get(name) or "").strip()))]
        for depth in range(1, len(steps) + 1):
            id = code_id(*steps[:depth])
            up = code_id(*steps[: depth - 1]) if depth > 1 else ""
            made.setdefault(id, {"id": id, "name": steps[depth - 1], "parent": up})
        if steps:
            made[code_id(*steps)]["definition"] = (row.get(definition) or "") if definition else ""
    return list(made.values())


def read_csv(path: Path) -> Codebook:
    """Read a codebook from a CSV table. Raises InputError with the number of the row that breaks a rule."""
    rows = _rows(path)
    head: dict[str, object] = {"id": path.stem, "title": path.stem, "version": "1"}
    if rows and rows[0]["id"] == "#":
        try:
            head = json.loads(rows[0].get("labels") or "{}")
        except ValueError as error:
            raise InputError("row 2: the codebook's own row is broken.", where=str(path), do="Remove it.") from error
        head.pop("log", None)  # which state of a log the file was taken from is nothing of the codebook's
        rows = [{**row, "_at": str(at)} for at, row in enumerate(rows[1:], start=3)]
    codes = []
    for at, row in enumerate(rows, start=2):
        try:
            codes.append(_code(row, str(head.get("id"))))
        except (ValidationError, ValueError) as error:
            what = error.errors()[0] if isinstance(error, ValidationError) else {"loc": ("labels",), "msg": str(error)}
            raise InputError(
                f"row {row.get('_at', at)}, {what['loc'][0] if what['loc'] else 'code'}: {what['msg']}.",
                where=str(path),
                do="Mend the row.",
            ) from error
    try:
        return Codebook.model_validate({**head, "codes": codes})
    except ValidationError as error:
        raise InputError(error.errors()[0]["msg"], where=str(path), do="Mend the table and import again.") from error
