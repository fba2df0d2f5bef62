"""Group the lines of one column into blocks; a gap, an indent, a number or the end of a sentence separates blocks.

Numbers: distances are multiples of the letter size, steps between lines multiples of the usual step, counts are of
lines. Chosen by eye on the sample pages, not fitted; benchmarks/paragraphs.py measures the modules of this folder
together.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from kb.read.layout.lines import Line
from kb.read.layout.rightward import is_rightward
from kb.read.numbering import Number, number_of

ENDS = re.compile(r"[.;:!?…。；：！？؟۔؛][\"”’»)\]⁰¹²³⁴⁵⁶⁷⁸⁹*\s\d/]*$")
NAMED = {"article", "chapter", "title", "part", "annex", "section", "book", "goal"}
SURE = {"bullet", "cjk", "brackets", "raised"}


@dataclass(slots=True)
class LayoutBlock:
    """Lines that form one paragraph, heading or table row. `kind` is one of these, `cells` are the texts of a table
    row, `right` is the x in points at which full lines of the column end. `closed`: the block is inside a frame, and
    the paragraph before the frame may continue after it."""

    lines: list[Line]
    kind: str = "paragraph"
    cells: list[str] = field(default_factory=list)
    right: float = 0.0
    closed: bool = False

    @property
    def first(self) -> Line:
        """Return the block's first line."""
        return self.lines[0]

    @property
    def last(self) -> Line:
        """Return the block's last line."""
        return self.lines[-1]


Pitches = dict[int, list[float]]


def pitches(groups: list[list[Line]]) -> Pitches:
    """Return for each print size the distances between lines within paragraphs, in points, smallest first.

    Only pairs whose upper line is full are counted, because a full line seldom ends a paragraph; a document may use two
    distances.
    """
    seen: dict[int, Counter] = defaultdict(Counter)
    for group in groups:
        right = _right(group)
        for a, b in itertools.pairwise(group):
            step = b.middle - a.middle
            # sizes of letters between two lines, by eye
            if 0.6 * a.size < step < 2.6 * a.size and round(a.size) == round(b.size) and not fits(a, b, right):
                seen[round(a.size)][round(step * 2) / 2] += 1
    return {size: _common(steps) for size, steps in seen.items()}


def _common(steps: Counter) -> list[float]:
    """Return from `steps` (distance to number of line pairs) the usual distances: the smallest that a tenth of the
    pairs have, and each wider one that three tenths have. If there is none, return the most common distance.

    Rarer distances are gaps after a last line that happens to be full. Distances within a point count as equal.
    """
    found: list[float] = []
    for step in sorted(steps):
        near = sum(count for other, count in steps.items() if abs(other - step) <= 1)
        if steps[step] < max(steps[step - 0.5], steps[step + 0.5], steps[step - 1], steps[step + 1]):
            continue
        # share of the steps between lines, by eye: fewer are for the second usual step
        if near >= max(3, (0.3 if found else 0.1) * sum(steps.values())) and not (
            found and step - found[-1] <= 0.12 * step  # by eye: steps nearer than an eighth are one
        ):
            found.append(step)
    return found or [min(steps, key=lambda s: (-steps[s], s))]


def blocks(lines: list[Line], pitch: Pitches) -> list[LayoutBlock]:
    """Group the lines of one column, sorted from the top down, into blocks. Lines that are written from right to left
    are turned around for it: their room is at the left."""
    if not lines:
        return []
    if 2 * sum(is_rightward(line.text) for line in lines) <= len(lines):
        return _grouped(lines, pitch)
    right = _right(lines)
    _turn_around(lines)
    found = _grouped(lines, pitch)
    _turn_around(lines)
    for block in found:
        block.right = right
    return found


def _turn_around(lines: list[Line]) -> None:
    """Exchange left and right in the boxes of lines; twice gives the boxes as they were."""
    for line in lines:
        line.x0, line.x1 = -line.x1, -line.x0


def _grouped(lines: list[Line], pitch: Pitches) -> list[LayoutBlock]:
    """Group lines whose words run to the right into blocks."""
    right = _right(lines)
    found = [LayoutBlock([lines[0]], right=right)]
    for i in range(1, len(lines)):
        after = lines[i + 1] if i + 1 < len(lines) else None
        if _parts(found, lines[i], after, right, pitch):
            found.append(LayoutBlock([lines[i]], right=right))
        else:
            found[-1].lines.append(lines[i])
    return found


def _right(lines: list[Line]) -> float:
    """Return the x at which full lines end: the ninth decile of the right ends of lines."""
    ends = sorted(r.x1 for r in lines)
    return ends[int(0.9 * (len(ends) - 1))]


