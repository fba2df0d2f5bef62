"""Read a PDF a second time, independently, with pypdf, which shares no code with pdfium.

Returns the text of each page, to be compared with the first reading. There is no layout: the order of words on a page
may differ from the first reading; letters and digits may not.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import Field

from kb.errors import InputError
from kb.models import Model
from kb.read.limits import DEFAULT, Limits

if TYPE_CHECKING:
    from pypdf import PageObject

Part = TypeVar("Part")

_PIECE_BYTES = 20_000_000
"""Maximum number of bytes that one compressed stream may inflate to. The longest page of 118 real laws and plans has
under 2 MB."""
_PARSING_STEPS = 500_000
"""Maximum number of operands and operators of one page, a quarter of pypdf's own limit; a page of dense text has some
20,000."""
_DAMAGE = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RecursionError,
    NotImplementedError,
    OSError,
    zlib.error,
)
"""Exceptions that damaged files cause inside pypdf, beside its own errors."""
RAISED = 1.0
"""Points between the baselines of a digit and a superscript after it: 2 to 4 in print, under 0.1 between runs of one
line."""
_FORMS = 500
"""Maximum number of nested drawings of one page that are searched for text."""


class SecondReading(Model):
    """What pypdf reads from a PDF."""

    pages: tuple[str, ...] = Field(description="plain text of each page, in order; empty where none could be read")
    problems: tuple[str, ...] = Field((), description="what could not be read, by page or part")


def second_reading(path: Path, password: str = "", *, limits: Limits = DEFAULT) -> SecondReading:
    """Read the PDF at `path` with pypdf. Raises InputError when it cannot be opened or the password is wrong.

    A page or part that cannot be read is named in `problems` and left empty. Sizes are limited by `limits` and by this
    module's constants; time is not, so the caller must limit it.
    """
    with bounded():
        return _PdfReader(path, password).read(limits)


def bounded() -> AbstractContextManager[object]:
    """Return a context manager within which pypdf inflates and parses no more than this module's constants allow."""
    from pypdf import apply_configuration

    return apply_configuration(
        zlib_maximum_output_length=_PIECE_BYTES,
        lzw_maximum_output_length=_PIECE_BYTES,
        run_length_maximum_output_length=_PIECE_BYTES,
        brotli_maximum_output_length=_PIECE_BYTES,
        array_based_stream_maximum_output_length=_PIECE_BYTES,
        stream_parsing_work_maximum_count=_PARSING_STEPS,
        jbig2dec_binary=None,
        xform_maximum_invocations_per_extraction=_FORMS,
    )


class _PdfReader:
    """An open PDF whose parts are read one by one, so that a part that fails does not affect the others."""

    def __init__(self, path: Path, password: str) -> None:
        from pypdf import PdfReader
        from pypdf.errors import DependencyError, PyPdfError

        logging.getLogger("pypdf").setLevel(
            logging.ERROR
        )  # warnings of pypdf about small damage are not problems of the reading
        self.problems: list[str] = []
        try:
            self.pdf = PdfReader(path)
            if self.pdf.is_encrypted and not self.pdf.decrypt(password):
                raise InputError(
                    "the password is wrong" if password else "the PDF is encrypted and needs a password",
                    where=path.name,
                    do="Give its password with --password to kb read. To add it, save it without its password.",
                )
        except (DependencyError, NotImplementedError) as error:  # an unknown handler or cipher
            raise InputError(
                "the PDF is encrypted in a way that is not supported",
                where=path.name,
                do="Get an unencrypted copy from its publisher.",
            ) from error
        except (PyPdfError, *_DAMAGE) as error:
            raise InputError(
                f"the PDF cannot be opened for a second reading ({type(error).__name__})",
                where=path.name,
                do="Get the file again from its source.",
            ) from error

    def read(self, limits: Limits) -> SecondReading:
        """Read every page of the file."""
        return SecondReading(pages=self._pages(limits), problems=tuple(self.problems))

    def _part(self, name: str, read: Callable[[], Iterable[Part]]) -> list[Part]:
        """Return the results of `read`; when it fails, record a problem of the part `name` and return []."""
        from pypdf.errors import PyPdfError

        try:
            return list(read())
        except (PyPdfError, *_DAMAGE) as error:
            self.problems.append(f"{name} cannot be read ({type(error).__name__})")
            return []

    def _pages(self, limits: Limits) -> tuple[str, ...]:
        """Return the text of every page up to the page limit."""
        count = sum(self._part("the list of pages", lambda: [len(self.pdf.pages)]))
        if count > limits.pages:
            self.problems.append(f"only the first {limits.pages} of {count} pages were read")
        texts = []
        for index in range(min(count, limits.pages)):
            text = "".join(self._part(f"page {index + 1}", partial(self._page, index)))
            if len(text) > limits.chars_per_page:
                self.problems.append(f"only the first {limits.chars_per_page} characters of page {index + 1} were read")
            texts.append(text[: limits.chars_per_page])
        return tuple(texts)

    def _page(self, index: int) -> list[str]:
        """Return a list with the text of one page (0-based `index`)."""
        return [_text_of(self.pdf.pages[index])]


def _text_of(page: PageObject) -> str:
    """Return the text of a page. A digit after a digit on another baseline, such as a superscript note mark, is
    separated by a blank: '2011 3'."""
    parts: list[str] = []
    height = [0.0]

    def visit(text: str, outer: list[float], inner: list[float], *_: object) -> None:
        """Collect a run of text; called by pypdf for each, with its matrices (PDF 1.7, 9.4.4)."""
        if not text:
            return
        if text.strip():
            now = inner[4] * outer[1] + inner[5] * outer[3] + outer[5]
            if parts and parts[-1][-1:].isdigit() and text[:1].isdigit() and abs(now - height[0]) > RAISED:
                parts.append(" ")
            height[0] = now
        parts.append(text)

    extracted = page.extract_text(visitor_text=visit)
    found = "".join(parts)
    return (
        found if "".join(found.split()) == "".join(extracted.split()) else extracted
    )  # text for which pypdf does not call the visitor
