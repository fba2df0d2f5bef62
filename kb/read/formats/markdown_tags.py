"""Read HTML tags within Markdown as a rendered page shows them: raised and lowered figures, lines, titles of parts that
open on demand, and tables.

The text keeps its length, so that offsets count in the file: tags are replaced by blanks, which move behind the word in
which they were.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from kb.models import Span
from kb.read.grid import CellGrid, joined
from kb.read.raised import lowered, raised

_ATTRIBUTES = r"(?:\s[^<>]*)?"
_INLINE = "abbr|b|big|cite|code|dfn|em|font|i|ins|kbd|label|mark|q|samp|small|span|strong|tt|u|var|time|data|bdi|bdo|a"
_BLOCK = (
    "address|article|aside|blockquote|body|center|dd|details|div|dl|dt|figure|figcaption|footer|header|html|main|p|section"
    "|hr|picture|source|br|col|colgroup"
)
_SHIFT = re.compile(rf"<(sup|sub){_ATTRIBUTES}>([^<>\n]*(?:<[^<>\n]*>[^<>\n]*)*?)</\1\s*>", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:{_INLINE}|sup|sub){_ATTRIBUTES}/?>", re.IGNORECASE)
_BLOCK_TAG = re.compile(rf"</?(?:{_BLOCK}){_ATTRIBUTES}/?>", re.IGNORECASE)
_SUMMARY = re.compile(rf"<summary{_ATTRIBUTES}>((?:(?!</?summary)[^\n]){{1,200}})</summary\s*>", re.IGNORECASE)
_TABLE = re.compile(rf"<table{_ATTRIBUTES}>(?:(?!<table\b).)*?</table\s*>", re.IGNORECASE | re.DOTALL)
_ROW = re.compile(rf"<tr{_ATTRIBUTES}>(.*?)(?:</tr\s*>|(?=<tr\b|</table))", re.IGNORECASE | re.DOTALL)
_CELL = re.compile(rf"<t[dh]({_ATTRIBUTES})>(.*?)(?:</t[dh]\s*>|(?=<t[dh]\b|\Z))", re.IGNORECASE | re.DOTALL)
_ANY = re.compile(r"<[^<>]*>")
_WIDEST = 1_000  # columns: as many as a spreadsheet of a ministry has


def without_tags(source: str, code: list[Span]) -> str:
    """Return the source with its HTML tags read and blanked; `code` are the spans in which tags are letters. A tag that
    HTML does not have stays: it is a person's own sign."""
    if "<" not in source:
        return source
    parts, at = [], 0
    for start, end in [*code, (len(source), len(source))]:
        if start >= at:
            parts += [_read(source[at:start]), source[start:end]]
            at = end
    return "".join(parts)


def _read(text: str) -> str:
    """Return a text without code, with its tags read."""
    if "<" not in text:
        return text
    text = _TABLE.sub(lambda match: _rows(match.group()), text)
    text = _SUMMARY.sub(_titled, text)
    whole = text
    text = _BLOCK_TAG.sub(lambda match: _lines(whole, match), whole)
    text = _moved(text, _SHIFT, lambda match: _shifted(text, match))
    return _moved(text, _TAG, lambda match: "")


def _moved(text: str, pattern: re.Pattern[str], shown: Callable[[re.Match[str]], str]) -> str:
    """Replace each match by what is `shown` for it; the blanks that keep the length follow at the next white space."""
    parts, at, owed = [], 0, 0
    for match in [*pattern.finditer(text), None]:
        end = match.start() if match else len(text)
        between = text[at:end]
        if owed and (gap := re.search(r"\s|\Z" if match is None else r"\s", between)):
            between, owed = between[: gap.start()] + " " * owed + between[gap.start() :], 0
        parts.append(between)
        if match:
            new = shown(match)
            parts.append(new)
            owed += len(match.group()) - len(new)
            at = match.end()
    return "".join(parts)


def _shifted(text: str, match: re.Match[str]) -> str:
    """Return raised or lowered words as a page shows them."""
    words = _ANY.sub("", match.group(2))
    before = text[max(0, match.start() - 12) : match.start()]  # letters, by eye: enough for a word
    return lowered(words) if match.group(1).lower() == "sub" else raised(words, before)


def _titled(match: re.Match[str]) -> str:
    """Return the title of a part that opens on demand as a heading, below all others, on a line of its own."""
    words = _ANY.sub(" ", match.group(1)).strip()
    # HTML: "<summary>" and its end have room for the signs of a heading
    return f"\n\n###### {words}\n\n".ljust(len(match.group()))


def _lines(text: str, match: re.Match[str]) -> str:
    """Return blanks for the tag of a block, with the line that it begins; a line break ends a line, other blocks a
    paragraph. In a row between bars no line ends."""
    length, name = len(match.group()), match.group().strip("</ >").lower()
    if text[text.rfind("\n", 0, match.start()) + 1 : match.start()].lstrip()[:1] == "|":
        return " " * length
    # characters: of the blocks only an opening <p> is so short; its end tag ends the paragraph
    return ("\n" if name.startswith("br") or length < 4 else "\n\n").ljust(length)


def _rows(table: str) -> str:
    """Return a table of HTML as rows between bars, one to a line; what is outside its rows, such as its caption, as a
    line of its own."""
    parts, at, grid = [], 0, CellGrid(_WIDEST)
    for row in _ROW.finditer(table):
        parts.append(_outside(table[at : row.start()]))
        cells = [
            (" ".join(_words(cell[2]).split()), _span(cell[1], "col"), _span(cell[1], "row"))
            for cell in _CELL.finditer(row.group(1))
        ]
        line = f"\n| {joined(grid.row(cells))} |" if cells else ""
        length = len(row.group())
        parts.append(line.ljust(length) if len(line) <= length else _outside(row.group()))
        at = row.end()
    return "".join((*parts, _outside(table[at:])))


def _outside(text: str) -> str:
    """Return what is between the rows of a table, without tags; its words are a paragraph."""
    words = _words(text).strip()
    return f"\n\n{words}\n".ljust(len(text))[: len(text)] if words else "\n".ljust(len(text))[: len(text)]


def _words(text: str) -> str:
    """Return the words of a cell: raised figures as such, without tags."""
    text = _SHIFT.sub(lambda match: _shifted(text, match), text)
    return re.sub(r"[<>]", " ", _ANY.sub(lambda tag: "" if _TAG.fullmatch(tag.group()) else " ", text))


def _span(attributes: str, side: str) -> int:
    """Return how many columns or rows (`side`) a cell covers."""
    found = re.search(rf"\b{side}span\s*=\s*[\"']?(\d{{1,3}})", attributes, re.IGNORECASE)
    return max(1, int(found.group(1))) if found else 1
