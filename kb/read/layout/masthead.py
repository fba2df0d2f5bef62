"""Find the masthead of a first page: the words of the emblem, and the block with symbol, date and language at the
right.

Numbers: places are shares of the page, distances multiples of the letter size. Chosen by eye on title pages of United
Nations documents, whose symbol, date and language are in a narrow column at the top right.
"""

from __future__ import annotations

from kb.read.layout.blocks import LayoutBlock
from kb.read.layout.lines import Line


def side_block(lines: list[Line], width: float, height: float) -> list[Line]:
    """Return four or more short lines at the right of the page's upper half that share their left edge; [] when there
    are none."""
    # shares of the page, by eye: the top right, in short lines
    right = [r for r in lines if r.x0 > 0.55 * width and r.middle < 0.5 * height and r.count <= 5]
    best: list[Line] = []
    for start in right:
        # points, and share of the size, by eye: one column
        same = [r for r in right if abs(r.x0 - start.x0) < 4 and abs(r.size - start.size) < 0.2 * start.size]
        same.sort(key=lambda r: r.middle)
        chain = same[:1]
        for line in same[1:]:
            if line.top - chain[-1].bottom < 4 * line.size:  # sizes of letters, by eye: no gap in a column is wider
                chain.append(line)
        if len(chain) > len(best):
            best = chain
    return best if len(best) >= 4 and _alone(best, lines) else []  # by eye: symbol, kind, date and language


def _alone(side: list[Line], lines: list[Line]) -> bool:
    """Return whether few lines (at most one more than half as many as in the block) are left of the block `side`;
    otherwise it is a table column."""
    top, bottom = side[0].top, side[-1].bottom
    beside = [r for r in lines if r not in side and top < r.middle < bottom and r.x1 < side[0].x0]
    return len(beside) <= len(side) // 2 + 1


def split(lines: list[Line], width: float, height: float) -> tuple[list[Line], list[LayoutBlock], list[Line]]:
    """Split a page's lines into `(body, blocks, emblem)`: `blocks` has the side block as one block, `emblem` the short
    lines beside or above it, which are furniture."""
    side = side_block(lines, width, height)
    if not side:
        return lines, [], []
    chosen = {id(r) for r in side}
    bottom = side[-1].bottom
    # words, by eye: the lines of an emblem are short
    emblem = [r for r in lines if id(r) not in chosen and r.top < bottom and r.count <= 4]
    dropped = chosen | {id(r) for r in emblem}
    return [r for r in lines if id(r) not in dropped], [LayoutBlock(side, closed=True)], emblem
