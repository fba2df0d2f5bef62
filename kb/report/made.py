"""How a report came about, kept in the report's own file: what makes it again, and what it was made from.

A report is one file that people send to each other, so the description travels in it: a property of a Word file, a
`meta` of a web page, an entry of a PDF's document information. Nothing in it is a path of a machine.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import shlex
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field, ValidationError

from kb.errors import InputError
from kb.export.collect import Bench
from kb.export.zips import open_zip
from kb.files import DAMAGE, read_bytes, readable
from kb.i18n import language
from kb.index.manifest import packages
from kb.models import Model
from kb.report.blocks import Report

if TYPE_CHECKING:
    from docx.document import Document

NAME = "kb-report"
"""Name of the description among the properties of a Word file and of a web page."""
PDF_NAME = "/KbReport"
"""Its name among the information of a PDF."""
FORMATS = (".docx", ".html", ".pdf")
_META = re.compile(rf'<meta name="{NAME}" content="([^"]*)">')
_PART = "docProps/custom.xml"
_KIND = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # the set of properties that people name, by the format's own rule


class Made(Model):
    """What is needed to make a report again, and to say why it comes out another."""

    command: str = ""
    made_from: dict[str, str] = Field(default_factory=dict)
    template: str = ""
    """sha256 of the template, or empty."""
    body: str = ""
    """sha256 of the file's text without this description, so that a change by hand is seen."""
    length: int = 0
    """PDF: bytes before the description was added."""

    @property
    def words(self) -> list[str]:
        """The words after `kb report`. Raises InputError for any other command."""
        words = shlex.split(self.command)
        if words[:2] != ["kb", "report"]:
            raise InputError("the report does not say how it is made again.", do="It needs a command 'kb report …'.")
        return words[2:]


def assessment_words(set_id: str, derived: bool) -> list[str]:
    """The words of `kb report` for a self-assessment."""
    return ["assessment", set_id, *([] if derived else ["--without-derived"])]


def comparison_words(columns: Sequence[str], derived: bool) -> list[str]:
    """The words of `kb report` for assessments, or moments of one, side by side."""
    return ["compare", *columns, *([] if derived else ["--without-derived"])]


def brief_words(
    title: str, query: str = "", filters: Sequence[tuple[str, str]] = (), picked: Sequence[str] = (), more: int = 1
) -> list[str]:
    """The words of `kb report` for a brief; a title or question may begin with a hyphen."""
    words = ["brief", f"--title={title}", *([f"--query={query}"] if query else [])]
    words += [f"--{facet}={term}" for facet, term in filters]
    words += [f"--passage={id}" for id in picked]
    return [*words, *([f"--more={more}"] if more > 1 else [])]


def asked(report: Report, words: Sequence[str], on: date, bench: Bench) -> Report:
    """The report with what makes it again: the words of `kb report`, its language and day, and what it is made from
    (a brief: passages of the index)."""
    again = ["kb", "report", *words, "--language", language(), "--on", on.isoformat()]
    whence = {
        "tool": f"kb {packages().get('kb', '')}".strip(),
        "log": report.log,
        "framework": f"{bench.framework.id} {bench.framework.version}",
        **({"index": bench.index.manifest.fingerprint[:16]} if words[0] == "brief" else {}),
    }
    return report.model_copy(update={"command": shlex.join(again), "made_from": whence})


def described(report: Report, format: str, template: Path | None) -> Made | None:
    """The description that is written into a file of this format; None where it is not known how the report is made."""
    if not report.command:
        return None
    sha = hashlib.sha256(readable(template).read_bytes()).hexdigest() if template else ""
    return Made(command=f"{report.command} --format {format}", made_from=report.made_from, template=sha)


def _json(made: Made) -> str:
    return json.dumps(made.model_dump(exclude_defaults=True), ensure_ascii=True, sort_keys=True)


