"""How a report was made, stored in the report's own file: the command that makes it again, and what it was made from.

A report is one file that people send to each other, so the description is inside it: a property of a Word file, a
`meta` of a web page, an entry of a PDF's document information. It never contains a path of a machine.
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
"""Name of the description in a Word file or web page."""
PDF_NAME = "/KbReport"
"""Its name in a PDF."""
FORMATS = (".docx", ".html", ".pdf")
_META = re.compile(rf'<meta name="{NAME}" content="([^"]*)">')
_PART = "docProps/custom.xml"
_KIND = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # the set of properties that people name, by the format's own rule


class Made(Model):
    """What is needed to make a report again, and to explain a different result."""

    command: str = ""
    made_from: dict[str, str] = Field(default_factory=dict)
    template: str = ""
    """sha256 of the template, or ''."""
    body: str = ""
    """sha256 of the file's content without this description; it reveals a later edit."""
    length: int = 0
    """PDF only: length in bytes before the description was added."""

    @property
    def words(self) -> list[str]:
        """The arguments after `kb report`. Raises InputError for any other command."""
        words = shlex.split(self.command)
        if words[:2] != ["kb", "report"]:
            raise InputError("the report does not say how it is made again.", do="It needs a command 'kb report …'.")
        return words[2:]


def assessment_words(set_id: str, derived: bool) -> list[str]:
    """Return the arguments of `kb report` for a self-assessment, with the derived criteria if `derived`."""
    return ["assessment", set_id, *([] if derived else ["--without-derived"])]


def comparison_words(columns: Sequence[str], derived: bool) -> list[str]:
    """Return the arguments of `kb report` for a comparison of assessments, or of one at several times; with the derived
    criteria if `derived`."""
    return ["compare", *columns, *([] if derived else ["--without-derived"])]


def brief_words(
    title: str, query: str = "", filters: Sequence[tuple[str, str]] = (), picked: Sequence[str] = (), more: int = 1
) -> list[str]:
    """Return the arguments of `kb report` for a brief with the same parameters as `brief`. Values are joined by '=',
    since a title or query may begin with a hyphen."""
    words = ["brief", f"--title={title}", *([f"--query={query}"] if query else [])]
    words += [f"--{facet}={term}" for facet, term in filters]
    words += [f"--passage={id}" for id in picked]
    return [*words, *([f"--more={more}"] if more > 1 else [])]


def asked(report: Report, words: Sequence[str], on: date, bench: Bench) -> Report:
    """Return the report with its command (`words` after `kb report`, language and day) and what it was made from; for a
    brief this includes the index."""
    again = ["kb", "report", *words, "--language", language(), "--on", on.isoformat()]
    whence = {
        "tool": f"kb {packages().get('kb', '')}".strip(),
        "log": report.log,
        "framework": f"{bench.framework.id} {bench.framework.version}",
        **({"index": bench.index.manifest.fingerprint[:16]} if words[0] == "brief" else {}),
    }
    return report.model_copy(update={"command": shlex.join(again), "made_from": whence})


def described(report: Report, format: str, template: Path | None) -> Made | None:
    """Return the description for a file of this format; None if the report has no command."""
    if not report.command:
        return None
    sha = hashlib.sha256(readable(template).read_bytes()).hexdigest() if template else ""
    return Made(command=f"{report.command} --format {format}", made_from=report.made_from, template=sha)


def _json(made: Made) -> str:
    return json.dumps(made.model_dump(exclude_defaults=True), ensure_ascii=True, sort_keys=True)


def in_word(document: Document, made: Made) -> None:
    """Add the description to the properties of a Word document, replacing custom properties of a template."""
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
    """Return a web page with the description in its head."""
    held = made.model_copy(update={"body": hashlib.sha256(page.encode()).hexdigest()})
    return page.replace("<title>", f'<meta name="{NAME}" content="{html.escape(_json(held))}"><title>', 1)


def in_pdf(file: Path, made: Made) -> dict[str, str]:
    """Return the description as an entry of a PDF's document information."""
    content = file.read_bytes()
    held = made.model_copy(update={"body": hashlib.sha256(content).hexdigest(), "length": len(content)})
    return {PDF_NAME: _json(held)}


def read_made(path: Path) -> tuple[Made, bool]:
    """Return the description in a report, and whether the report is still unchanged since it was written.

    Raises InputError for a file without a description.
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
    """Return the lines of a report's text, for comparison."""
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
    """Return the version of LibreOffice that made a PDF; empty for other files."""
    return {"LibreOffice": _about(path, "/Producer")} if path.suffix.lower() == ".pdf" else {}


def _about(path: Path, name: str) -> str:
    """Return an entry of a PDF's document information; '' if there is none."""
    from pypdf import PdfReader

    about = PdfReader(path).metadata
    return str(about.get(name, "")) if about else ""
