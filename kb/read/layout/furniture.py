"""Find running heads, page numbers and other text repeated in the margins ("furniture"), and separate it from the text.

Numbers: running heads and feet are in the outer sixths of a page and on a share of the pages; lengths are in letters,
steps in lines. Chosen by eye on the sample pages, not fitted; benchmarks/paragraphs.py measures the modules of this
folder together.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter

from kb.read.layout.lines import Line
from kb.read.layout.titles import is_contents_title
from kb.read.numbering import number_of

EDGE_LINES = 4  # running heads and feet have up to four lines
NAMED = {"article", "chapter", "title", "part", "annex", "section", "book", "goal"}
_FIGURES = re.compile(r"\d+")
_PAGE = re.compile(
    r"(?:[-–—\[(|/.\s]*(?:(?:page|página|pagina|pág\.?|p\.|seite|стр\.?|صفحة|第)\s*)?"
    r"(?:\d{1,4}(?:\s*(?:of|de|sur|/|\|)\s*\d{1,4}|页)?|(?<![(\[])[ivxl]{1,7}(?![)\]]))[-–—\])|/.\s]*"
    r"|/\.\.\.|\.\.\./|/…)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
"""Matches a year: at the edge of a page it heads a column, unless it counts with the pages."""
_CODE = re.compile(r"(?=.*\d)(?!.*[a-zà-ÿ]{3})[^\s¹²³⁰⁴-⁹].{2,59}[^\s.,;:]")
"""Matches a document's code; not a footnote ("⁸ A/73/335."), which has a mark before it or a full stop after it."""
Key = tuple[str, bool]


def keys(text: str, page: int, top: bool) -> set[Key]:
    """Return the keys of a line in the margin of page `page`; `top`: it is the upper margin. Lines of two pages that
    share a key count as repeated.

    One key is the letters and digits of the line. For each number near the page number there is a further key: the
    letters around it, with the difference between number and page. So `Page 2` on page 2 and `Page 3` on page 3 are
    equal; `CHAPTER II` and `CHAPTER III` are not.
    """
    found = {(_plain(text), top)}
    number = number_of(text)
    if number is not None and number.form in NAMED:
        return found  # "Section 4. ..." at the top of page 4: section numbers may increase with pages
    for match in _FIGURES.finditer(text):
        # by eye: a number further from its place is none of a page
        if int(match.group()) - page in range(-2000, 2000):
            around = _FIGURES.sub("#", "".join(c for c in text.casefold() if c.isalnum() or c == "#"))
            found.add((f"{around}{int(match.group()) - page}", top))
    return found


def kind_of(text: str) -> str:
    """Return 'page-number' when the text is only a page number, else 'running-head'."""
    return "page-number" if _PAGE.fullmatch(text.strip()) else "running-head"


def edges(lines: list[Line], height: float) -> list[Line]:
    """Return the lines that may be furniture: the first and last rows of a page within its outer sixths; and the very
    first and last row anywhere, because small pages are printed in the middle of large ones."""
    rows = sorted(lines, key=lambda r: r.middle)
    half = height / 2
    # by eye: the outer sixth of a page
    tops = [r for r in rows[: 2 * EDGE_LINES] if r.middle < height / 6 or r.middle < min(half, rows[0].middle + 3)]
    ends = [
        # by eye: the outer sixth of a page
        r
        for r in rows[-2 * EDGE_LINES :]
        if r.middle > height * 5 / 6 or r.middle > max(half, rows[-1].middle - 3)
    ]
    return tops + ends


def repeated(pages: list[tuple[list[Line], float]], body_size: float = 0.0) -> Counter:
    """Count for each key the pages that print such a margin line; lines that occur as often inside pages are left out.

    For example, "Actions" above a list is sometimes the first line of a page. Headings with which several pages begin
    are left out too; `body_size` is the print size of most of the text, 0 when it is not known.
    """
    seen: Counter = Counter()
    inside: Counter = Counter()
    for lines, height in pages:
        margin = edges(lines, height)
        taken = {id(r) for r in margin}
        seen.update(set().union(*(keys(r.text, r.page, r.middle < height / 2) for r in margin)))
        inside.update(_plain(r.text) for r in lines if id(r) not in taken and len(r.text) < 60)
    for key in [key for key in seen if inside[key[0]] >= seen[key]]:
        del seen[key]
    for key in _headings(pages, seen, body_size):
        del seen[key]
    return seen


