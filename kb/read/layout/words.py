"""Build words of a PDF page with their boxes from pdfium's characters.

Coordinates are PDF points from the top left corner of the page as it is shown (rotation and crop box applied).

Numbers: distances are multiples of the letter height, angles degrees, hexadecimal numbers Unicode characters
(private-use letters of symbol fonts, UTF-16 surrogates, Arabic presentation forms). Distances: chosen by eye on the
sample pages, not fitted; benchmarks/paragraphs.py measures the modules of this folder together.
"""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import pypdfium2.raw as pdfium

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

# private signs of symbol fonts, and the bullet of Unicode
BULLETS = dict.fromkeys((0xF0B7, 0xF0A7, 0xF0D8, 0xF0FC, 0xF06E, 0xF02D), 0x2022)
SOFT_HYPHENS = {0x02, 0xAD, 0xFFFE}  # soft hyphens of Unicode, and what some files have for one
ODD = -1
STRAIGHT = 8  # degrees by which a scanned or sloping line may differ from a right angle


class Rect(Protocol):
    """A box in pdfium's user space: y goes up."""

    left: float
    bottom: float
    right: float
    top: float


Place = Callable[[Rect], tuple[float, float, float, float]]
"""Maps a box in user space to points from the top left corner of the page as shown: x0, top, x1, bottom."""


@dataclass(slots=True)
class PageWord:
    """A run of characters without a space, with its box in points; `first` is the index of its first character in
    pdfium's text page, `turn` its rotation in degrees."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    first: int
    turn: int = 0

    @property
    def height(self) -> float:
        """Return the height of the font's box, used as the font size."""
        return self.bottom - self.top


def placer(page: PdfPage) -> Place:
    """Return a function that maps a box in user space to points from the top left corner of the page as shown."""
    left, bottom, right, top = page.get_bbox()  # a box that the page inherits counts; get_cropbox() would say US Letter
    turn = page.get_rotation()

    def place(box: Rect) -> tuple[float, float, float, float]:
        """Return the box in points from the top left corner of the page as shown: (x0, top, x1, bottom)."""
        x0, x1 = box.left - left, box.right - left
        y0, y1 = top - box.top, top - box.bottom
        if turn == 90:  # degrees
            x0, y0, x1, y1 = (top - bottom) - y1, x0, (top - bottom) - y0, x1
        elif turn == 180:  # degrees
            x0, y0, x1, y1 = (right - left) - x1, (top - bottom) - y1, (right - left) - x0, (top - bottom) - y0
        elif turn == 270:  # degrees
            x0, y0, x1, y1 = y0, (right - left) - x1, y1, (right - left) - x0
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    return place


def page_words(
    place: Place, raw: object, count: int, rotation: int = 0, apart: Callable[[int], bool] | None = None
) -> list[PageWord]:
    """Return the words of a page in content order.

    A line-end hyphen that pdfium removed is restored, and a combining mark that comes before its word is added to the
    letter below it. `rotation` is the page's own, in degrees. Characters for which `apart` is true never share a word
    with others.
    """
    gather, box = _Gather(lambda index: _turn(raw, index, rotation)), pdfium.FS_RECTF()
    high, was_apart, made = 0, False, True
    for i in range(count):
        code = pdfium.FPDFText_GetUnicode(raw, i)
        if 0xD800 <= code < 0xDC00:  # Unicode: first halves of characters in UTF-16
            high = code
            continue
        if 0xDC00 <= code < 0xE000:  # Unicode: second halves of characters in UTF-16
            # Unicode, 3.9: two halves of UTF-16 as one character
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
        if code in SOFT_HYPHENS:
            gather.hyphen("\u00ad" if code == 0xAD else "-")  # Unicode: the soft hyphen
        # Unicode: control characters end before 33, all characters at 10FFFF
        elif code < 33 or code > 0x10FFFF or chr(code).isspace():
            gather.word = None
            made = made and code in (10, 13) and pdfium.FPDFText_IsGenerated(raw, i) == 1  # line ends of pdfium
        else:
            if apart is not None and apart(i) != was_apart:
                gather.word, was_apart, made = None, not was_apart, False
            gather.made, made = made and gather.word is None, True
            pdfium.FPDFText_GetLooseCharBox(raw, i, box)
            gather.add(
                unicodedata.normalize("NFKC", chr(code)) if _ligature(code) else chr(BULLETS.get(code, code)),
                place(box),
                i,
            )
    return _rejoined(_parted(gather.words, gather.steps), gather.after_made)


