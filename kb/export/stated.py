"""Read from an exported file itself how it was made, for formats without a description file; make it again and
compare."""

from __future__ import annotations

import html
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from lxml import etree

from kb.coding.safexml import parse_xml
from kb.errors import InputError
from kb.export.reproduce import Description, Reproduced, Run
from kb.export.rows import Provenance
from kb.export.zips import open_zip, same_members
from kb.files import DAMAGE, scratch
from kb.text import sha256_of

AGAIN = "Made again with"
"""The label of the command, as `Provenance.lines` writes it."""
COMPARED = (
    "Made with",
    "Columns",
    "Index",
    "Log",
    "Framework",
    "Taxonomy",
    "Codebook",
    "Models",
    "Ranking",
    "Rows",
    "Wording",
)
"""Labels that say why an export comes out another."""
_LINES = (".md", ".bib", ".jsonld")  # formats whose lines are the rows, or parts of them
_PAIR = re.compile(r"<dt>([^<]*)</dt><dd>(.*?)</dd>", re.DOTALL)
_ITEM = re.compile(r"^- \*\*(.+?):\*\* (.*)$", re.MULTILINE)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_NEXT = re.compile(r"; (?=(?:[A-Z][a-z]+(?: [a-z_]+){0,3}): )")


def stated(path: Path) -> dict[str, str]:
    """Return label to value of the method section in a file; {} if it has none, or is of another kind."""
    try:
        read = _READERS.get(_usual(path))
        return read(path) if read else {}
    except (*DAMAGE, OSError, InputError, zipfile.BadZipFile, etree.XMLSyntaxError):
        return {}


def reproduce_stated(path: Path, method: Mapping[str, str], run: Run) -> Reproduced:
    """Make the export again by `method`, which `stated` returned, in a temporary folder, and compare it with
    the file.

    Raises InputError for a command that makes no export, and what exports raise.
    """
    made_with = Provenance(command=method[AGAIN], viewer=method.get("Codes seen by", ""))
    old_sha = sha256_of(path)
    words = Description(name=path.name, sha256=old_sha, provenance=made_with).words
    with scratch("reproduce") as folder:
        now = folder / path.name
        run(words, now)
        new_sha = sha256_of(now)
        if old_sha == new_sha:
            return Reproduced(same=True, described=old_sha, made=new_sha)
        if same_members(path, now):
            return Reproduced(same=False, packed_anew=True, described=old_sha, made=new_sha)
        present = stated(now)
        apart = {name: (method.get(name, ""), present.get(name, "")) for name in COMPARED}
        old, new = (Counter(_lines(each)) for each in (path, now))
        return Reproduced(
            same=False,
            described=old_sha,
            made=new_sha,
            differs={name: both for name, both in apart.items() if both[0] != both[1]},
            of="lines",
            gone=tuple((old - new).elements()),
            new=tuple((new - old).elements()),
        )


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines() if _usual(path) in _LINES else []


def _of_markdown(path: Path) -> dict[str, str]:
    block = path.read_text(encoding="utf-8").partition("\n\n")[2].partition("\n\n")[0]
    return {label: html.unescape(_ESCAPED.sub(r"\1", value)) for label, value in _ITEM.findall(block)}


def _of_page(path: Path) -> dict[str, str]:
    pairs = _PAIR.findall(path.read_text(encoding="utf-8"))
    return {html.unescape(label): html.unescape(re.sub(r"<[^>]+>", "", value)) for label, value in pairs}


def _of_bibtex(path: Path) -> dict[str, str]:
    head = path.read_text(encoding="utf-8").partition("\n")[0]
    parts = _NEXT.split(head.removeprefix("@comment{").removesuffix("}"))
    return dict(part.split(": ", 1) for part in parts if ": " in part)


def _of_word(path: Path) -> dict[str, str]:
    from docx import Document

    open_zip(path).close()  # what is no zip, or a bomb, is refused before anything is unpacked
    method = (
        p.text.partition(": ") for p in Document(str(path)).paragraphs if p.style and p.style.name == "List Bullet"
    )
    return {label: value for label, sign, value in method if sign}


def _of_workbook(path: Path) -> dict[str, str]:
    """Read the last sheet, which has the method: a label, and its value in as many cells as it needs."""
    with open_zip(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        last = max(sheets, key=lambda name: int(re.sub(r"\D", "", name)))
        root = parse_xml(archive.read(last), str(path))
    rows = ([_text(cell) for cell in row.iter("{*}c")] for row in root.iter("{*}row"))
    return {cells[0]: "".join(cells[1:]) for cells in rows if cells}


def _text(element: etree._Element) -> str:
    return "".join(element.itertext())


def _of_project(path: Path) -> dict[str, str]:
    with open_zip(path) as archive:
        root = parse_xml(archive.read("project.qde"), str(path))
    about = root.findall("{*}Description")
    lines = (line.partition(": ") for line in _text(about[-1]).splitlines()) if about else ()
    return {label: value for label, sign, value in lines if sign}


def _of_provenance(value: object) -> dict[str, str]:
    return dict(Provenance.model_validate(value).lines())


def _of_parquet(path: Path) -> dict[str, str]:
    from pyarrow import ArrowException
    from pyarrow.parquet import read_schema

    try:
        held = (read_schema(path).metadata or {}).get(b"kb.provenance", b"null")
    except ArrowException as error:
        raise InputError("the Parquet file is damaged.", where=str(path), do="Take another copy of it.") from error
    return _of_provenance(json.loads(held))


def _of_annotations(path: Path) -> dict[str, str]:
    """Return the method in a file of web annotations; {} for a description file, which states the hash of another
    file."""
    value = json.loads(path.read_text(encoding="utf-8"))
    return {} if "kb:sha256" in value else _of_provenance(value["kb:provenance"])


_READERS: dict[str, Callable[[Path], dict[str, str]]] = {
    ".md": _of_markdown,
    ".html": _of_page,
    ".bib": _of_bibtex,
    ".docx": _of_word,
    ".xlsx": _of_workbook,
    ".qdpx": _of_project,
    ".parquet": _of_parquet,
    ".jsonld": _of_annotations,
}
"""Usual ending of a format to the function that reads its method."""
_BEGINS = {b"@comment{": ".bib", b"<!doctype html": ".html", b"{": ".jsonld", b"# ": ".md", b"PAR1": ".parquet"}
"""What a file begins with, in lower case where it is text, to the usual ending of its format."""
_PARTS = {"word/document.xml": ".docx", "xl/workbook.xml": ".xlsx", "project.qde": ".qdpx"}
"""What a zip holds, to the usual ending of its format."""
_HEAD = 64
"""Bytes of a file that are looked at: more than any beginning above has."""


def _usual(path: Path) -> str:
    """Return the usual extension of a file's format, found by its name or else by its first bytes, since --format
    writes any format under any name; '' for an unknown format."""
    if path.suffix.lower() in _READERS:
        return path.suffix.lower()
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(b"PK"):
        with open_zip(path) as archive:
            return next((ending for part, ending in _PARTS.items() if part in archive.namelist()), "")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return next((end for begins, end in _BEGINS.items() if text[: len(begins)].lower() == begins.lower()), "")