def _headings(pages: list[tuple[list[Line], float]], seen: Counter, body_size: float) -> set[Key]:
    """Return the keys of top lines that are headings, on up to half of the pages.

    They are larger than the text and not on consecutive pages; or they are at the height at which the text begins on at
    least as many pages that have no such line.
    """
    starts: list[float] = []
    found: dict[Key, list[Line]] = {}
    for lines, height in pages:
        tops = sorted((r for r in edges(lines, height) if r.middle < height / 2), key=lambda r: r.middle)
        again = [r for r in tops if seen[(_plain(r.text), True)] > 1 and not _PAGE.fullmatch(r.text.strip())]
        for line in again:
            found.setdefault((_plain(line.text), True), []).append(line)
        starts += [r.top for r in tops if max(seen[key] for key in keys(r.text, r.page, True)) < 2][:1]
    kept: set[Key] = set()
    for key, same in found.items():
        if len(same) > len(pages) / 2 or any(line.count > MOST_WORDS for line in same):
            continue
        large = body_size and all(line.size > LARGE * body_size for line in same) and not _in_a_row(same)
        level = sum(any(abs(line.top - start) < LEVEL for line in same) for start in starts)
        if large or level >= max(3, len(same)) and not _on_each_page(same):
            kept.add(key)
    return kept


def titles(pages: list[tuple[list[Line], float]]) -> set[int]:
    """Return the ids of margin lines that are printed larger than the same words on other pages: the title of a chapter
    or of the document, which later pages repeat as a running head."""
    same: dict[Key, list[Line]] = {}
    for lines, height in pages:
        for line in edges(lines, height):
            text = line.text.strip()
            counts = _CODE.fullmatch(text) or _PAGE.fullmatch(text) and not _YEAR.fullmatch(text)
            if line.middle < height / 2 and not counts:
                same.setdefault((_plain(line.text), True), []).append(line)
    smallest = {key: min(line.size for line in found) for key, found in same.items()}
    return {id(line) for key, found in same.items() for line in found if line.size > TITLE * smallest[key]}


def _in_a_row(lines: list[Line]) -> bool:
    """Return whether most lines are on consecutive pages, or on every second page, as running heads with the chapter's
    title are."""
    pages = [line.page for line in lines]
    steps = [after - before for before, after in itertools.pairwise(pages)]
    return len(pages) > 3 and max(steps.count(1), steps.count(2)) > 0.7 * len(steps)  # by eye: seven steps in ten


def _on_each_page(lines: list[Line]) -> bool:
    """Return whether most lines are on consecutive pages; they are then a running head, wherever the text of other
    pages begins."""
    steps = [after.page - before.page for before, after in itertools.pairwise(lines)]
    return len(lines) > 3 and steps.count(1) > 0.7 * len(steps)  # by eye: seven steps in ten


LARGE = 1.15
"""Multiple of the text size from which a line at the top of pages may be a heading."""
TITLE = 1.25
"""Multiple of a running head's size from which the same words are the title that it repeats."""
LEVEL = 4.0
"""Maximum number of points between the first lines of pages that begin at one height, in larger and smaller print."""
MOST_WORDS = 8
"""Maximum number of words of a heading that begins several pages."""


def _plain(text: str) -> str:
    """Return the letters and digits of a line, case-folded; the line itself when it has none."""
    return "".join(c for c in text.casefold() if c.isalnum()) or text.strip()


