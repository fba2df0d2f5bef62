"""Find the reading order: pages with two or three columns are split at the gutters, between lines that span all
columns.

Numbers: distances are in points, shares are of the lines or of the width between the outermost edges. Chosen by eye on
the sample pages, not fitted; benchmarks/paragraphs.py measures the modules of this folder together.
"""

from __future__ import annotations

import itertools

from kb.read.layout.lines import Line

MIN_LINES = 5  # lines of each side: fewer are a heading or a picture beside the text


def flows(lines: list[Line]) -> list[list[Line]]:
    """Return groups of lines in reading order; each is one column between two spanning lines, from top to bottom."""
    gutter = _gutter(lines)
    if gutter is None and (labels := _labels(lines)):
        rest = sorted(lines, key=lambda r: r.top)[len(labels) :]
        if _gutter(rest) is not None:
            return [sorted(labels, key=lambda r: (round(r.middle), r.x0)), *flows(rest)]
    if gutter is None:
        return [sorted(lines, key=lambda r: (round(r.middle), r.x0))] if lines else []
    left_edge, right_edge = gutter
    found: list[list[Line]] = []
    band: list[Line] = []
    for line in sorted(lines, key=lambda r: r.top):
        if line.x0 < left_edge and line.x1 > right_edge:
            found += _sides(band, left_edge) + [[line]]
            band = []
        else:
            band.append(line)
    found += _sides(band, left_edge)
    return _join_spanning(found)


def _labels(lines: list[Line]) -> list[Line]:
    """Return the labels of pictures at the top of a page, down to the first line of running text; [] when there are
    few.

    Labels on the axes of charts are short, so that a page with charts above its columns would look like a table.
    """
    across = max((r.x1 for r in lines), default=0.0) - min((r.x0 for r in lines), default=0.0)
    # by eye: three words and a sixth of the width at most
    short = itertools.takewhile(lambda r: r.count <= 3 and r.width < across / 6, sorted(lines, key=lambda r: r.top))
    found = list(short)
    return found if len(found) >= 2 * MIN_LINES else []


def _sides(band: list[Line], left_edge: float) -> list[list[Line]]:
    """Return the groups of the left column of a band of lines, then those of the rest at its right (which may contain
    more columns)."""
    left = [line for line in band if line.x0 < left_edge]
    right = [line for line in band if line.x0 >= left_edge]
    return flows(left) + flows(right)


def _join_spanning(groups: list[list[Line]]) -> list[list[Line]]:
    """Join consecutive groups of a single spanning line to one group, so that the lines can form a paragraph."""
    joined: list[list[Line]] = []
    for group in groups:
        last = joined[-1] if joined else None
        if (
            last
            and len(group) == 1
            and abs(last[-1].x0 - group[0].x0) < 60
            and last[-1].bottom <= group[0].middle
            and group[0].top - last[-1].bottom < 2 * group[0].size
            and abs(last[-1].width - group[0].width) < 80  # points, by eye: columns of nearly one width
        ):
            last.extend(group)
        else:
            joined.append(list(group))
    return joined


def _gutter(lines: list[Line]) -> tuple[float, float] | None:
    """Return the widest vertical gap with prose on both sides, as `(right edge of the left column, left edge of the
    right)`, or None.

    Prose, unlike a table, has on each side at least five lines, with four words in the median, that fill half the
    column.
    """
    if len(lines) < 2 * MIN_LINES:
        return None
    low, high = min(r.x0 for r in lines), max(r.x1 for r in lines)
    best: tuple[float, float, float] | None = None
    # share of the width, by eye: no column begins in its outer fifths
    for edge in sorted({round(r.x0) for r in lines if low + 0.2 * (high - low) < r.x0 < low + 0.8 * (high - low)}):
        left = [r for r in lines if r.x1 <= edge + 1 and r.x0 < edge]
        right = [r for r in lines if r.x0 >= edge - 1]
        across = len(lines) - len(left) - len(right)
        # by eye: two lines in five across the gap, and there are no columns
        if len(left) < MIN_LINES or len(right) < MIN_LINES or across > 0.4 * len(lines):
            continue
        reach = _reach(left)
        if (
            edge - reach < 6  # points, by eye: no gap between columns is narrower
            or not _prose(left, reach - low)
            or not (_prose(right, high - edge) or _two_more(left, right))
            or not _beside(left, right)
        ):
            continue
        score = min(len(left), len(right)) - across
        if best is None or score > best[0]:
            best = (score, reach, edge - 1)
    return best[1:] if best else None


def _two_more(left: list[Line], right: list[Line]) -> bool:
    """Return whether the lines at the right of a gutter are two columns of text, so that the page has three columns.

    In a table, the cells of one row begin at the same height; paragraphs in columns seldom do. So three columns are
    assumed only when at most one in four of the lines after a gap begins at the same height in all three.
    """
    gutter = _gutter(right)
    if gutter is None:
        return False
    sides = [left, [r for r in right if r.x0 < gutter[1]], [r for r in right if r.x0 >= gutter[1]]]
    begins = [_after_gaps(side) for side in sides]
    shared = sum(all(any(abs(top - other) < 3 for other in each) for each in begins[1:]) for top in begins[0])
    return shared <= max(1, min(len(each) for each in begins)) // 4  # by eye: one edge in four may be shared


def _after_gaps(lines: list[Line]) -> list[float]:
    """Return the tops of the lines of a column that come after a gap; its first line is left out."""
    rows = sorted(lines, key=lambda r: r.top)
    steps = sorted(b.top - a.top for a, b in itertools.pairwise(rows))
    usual = steps[len(steps) // 2] if steps else 0.0
    # of the usual step, by eye: a gap between rows
    return [b.top for a, b in itertools.pairwise(rows) if b.top - a.top > 1.3 * usual]


def _reach(lines: list[Line]) -> float:
    """Return the x at which the lines of a column end on the right, ignoring a few long ones."""
    ends = sorted(r.x1 for r in lines)
    return ends[int(0.95 * (len(ends) - 1))]


def _prose(lines: list[Line], width: float) -> bool:
    """Return whether lines are running text of a column with this width, not table cells."""
    counts = sorted(r.count for r in lines)
    widths = sorted(r.width for r in lines)
    # Unicode: Chinese, Japanese and Korean signs begin here
    cjk = sum(len(r.text) for r in lines if r.text and ord(r.text[0]) > 0x2E80)
    # by eye: points of width, words of a line or signs in all, and half the width filled: prose
    return width > 60 and (counts[len(counts) // 2] >= 4 or cjk > 100) and widths[len(widths) // 2] > 0.5 * width


def _beside(left: list[Line], right: list[Line]) -> bool:
    """Return whether the two groups are side by side for at least half of the shorter one's height."""
    top, bottom = (
        max(min(r.top for r in left), min(r.top for r in right)),
        min(max(r.bottom for r in left), max(r.bottom for r in right)),
    )
    heights = [max(r.bottom for r in side) - min(r.top for r in side) for side in (left, right)]
    return bottom - top > 0.5 * min(heights)
