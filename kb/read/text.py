"""Plain text in any encoding: wrapped lines are joined into paragraphs, and every paragraph is a span of the source."""
from __future__ import annotations

import re

from kb.models import Span
from kb.read.decode import decode
from kb.read.draft import Reading
from kb.read.layout.kinds import caps
from kb.read.layout.tables import is_contents_title
from kb.read.numbering import number_of
from kb.read.source import draft, leave_rest

_LINE = re.compile(r"[^\r\n\f\x0b\x85\u2028\u2029]+")
_CLOSED = re.compile(r"[.;:!?…。；：！？؟][\"”’»)\]*_]*\s*$")
_RULE = re.compile(r"[\W_]+")
MAX_HEADING = 140


def read_text(data: bytes) -> Reading:
    """A text file's paragraphs; a form feed begins a new page."""
    source, _, doubt = decode(data)
    reading = Reading("text", source=source)
    if doubt:
        reading.trouble(doubt, "Save the file as UTF-8 and read it again.")
    pages = source.count("\f") + 1
    reading.pages = pages
    for span in paragraphs(source):
        text = source[span[0]:span[1]]
        item = draft(source, span, "heading" if is_heading(text) else kind_of(text))
        item.style = style_of(item.text)
        item.page = source.count("\f", 0, span[0]) + 1 if pages > 1 else None
        (reading.leftovers if item.kind == "leftover" else reading.drafts).append(item)
    leave_rest(reading)
    return reading


def kind_of(text: str) -> str:
    """'list-item' where the text begins with a bullet or a letter, 'leftover' where it holds no letter or figure."""
    if _RULE.fullmatch(text):
        return "leftover"
    number = number_of(text)
    return "list-item" if number and number.form in ("bullet", "letter", "small-roman") else "paragraph"


def is_heading(text: str) -> bool:
    """Whether a paragraph of plain text is a heading: short, unclosed, in capitals or a named part or a numbered title."""
    text = text.strip()
    if len(text) > MAX_HEADING or text.endswith((",", ";")) or not any(c.isalpha() for c in text):
        return False
    number = number_of(text)
    rest = text[number.end:] if number else text
    if number and number.form == "bullet" or rest[:1].islower():
        return False
    if caps(text) or is_contents_title(text):
        return True
    if number and number.above < 8:
        return number.alone or not _CLOSED.search(text)
    return bool(number) and number.form in ("decimal", "roman", "arabic") and not _CLOSED.search(text) and len(text) < 90


def style_of(text: str) -> tuple:
    """What tells one level of heading from another where there is no print to look at."""
    number = number_of(text)
    return (number.form if number else "", number.above if number else 0, 0, False, caps(text))


def paragraphs(source: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Spans of the paragraphs in `source[start:end]`, wrapped lines joined, also across empty lines where a file has one
    after every line and the sentence goes on.
    """
    lines = [m.span() for m in _LINE.finditer(source, start, len(source) if end is None else end)]
    lines = [(a, b) for a, b in lines if source[a:b].strip()]
    width = _wrap_width(source, lines)
    found: list[Span] = []
    for line in lines:
        if found and _continues(source, found[-1], line, width):
            found[-1] = (found[-1][0], line[1])
        else:
            found.append(line)
    return found


def _wrap_width(source: str, lines: list[Span]) -> int | None:
    """The length at which the file wraps its lines, or None where its lines are whole paragraphs (some over 180)."""
    lengths = sorted(len(source[a:b].strip()) for a, b in lines)
    if len(lengths) < 4:
        return lengths[-1] if lengths and lengths[-1] <= 180 else None
    high = lengths[int(0.97 * (len(lengths) - 1))]
    return high if high <= 180 else None


def _continues(source: str, block: Span, line: Span, width: int | None) -> bool:
    """Whether `line` goes on with the paragraph `block`."""
    gap = source[block[1]:line[0]]
    text = source[line[0]:line[1]].strip()
    last = source[max(block[0], block[1] - 400):block[1]].rsplit("\n", 1)[-1].strip()
    closed = bool(_CLOSED.search(last))
    number = number_of(text)
    empty = gap.count("\n") > 1 or gap.count("\r") > 1 and "\n" not in gap
    if empty or "\f" in gap:
        return not closed and text[:1].islower() and number is None and not last.endswith("|") and width is not None
    if width is None or _RULE.fullmatch(last) or _RULE.fullmatch(text):
        return False
    room = len(last) + 1 + len(text.split(None, 1)[0]) <= width - 6
    if number and (closed or room or number.form == "bullet"):
        return False
    if is_heading(source[block[0]:block[1]]) and (room or caps(last) != caps(text)):
        return caps(last) and caps(text) and number is None
    return not (closed and room)