def lift(
    lines: list[Line], height: float, seen: Counter, pages: int, kept: frozenset[int] = frozenset()
) -> tuple[list[Line], list[Line]]:
    """Split a page's lines into `(body, furniture)`; `kept` are the ids of titles, which stay in the body.

    Furniture is a margin line shared by two pages (by one in twenty, of many pages), a bare page number, or a document
    code at the foot; it must be above or below the body, not between its lines. `seen` is the result of `repeated`,
    `pages` the number of pages.
    """
    needed = max(2, min(pages // 20, 8))  # by eye: on one page in twenty, on eight at the most
    raised = {mark.strip("()[].,") for line in lines for mark in line.marks}
    candidates = [
        c
        for c in edges(lines, height)
        if not (_is_note(c.text, raised) or _is_counted(c, lines) or _is_among_figures(c, lines))
    ]
    taken: set[int] = set()
    text = _running(lines) | _attached(lines, seen, needed)
    for top in (True, False):
        side = [c for c in candidates if (c.middle < height / 2) == top]
        side.sort(key=lambda r: r.middle, reverse=not top)
        misses = 0
        for line in side:
            few = max(seen[key] for key in keys(line.text, line.page, top)) <= max(2, pages // 3)
            if few and id(line) in text or id(line) in kept:
                break
            code = not top and not misses and _is_code(line, height)  # the code is below all text
            if code or _is_furniture(line, height, seen, needed, top):
                taken.add(id(line))
            else:
                misses += 1
                if misses > 1:
                    break
    return [r for r in lines if id(r) not in taken], [r for r in lines if id(r) in taken]


def _running(lines: list[Line]) -> set[int]:
    """Return the ids of lines of running text: a full line, and the next line when it continues the sentence in lower
    case, at the usual distance and left edge.

    Two pages may begin with the same sentence; a running head is seldom a full line with such a continuation.
    """
    rows = sorted(lines, key=lambda r: r.middle)
    if len(rows) < 4:  # by eye: fewer rows are all text
        return set()
    steps = sorted(b.top - a.top for a, b in itertools.pairwise(rows))
    ends = sorted(r.x1 for r in rows)
    step, right = steps[len(steps) // 2], ends[int(0.9 * (len(ends) - 1))]
    found: set[int] = set()
    for a, b in itertools.pairwise(rows):
        # by eye: one edge (points), one size, and a usual step
        level = abs(a.x0 - b.x0) < 2 and abs(a.size - b.size) < 0.5 and b.top - a.top < 1.25 * step
        if level and b.text[:1].islower() and not _CLOSED.search(a.text) and a.x1 + b.head > right:
            found |= {id(a), id(b)}
    return found


def _attached(lines: list[Line], seen: Counter, needed: int) -> set[int]:
    """Return the ids of lines that begin a paragraph: lines of many words above an unrepeated line, at the usual
    distance and left edge of the text. Below a running head there is a gap."""
    rows = sorted(lines, key=lambda r: r.middle)
    if len(rows) < 4:  # by eye: fewer rows are all text
        return set()
    steps = sorted(b.top - a.top for a, b in itertools.pairwise(rows))
    step = steps[len(steps) // 2]
    found: set[int] = set()
    for a, b in itertools.pairwise(rows):
        # by eye: one edge (points), one size, and a usual step
        level = abs(a.x0 - b.x0) < 2 and abs(a.size - b.size) < 0.5 and 0 < b.top - a.top < 1.25 * step
        alone = max(seen[key] for top in (True, False) for key in keys(b.text, b.page, top)) < needed
        if level and alone and a.count >= PROSE and not _CLOSED.search(a.text) and not a.text.isupper():
            found.add(id(a))
    return found


PROSE = 6
"""Minimum number of words of a line that may be running text at the edge of a page."""
_CLOSED = re.compile(r"[.;:!?]\W*$")
_DRESSED = re.compile(r"(\(?)(\d{1,3})([.)]{1,2})")


def _is_counted(line: Line, lines: list[Line]) -> bool:
    """Return whether a line that is only "(1)" or "1." is a paragraph number, not a page number: "(2)" or "2." is on a
    line alone on the same page."""
    number = _DRESSED.fullmatch(line.text.strip())
    return number is not None and any(
        other.text.strip() == f"{number[1]}{int(number[2]) + step}{number[3]}" for other in lines for step in (1, -1)
    )


def _is_among_figures(line: Line, lines: list[Line]) -> bool:
    """Return whether a line that is only a number has another beside it on its row; both are then cells of a table."""
    if not line.text.strip().isdigit():
        return False
    if line.cell is not None and _is_in_table(line, lines):
        return True
    return any(
        other is not line and other.text.strip().isdigit() and abs(other.middle - line.middle) < 0.5 * line.size
        for other in lines
    )


def _is_in_table(line: Line, lines: list[Line]) -> bool:
    """Return whether a line is in a row of several cells, in a table of three rows or more."""
    cells = {other.cell for other in lines if other.cell and line.cell and other.cell[0] == line.cell[0]}
    beside = {cell for cell in cells if line.cell and cell[1] == line.cell[1]}
    return len(beside) > 1 and len({row for _, row, _ in cells}) > 2  # by eye: a running head has two rows at most


def _is_note(text: str, raised: set[str]) -> bool:
    """Return whether a line begins with a number that occurs as a superscript on the page (`raised`); the same footnote
    may be on many pages."""
    match = re.match(r"\s*(\d{1,2})[.)]\s+\S", text)
    return match is not None and match.group(1) in raised


def _is_furniture(line: Line, height: float, seen: Counter, needed: int, top: bool) -> bool:
    """Return whether one margin line, at the top or bottom, is furniture; `needed` is the number of pages that must
    share it."""
    text = line.text.strip()
    if is_contents_title(text):
        return False
    if (
        _PAGE.fullmatch(text)
        and not _YEAR.fullmatch(text)
        and (top and line.middle < height / 8 or not top and line.middle > height * 7 / 8)
    ):
        return True
    count = max(seen[key] for key in keys(text, line.page, line.middle < height / 2))
    # letters, by eye: a longer line is text
    return count >= needed and len(text) < 160 and not text.startswith(("-", "•", "(")) or count > max(2, needed)


def _is_code(line: Line, height: float) -> bool:
    """Return whether a line at the foot of a page is the code of a document."""
    # share of the height, by eye: the foot of a page
    return line.middle > height * 0.86 and bool(_CODE.fullmatch(line.text.strip())) and line.count <= 6
