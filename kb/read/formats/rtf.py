"""Read RTF: striprtf converts it to plain text, which is read with one paragraph per line; unprinted text becomes
leftovers."""

from __future__ import annotations

import re

from kb.errors import InputError
from kb.read.draft import Draft, Reading
from kb.read.formats import Options, Source
from kb.read.formats.docx_places import LEAST, OFF, WIDEST
from kb.read.formats.rtf_marks import doubtful, groups, marked, parted
from kb.read.formats.text import is_heading, kind_of, style_of
from kb.read.grid import joined
from kb.text import squeeze

_DEPTH = 500  # groups within groups: the reader recurses for each, and Python's own limit is 1,000
_PLACE = re.compile(r"\\(?:shp(?=left|right|top|bottom))?(left|right|top|bottom|dpx|dpy)(-?\d{1,9})")
_HEADER = re.compile(r"\{?\\rtf\d?(?:\s*\\(?:ansi|mac|pc|pca|ansicpg\d+|deff\d+|uc\d))*")


def read(source: Source, options: Options) -> Reading:
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
    source = re.sub(r"\{\\\*?\\?(?:pict|objdata)\b[^{}]*\}", "", source)
    converted = _text(marked(source))
    reading.doubtful = doubtful(converted)
    text, apart = parted(converted)
    _lines(text, reading)
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
        item = Draft(squeeze(left), kind)
        if item.text:
            (reading.drafts if kind == "note" else reading.leftovers).append(item)
    return reading


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
    said = {name: int(number) for name, number in _PLACE.findall(shape)}
    for low, high in (("left", "right"), ("top", "bottom")):
        start, end = said.get(low), said.get(high)
        if start is not None and end is not None and (end - start < LEAST or end < -OFF // 2 or start > WIDEST):
            return True
    return any(not -OFF <= said.get(name, 0) <= WIDEST for name in ("dpx", "dpy"))


def _text(source: str) -> str:
    """Convert RTF to text; cells are separated by `|`."""
    from striprtf.striprtf import rtf_to_text

    return rtf_to_text(source, errors="replace")


def _lines(text: str, reading: Reading) -> None:
    """Add each line as a paragraph, or as a table row whose cells keep their column."""
    for part in re.split(r"\n+", text):
        cells = part.split("|") if part.count("|") > 1 or part.rstrip().endswith("|") else []
        line = joined(cells[:-1] if cells and not cells[-1].strip() else cells) if cells else squeeze(part)
        if not line.replace("|", "").strip():
            continue
        kind = "table-row" if cells else "heading" if is_heading(line) and len(line) < 100 else kind_of(line)
        item = Draft(line, kind, style=style_of(line))
        (reading.leftovers if kind == "leftover" else reading.drafts).append(item)


def _deepest(source: str) -> int:
    """Return the greatest depth to which groups are nested."""
    depth = deepest = 0
    for match in re.finditer(r"(?<!\\)[{}]", source):
        depth += 1 if match.group() == "{" else -1
        deepest = max(deepest, depth)
    return deepest