def fits(before: Line, after: Line, right: float) -> bool:
    """Return whether the first word of `after` would have fitted at the end of `before` (column edge `right`): the line
    break was then intended."""
    # sizes of letters, by eye: a gap at the line end that a word would have filled
    return right - before.x1 > after.head + 0.6 * before.size


def _parts(found: list[LayoutBlock], line: Line, after: Line | None, right: float, pitch: Pitches) -> bool:
    """Return whether `line`, the next one after the blocks `found`, begins a new block; `after` is the line below
    it."""
    block = found[-1]
    last = block.last
    # by eye: sizes that differ by more than an eighth are two
    if _gap(block, line, right, pitch) or abs(line.size - last.size) > 0.13 * max(line.size, last.size):
        return True
    if _is_lone_number(block) and number_of(line.text) is None:
        return False  # "2." alone on its line, with the paragraph that it numbers below
    ended, room = bool(ENDS.search(last.text)), fits(last, line, right)
    if _numbered(line, found, ended, room):
        return True
    if last.bold != line.bold and (ended or room) and not _same_centre(last, line):
        return True
    # "CHAPTER II" above a sentence that is not longer
    below_capitals = last.text.isupper() and not line.text.isupper() and bool(ENDS.search(line.text))
    if room and ended or (room or below_capitals) and _title_line(block, line):
        return True
    return _indented(block, line, after, ended)


def _is_lone_number(block: LayoutBlock) -> bool:
    """Return whether a block consists so far of only an item number, and not of the label of a named part."""
    number = number_of(block.first.text) if len(block.lines) == 1 else None
    return number is not None and number.alone and number.form in ("arabic", "decimal", "letter", "small-roman")


def _title_line(block: LayoutBlock, line: Line) -> bool:
    """Return whether a block is so far one numbered line that looks like a title, so that `line` begins a new block."""
    if (
        len(block.lines) != 1
        or not line.text[:1].isupper()
        or _same_centre(block.first, line)
        or re.search(r"\s[a-zà-ÿ]{1,3}$|[,(-]$", block.first.text)
    ):
        return False
    number = number_of(block.first.text)
    if number is not None and number.alone and number.form in NAMED:
        return True
    return (
        number is not None
        and number.form in ("arabic", "decimal", "article", "section")
        and not number.alone
        and block.first.text != block.first.text.upper()
    )


def _gap(block: LayoutBlock, line: Line, right: float, pitch: Pitches) -> bool:
    """Return whether the space between the block and `line` is wider than between the lines of a block."""
    last = block.last
    step = line.middle - last.middle
    goes_on = line.text[:1].islower() and not ENDS.search(last.text) and number_of(line.text) is None
    if line.marks and goes_on and 0.5 * line.size < step < 2 * line.size:
        return False  # a browser sets a line with a raised figure lower; by eye, less than an empty line
    if step < 0.3 * line.size:  # sizes of letters, by eye: lines that stand on one height
        # sizes of letters, by eye: above, or far to the right
        return step < -0.3 * line.size or line.x0 - last.x1 > 3 * line.size
    if len(block.lines) > 1:
        usual = last.middle - block.lines[-2].middle
        if usual > 0.5 * line.size:
            # of the usual step, by eye: a gap above, or lines closer than in a paragraph
            return step > 1.22 * usual or step < 0.7 * usual
    # sizes of letters: the usual step where none is known, by eye
    known = pitch.get(round(last.size), [1.15 * last.size])
    if step <= 1.25 * known[0]:  # of the smallest step, by eye: no gap at all
        return False
    closed = fits(last, line, right) and bool(ENDS.search(last.text))
    return closed or not any(abs(step - k) < 0.12 * k for k in known)  # by eye: a step within an eighth of a known one


def _numbered(line: Line, found: list[LayoutBlock], ended: bool, room: bool) -> bool:
    """Return whether `line` begins with an item number, and not with a number within a wrapped sentence. `ended`: the
    sentence before it ended; `room`: its first word would have fitted at the end of the line before, so that the line
    break was intended (see `fits`)."""
    number, last = number_of(line.text), found[-1].last
    if number is None:
        return False
    if _part_below(found[-1], number):
        return True
    if number.form in SURE and not (number.text in "–—−-o" and not (ended or room)):
        return True
    if not ended and number.form in ("arabic", "decimal") and line.text[number.end :][:1].islower():
        return False  # "... of at least / 33.3 per cent"
    if number.form == "arabic" and _is_next_title(found[-1], line, number):
        return True
    # sizes of letters, by eye: one left edge
    if not room and number.form in ("arabic", "decimal") and abs(line.x0 - last.x0) < 0.8 * line.size:
        earlier = (number_of(b.first.text) for b in found[-1:-12:-1])
        return ended and any(e is not None and follows(number, e) for e in earlier)
    return (
        ended
        or room
        or last.text.endswith((",", " and", " or", " et", " ou", " y", " o"))
        or abs(line.x0 - last.x0) > 12
        and number.form in ("letter", "small-roman")
        and ")" in number.text
    )


