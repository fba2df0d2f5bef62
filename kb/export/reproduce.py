"""Make an export, a table or a plot again from its description and compare the files: equal bytes, or a list of
differences with reasons."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, TypedDict

from pydantic import Field, ValidationError

from kb.errors import InputError
from kb.export import IMPORTS, import_rows
from kb.export.rows import Provenance, Row
from kb.files import DAMAGE, readable, scratch
from kb.models import Model
from kb.text import sha256_of

Run = Callable[[Sequence[str], Path], None]
"""Runs a `kb` command, given by the words after `kb`, and writes to a path in an empty folder."""

COMMANDS = (("export",), ("counts",), ("agreement",), ("codes", "list"))
"""Commands that may be run again: each only reads, and writes one file. A description may come from anybody, so no
other command is run."""

PLOT = "usermeta"
"""Key under which a plot file says how it was made."""

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
"""Fields of a provenance that explain why an export differs."""


class Description(Model):
    """How a file was made, read from the description beside it, or from a plot itself."""

    name: str = Field(description="name of the data file")
    sha256: str
    provenance: Provenance
    of_itself: bool = Field(False, description="whether the file describes itself, as a plot does")

    @property
    def words(self) -> list[str]:
        """The words of the command after `kb`. Raises InputError for a command that may not be run again."""
        words = _split(self.provenance.command)
        joined = any(word.startswith(("--out=", "--table=", "--plot=")) for word in words)  # as no file of ours has
        if joined or words[:1] != ["kb"] or not any(words[1 : 1 + len(one)] == [*one] for one in COMMANDS):
            known = ", ".join(f"kb {' '.join(one)}" for one in COMMANDS)
            raise InputError(
                "the description names no command that can be run again.", do=f"It needs one of these: {known}."
            )
        seen = ["--viewer", self.provenance.viewer] if self.provenance.viewer and "--viewer" not in words else []
        return [*words[1:], *seen]

    @property
    def format(self) -> str:
        """The format in the command; '' for a table or a plot."""
        words = self.words
        if words[0] != "export":
            return ""
        return words[words.index("--format") + 1] if "--format" in words[:-1] else "csv"


def _split(command: str) -> list[str]:
    """Split a command into words; [] if its quotes do not close."""
    try:
        return shlex.split(command)
    except ValueError:
        return []


class Reproduced(Model):
    """The result of making an export again."""

    same: bool = Field(description="True: the very same bytes")
    described: str = Field(description="sha256 of the file that was described")
    made: str = Field(description="sha256 of the file that was made now")
    beside: str = Field("", description="what is wrong with the file that stands beside the description, if anything")
    beside_changed: bool = Field(False, description="whether that file is there and is not the one described")
    packed_anew: bool = Field(
        False, description="True: other bytes, but a zip of the very same files, which another program packed"
    )
    differs: dict[str, tuple[str, str]] = Field(
        default_factory=dict, description="field to what it was then and is now"
    )
    of: Literal["rows", "lines"] = Field("rows", description="what went, came or changed")
    gone: tuple[str, ...] = Field(
        (), description="identifiers of rows, or lines of a table, plot or report, that are there no more"
    )
    new: tuple[str, ...] = Field((), description="those that were not there")
    changed: tuple[str, ...] = Field((), description="identifiers of rows with other words, tags or fields")


def read_description(path: Path) -> Description:
    """Read the description from a `.provenance.json` or `-metadata.json`, or from a plot. Raises InputError with what
    is wrong and what to do."""
    do = "Give NAME.provenance.json or NAME-metadata.json, which stands beside the data; or a plot of kb counts."
    readable(path, do)
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        plot = value.get(PLOT)
        return Description(
            name=_plot_of(plot["command"], path) if plot else value.get("file") or value["url"],
            sha256=sha256_of(path) if plot else value.get("sha256") or value["kb:sha256"],
            provenance=Provenance.model_validate(plot or value.get("provenance") or value["kb:provenance"]),
            of_itself=bool(plot),
        )
    except (*DAMAGE, OSError, ValidationError) as error:
        raise InputError("this describes no export and no table.", where=str(path), do=do) from error


def _plot_of(command: str, path: Path) -> str:
    """Return the file name in a plot's command, which is part of the file's content; `path` may have another name."""
    words = _split(command)
    return words[words.index("--plot") + 1] if "--plot" in words[:-1] else path.name


def reproduce(description: Path, run: Run) -> Reproduced:
    """Make the export, table or plot again in a temporary folder, and compare. Raises InputError as `read_description`,
    and what the command raises."""
    described = read_description(description)
    beside = _NOTHING if described.of_itself else _beside(description, described)
    with scratch("reproduce") as folder:
        path = folder / Path(described.name).name
        run(described.words, path)
        if not path.is_file():
            raise InputError(
                "the command that is described writes no such file.", where=described.provenance.command, do="Run it."
            )
        made = sha256_of(path)
        if made == described.sha256:
            return Reproduced(same=True, described=made, made=made, **beside)
        now = read_description(path if described.of_itself else _description_of(path))
        old = description if described.of_itself else description.with_name(Path(described.name).name)
        compare = _rows if described.format else _lines
        return Reproduced(
            same=False,
            described=described.sha256,
            made=made,
            **beside,
            differs=differences(described.provenance, now.provenance),
            of="rows" if described.format else "lines",
            **({} if beside["beside"] else compare(old, path, described.format)),
        )


def _description_of(path: Path) -> Path:
    """Return the path of the description that an export wrote beside a file."""
    return next(each for each in sorted(path.parent.iterdir()) if each != path and each.name.startswith(path.name))


class _Beside(TypedDict):
    beside: str
    beside_changed: bool


_NOTHING: _Beside = {"beside": "", "beside_changed": False}


def _beside(description: Path, described: Description) -> _Beside:
    """Compare the data file with its description. In the result, `beside` is a sentence about the difference ('' if
    there is none), and `beside_changed` is True if the file has other content."""
    data = description.with_name(Path(described.name).name)
    if not data.is_file():
        return {"beside": f"{data.name} is not here; only its description was looked at.", "beside_changed": False}
    changed = sha256_of(data) != described.sha256
    words = f"{data.name} is not the file described: it was changed since."
    return {"beside": words if changed else "", "beside_changed": changed}


def differences(then: Provenance, now: Provenance) -> dict[str, tuple[str, str]]:
    """Return the fields that explain why two exports differ, with both values."""
    old, new = then.model_dump(mode="json"), now.model_dump(mode="json")
    return {name: (_words(old[name]), _words(new[name])) for name in COMPARED if old[name] != new[name]}


def _words(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _rows(old: Path, new: Path, format: str) -> dict[str, tuple[str, ...]]:
    """Return the rows that disappeared, appeared or changed, where the format can be read back."""
    if format not in IMPORTS:
        return {}
    then, now = ({row.id: row for row in _read(format, path)} for path in (old, new))
    return {
        "gone": tuple(id for id in then if id not in now),
        "new": tuple(id for id in now if id not in then),
        "changed": tuple(id for id in then if id in now and then[id] != now[id]),
    }


def _lines(old: Path, new: Path, _format: str) -> dict[str, tuple[str, ...]]:
    """Return the lines of a table, or the values of a plot, that disappeared and appeared."""
    then, now = (Counter(_texts(path)) for path in (old, new))
    return {"gone": tuple((then - now).elements()), "new": tuple((now - then).elements())}


def _texts(path: Path) -> list[str]:
    """Return the lines of a table as text; for a plot its values, one JSON object per line."""
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    if path.suffix.lower() != ".json":
        return text.splitlines()
    values = json.loads(text).get("data", {}).get("values", [])
    return [json.dumps(value, ensure_ascii=False) for value in values]


def _read(format: str, path: Path) -> list[Row]:
    """Read the rows of a file; [] if its layout cannot be read back."""
    try:
        return list(import_rows(format, path))
    except InputError:
        return []
