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

_ATTRIBUTES = r"(?:\s[^<>]*=[^<>]*|\s+(?:open|hidden|nowrap|noshade|reversed|disabled|checked)\s*|\s*/?)"
"""What a tag of HTML has behind its name; "x <a and b> y" has none, and is a person's own sign."""
_INLINE = "abbr|b|big|cite|code|dfn|em|font|i|ins|kbd|label|mark|q|samp|small|span|strong|tt|u|var|time|data|bdi|bdo|a"
_BLOCK = (
    "address|article|aside|blockquote|body|center|dd|details|div|dl|dt|figure|figcaption|footer|header|html|main|p"
    "|section|hr|picture|source|br|col|colgroup"
)
_SHIFT = re.compile(rf"<(sup|sub){_ATTRIBUTES}>([^<>\n]*(?:<[^<>\n]*>[^<>\n]*)*?)</\1\s*>", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:{_INLINE}|sup|sub){_ATTRIBUTES}/?>", re.IGNORECASE)
_BLOCK_TAG = re.compile(rf"</?(?:{_BLOCK}){_ATTRIBUTES}/?>", re.IGNORECASE)
_SUMMARY = re.compile(rf"<summary{_ATTRIBUTES}>((?:(?!</?summary)[^\n]){{1,200}})</summary\s*>", re.IGNORECASE)
_TABLE = re.compile(rf"<table{_ATTRIBUTES}>(?:(?!<table\b).)*?</table\s*>", re.IGNORECASE | re.DOTALL)
_ROW = re.compile(rf"<tr{_ATTRIBUTES}>(.*?)(?:</tr\s*>|(?=<tr\b|</table))", re.IGNORECASE | re.DOTALL)
_CELL = re.compile(rf"<t[dh]({_ATTRIBUTES})>(.*?)(?:</t[dh]\s*>|(?=<t[dh]\b|\Z))", re.IGNORECASE | re.DOTALL)
_ANY = re.compile(r"<[^<>]*>")
_TITLE = re.compile(
    rf"<h([1-6]){_ATTRIBUTES}>((?:(?!</?h[1-6]\b|\n[ \t]*\n).){{1,400}}?)</h\1\s*>", re.IGNORECASE | re.DOTALL
)
_LIST = re.compile(rf"<(/?)(ul|ol|menu|li)({_ATTRIBUTES})>", re.IGNORECASE)
_BARE = re.compile(
    r"^(?![ \t]*\|)[^\n]*\|[^\n]*\n {0,3}:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\n"
    r"(?:(?:[ \t]*[^\s|#>][^\n|]*\n)?[^\n]*\|[^\n]*(?:\n|\Z))*",
    re.MULTILINE,
)
"""Matches a table whose rows have bars between their cells only; a row of one cell has none."""
_DASHED = re.compile(r"^(?=[^\n]*\S)[^\n]*\n {0,3}(-{2,}(?: +-{2,})+) *\n((?:[^\n]*\S[^\n]*(?:\n|\Z))+)", re.MULTILINE)
"""Matches a table of pandoc, whose columns are as wide as the dashes below its first line."""
_IN_HEADING = re.compile(r" {0,3}#{1,6}\s+\S")
_WIDEST = 1_000  # columns: as many as a spreadsheet of a ministry has


def without_tags(source: str, code: list[Span]) -> str:
    """Return the source with its HTML tags read and blanked; `code` are the spans in which tags are letters. A tag that
    HTML does not have stays: it is a person's own sign."""
    parts, at = [], 0
    for start, end in [*code, (len(source), len(source))]:
        if start >= at:
            parts += [_read(source[at:start]), source[start:end]]
            at = end
    return "".join(parts)


def bare_tables(source: str) -> list[Span]:
    """Return the spans of the tables whose rows have no bar at their ends; their second line is the rule."""
    return [match.span() for match in _BARE.finditer(source)]


