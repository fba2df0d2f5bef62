"""The face of this room: a file becomes Pages, or an error that says what, where and what to do."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kb.errors import InputError
from kb.models import Pages
from kb.read.archive import printable
from kb.read.assemble import assemble
from kb.read.detect import detect
from kb.read.draft import Reading
from kb.read.limits import DEFAULT, Limits
from kb.text import sha256_of

Progress = Callable[[int, int], None]


def read(path: str | Path, *, password: str | None = None, ocr: bool = True, limits: Limits = DEFAULT,
         progress: Progress | None = None) -> Pages:
    """The file's paragraphs in reading order, with place, leftovers and problems; its type is found by content.

    `progress(done, total)` is called page by page. Raises InputError where the file cannot be read at all.
    """
    path = Path(path)
    name = printable(path.name)
    if not path.is_file():
        raise InputError("there is no such file" if not path.exists() else "this is not a file", where=name,
                         do="Check the path.")
    if path.stat().st_size > limits.file_bytes:
        raise InputError(f"the file has {path.stat().st_size:,} bytes, more than {limits.file_bytes:,}", where=name,
                         do="Split it, or raise the limit.")
    kind = detect(path)
    digest = sha256_of(path)
    try:
        reading = _reader(kind)(path, password=password, ocr=ocr, limits=limits, progress=progress, digest=digest)
    except RecursionError as error:
        raise InputError("the file is nested too deeply", where=name, do="Save it again from its program.") from error
    except MemoryError as error:
        raise InputError("the file needs more memory than there is", where=name, do="Split it and read the parts.") from error
    if not reading.drafts and not reading.problems:
        reading.trouble("no text was found in the file", "Check that it is the right file; a scan needs OCR.")
    return assemble(reading, printable(str(path)), digest)


def _text_bytes(path: Path, limits: Limits) -> bytes:
    """A text file's bytes, within the limit for texts."""
    if path.stat().st_size > limits.text_bytes:
        raise InputError(f"the text has more than {limits.text_bytes:,} bytes", where=path.name, do="Split it.")
    return path.read_bytes()


def _reader(kind: str) -> Callable[..., Reading]:
    """The reader of one type; its libraries are imported only now."""
    return {"pdf": _pdf, "text": _text, "markdown": _markdown, "html": _html, "docx": _docx, "odt": _odt, "rtf": _rtf,
            "doc": _doc, "epub": _epub, "json": _json, "mail": _mail, "zip": _zip}[kind]


def _pdf(path: Path, **options) -> Reading:
    from kb.read.pdf import read_pdf

    return read_pdf(path, **options)


def _text(path: Path, *, limits: Limits, **_) -> Reading:
    from kb.read.text import read_text

    return read_text(_text_bytes(path, limits))


def _markdown(path: Path, *, limits: Limits, **_) -> Reading:
    from kb.read.markdown import read_markdown

    return read_markdown(_text_bytes(path, limits))


def _html(path: Path, *, limits: Limits, **_) -> Reading:
    from kb.read.html import read_html

    return read_html(_text_bytes(path, limits), limits)


def _docx(path: Path, *, limits: Limits, **_) -> Reading:
    from kb.read.docx import read_docx

    return read_docx(path, limits)


def _odt(path: Path, *, limits: Limits, **_) -> Reading:
    from kb.read.odt import read_odt

    return read_odt(path, limits)


def _rtf(path: Path, *, limits: Limits, **_) -> Reading:
    from kb.read.rtf import read_rtf

    return read_rtf(_text_bytes(path, limits))


def _doc(path: Path, *, limits: Limits, **_) -> Reading:
    from kb.read.office import read_doc

    return read_doc(path, limits)


def _epub(path: Path, *, limits: Limits, **_) -> Reading:
    from kb.read.epub import read_epub

    return read_epub(path, limits)


def _json(path: Path, *, limits: Limits, **_) -> Reading:
    from kb.read.json_ import read_json

    return read_json(_text_bytes(path, limits), limits)


def _mail(path: Path, *, limits: Limits, **_) -> Reading:
    from kb.read.mail import read_mail

    return read_mail(_text_bytes(path, limits), limits)


def _zip(path: Path, **options) -> Reading:
    from kb.read.zip import read_zip

    return read_zip(path, **options)
