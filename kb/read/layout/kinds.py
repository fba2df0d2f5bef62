"""Classify a block as heading, list item, note or paragraph from its print.

Numbers: lengths are in letters, sizes relative to that of the body text, places as shares of the page's width. Chosen
by eye on the sample pages, not fitted; benchmarks/paragraphs.py measures the modules of this folder together; cases:
tests/read/test_read_kinds.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.read.layout.blocks import LayoutBlock
from kb.read.numbering import Number, is_item, number_of

MAX_HEADING = 240  # characters: longer ones are sentences


@dataclass(frozen=True, slots=True)
class BodyPrint:
    """The print of most of the document's text: its size in points and its weight."""

    size: float
    bold: bool


_RUN_ON = re.compile(r"\.\s?[—–]\s?(?:\S+\s+){7,}\S+[.;:]$")
"""Matches a provision with its heading on the same line, 'Allocation of seats.—Transporters shall …': at least eight
words and a final stop follow the dash, so it is not a heading."""
LARGE_IN_A_PICTURE = 1.4
"""Multiple of the usual height from which an OCR line counts as large: OCR measures the ink of letters, so that a line
with capitals and brackets is up to a third higher than one without (read off a scanned law)."""


def caps(text: str) -> bool:
    """Return whether `text` is in capitals: it has at least four cased letters, and six in seven of them are capitals.

    False when most letters have no case, as in Arabic, Hebrew or Chinese, where an acronym in Latin letters proves
    nothing.
    """
    letters = [c for c in text if c.isalpha() and c.lower() != c.upper()]
    if 2 * len(letters) < sum(c.isalpha() for c in text):
        return False
    # by eye: fewer letters prove nothing; one in seven may be small
    return len(letters) >= 4 and sum(c.isupper() for c in letters) >= 0.86 * len(letters)


def kind_of(block: LayoutBlock, text: str, look: BodyPrint, width: float) -> str:
    """Return 'heading', 'list-item', 'note' (an endnote with a raised number) or 'paragraph' for a block of running
    text."""
    number = number_of(text)
    if number and number.form == "raised":
        return "note"
    if _heading(block, text, look, width, number):
        return "heading"
    if number and (is_item(number) or number.form == "brackets"):
        return "list-item"
    return "paragraph"


def _heading(block: LayoutBlock, text: str, look: BodyPrint, width: float, number: Number | None) -> bool:
    """Return whether a block is a heading: it is short, does not end as a sentence, and is bold, larger, in capitals,
    centred or a named part."""
    # lines, by eye: more are a paragraph
    if len(text) > MAX_HEADING or len(block.lines) > 5 or not any(c.isalpha() for c in text):
        return False
    rest = text[number.end :] if number else text
    if (
        number
        and number.form == "bullet"
        or text.endswith((";", ",", "–", "—", " -", ":-", ":–", ":—"))
        or rest[:1].islower()
    ):
        return False
    if number and number.alone and number.form in ("article", "chapter", "title", "part", "annex", "section", "book"):
        return True
    if _RUN_ON.search(text):
        return False
    bold = all(r.bold for r in block.lines) and not look.bold
    guessed = any(r.confidence is not None for r in block.lines)
    # of the body's size, by eye: a tenth larger
    large = min(r.size for r in block.lines) > (LARGE_IN_A_PICTURE if guessed else 1.1) * look.size
    # letters, by eye: capitals that end in a stop and are a heading all the same
    if text.endswith((".", ":")) and not (bold or large) and not (caps(text) and len(text) < 80):
        return False
    if number and number.form in ("letter", "small-roman") and not bold and not any(r.italic for r in block.lines):
        return False
    # letters, by eye: a numbered line in italics
    italic = all(r.italic for r in block.lines) and number is not None and len(text) < 120
    # letters, by eye: a centred line
    return bold or large or italic or caps(text) or _centred(block, width) and len(text) < 160


def _centred(block: LayoutBlock, width: float) -> bool:
    """Return whether every line of a block is centred on the page and none is full."""
    return all(
        # of the page's width, by eye: centred, and short
        abs((r.x0 + r.x1) / 2 - width / 2) < 0.03 * width and r.width < 0.72 * width and r.x0 > 0.17 * width
        for r in block.lines
    )


def style_of(block: LayoutBlock, text: str) -> tuple:
    """Return the style of a heading, by which levels are distinguished: (number form, its rank, size, weight,
    capitals)."""
    number = number_of(text)
    first = block.first
    form = number.form if number else ""
    if number and form in ("capital", "roman", "small-roman", "letter"):
        form = f"{form}{'(' if number.text.startswith('(') else ')' if number.text.endswith(')') else '.'}"
    return (form, number.above if number else 0, round(first.size), first.bold, caps(text))
