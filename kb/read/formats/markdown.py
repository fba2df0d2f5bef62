"""Read Markdown: headings, list items, table rows and paragraphs as spans of the source; front matter is a leftover.

Numbers: a heading has at most 200 letters; chosen by eye.
"""

from __future__ import annotations

import re

from kb.models import Span
from kb.read.decode import decode
from kb.read.draft import Draft, Reading
from kb.read.formats import ReadOptions, SourceFile
from kb.read.formats.markdown_html import code_spans, without_unseen
from kb.read.formats.markdown_tags import bare_tables, without_tags
from kb.read.formats.text import Wrap, ink, kind_of, paragraphs, wrap_of
from kb.read.headings import UNNUMBERED, mend
from kb.read.numbering import number_of
from kb.read.source import draft, leave_rest
from kb.text import squeeze

_LINE = re.compile(r"[^\n]*\n?")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*\s*$", re.DOTALL)
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s+\S")
_TABLE = re.compile(r"\s*\|.*\|\s*$")
_TABLE_RULE = re.compile(r"\s*\|?[\s:|-]+\|?\s*$")
_RULE = re.compile(r"\s*(?:[-*_=]\s*){3,}$|\s*\\?$")
_STRONG = re.compile(r"\s*(\*\*|__)(?=\S|\s)(.+?)\1\s*\\?\s*$", re.DOTALL)
_HALF = re.compile(r"\s*(\*\*|__)(?=\S)((?:(?!\1)[^\n])+)\n\s*\1[ \t\\]*(?:\n|$)")
_UNDERLINE = re.compile(r" {0,3}([=-])\1+[ \t]*\n?")
_NOTE = re.compile(r"\s*\[\^([^\]]+)\]:\s*")
_INDENTED = re.compile(r"(?: {4}|\t)\s*\S")
_CALL = re.compile(r"(?<!\\)\[\^([^\]\s]+)\]")
_QUOTED = re.compile(r"^ {0,3}(?:> ?)+", re.MULTILINE)
"""Matches the marks of a quotation, which a page shows as a bar at its left."""
_BAR = re.compile(r"(?<!\\)\s*\|\s*")
_IMAGE = re.compile(r"\s*!\[[^\]]*\]\([^)]*\)\s*$")


class LineRun(list[Span]):
    """Spans of consecutive ordinary lines; `wrap` describes how the whole file wraps its lines."""

    wrap: Wrap | None = None


def read(source: SourceFile, options: ReadOptions) -> Reading:
    """Read the file with `read_markdown`."""
    return read_markdown(source.data(options.limits))


def read_markdown(data: bytes) -> Reading:
    """Return the reading of a Markdown file: each paragraph is a span of the decoded source, and Markdown syntax
    becomes leftovers."""
    source, _, doubt = decode(data)
    if "\n" not in source:
        source = source.replace("\r", "\n")  # lines of an old Macintosh; no character moves
    reading = Reading("markdown", levelled=True)
    source = _QUOTED.sub(lambda match: " " * len(match.group()), without_unseen(source, reading))
    reading.source = source = without_tags(source, code_spans(source))
    if doubt:
        reading.trouble(doubt, "Save the file as UTF-8 and read it again.")
    at = _front_matter(source, reading)
    run = LineRun()
    run.wrap = wrap_of(source, ink(source, at))
    fence = False
    rows = bare_tables(source) if "|" in source else []
    for match in _LINE.finditer(source, at):
        line = match.group()
        if not line:
            break
        if line.lstrip().startswith(("```", "~~~")):
            fence = not fence
            _paragraphs(source, run, reading)
        elif not fence and any(start <= match.start() < end for start, end in rows):
            _paragraphs(source, run, reading)
            if not _TABLE_RULE.fullmatch(line):
                row = draft(source, match.span(), "table-row")
                row.text = squeeze(_BAR.sub(" | ", row.text))
                reading.drafts.append(row)
        elif not line.strip() and not fence or fence or not _special(source, match.span(), run, reading):
            run.append(match.span())
    _paragraphs(source, run, reading)
    for each in reading.drafts:
        each.notes = tuple(_CALL.findall(each.text)) if each.kind != "note" else ()
    mend(reading)
    leave_rest(reading)
    return reading


def _front_matter(source: str, reading: Reading) -> int:
    """Return the offset at which the text begins after YAML front matter, which becomes a leftover."""
    match = re.match(r"\ufeff?---\s*\n.*?\n---\s*(?:\n|$)", source[:60_000], re.DOTALL)
    if not match:
        return 0
    reading.leftovers.append(draft(source, match.span(), "front-matter"))
    return match.end()


