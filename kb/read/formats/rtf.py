"""Read RTF: striprtf converts it to plain text, which is read with one paragraph per line; unprinted text becomes
leftovers."""

from __future__ import annotations

import re

from kb.errors import InputError
from kb.read.draft import Draft, Reading
from kb.read.formats import ReadOptions, SourceFile
from kb.read.formats.docx_places import LEAST, OFF, WIDEST
from kb.read.formats.rtf_counted import call_marks, heading_level
from kb.read.formats.rtf_marks import doubtful, groups, marked, parted
from kb.read.formats.text import is_heading, kind_of, style_of
from kb.read.grid import joined
from kb.read.numbering import number_of
from kb.text import squeeze

_DEPTH = 500  # groups within groups: the reader recurses for each, and Python's own limit is 1,000
_PLACE = re.compile(r"\\(?:shp(?=left|right|top|bottom))?(left|right|top|bottom|dpx|dpy)(-?\d{1,9})")
LAST_TITLED = 7
"""Rank of the last form of number that has a word of its own ("Article 5", "Goal 2")."""
_HEADER = re.compile(r"\{?\\rtf\d?(?:\s*\\(?:ansi|mac|pc|pca|ansicpg\d+|deff\d+|uc\d))*")


def read(source: SourceFile, options: ReadOptions) -> Reading:
    """Read the file with `read_rtf`."""
    return read_rtf(source.data(options.limits))


def read_rtf(data: bytes) -> Reading:
    """Return the reading of an RTF file. Raises InputError when its groups are nested deeper than in any real file."""
    reading = Reading("rtf")
    source = data.decode("latin-1")
    if _deepest(source) > _DEPTH:
        raise InputError(
            f"the RTF nests groups deeper than {_DEPTH} levels",
            where="RTF file",
            do="Open it in a word processor and save it again.",
        )
    if _is_cut(source):
        reading.trouble(
            "the file ends before its groups are closed: its end may be missing", "Get the file again from its source."
        )
    source = re.sub(r"\{\\\*?\\?(?:pict|objdata)\b[^{}]*\}", "", source)
    converted = _text(marked(source))
    reading.doubtful = doubtful(converted)
    text, apart = parted(converted)
    is_roman = "\\aftnnrlc" in source
    _lines(text, reading, is_roman)
    _formulas(source, reading)
    reading.levelled = any(item.level for item in reading.drafts)
    for item in reading.drafts if reading.levelled else ():
        printed = number_of(item.text) if item.kind == "heading" and not item.level else None
        if printed and printed.above > LAST_TITLED:  # a heading has its style: "1. One" is an item
            item.kind = "paragraph"
        item.level = item.level or (8 if item.kind == "heading" else None)  # 8: below all headings of a style
    head = _HEADER.match(source)
    start = (head.group() if head else "{\\rtf1").lstrip("{")
    unseen = _unseen_boxes(source)
    for box in [*groups(source, "shptxt"), *groups(source, "dptxbxtext")]:
        inner, more = parted(_text(marked(f"{{{start} {box}}}")))
        if box in unseen:
            apart.append(("hidden", inner))
        else:
            _lines(inner, reading)
        apart += more
    for name in ("header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"):
        apart += [("running-head", _text(f"{{{start} {group}}}")) for group in groups(source, name)]
    for kind, left in apart:
        words, marks = call_marks(heading_level(left)[0], upper=kind != "note", is_roman=is_roman)
        number = marks[0] if marks and kind == "note" else None
        words = squeeze(words)
        words = words.removeprefix(number).strip() if number and len(words) > len(number) else words
        item = Draft(words, kind, number=number)
        if item.text:
            (reading.drafts if kind == "note" else reading.leftovers).append(item)
    return reading


def _formulas(source: str, reading: Reading) -> None:
    """Add the letters of formulas, which striprtf drops, to the leftovers, and report them."""
    found = [
        squeeze(re.sub(r"\\'[0-9a-f]{2}|\\[a-zA-Z]+-?\d* ?|[{}]|\\\*", " ", each)) for each in groups(source, "mmath")
    ]
    found = [each for each in found if each]
    reading.leftovers += [Draft(each, "formula") for each in found]
    if found:
        reading.trouble(
            f"formulas that were not read: {len(found)}, such as {found[0][:60]!r}",
            "Open the file in a word processor, save it as DOCX and read that.",
        )


def _unseen_boxes(source: str) -> set[str]:
    """Return the RTF source of the text boxes whose shape is hidden, without size or off the page."""
    shapes = [(each, "shptxt") for each in groups(source, "shpinst")] + [
        (each, "dptxbxtext") for each in groups(source, "do")
    ]
    return {box for shape, word in shapes if _is_unseen(shape) for box in groups(shape, word)}


def _is_unseen(shape: str) -> bool:
    """Return whether a shape is hidden by its property, or by its position or size (in twentieths of a point)."""
    if re.search(r"\\sn\s+fHidden\s*\}\s*\{\s*\\sv\s+1\s*\}", shape):
        return True
    properties = {name: int(number) for name, number in _PLACE.findall(shape)}
    for low, high in (("left", "right"), ("top", "bottom")):
        start, end = properties.get(low), properties.get(high)
        if start is not None and end is not None and (end - start < LEAST or end < -OFF // 2 or start > WIDEST):
            return True
    return any(not -OFF <= properties.get(name, 0) <= WIDEST for name in ("dpx", "dpy"))


def _text(source: str) -> str:
    """Convert RTF to text; cells are separated by `|`."""
    from striprtf.striprtf import rtf_to_text

    text = rtf_to_text(source, errors="replace")
    # RTF writes a character beyond 65,535 as two halves of UTF-16, which the library leaves apart
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _lines(text: str, reading: Reading, is_roman: bool = False) -> None:
    """Add each line of text as a paragraph, or as a table row whose cells keep their column; `is_roman`: endnotes have
    Roman numbers."""
    for part in re.split(r"\n+", text):
        part, level = heading_level(part)
        part, notes = call_marks(part, upper=True, is_roman=is_roman)
        cells = part.split("|") if part.count("|") > 1 or part.rstrip().endswith("|") else []
        line = joined(cells[:-1] if cells and not cells[-1].strip() else cells) if cells else squeeze(part)
        if not line.replace("|", "").strip():
            continue
        # letters, by eye: a longer text in the style of a heading is none
        headed = bool(level) and len(line) < 300 or is_heading(line) and len(line) < 100
        kind = "table-row" if cells else "heading" if headed else kind_of(line)
        item = Draft(line, kind, style=style_of(line), notes=notes, level=level if kind == "heading" else None)
        (reading.leftovers if kind == "leftover" else reading.drafts).append(item)


def _deepest(source: str) -> int:
    """Return the greatest depth to which groups are nested."""
    depth = deepest = 0
    for match in re.finditer(r"(?<!\\)[{}]", source):
        depth += 1 if match.group() == "{" else -1
        deepest = max(deepest, depth)
    return deepest


def _is_cut(source: str) -> bool:
    """Return whether the file ends inside a group, as a download that stopped; False for a file with bytes
    of pictures (`bin`), in which braces are no groups."""
    depth = 0
    for match in re.finditer(r"\\bin\d+|\\.|[{}]", source, re.DOTALL):
        if match.group().startswith("\\bin"):
            return False
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
    return depth > 0