def _is_next_title(block: LayoutBlock, line: Line, number: Number) -> bool:
    """Return whether two lines are consecutive items of a list without full stops: "1. Housing" above "2. Work", but
    not "1. In the case of section" above "2. The court"."""
    first = number_of(block.first.text)
    if (
        first is None
        or len(block.lines) > 1
        or first.form != "arabic"
        or not line.text[number.end :].lstrip()[:1].isupper()
    ):
        return False
    now, then = _figures(number.text), _figures(first.text)
    level = abs(block.first.x0 - line.x0) < 2  # points: one edge
    named = number_of(f"{block.last.text.rsplit(None, 1)[-1].capitalize()} {number.text}")
    refers = _OPEN_END.search(block.last.text) or named is not None and named.form in NAMED
    return level and len(now) == len(then) == 1 and now[0] == then[0] + 1 and not refers


_OPEN_END = re.compile(r"(?:^|\s)[a-zà-ÿ]{1,4}$|[,(-]$")
"""Matches the end of a line that breaks off within a sentence."""


def _part_below(block: LayoutBlock, number: Number) -> bool:
    """Return whether a named part with this number begins below the heading of another: "ARTICLE 4" below "TITRE II",
    or below "CHAPTER III" and its title, which has three lines at most and does not end in a small word ("Amendments to
    / Part II")."""
    if number.form not in NAMED:
        return False
    first = number_of(block.first.text)
    if first is None or first.form not in NAMED:
        return False
    if len(block.lines) == 1 and first.alone:
        return True
    open_end = re.search(r"[,(-]$|\s[a-zà-ÿ]{1,4}$", block.last.text) or ENDS.search(block.last.text)
    return number.alone and len(block.lines) < 4 and not open_end


def follows(number: Number, earlier: Number | None) -> bool:
    """Return whether a number can come after an earlier one: it is one to three more, or the first sub-number of it."""
    if earlier is None or number.form not in ("arabic", "decimal"):
        return number.text.strip("()") == "1"
    now, then = _figures(number.text), _figures(earlier.text)
    if number.form == "decimal":
        return (
            bool(then)
            and now[:-1] == then[: len(now) - 1]
            # by eye: up to three numbers may be missing between two items
            and (len(now) > len(then) or 0 < now[-1] - then[len(now) - 1] < 4)
        )
    # by eye: up to three numbers may be missing between two items
    return bool(now and then) and (0 < now[0] - then[-1] < 4 or now[0] == 1)


def _figures(text: str) -> list[int]:
    """Return the whole numbers that occur in a printed number."""
    return [int(n) for n in re.findall(r"\d+", text)]


def ambiguous(last: Line, line: Line) -> bool:
    """Return whether `line`, which begins with a number, may continue the line `last`, which ends within a sentence or
    in an abbreviation."""
    return not ENDS.search(last.text) or bool(re.search(r"(?:^|[\s(])(?:[A-Za-zÀ-ÿ]{1,4}\.)+$", last.text))


def _indented(block: LayoutBlock, line: Line, after: Line | None, ended: bool) -> bool:
    """Return whether `line` has a first-line indent after the end of a sentence (`ended`), or returns to the left
    margin after indented lines."""
    last = block.last
    if _same_centre(last, line):
        return False
    # sizes of letters, by eye: an indent
    if ended and line.x0 > last.x0 + 0.8 * line.size and (after is None or after.x0 < line.x0 - 0.8 * line.size):
        return True
    kept = len(block.lines) > 1 and abs(last.x0 - block.lines[-2].x0) < 2
    return ended and kept and line.x0 < last.x0 - 0.8 * line.size  # sizes of letters, by eye: an indent


def _same_centre(a: Line, b: Line) -> bool:
    """Return whether two lines of different length are centred on one axis."""
    # points, by eye: one middle, and two left edges
    return abs((a.x0 + a.x1) - (b.x0 + b.x1)) < 8 and abs(a.x0 - b.x0) > 4


def number(block: LayoutBlock) -> Number | None:
    """Return the number with which a block begins, or None."""
    return number_of(block.first.text)
