"""An export made again from the file that describes it, and compared: the same bytes, or what differs and why."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypedDict

from pydantic import Field, ValidationError

from kb.errors import InputError
from kb.export import IMPORTS, import_rows
from kb.export.rows import Provenance, Row
from kb.files import DAMAGE, scratch
from kb.models import Model
from kb.text import sha256_of

Run = Callable[[Sequence[str], Path], None]
"""Runs an export with those words of its command, and writes to a path."""

COMPARED = (
    "tool",
    "schema_version",
    "index",
    "log",
    "framework",
    "taxonomy",
    "codebook",
    "models",
    "ranking",
    "total",
    "rows",
    "wordings",
)
"""Fields of a provenance that say why an export differs."""


class Description(Model):
    """What the file beside an export says of it."""

    name: str = Field(description="name of the data file")
    sha256: str
    provenance: Provenance

    @property
    def words(self) -> list[str]:
        """The words of the command after `kb export`. Raises InputError for any other command."""
        words = shlex.split(self.provenance.command)
        if words[:1] == ["kb"] and "--table" in words:  # counts, ratings, quotations
            raise InputError(
                "this describes a table that another command writes.",
                do=f"Run it into a file of another name, and compare: {self.provenance.command}",
            )
        if words[:2] != ["kb", "export"] or len(words) < 3:
            raise InputError(
                "the description names no export that can be made again.", do="It needs a command 'kb export …'."
            )
        return words[2:]

    @property
    def format(self) -> str:
        """The format that the command names."""
        words = self.words
        return words[words.index("--format") + 1] if "--format" in words[:-1] else "csv"


class Reproduced(Model):
    """What came of making an export again."""

    same: bool = Field(description="True: the very same bytes")
    described: str = Field(description="sha256 of the file that was described")
    made: str = Field(description="sha256 of the file that was made now")
    beside: str = Field("", description="what is wrong with the file that stands beside the description, if anything")
    beside_changed: bool = Field(False, description="whether that file is there and is not the one described")
    differs: dict[str, tuple[str, str]] = Field(
        default_factory=dict, description="field to what it was then and is now"
    )
    gone: tuple[str, ...] = Field((), description="identifiers of rows, or lines of a report, that are there no more")
    new: tuple[str, ...] = Field((), description="those that were not there")
    changed: tuple[str, ...] = Field((), description="identifiers of rows with other words, tags or fields")


def read_description(path: Path) -> Description:
    """The description in a `.provenance.json` or `-metadata.json`. Raises InputError with what is wrong and what to
    do."""
    do = "Give the file that kb export wrote beside its data: NAME.provenance.json or NAME-metadata.json."
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        return Description(
            name=value.get("file") or value["url"],
            sha256=value.get("sha256") or value["kb:sha256"],
            provenance=Provenance.model_validate(value.get("provenance") or value["kb:provenance"]),
        )
    except (*DAMAGE, OSError, ValidationError) as error:
        raise InputError("this is no description of an export.", where=str(path), do=do) from error


def reproduce(description: Path, run: Run) -> Reproduced:
    """Make the export again, in a temporary folder, and compare. Raises InputError as `read_description`, and what
    exports raise."""
    described = read_description(description)
    beside = _beside(description, described)
    with scratch("reproduce") as folder:
        path = folder / Path(described.name).name
        run([*described.words], path)
        made = sha256_of(path)
        if made == described.sha256:
            return Reproduced(same=True, described=made, made=made, **beside)
        now = read_description(_description_of(path))
        old = description.with_name(Path(described.name).name)
        rows = _rows(old, path, described.format) if not beside["beside"] else {}
        return Reproduced(
            same=False,
            described=described.sha256,
            made=made,
            **beside,
            differs=differences(described.provenance, now.provenance),
            **rows,
        )


def _description_of(path: Path) -> Path:
    return next(each for each in sorted(path.parent.iterdir()) if each != path)


class _Beside(TypedDict):
    beside: str
    beside_changed: bool


def _beside(description: Path, described: Description) -> _Beside:
    """What is wrong with the data file beside its description; '' where it is the one described."""
    data = description.with_name(Path(described.name).name)
    if not data.is_file():
        return {"beside": f"{data.name} is not here; only its description was looked at.", "beside_changed": False}
    changed = sha256_of(data) != described.sha256
    words = f"{data.name} is not the file described: it was changed since."
    return {"beside": words if changed else "", "beside_changed": changed}


def differences(then: Provenance, now: Provenance) -> dict[str, tuple[str, str]]:
    """Fields that say why two exports differ, with both values."""
    old, new = then.model_dump(mode="json"), now.model_dump(mode="json")
    return {name: (_words(old[name]), _words(new[name])) for name in COMPARED if old[name] != new[name]}


def _words(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _rows(old: Path, new: Path, format: str) -> dict[str, tuple[str, ...]]:
    """Rows that went, came or changed, where the format can be read back."""
    if format not in IMPORTS:
        return {}
    then, now = ({row.id: row for row in _read(format, path)} for path in (old, new))
    return {
        "gone": tuple(id for id in then if id not in now),
        "new": tuple(id for id in now if id not in then),
        "changed": tuple(id for id in then if id in now and then[id] != now[id]),
    }


def _read(format: str, path: Path) -> list[Row]:
    """Rows of a file; none where its layout cannot be read back."""
    try:
        return list(import_rows(format, path))
    except InputError:
        return []