def _special(source: str, span: Span, run: LineRun, reading: Reading) -> bool:
    """Handle a line that is a heading, rule, picture, table row or note, and return True; return False for ordinary
    text."""
    line = source[span[0] : span[1]]
    heading = _HEADING.match(line)
    if heading:
        _paragraphs(source, run, reading)
        found = _inner(source, (span[0] + heading.start(2), span[0] + heading.end(2)))
        if found[0] < found[1]:
            reading.drafts.append(draft(source, found, "heading", level=len(heading.group(1))))
        return True
    if (under := _UNDERLINE.fullmatch(line)) and _is_title(source, run):
        title = run.pop()
        _paragraphs(source, run, reading)
        reading.drafts.append(draft(source, title, "heading", level=1 if under[1] == "=" else 2))
        return True
    if _RULE.fullmatch(line) or _IMAGE.fullmatch(line):
        _paragraphs(source, run, reading)
        return True
    if _TABLE.fullmatch(line):
        _paragraphs(source, run, reading)
        if not _TABLE_RULE.fullmatch(line):
            reading.drafts.append(draft(source, span, "table-row"))
        return True
    note = _NOTE.match(line)
    if note:
        _paragraphs(source, run, reading)
        reading.drafts.append(draft(source, (span[0] + note.end(), span[1]), "note", number=note.group(1)))
        return True
    last = reading.drafts[-1] if reading.drafts else None
    if not run and last and last.kind == "note" and last.chars and _INDENTED.match(line):
        gap = source[last.chars[1] : span[0]]
        if not gap.strip() and gap.count("\n") < 3:  # the next line of the note, or its next paragraph
            reading.drafts[-1] = draft(source, (last.chars[0], span[1]), "note", number=last.number)
            return True
    return False


def _is_title(source: str, run: LineRun) -> bool:
    """Return whether the last line of the run, which is underlined in the source, is a heading: a single line that is
    not a sentence."""
    if not run or not (line := source[run[-1][0] : run[-1][1]].strip()):
        return False
    alone = len(run) == 1 or not source[run[-2][0] : run[-2][1]].strip()
    # letters, by eye: longer text is no heading
    return alone and len(line) < 200 and not line.endswith((".", ";", ",", ":")) and not _ITEM.match(line)


def _inner(source: str, span: Span) -> Span:
    """Return `span` without white space at its ends, and without strong marks (`**`) when they enclose all of it."""
    start, end = span
    match = _STRONG.match(source[start:end])
    if match and match.group(1) not in match.group(2):
        return start + match.start(2), start + match.end(2)
    return span


def _paragraphs(source: str, run: LineRun, reading: Reading) -> None:
    """Add the run of ordinary lines to the reading as paragraphs, and empty the run."""
    if not run:
        return
    for span in _items(source, paragraphs(source, run[0][0], run[-1][1], run.wrap)):
        text = source[span[0] : span[1]].strip()
        inner = _inner(source, span)
        half = _HALF.match(source, span[0]) if inner == span else None
        inner = (half.start(2), span[1]) if half and half.end(2) >= span[1] - 2 else inner
        short = inner != span and len(text) < 200  # letters, by eye: longer text is no heading
        mark = re.match(r"\s*[-*+•]\s+", source[span[0] : span[1]])
        kind = "heading" if short and _names(text) else kind_of(text)
        if mark and not short:
            inner, kind = (span[0] + mark.end(), span[1]), "list-item"
        item: Draft = draft(source, inner, kind, level=None)
        if kind == "heading":
            item.level = UNNUMBERED if number_of(item.text) is None else None
        if item.text:
            (reading.leftovers if item.kind == "leftover" else reading.drafts).append(item)
    run.clear()


_LINK = re.compile(r"[*_\s]*\[[^\]]*\]\([^)\s]*\)[*_\s.]*")
_REMARK = re.compile(r"[*_\s]*\(\\?\*")


def _names(text: str) -> bool:
    """Return whether a paragraph in strong print can be a heading.

    It cannot when it is a sentence, a list, a link alone, or a remark that begins with "(*"; nor when it is part of a
    line, as unbalanced brackets show ("hasta 20 UIT):").
    """
    if text.rstrip("*_ ").endswith((".", ";", ",")) or _LINK.fullmatch(text) or _REMARK.match(text):
        return False
    number = number_of(text.lstrip("*_ "))
    rest = text.lstrip("*_ ")[number.end :] if number else text
    return rest.count("(") == rest.count(")")


def _items(source: str, spans: list[Span]) -> list[Span]:
    """Split spans that contain consecutive list items into one span for each item; other spans are unchanged."""
    parted: list[Span] = []
    for start, end in spans:
        at = start
        for match in re.finditer(r"\n(?=\s*(?:[-*+•]|\d{1,3}[.)])\s+\S)", source[start:end]):
            if _ITEM.match(source[at : start + match.start()] + " x") or _ITEM.match(source, start + match.end()):
                parted.append((at, start + match.start()))
                at = start + match.end()
        parted.append((at, end))
    return parted
