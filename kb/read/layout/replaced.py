"""Find replacement text (`/ActualText`, ISO 32000-1, 14.9.4) that differs from what a PDF prints.

Typesetting programs use replacement text for ligatures, hyphens and scripts whose glyphs are no letters; then letters
and digits are equal, or the printed glyphs have no meaning. When they differ, copied text is not what the page shows.

Numbers: above 2,000 words the comparison ignores common words, which difflib does for speed.
"""

from __future__ import annotations

import ctypes
import difflib
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium

from kb.read.layout.grids import things
from kb.read.layout.hidden import marks
from kb.read.layout.lines import Line
from kb.read.layout.words import PageWord, page_words, placer

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

DEPTH = 12
"""Maximum nesting depth of drawings (form XObjects) that is examined; real files have 3 levels."""
KEY = "ActualText"


def settle(document: PdfDocument, page: PdfPage, number: int, limit: int) -> list[tuple[str, Line]]:
    """Remove replacement text from a pdfium page wherever it equals the printed text; return the differences.

    Each result is `(given, printed)`: the replacement text, and as a line with the role `replaced` the printed words,
    which have different letters or digits. There, and where the printed glyphs have no meaning, the page keeps the
    replacement text. For replacement text where nothing is printed, `given` is '' and the line has the role `hidden`.
    `number` is the 1-based page; `limit` is the maximum number of characters that are compared.
    """
    pieces = [thing for _, thing in _texts(page)]
    if not any(_givers(thing) for thing in pieces):
        return []
    bare = document[number - 1]
    try:
        things = [thing for _, thing in _texts(bare)]
        given = [[_key(mark) for mark in _givers(thing)] for thing in things]
        before = _words(bare, limit)[0]
        for thing in things:
            _drop(thing)
        after, owners = _words(bare, limit)
        found = _differences(before, after)
        order = {_key(thing): n for n, thing in enumerate(things)}
        stay = {key for place in found for word in place[1] for key in _at(given, order.get(owners[word.first]))}
        for thing, keys in zip(pieces, given, strict=True):
            if keys and not stay.intersection(keys):
                _drop(thing)
        shown = [
            (_text_of(words), _line(printed, number, "replaced"))
            for words, printed, differs in found
            if differs and printed
        ]
        return shown + [("", _line(words, number, "hidden")) for words, printed, _ in found if not printed]
    finally:
        bare.close()


def _texts(page: PdfPage) -> Iterator[tuple[int, pdfium.FPDF_PAGEOBJECT]]:
    """Yield the pieces of text of a page, including those in drawings."""
    return things(page, frozenset((pdfium.FPDF_PAGEOBJ_TEXT,)), DEPTH)


def _givers(thing: pdfium.FPDF_PAGEOBJECT) -> list[pdfium.FPDF_PAGEOBJECTMARK]:
    """Return the marks of a piece of text that carry replacement text."""
    found = []
    for _, mark in marks(thing):
        size = ctypes.c_ulong()
        if pdfium.FPDFPageObjMark_GetParamStringValue(mark, KEY.encode(), None, 0, size):
            found.append(mark)
    return found


def _at(given: list[list[int]], number: int | None) -> list[int]:
    """Return the marks of piece of text `number`; [] for text added by pdfium (None), such as spaces."""
    return given[number] if number is not None else []


def _key(thing: pdfium.FPDF_PAGEOBJECT | pdfium.FPDF_PAGEOBJECTMARK) -> int:
    """Return the memory address of a piece of text or mark, which identifies it on the page."""
    return ctypes.cast(thing, ctypes.c_void_p).value or 0


def _drop(thing: pdfium.FPDF_PAGEOBJECT) -> None:
    """Remove the marks with replacement text from a piece of text."""
    for mark in _givers(thing):
        pdfium.FPDFPageObj_RemoveMark(thing, mark)


def _words(page: PdfPage, limit: int) -> tuple[list[PageWord], dict[int, int]]:
    """Return `(words, pieces)`: the words of a page in content order, and a map from the index of each word's first
    character to the number of its piece of text."""
    text = page.get_textpage()
    try:
        words = page_words(placer(page), text.raw, min(text.count_chars(), limit), page.get_rotation())
        return words, {w.first: _key(pdfium.FPDFText_GetTextObject(text.raw, w.first)) for w in words}
    finally:
        text.close()


def _differences(given: list[PageWord], printed: list[PageWord]) -> list[tuple[list[PageWord], list[PageWord], bool]]:
    """Return `(given, printed, differs)` for the places at which the words of two readings of a page are not equal.
    `differs` is True when letters or digits differ, False when the printed glyphs have no meaning that could be
    compared."""
    a, b = [w.text for w in given], [w.text for w in printed]
    found = []
    # words beyond which the library leaves common ones out, for speed; by eye
    for tag, i0, i1, j0, j1 in difflib.SequenceMatcher(None, a, b, autojunk=len(a) > 2000).get_opcodes():
        if tag == "equal":
            continue
        if _is_meaningless("".join(b[j0:j1])):
            found.append((given[i0:i1], printed[j0:j1], False))
        elif _signs("".join(a[i0:i1])) != _signs("".join(b[j0:j1])):
            found.append((given[i0:i1], printed[j0:j1], True))
    return found


def _is_meaningless(text: str) -> bool:
    """Return whether printed glyphs map to no character, so that nothing can be compared."""
    return any(unicodedata.category(c) in ("Co", "Cn", "Cc", "Cs") or c == "\ufffd" for c in text)


def _signs(text: str) -> str:
    """Return only letters, marks and digits, in compatibility normal form (NFKC)."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c)[0] in "LMN")


def _text_of(words: list[PageWord]) -> str:
    """Join the words to one text, with blanks between."""
    return " ".join(w.text for w in words)


def _line(words: list[PageWord], number: int, role: str) -> Line:
    """Return words as a line with this role."""
    x0, top = min(w.x0 for w in words), min(w.top for w in words)
    x1, bottom = max(w.x1 for w in words), max(w.bottom for w in words)
    return Line([], x0, top, x1, bottom, size=words[0].height, text=_text_of(words), page=number, role=role)
