"""Exports: `export(rows, format, path, provenance)` writes a file atomically; `FORMATS` lists the formats.

Rows are written one by one and memory stays bounded. A format that cannot hold the provenance gets a file beside it
(`sidecar`), which contains the data file's hash.
"""

from __future__ import annotations

import importlib
import json
import shlex
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from kb.coding.codebook import Codebook
from kb.errors import InputError
from kb.export.book import BOOK, IN_TABLES
from kb.export.job import ExportJob, MemoOf, TextOf, no_memo, no_text
from kb.export.layouts import IMPLEMENTATION, LAYOUT_NAMES, LAYOUTS, wide_layout
from kb.export.rows import Provenance, Row, row_of
from kb.export.source_note import SourceNote
from kb.export.spool import Spool
from kb.files import keep_older, replacing, written
from kb.text import sha256_of

__all__ = [
    "BY_INSTRUMENT",
    "FORMATS",
    "IMPORTS",
    "LAYOUT_NAMES",
    "Format",
    "Provenance",
    "Row",
    "SourceNote",
    "export",
    "format_named",
    "import_rows",
    "row_of",
    "sidecar_of",
]


@dataclass(frozen=True)
class Format:
    """An export format: the module with its writer, the file extension, the default layout, and the extension of the
    description file beside it ('' for none)."""

    module: str
    suffix: str
    about: str
    layout: str = "rows"
    sidecar: str = ""
    function: str = "write"
    layouts: bool = True
    own: str = ""
    """A layout that only this kind of format has; for documents it is the default."""

    def load(self) -> ModuleType:
        """Return the module with the writer. It is imported only here, so that other commands start fast."""
        return importlib.import_module(f"kb.export.{self.module}")


BY_INSTRUMENT = "instruments"
"""Layout of references: one for each instrument with every pinpoint, instead of one for each row."""

FORMATS: dict[str, Format] = {
    "csv": Format("csv_", ".csv", "CSV, UTF-8 with byte order mark", sidecar="-metadata.json"),
    "xlsx": Format("xlsx", ".xlsx", "Excel workbook"),
    "jsonl": Format("jsonl", ".jsonl", "JSON lines", sidecar=".provenance.json"),
    "parquet": Format("parquet", ".parquet", "Apache Parquet"),
    "markdown": Format("markdown", ".md", "Markdown", layout="reading"),
    "html": Format("html_", ".html", "one accessible HTML page", layout="page", own=BOOK),
    "docx": Format("docx_", ".docx", "Word document", layout="page", own=BOOK),
    "bibtex": Format("bibliography", ".bib", "BibTeX", function="write_bibtex", layouts=False, own=BY_INSTRUMENT),
    "ris": Format(
        "bibliography",
        ".ris",
        "RIS",
        sidecar=".provenance.json",
        function="write_ris",
        layouts=False,
        own=BY_INSTRUMENT,
    ),
    "csl-json": Format(
        "bibliography",
        ".csl.json",
        "CSL-JSON",
        sidecar=".provenance.json",
        function="write_csl",
        layouts=False,
        own=BY_INSTRUMENT,
    ),
    "web-annotation": Format("annotation", ".jsonld", "W3C Web Annotation, JSON-LD", layouts=False),
    "qdpx": Format("qdpx", ".qdpx", "REFI-QDA project", layouts=False),
}


IMPORTS = {
    "csv": ("importing", "read_csv"),
    "jsonl": ("importing", "read_jsonl"),
    "web-annotation": ("importing", "read_annotations"),
    "qdpx": ("importing_qdpx", "read_qdpx"),
}


def import_rows(format: str, path: Path) -> Iterator[Row]:
    """Yield the rows of a file in one of IMPORTS. Raises InputError if the file is invalid."""
    if format not in IMPORTS:
        raise InputError(f"The format '{format}' cannot be imported.", do=f"Formats are: {', '.join(IMPORTS)}.")
    module, function = IMPORTS[format]
    yield from getattr(importlib.import_module(f"kb.export.{module}"), function)(path)


def format_named(name: str) -> Format:
    """Return the format of that name. Raises InputError that lists all names."""
    if name not in FORMATS:
        raise InputError(f"Unknown format '{name}'.", do=f"Formats are: {', '.join(FORMATS)}.")
    return FORMATS[name]


