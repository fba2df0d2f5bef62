"""Read plain text in any encoding: wrapped lines are joined into paragraphs, and every paragraph is a span of the
source.

Numbers: lengths of lines in letters and as shares of the usual line. Chosen by eye on wrapped text files, such as those
of law gazettes and of pdftotext.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.models import Span
from kb.read.decode import decode
from kb.read.draft import Draft, Reading
from kb.read.folded import unfolded
from kb.read.formats import ReadOptions, SourceFile
from kb.read.layout.kinds import caps
from kb.read.layout.titles import is_contents_title
from kb.read.linenumbers import line_numbers, without
from kb.read.numbering import is_annex_title, is_item, number_of
from kb.read.source import draft, leave_rest

_LINE = re.compile(r"[^\r\n\f\x0b\x85\u2028\u2029]+")
_CLOSED = re.compile(r"[.;:!?…。；：！？؟؛۔](?:\s?[\"”’»)\]*_])*\s*$")
_SMALL = re.compile(r"\s[a-zà-ÿ]{1,3}$")
_RULE = re.compile(r"[\W_]+")
_PAGED = re.compile(r"[^\W\d_][^\W_]*\)?(?:[ \t]{3,}|\t|(?: ?\.){4,}\s*|…+\s*)\d{1,3}$")
"""Matches the end of an entry in a table of contents: words, a gap or dots, and a page number."""
MAX_HEADING = 140  # characters: two lines of a text file


@dataclass(frozen=True, slots=True)
class Wrap:
    """How a file wraps its lines: the usual length in characters of full lines (`width`), and of lines that end within
    a sentence (`open_lines`); each None when lines do not wrap so."""

    width: int | None
    open_lines: int | None


def read(source: SourceFile, options: ReadOptions) -> Reading:
    """Read the file with `read_text`."""
    return read_text(source.data(options.limits))


def read_text(data: bytes) -> Reading:
    """Return the reading of a text file; a form feed begins a new page."""
    source, _, doubt = decode(data)
    counted = line_numbers(source)
    numbers, source = [source[a:b] for a, b in counted], without(source, counted)
    reading = Reading("text")
    reading.source = source = unfolded(source, reading)
    reading.leftovers += [Draft(number, "line-number") for number in numbers]
    if doubt:
        reading.trouble(doubt, "Save the file as UTF-8 and read it again.")
    pages = source.count("\f") + 1
    reading.pages = pages
    for span in paragraphs(source):
        text = source[span[0] : span[1]]
        item = draft(source, span, "heading" if is_heading(text) else kind_of(text))
        item.style = style_of(item.text)
        item.page = source.count("\f", 0, span[0]) + 1 if pages > 1 else None
        (reading.leftovers if item.kind == "leftover" else reading.drafts).append(item)
    leave_rest(reading)
    return reading


def kind_of(text: str) -> str:
    """Return 'leftover' for text without a letter or digit, 'list-item' for text that begins with a bullet or list
    number, else 'paragraph'."""
    if _RULE.fullmatch(text):
        return "leftover"
    number = number_of(text)
    return "list-item" if number and is_item(number) else "paragraph"


def is_heading(text: str) -> bool:
    """Return whether a paragraph of plain text is a heading: it is short, does not end as a sentence, and is in
    capitals, a named part or a numbered title."""
    text = text.strip()
    if len(text) > MAX_HEADING or text.endswith((",", ";")) or not any(c.isalpha() for c in text):
        return False
    number = number_of(text)
    rest = text[number.end :] if number else text
    if number and number.form == "bullet" or rest[:1].islower():
        return False
    if caps(text) or is_contents_title(text) or is_annex_title(text):
        return True
    if number and number.above < 8:
        return number.alone or not _CLOSED.search(text)
    if number is None or number.form not in ("decimal", "roman", "arabic"):
        return False
    return not _CLOSED.search(text) and len(text) < 90  # letters, by eye: a longer line without a stop is no heading


def style_of(text: str) -> tuple:
    """Return the style of a heading in text without fonts, by which levels of headings are distinguished."""
    number = number_of(text)
    return (number.form if number else "", number.above if number else 0, 0, False, caps(text))


def paragraphs(source: str, start: int = 0, end: int | None = None, wrap: Wrap | None = None) -> list[Span]:
    """Return the spans of the paragraphs in `source[start:end]`, with wrapped lines joined.

    When a file has an empty line after every line, lines are also joined across it if the sentence continues.
    """
    lines = ink(source, start, end)
    wrap = wrap or wrap_of(source, lines)
    found: list[Span] = []
    for line in lines:
        if found and _continues(source, found[-1], line, wrap):
            found[-1] = (found[-1][0], line[1])
        else:
            found.append(line)
    return found


def ink(source: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Return the spans of the lines in `source[start:end]` that are not blank."""
    lines = (m.span() for m in _LINE.finditer(source, start, len(source) if end is None else end))
    return [(a, b) for a, b in lines if source[a : min(b, a + 5000)].strip()]


