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
from kb.read.limits import DEFAULT, Limits, OverLimit
from kb.text import sha256_of

Progress = Callable[[int, int], None]


def read(
    path: str | Path,
    *,
    password: str | None = None,
    ocr: bool = True,
    limits: Limits = DEFAULT,
    progress: Progress | None = None,
) -> Pages:
    """The file's paragraphs in reading order, with place, leftovers and problems; its type is found by content.

    It is read in a process of its own with limits of processor time, memory and output, so that a hostile file does no
    harm. `progress(done, total)` is called as pages are done. Raises InputError where the file cannot be read at all,
    and OverLimit, which is one, where a limit is met.
    """
    from kb.read.guarded import read_guarded

    path = Path(path)
    _checked(path, limits)
    return read_guarded(path, password=password, ocr=ocr, limits=limits, progress=progress)


def read_here(
    path: str | Path,
    *,
    password: str | None = None,
    ocr: bool = True,
    limits: Limits = DEFAULT,
    progress: Progress | None = None,
) -> Pages:
    """What `read` gives, read in this process: for files of our own, whose hash is proved, such as the paper."""
    path = Path(path)
    name = _checked(path, limits)
    kind = detect(path)
    digest = sha256_of(path)
    try:
        reading = _reader(kind)(path, password=password, ocr=ocr, limits=limits, progress=progress, digest=digest)
    except RecursionError as error:
        raise InputError("the file is nested too deeply", where=name, do="Save it again from its program.") from error
    except MemoryError as error:
        raise OverLimit(
            "reading it needs more memory than there is", where=name, do="Split it and read the parts."
        ) from error
    if not reading.drafts and not reading.problems:
        reading.trouble("no text was found in the file", "Check that it is the right file; a scan needs OCR.")
    count = len(reading.drafts) + len(reading.leftovers)
    if count > limits.units:
        raise OverLimit(
            f"it holds {count:,} pieces of text, more than {limits.units:,}",
            where=name,
            do="Split it and read the parts.",
        )
    return assemble(reading, printable(str(path)), digest)


def _checked(path: Path, limits: Limits) -> str:
    """The file's name as it can be printed. Raises InputError where there is no such file, OverLimit where it is too
    large."""
    name = printable(path.name)
    if not path.is_file():
        raise InputError(
            "there is no such file" if not path.exists() else "this is not a file", where=name, do="Check the path."
        )
    if path.stat().st_size > limits.file_bytes:
        raise OverLimit(
            f"the file has {path.stat().st_size:,} bytes, more than {limits.file_bytes:,}",
            where=name,
            do="Split it and read the parts.",
        )
    return name


def _text_bytes(path: Path, limits: Limits) -> bytes:
    """A text file's bytes, within the limit for texts."""
    if path.stat().st_size > limits.text_bytes:
        raise OverLimit(f"the text has more than {limits.text_bytes:,} bytes", where=path.name, do="Split it.")
    return path.read_bytes()


def _reader(kind: str) -> Callable[..., Reading]:
    """The reader of one type; its libraries are imported only now."""
    return {
        "pdf": _pdf,
        "text": _text,
        "markdown": _markdown,
        "html": _html,
        "docx": _docx,
        "odt": _odt,
        "rtf": _rtf,
        "doc": _doc,
        "epub": _epub,
        "akn": _akn,
        "fodt": _fodt,
        "json": _json,
        "mail": _mail,
        "zip": _zip,
    }[kind]


def _pdf(path: Path, **options) -> Reading:
    from kb.read.formats.pdf import read_pdf

    return read_pdf(path, **options)


def _text(path: Path, *, limits: Limits, **_) -> Reading:
    from kb.read.formats.text import read_text

    return read_text(_text_bytes(path, limits))


def _markdown(path: Path, *, limits: Limits, **_) -> Reading:
    from kb.read.formats.markdown import read_markdown

    return read_markdown(_text_bytes(path, limits))


def _html(path: Path, *, limits: Limits, **_) -> Reading:
    from kb.read.formats.html import read_html

    return read_html(_text_bytes(path, limits), limits)


def _akn(path: Path, *, limits: Limits, **_) -> Reading:
    from kb.read.formats.akn import read_akn

    return read_akn(_text_bytes(path, limits), limits, path.name)


def _fodt(path: Path, *, limits: Limits, **_) -> Reading:
    from kb.read.formats.odt import read_flat_odt

    return read_flat_odt(_text_bytes(path, limits), limits, path.name)


def _docx(path: Path, *, limits: Limits, **_) -> Reading:
    from kb.read.formats.docx import read_docx

    return read_docx(path, limits)


def _odt(path: Path, *, limits: Limits, **_) -> Reading:
    from kb.read.formats.odt import read_odt

    return read_odt(path, limits)


def _rtf(path: Path, *, limits: Limits, **_) -> Reading:
    from kb.read.formats.rtf import read_rtf

    return read_rtf(_text_bytes(path, limits))


def _doc(path: Path, *, limits: Limits, **_) -> Reading:
    from kb.read.formats.office import read_doc

    return read_doc(path, limits)


def _epub(path: Path, *, limits: Limits, **_) -> Reading:
    from kb.read.formats.epub import read_epub

    return read_epub(path, limits)


def _json(path: Path, *, limits: Limits, **_) -> Reading:
    from kb.read.formats.json_ import read_json

    return read_json(_text_bytes(path, limits), limits)


def _mail(path: Path, *, limits: Limits, **_) -> Reading:
    from kb.read.formats.mail import read_mail

    return read_mail(_text_bytes(path, limits), limits)


def _zip(path: Path, **options) -> Reading:
    from kb.read.formats.zip import read_zip

    return read_zip(path, **options)