def in_word(document: Document, made: Made) -> None:
    """Put the description among a Word document's properties, in the place of a template's own."""
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    package = document.part.package
    for key, link in list(package.rels.items()):
        if link.reltype == _RELATION:
            del package.rels[key]
    held = made.model_copy(update={"body": hashlib.sha256(document.part.blob).hexdigest()})
    space = "http://schemas.openxmlformats.org/officeDocument/2006"
    content = (
        "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
        f'<Properties xmlns="{space}/custom-properties" xmlns:vt="{space}/docPropsVTypes">'
        f'<property fmtid="{_ID}" pid="2" name="{NAME}"><vt:lpwstr>{html.escape(_json(held))}</vt:lpwstr></property>'
        "</Properties>"
    )
    package.relate_to(Part(PackURI(f"/{_PART}"), _KIND, content.encode(), package), _RELATION)


def in_page(page: str, made: Made) -> str:
    """A web page with the description in its head."""
    held = made.model_copy(update={"body": hashlib.sha256(page.encode()).hexdigest()})
    return page.replace("<title>", f'<meta name="{NAME}" content="{html.escape(_json(held))}"><title>', 1)


def in_pdf(file: Path, made: Made) -> dict[str, str]:
    """The entry of a PDF's document information."""
    content = file.read_bytes()
    held = made.model_copy(update={"body": hashlib.sha256(content).hexdigest(), "length": len(content)})
    return {PDF_NAME: _json(held)}


def read_made(path: Path) -> tuple[Made, bool]:
    """The description in a report, and whether the report's text is still the one that was written.

    Raises InputError for a file that carries none.
    """
    do = (
        "Give a report that kb report or the app wrote: .docx, .html or .pdf. A file of kb export names the command "
        "that makes it again under “Query and method”."
    )
    try:
        raw, body = {".docx": _of_word, ".html": _of_page, ".pdf": _of_pdf}[path.suffix.lower()](path)
        made = Made.model_validate_json(raw)
    except (*DAMAGE, InputError, OSError, KeyError, StopIteration, ValidationError) as error:
        raise InputError("this file does not say how it was made.", where=str(path), do=do) from error
    return made, hashlib.sha256(body[: made.length or None]).hexdigest() == made.body


def _of_word(path: Path) -> tuple[str, bytes]:
    from lxml import etree

    with open_zip(path) as archive:
        properties = etree.fromstring(archive.read(_PART), etree.XMLParser(resolve_entities=False, no_network=True))
        held = next(each for each in properties if each.get("name") == NAME)
        return "".join(held.itertext()), archive.read("word/document.xml")


def _of_page(path: Path) -> tuple[str, bytes]:
    page = read_bytes(path).decode("utf-8")
    found = _META.search(page.partition("<body>")[0])
    return (html.unescape(found[1]) if found else ""), _META.sub("", page, count=1).encode()


def _of_pdf(path: Path) -> tuple[str, bytes]:
    from pypdf.errors import PyPdfError

    try:
        return _about(path, PDF_NAME), read_bytes(path)
    except PyPdfError as error:
        raise ValueError(str(error)) from error


def lines_of(path: Path) -> list[str]:
    """The lines of a report's text, to say what differs."""
    if path.suffix.lower() == ".docx":
        with zipfile.ZipFile(path) as archive:
            xml = archive.read("word/document.xml").decode()
        return _texts(re.split(r"</w:p>", xml))
    if path.suffix.lower() == ".html":
        return _texts(re.split(r"</(?:p|li|h\d|t[dh]|d[dt]|caption)>", path.read_text("utf-8").partition("<body>")[2]))
    from pypdf import PdfReader

    return [line for page in PdfReader(path).pages for line in page.extract_text().splitlines() if line.strip()]


def _texts(pieces: Sequence[str]) -> list[str]:
    found = (" ".join(html.unescape(re.sub(r"<[^>]*>", "", each)).split()) for each in pieces)
    return [each for each in found if each]


def producer_of(path: Path) -> Mapping[str, str]:
    """Which LibreOffice made a PDF; nothing of another file."""
    return {"LibreOffice": _about(path, "/Producer")} if path.suffix.lower() == ".pdf" else {}


def _about(path: Path, name: str) -> str:
    """An entry of a PDF's document information; '' where it has none."""
    from pypdf import PdfReader

    about = PdfReader(path).metadata
    return str(about.get(name, "")) if about else ""