def wrap_of(source: str, lines: list[Span]) -> Wrap:
    """Detect how a file wraps its lines (spans `lines`).

    `width` is the length of its longest lines; None when lines are whole paragraphs (some over 180 characters).
    `open_lines` is the length of lines that end within a sentence, if these are about equally long: this shows wrapping
    even when other lines are long.
    """
    lengths = sorted(len(source[a:b].rstrip()) for a, b in lines)
    high = lengths[int(0.97 * (len(lengths) - 1))] if lengths else 0
    # letters, by eye: where a sentence may end, and lines that are long enough to count
    opened = sorted(b - a for a, b in lines if not _CLOSED.search(source[max(a, b - 60) : b]) and b - a > 40)
    near = opened[int(0.8 * (len(opened) - 1))] if len(opened) > 10 else 0
    # by eye: three lines in five are within a fifth to a quarter of the usual length
    alike = sum(0.8 * near <= n <= 1.25 * near for n in opened) > 0.6 * len(opened) if near else False
    # letters, by eye: no wrapped text is wider
    return Wrap(high if 0 < high <= 180 else None, near if alike and near < 130 else None)


def _continues(source: str, block: Span, line: Span, wrap: Wrap) -> bool:
    """Return whether `line` continues the paragraph `block`."""
    gap = source[block[1] : line[0]]
    text = source[line[0] : min(line[1], line[0] + 5000)].strip()
    last = source[max(block[0], block[1] - 400) : block[1]].rsplit("\n", 1)[-1].strip()
    number = number_of(text)
    if _RULE.fullmatch(last) or _RULE.fullmatch(text) or _PAGED.search(last):
        return False
    if gap.count("\n") > 1 or gap.count("\r") > 1 and "\n" not in gap or "\f" in gap:
        return _over_gap(last, text, wrap) and (
            number is None
            or wrap.open_lines is not None
            and text[number.end :][:1].islower()
            and number.form in ("arabic", "decimal")
        )
    closed = bool(_CLOSED.search(last))
    if not closed and text[:1].islower() and number is None and _indent(source, line) > _indent(source, block):
        return True  # the second line of "1. Every person", hanging under its words
    if wrap.width is None:
        # by eye: a line of about the usual length
        full = wrap.open_lines is not None and 0.75 * wrap.open_lines < len(last) <= 1.15 * wrap.open_lines
        return number is None and not closed and (text[:1].islower() or full)
    room = len(last) + 1 + len(text.split(None, 1)[0]) <= wrap.width - 6  # letters, by eye: the next word had no room
    if number and (closed or room or number.form == "bullet"):
        return False
    begun = number_of(source[block[0] : block[1]])
    if number and begun and _follows(begun.text, number.text):
        return False
    opened = begun is not None and begun.form in ("arabic", "decimal", "article") and not closed
    if opened and number is None and text[:1].islower():
        return True  # "9. Terms of members.—(1) The" above "travelling allowances": no heading ends so
    # by eye: a line that ends early
    if is_heading(source[block[0] : block[1]]) and (len(last) < 0.7 * wrap.width or caps(last)):
        return caps(last) and caps(text) and number is None
    return not (closed and room)


def _follows(first: str, second: str) -> bool:
    """Return whether the second item number is the one after the first: "a)" and "b)", "(1)" and "(2)"."""
    a, b = (each.strip("()") for each in (first, second))
    if not first.endswith(")") or first[len(first.rstrip(")")) :] != second[len(second.rstrip(")")) :]:
        return False
    if a.isascii() and a.isdigit() and b.isascii() and b.isdigit():
        return int(b) == int(a) + 1
    return len(a) == len(b) == 1 and a.isalpha() and ord(b) == ord(a) + 1


def _indent(source: str, span: Span) -> int:
    """Return the number of blanks before a line or block, 200 at most."""
    start = source.rfind("\n", 0, span[0]) + 1
    head = source[start : start + 200]
    return len(head) - len(head.lstrip(" \t"))


def _over_gap(last: str, text: str, wrap: Wrap) -> bool:
    """Return whether the sentence in the line `last` continues in `text`, after an empty line.

    The last line must end within a sentence. `text` continues it if it is in lower case or follows a comma; in a file
    with an empty line after every line, also if the last line was full, ends in a small word, or is the first of a
    numbered provision.
    """
    if _CLOSED.search(last) or last.endswith("|"):
        return False
    if text[:1].islower() or last.endswith(","):
        return True
    # by eye: a line far longer than the usual one is a paragraph of its own
    if caps(last) or wrap.open_lines is None or len(last) > 1.3 * wrap.open_lines:
        return False
    number = number_of(last)
    provision = (
        number is not None
        and number.form == "article"
        and not number.alone
        and any(word.islower() for word in last[number.end :].split())
    )
    return (
        len(last) > 0.85 * wrap.open_lines  # by eye: nearly a full line
        or bool(_SMALL.search(last))
        or provision
        or text[:1] == "("
        and len(last) > 0.6 * wrap.open_lines  # by eye: more than half a line
    )