OTHER_PROGRAMS = frozenset(
    (
        *(".pdf", ".doc", ".dot", ".odt", ".rtf", ".xls", ".xlsm", ".ods", ".pptx", ".epub"),
        *(".zip", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tar"),
    )
)
"""File endings of other programs and of packed files that no format here uses: with such a name the program would
report a damaged file."""


def format_of(path: Path | None, given: str | None = None) -> str:
    """Return the name of the format: `given`, or else the format with the extension of `path`, or CSV if both are
    missing.

    Raises InputError for an unknown extension, for one that belongs to another program, or for one that contradicts
    `given`.
    """
    named = [name for name, format in FORMATS.items() if path and path.name.lower().endswith(format.suffix)]
    found = [name for name in named if len(FORMATS[name].suffix) == max(len(FORMATS[each].suffix) for each in named)]
    if given and path and found and given in FORMATS and FORMATS[given].suffix != FORMATS[found[0]].suffix:
        raise InputError(
            f"'{path.name}' is the name of a {found[0]} file, not of {given}.",
            do=f"End the name with {FORMATS[given].suffix}, or leave --format out.",
        )
    ending = path.suffix.lower() if path else ""
    if given and path and not found and ending in OTHER_PROGRAMS:
        raise InputError(
            f"'{path.name}' is the name of another kind of file: {given} is none.",
            do=f"End the name with {format_named(given).suffix}.",
        )
    if given or path is None:
        return given or "csv"
    if not found:
        raise InputError(
            f"the ending of '{path.name}' names no format.",
            do=f"Give a format: {', '.join(FORMATS)}; or another ending.",
        )
    return found[0]


def sidecar_of(path: Path, format: str) -> Path | None:
    """Return the path of the description file beside `path`; None if the format can hold the provenance itself."""
    ending = format_named(format).sidecar
    return path.with_name(path.name + ending) if ending else None


def _write(rows: Iterable[Row], path: Path, format: str, job: ExportJob) -> None:
    """Write the file, and its description beside it where the format needs one."""
    chosen = format_named(format)
    module = chosen.load()
    write = getattr(module, chosen.function)
    sidecar = sidecar_of(path, format)
    if sidecar is None:
        with written(path) as beside:
            write(rows, beside, job)
        return
    put_described(
        path,
        sidecar,
        lambda beside: write(rows, beside, job),
        lambda digest: module.describe(path.name, digest, job.provenance, job.layout),
    )


def put_described(path: Path, sidecar: Path, write: Callable[[Path], None], describe: Callable[[str], bytes]) -> None:
    """Write a data file, then beside it the description that `describe` makes from the data file's sha256. If either
    fails, neither is written."""
    with _describing(sidecar) as described, replacing(path) as beside:
        write(beside)
        if not _described(path, sidecar):
            keep_older(path, beside)
            keep_older(sidecar)
        described(describe(sha256_of(beside)))


EARLIER = "kb:earlier"
"""Key for the previous description, kept while the file itself is being replaced."""


@contextmanager
def _describing(sidecar: Path) -> Iterator[Callable[[bytes], None]]:
    """Yield a function that takes the new description; after the block, `sidecar` holds only this description.

    During the block `sidecar` holds the old description too, under `kb:earlier`, each with its data file's hash, so
    that one of them fits the data file even if the program is killed. If the block fails, the old one is restored.
    """
    before = sidecar.read_bytes() if sidecar.is_file() else None
    coming: list[bytes] = []

    def describe(description: bytes) -> None:
        """Store the new description, together with the old one if there is one."""
        coming.append(description)
        if before is not None:
            _put(sidecar, _with_earlier(description, before))

    try:
        yield describe
    except BaseException:
        if before is not None and coming:
            _put(sidecar, before)
        raise
    _put(sidecar, coming[0])


def _described(path: Path, sidecar: Path) -> bool:
    """Return whether `sidecar` was written by this program for `path` as it is now; then both may be replaced."""
    try:
        description = json.loads(sidecar.read_bytes())
        both = (description, description.get(EARLIER) or {})
        known = {hash for one in both for key in ("sha256", "kb:sha256") if (hash := one.get(key))}
    except (OSError, ValueError, AttributeError):
        return False
    return bool(known) and (not path.is_file() or sha256_of(path) in known)


def _with_earlier(description: bytes, before: bytes) -> bytes:
    """Return the new description with the old one under `kb:earlier`; an old one that is not JSON is stored as text."""
    try:
        earlier: object = json.loads(before)
    except ValueError:
        earlier = before.decode("utf-8", "replace")
    if isinstance(earlier, dict):
        earlier.pop(EARLIER, None)
    return json.dumps({**json.loads(description), EARLIER: earlier}, ensure_ascii=False, indent=1).encode() + b"\n"


def _put(sidecar: Path, description: bytes) -> None:
    with replacing(sidecar) as beside:
        beside.write_bytes(description)


def export(
    rows: Iterable[Row],
    format: str,
    path: Path,
    provenance: Provenance,
    *,
    layout: str | None = None,
    text_of: TextOf = no_text,
    codebook: Codebook | None = None,
    memo_of: MemoOf = no_memo,
) -> Path:
    """Write `rows` to `path` in one of FORMATS; the same rows and provenance give the same bytes.

    `layout` is one of LAYOUT_NAMES (table formats only), `book` (documents only) or `instruments` (references only);
    `text_of` returns source texts for Web Annotation and .qdpx, `memo_of` people's memos for .qdpx. Raises InputError
    for an unknown format or layout; when anything fails, an older file stays unchanged.
    """
    chosen = format_named(format)
    own = (layout or (chosen.own if chosen.own == BOOK else "")) if layout in (None, "", chosen.own) else ""
    if layout == IMPLEMENTATION and chosen.own == BOOK and provenance.kind in IN_TABLES:
        own = BOOK  # on paper that table is the book's: a page has no room for its columns side by side
    name = chosen.layout if own else layout or chosen.layout
    if name not in LAYOUT_NAMES or (layout and not chosen.layouts and not own):
        raise InputError(
            f"The format {format} cannot be written in the layout '{name}'.",
            do=f"Layouts of table formats are: {', '.join(LAYOUT_NAMES)}; of documents: {BOOK}; of references: "
            f"{BY_INSTRUMENT}.",
        )
    with Spool(rows) as spool:
        stated = _counted(provenance, spool, format, layout)
        made = wide_layout(stated, spool.sides) if name == "wide" else LAYOUTS[name](stated)
        _write(spool, path, format, ExportJob(stated, made, text_of, codebook, own, memo_of))
    return path


def _counted(provenance: Provenance, spool: Spool, format: str, layout: str | None) -> Provenance:
    """Return the provenance with values known only after all rows: their number, their numbers by wording, and their
    sources."""
    command = provenance.command and shlex.join(
        [*shlex.split(provenance.command), "--format", format, *(["--layout", layout] if layout else [])]
    )
    stated = provenance.from_rows_of(spool.documents(), spool.hashes)
    return stated.model_copy(update={"rows": spool.rows, "wordings": spool.wordings, "command": command})