NEAR = 3
"""Maximum distance, in words of the content order, between two pieces of one word. More than one, because a piece of a
right-to-left line can hold two words."""
TOUCHING, ARABIC = (-0.1, 0.04), 0.13
"""Range of the distance between two letters of one word, in letter heights, and the upper end for Arabic. Blanks begin
at 0.15."""


def _rejoined(words: list[PageWord], made: set[int]) -> list[PageWord]:
    """Join words that pdfium separated although their letters touch: on a page with few words, pdfium treats each
    letter as a line. `made` has, for each word before which pdfium added a line end, the index of its first
    character."""
    if not made:
        return words
    found: list[PageWord] = []
    for word in words:
        backward = not word.text.isascii() and _backward(word)
        before = reversed(found[-NEAR:]) if backward or word.first in made else ()
        last = next((w for w in before if _touch(w, word)), None)
        if last is None:
            found.append(word)
            continue
        # the letters of each piece stand in the order of the language
        first = word.x0 > last.x0 and not last.turn and right_to_left([last, word])
        last.text = word.text + last.text if first else last.text + word.text
        last.x0, last.x1 = min(last.x0, word.x0), max(last.x1, word.x1)
        last.top, last.bottom = min(last.top, word.top), max(last.bottom, word.bottom)
    return found


def _backward(word: PageWord) -> bool:
    """Return whether a word is written from right to left."""
    return not word.turn and right_to_left([word])


def _touch(a: PageWord, b: PageWord) -> bool:
    """Return whether word `b` begins where `a`, of the same size and direction, ends, on the same base line."""
    if a.turn != b.turn or a.turn not in (0, 90, 270):  # degrees
        return False
    if (
        not a.text.isascii() and not b.text.isascii() and _backward(a) and _backward(b)
    ):  # Arabic letters have boxes of their own height, and room around some
        size = max(a.height, b.height)
        apart = b.x0 - a.x1 if b.x0 > a.x0 else a.x0 - b.x1
        return min(a.bottom, b.bottom) > max(a.top, b.top) and TOUCHING[0] * size < apart < ARABIC * size
    if not a.turn:
        size, apart, level = a.height, b.x0 - a.x1, max(abs(a.top - b.top), abs(a.bottom - b.bottom))
    else:
        size, level = a.x1 - a.x0, max(abs(a.x0 - b.x0), abs(a.x1 - b.x1))
        apart = b.top - a.bottom if a.turn == 90 else a.top - b.bottom  # degrees: read downwards
    return level < 0.05 * size and TOUCHING[0] * size < apart < TOUCHING[1] * size  # by eye: one base line


def _ligature(code: int) -> bool:
    """Return whether a code point is a ligature or presentation form, which is replaced by its plain letters."""
    return 0xFB00 <= code <= 0xFDFF or 0xFE70 <= code <= 0xFEFC  # Unicode: forms of presentation of Arabic letters


Step = tuple[int, float, float, int]
"""From one letter of a word to the next: position in the word, x of the gap's start and end, and character index."""
TIGHT = -0.03
"""Letter distance, in heights, below which print is tight: pdfium then misses narrow blanks."""
BLANK = 0.15
"""Minimum width of a blank beyond the usual letter distance, in heights; fonts have 0.2 to 0.3."""
AROUND = 6  # words on each side that tell how tight a print is: a line of capitals has some eight


