"""Write a report to a file: Word, HTML, or PDF if LibreOffice is installed."""

from __future__ import annotations

import hashlib
import re
import subprocess
import zipfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path

from kb import office
from kb.errors import InputError, KBError
from kb.files import scratch, written
from kb.log.noted import PDF_KEY
from kb.report import docx_, html_
from kb.report.blocks import Report
from kb.report.made import described, in_page, in_pdf

FORMATS = {"docx": "Word file", "html": "web page in one file", "pdf": "PDF"}
_IDENTITY = re.compile(rb"(?<=<)[0-9a-f]{32}(?=>(?: <[0-9a-f]{32}>)? \]\s+>>\s+startxref)")
"""The random identity that LibreOffice gives a PDF, twice in the trailer: each of 32 hexadecimal digits."""
LONGEST = 120
"""Seconds that LibreOffice may take; a report of 38 criteria takes about five."""


def write(report: Report, path: Path, format: str, template: Path | None = None, made: datetime | None = None) -> Path:
    """Write the report in one of FORMATS; an existing file is replaced only once the new one is complete. `made` is the
    time stored in the file.

    Raises InputError for another format, an invalid template, or PDF without LibreOffice.
    """
    if format not in FORMATS:
        raise InputError(f"There is no report as “{format}”.", do=f"Formats are: {', '.join(FORMATS)}.")
    if template and format == "html":
        raise InputError("A template gives the look of a Word file or PDF.", do="Leave it out for HTML.")
    how = described(report, format, template)
    with scratch("report") as folder:
        if format == "html":
            page = html_.page(report)
            content = (in_page(page, how) if how else page).encode()
        else:
            word = folder / "report.docx"
            docx_.write(report, word, template, made, how if format == "docx" else None)
            content = word.read_bytes()
            if format == "pdf":
                file = _settled(_pdf(word, folder), docx_.moment_of(report, made))
                content = _marked(file, report.log, in_pdf(file, how) if how else {}).read_bytes()
    with written(path) as part:
        part.write_bytes(content)
    return path


def formats_here() -> list[str]:
    """Return the formats available on this machine: PDF needs LibreOffice."""
    return [format for format in FORMATS if format != "pdf" or office.program()]


def packed_files(
    report: Report, stem: str, format: str, made: datetime, progress: Callable[[int, int], None] = lambda *_: None
) -> bytes:
    """Return the report as bytes of one file, or with "zip" in all available formats, made from the same report.
    `progress` gets the number written and the total. Raises what `write` raises."""
    packed, forms = BytesIO(), formats_here() if format == "zip" else [format]
    with scratch("report") as folder, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for n, form in enumerate(forms):
            if len(forms) > 1:
                progress(n, len(forms))
            data = write(report, folder / f"report.{form}", form, made=made).read_bytes()
            archive.writestr(f"{stem}.{form}", data)
    return packed.getvalue() if format == "zip" else data


def _settled(file: Path, moment: datetime) -> Path:
    """Replace the current time and random identity in the PDF by the report's time and a hash of its content, each of
    the same length: the same report then gives the same bytes."""
    dated = re.sub(rb"(?<=/CreationDate\(D:)\d{14}", moment.strftime("%Y%m%d%H%M%S").encode(), file.read_bytes())
    content = _in_order(dated)
    # an identity is 32 hexadecimal figures
    blank = _IDENTITY.sub(b"0" * 32, content)
    digest = hashlib.sha256(blank).hexdigest()[:32].encode()
    file.write_bytes(_IDENTITY.sub(digest, content))
    return file


def _in_order(content: bytes) -> bytes:
    """Return the PDF with its objects in the order in which they are reached from its pages. LibreOffice writes fonts
    in the order of their addresses in memory, which differ between processes: of 24 files of one report 3 differed."""
    from pypdf import PdfReader, PdfWriter

    read, made = PdfReader(BytesIO(content)), BytesIO()
    writer = PdfWriter(clone_from=read)  # not in a `with`: that begins an empty file
    writer.pdf_header = read.pdf_header
    writer.write(made)
    writer.close()
    return made.getvalue()


def _marked(file: Path, mark: str, how: dict[str, str]) -> Path:
    """Append the mark of the log and the description `how` to the PDF's document information; nothing else changes."""
    from pypdf import PdfWriter

    about = {**({PDF_KEY: mark} if mark else {}), **how}
    if about:
        writer = PdfWriter(file, incremental=True)  # not in a `with`: that begins an empty file
        writer.add_metadata(about)
        writer.write(file.with_name("marked.pdf"))
        writer.close()
    return file.with_name("marked.pdf") if about else file


def _pdf(word: Path, folder: Path) -> Path:
    """Convert the Word file to PDF by LibreOffice with its own profile, so that an open LibreOffice is not disturbed.
    Raises InputError without LibreOffice, KBError when it makes no file."""
    if office.program() is None:
        raise InputError(
            "PDF needs LibreOffice, which is not installed.", do="Install it, or choose docx or html and print it."
        )
    try:
        return office.convert(word, "pdf", folder, LONGEST)
    except (OSError, subprocess.SubprocessError) as error:
        raise KBError("LibreOffice did not make the PDF.", do="Choose docx and save it as PDF there.") from error