def _barred(text: str) -> str:
    """Return a text with a bar between the columns of its tables of pandoc, where every row has a blank there."""

    def one(match: re.Match[str]) -> str:
        """Return one table with its bars."""
        lines = match.group().split("\n")
        start = match.start(1) - text.rfind("\n", 0, match.start(1)) - 1
        gaps = [start + found.start() for found in re.finditer(r"(?<=-) +", match.group(1))]
        if any(line[at : at + 1].strip() for line in lines for at in gaps):
            return match.group()
        for at in gaps:
            lines = [f"{line[:at]}|{line[at + 1 :]}" if len(line) > at else line for line in lines]
        return "\n".join(lines)

    return _DASHED.sub(one, text) if "--" in text else text


def _read(text: str) -> str:
    """Return a text without code, with its tags read and the columns of its tables parted."""
    text = _barred(text)
    if "<" not in text:
        return text
    text = _TABLE.sub(lambda match: _rows(match.group()), text)
    text = _listed(_TITLE.sub(_headed, _SUMMARY.sub(_titled, text)))
    whole, rows = text, bare_tables(text)
    text = _BLOCK_TAG.sub(lambda match: _lines(whole, match, rows), whole)
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
    shown = lowered(words) if match.group(1).lower() == "sub" else raised(words, before)
    glued = shown == words and len(words) > 1 and before[-1:].isdigit() and words.isalpha()
    return f"{shown} " if glued and text[match.end() : match.end() + 1].isalpha() else shown  # "1<sup>er</sup>et 2"


def _titled(match: re.Match[str]) -> str:
    """Return the title of a part that opens on demand as a heading, below all others, on a line of its own."""
    words = _ANY.sub(" ", match.group(1)).strip()
    # HTML: "<summary>" and its end have room for the signs of a heading
    return f"\n\n###### {words}\n\n".ljust(len(match.group()))


def _headed(match: re.Match[str]) -> str:
    """Return a heading of HTML as one of Markdown, on a line of its own."""
    # HTML: "<h2>" and its end have room for the signs of a heading and the ends of the lines
    return f"\n{'#' * int(match.group(1))} {' '.join(_words(match.group(2)).split())}\n".ljust(len(match.group()))


def _listed(text: str) -> str:
    """Return a text with the items of its HTML lists as those of Markdown, each behind the sign or number that a page
    shows."""
    parts: list[str] = []
    at, counts = 0, []  # type: int, list[int | None]
    for match in _LIST.finditer(text):
        parts.append(text[at : match.start()])
        at, length, ends, name = match.end(), len(match.group()), match.group(1), match.group(2).lower()
        if name == "li" and not ends:
            mark = "- "
            if counts and (number := counts[-1]) is not None:
                own = _number(match.group(3), "value")
                number = number if own is None else own
                mark, counts[-1] = f"{number}. ", number + 1
            line = "".join(parts[-2:]).rpartition("\n")[2]
            mark = f"\n{mark}" if line.strip() and len(mark) < length else mark
            parts.append(mark.ljust(length)[: max(length, 4)])  # HTML: "<li>", with room for 99 items
            continue
        if name != "li" and not ends:
            counts.append((_number(match.group(3), "start") or 1) if name == "ol" else None)
        elif name != "li" and counts:
            counts.pop()
        parts.append("\n".rjust(length - 1) + "\n")
    return "".join((*parts, text[at:]))


def _number(attributes: str, name: str) -> int | None:
    """Return the number that an attribute gives, or None."""
    found = re.search(rf"\b{name}\s*=\s*[\"']?(-?\d{{1,4}})", attributes, re.IGNORECASE)
    return int(found.group(1)) if found else None


def _lines(text: str, match: re.Match[str], rows: list[Span]) -> str:
    """Return blanks for the tag of a block, with the line that it begins; a line break ends a line, other blocks a
    paragraph. In a heading and in a row between bars no line ends; `rows` are the tables that have bars only between
    their cells."""
    length, name = len(match.group()), match.group().strip("</ >").lower()
    before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    in_row = before.lstrip()[:1] == "|" or any(start <= match.start() < end for start, end in rows)
    if in_row or name.startswith("br") and _IN_HEADING.match(before):
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