def _parted(words: list[PageWord], steps: dict[int, list[Step]]) -> list[PageWord]:
    """Split words of tight print at blanks between two letters: "TOENSURE" becomes "TO ENSURE".

    Such a blank has hardly any width, and is detected only by comparison with the letters, which overlap. `steps` has
    the gaps within each word.
    """
    found: list[PageWord] = []
    for at, word in enumerate(words):
        wide = [s for s in steps.get(id(word), ()) if s[2] - s[1] > 0.05 * word.height]  # more than a pair of letters
        if wide:
            around = [w for w in words[max(0, at - AROUND) : at + AROUND + 1] if abs(w.height - word.height) < 0.5]
            usual = sorted(s[2] - s[1] for w in around for s in steps.get(id(w), ()))
            middle = usual[len(usual) // 2]
            tight = middle < TIGHT * word.height and len(usual) > AROUND
            wide = [s for s in wide if tight and s[2] - s[1] - middle >= BLANK * word.height]
        found += _cut(word, wide) if wide else [word]
    return found


def _cut(word: PageWord, steps: list[Step]) -> list[PageWord]:
    """Split a word at those of the steps (gaps) that have letters on both sides."""
    steps = [s for s in steps if word.text[s[0] - 1].isalpha() and word.text[s[0]].isalpha()]
    parts: list[PageWord] = []
    start, x0, first = 0, word.x0, word.first
    for place, ends, begins, index in steps:
        parts.append(PageWord(word.text[start:place], x0, word.top, ends, word.bottom, first))
        start, x0, first = place, begins, index
    return [*parts, PageWord(word.text[start:], x0, word.top, word.x1, word.bottom, first, word.turn)]


class _Gather:
    """Builds words from a page's characters, which are added one by one in content order."""

    def __init__(self, turn_of: Callable[[int], int]) -> None:
        self.turn_of = turn_of
        self.words: list[PageWord] = []
        self.made = False
        self.after_made: set[int] = set()
        self.steps: dict[int, list[Step]] = {}
        self.word: PageWord | None = None
        self.shared = 0
        self.spot: tuple[float, float] | None = None
        self.mark: tuple[str, float] | None = None

    def hyphen(self, sign: str) -> None:
        """Add a hyphen sign to the current word and end it."""
        if self.word is not None:
            self.word.text += sign
        self.word = None

    def add(self, char: str, box: tuple[float, float, float, float], index: int) -> None:
        """Add one character to the current word, or begin a new word with it."""
        x0, top, x1, bottom = box
        word = self.word
        if word is None and unicodedata.combining(char):
            self.mark = (char, (x0 + x1) / 2)
            return
        if word is not None and (
            word.turn and self.turn_of(index) == word.turn or _goes_on(word, char, x0, top, x1, bottom)
        ):
            if self.spot != (x0, x1):
                self.shared = len(word.text)
                if self.spot is not None and not word.turn:
                    self.steps.setdefault(id(word), []).append((len(word.text), self.spot[1], x0, index))
            # pdfium turns the parts of "A/61" around in a line from right to left
            leading = (
                (x0 + x1) / 2 < word.x0 and not word.turn and word.text.isascii() and (char == "/" or _is_latin(char))
            )
            word.text = char + word.text if leading else _in_order(word.text + char, self.shared)
            word.x0, word.x1 = min(word.x0, x0), max(word.x1, x1)
            if word.turn:
                word.top, word.bottom = min(word.top, top), max(word.bottom, bottom)
        else:
            word = self.word = PageWord(char, x0, top, x1, bottom, index, self.turn_of(index))
            self.words.append(word)
            self.after_made |= {index} if self.made else set()
            self.shared = 0
        self.spot = (x0, x1)
        if self.mark is not None and x0 - 1 <= self.mark[1] <= x1 + 1:
            word.text += self.mark[0]
            self.mark = None


def _is_latin(char: str) -> bool:
    """Return whether a character is a letter or figure of ASCII, which no language writes from right to left."""
    return char.isascii() and char.isalnum()


def _turn(raw: object, index: int, rotation: int) -> int:
    """Return the angle in degrees by which a character is rotated on the page as shown: 0, 90, 180 or 270, or ODD for
    any other."""
    angle = (math.degrees(pdfium.FPDFText_GetCharAngle(raw, index)) + rotation) % 360  # degrees of a full turn
    right = 90 * round(angle / 90)  # degrees of a quarter turn
    return right % 360 if abs(angle - right) <= STRAIGHT else ODD  # degrees of a full turn


def _in_order(text: str, start: int) -> str:
    """Return `text`, a word that ends in a right-to-left ligature, with the ligature's letters in reading order.

    Its last letter shares its box with those from `start` on. pdfium returns the letters of such a ligature backwards,
    so each further one is moved before the others.
    """
    if (
        len(text) - start < 2
        or unicodedata.bidirectional(text[-1]) not in ("R", "AL", "NSM")
        or unicodedata.bidirectional(text[start]) not in ("R", "AL")
    ):
        return text
    if unicodedata.combining(text[-1]) and len(text) - start == 2:
        return text
    return text[:start] + text[-1] + text[start:-1]


def _goes_on(word: PageWord, char: str, x0: float, top: float, x1: float, bottom: float) -> bool:
    """Return whether the next character continues the word: it is beside it, on its line. A superscript is a word of
    its own."""
    height = max(word.height, 1.0)
    # heights of a word, by eye: one base line
    level = abs(bottom - word.bottom) < 0.12 * height and abs(top - word.top) < 0.25 * height
    if not level and (
        # heights of a word, by eye: raised or lowered
        char.isdigit() or word.text[-1].isdigit() or min(bottom, word.bottom) - max(top, word.top) < 0.4 * height
    ):
        return False
    # heights of a word, by eye: no more than a space
    return x0 - word.x1 < 0.6 * height and word.x0 - x1 < 0.6 * height


def right_to_left(words: list[PageWord]) -> bool:
    """Return whether most letters of the words are written from right to left."""
    letters = [c for w in words[:30] for c in w.text if c.isalpha()]
    return sum(unicodedata.bidirectional(c) in ("R", "AL") for c in letters) * 2 > max(len(letters), 1)


def with_signs_behind(words: list[PageWord]) -> list[PageWord]:
    """Return the words of a right-to-left line, in reading order, with each sign that stands to the left of a number or
    of words written from left to right behind them: there it is read ("12:", where the page shows ":12")."""
    found: list[PageWord] = []
    words = _whole_codes(words)
    for forward, run in itertools.groupby(words, lambda w: not right_to_left([w]) and any(c.isalnum() for c in w.text)):
        part = list(run)
        sign = _SIGN_BEFORE.match(part[0].text) if forward else None
        if sign:
            part[0] = replace(part[0], text=part[0].text[sign.end() :])
            part[-1] = replace(part[-1], text=part[-1].text + sign.group())
        found += part
    return found


def _whole_codes(words: list[PageWord]) -> list[PageWord]:
    """Return the words of a right-to-left line with the touching pieces of a code joined as they stand on the page:
    "/61/106" right of "A/RES"."""
    found: list[PageWord] = []
    for word in words:
        last = found[-1] if found else None
        # heights, by eye: a blank is wider
        touching = last is not None and abs(last.x0 - word.x1) < 0.1 * word.height
        both = last is not None and all(w.text.isascii() and any(map(_is_latin, w.text)) for w in (last, word))
        if last is not None and touching and both:
            sign = _SIGN_BEHIND.search(word.text) if last.text.startswith("/") else None  # that of the sentence
            text = f"{word.text[: sign.start()]}{last.text}{sign.group()}" if sign else word.text + last.text
            found[-1] = replace(word, text=text, x1=last.x1, top=min(word.top, last.top))
        else:
            found.append(word)
    return found


_SIGN_BEHIND = re.compile(r"[.,:;!?،؛؟]+$")
_SIGN_BEFORE = re.compile(r"[.,:;!?،؛؟]+(?=\w)")
"""Matches punctuation at the start of a word, before a letter or digit."""
