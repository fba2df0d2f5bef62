"""Insert the side notes of acts into the text: beside a numbered section as its heading, elsewhere as a note to the
paragraph.

Numbers: distances are multiples of the letter size. Chosen by eye on acts with notes beside their sections; cases:
tests/read/test_read_margins.py.
"""

from __future__ import annotations

from kb.read.layout.blocks import LayoutBlock, number
from kb.read.layout.lines import Line

NUMBERED = {"arabic", "decimal", "section", "article"}
BESIDE = 0.9
"""Maximum number of line heights between a note's first line and the line that it is beside."""


def place(lines: list[Line], blocks: list[LayoutBlock]) -> list[LayoutBlock]:
    """Return the blocks of a page with its side notes (`lines`) inserted: a heading above its section, any other note
    below its paragraph."""
    placed = list(blocks)
    for note in _grouped(lines, blocks):
        at = _section(note[0], placed)
        if at is not None:
            placed.insert(at, LayoutBlock(note, kind="side-heading", closed=True))
            continue
        beside = [
            i for i, block in enumerate(placed) if block.kind == "paragraph" and block.first.top <= note[0].middle
        ]
        placed.insert(beside[-1] + 1 if beside else 0, LayoutBlock(note, kind="note", closed=True))
    return placed


def _grouped(lines: list[Line], blocks: list[LayoutBlock]) -> list[list[Line]]:
    """Group lines of the margin into notes: a new note begins after a gap, after a full stop, and beside a numbered
    section."""
    groups: list[list[Line]] = []
    beside: int | None = None
    for line in sorted(lines, key=lambda r: r.middle):
        last, section = groups[-1][-1] if groups else None, _section(line, blocks)
        another = section is not None and section != beside
        beside = section if another else beside
        # sizes of letters, by eye: a gap between two notes
        if last is None or another or line.top - last.bottom > 0.7 * line.size or last.text.endswith("."):
            groups.append([line])
        else:
            groups[-1].append(line)
    return groups


def _section(line: Line, blocks: list[LayoutBlock]) -> int | None:
    """Return the position of the numbered block whose first line is beside this line of the margin, or None."""
    for at, block in enumerate(blocks):
        found = number(block) if block.kind == "paragraph" else None
        if (
            found is not None
            and found.form in NUMBERED
            and not found.text.startswith("(")
            and abs(block.first.middle - line.middle) < BESIDE * block.first.size
        ):
            return at
    return None
