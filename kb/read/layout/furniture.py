"""Running heads, page numbers and other furniture: what is repeated in the margins is lifted out of the text."""

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
_CODE = re.compile(r"(?=.*\d)(?!.*[a-zà-ÿ]{3})[^\s].{3,60}")
Key = tuple[str, bool]


def keys(text: str, page: int, top: bool) -> set[Key]:
    """What makes margin lines of two pages the same: their letters and figures, or the letters around a figure that
    counts with the pages. `CHAPTER II` and `CHAPTER III` on two pages are thus not the same, `Page 2` and `Page 3` are.
    """
    found = {(_plain(text), top)}
    number = number_of(text)
    if number is not None and number.form in NAMED:
        return found  # "Section 4. ..." at the top of page 4: sections may count with the pages
    for match in _FIGURES.finditer(text):
        if int(match.group()) - page in range(-2000, 2000):
            around = _FIGURES.sub("#", "".join(c for c in text.casefold() if c.isalnum() or c == "#"))
            found.add((f"{around}{int(match.group()) - page}", top))
    return found


def kind_of(text: str) -> str:
    """'page-number' where the text is only that, else 'running-head'."""
    return "page-number" if _PAGE.fullmatch(text.strip()) else "running-head"


def edges(lines: list[Line], height: float) -> list[Line]:
    """Lines that may be furniture: the first and last four rows of a page that stand in its outer sixths, and its very
    first and last row wherever they stand, since small pages are printed in the middle of large ones.
    """
    rows = sorted(lines, key=lambda r: r.middle)
    half = height / 2
    tops = [r for r in rows[: 2 * EDGE_LINES] if r.middle < height / 6 or r.middle < min(half, rows[0].middle + 3)]
    ends = [
        r for r in rows[-2 * EDGE_LINES :] if r.middle > height * 5 / 6 or r.middle > max(half, rows[-1].middle - 3)
    ]
    return tops + ends


def repeated(pages: list[tuple[list[Line], float]]) -> Counter:
    """How many pages print each margin line, by its keys; a line that stands more often inside the pages is none.

    "Actions" above a list is such a line: now and then it comes first on a page.
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
    return seen


def _plain(text: str) -> str:
    """Letters and figures of a line, case folded; the line itself where it has none."""
    return "".join(c for c in text.casefold() if c.isalnum()) or text.strip()


def lift(lines: list[Line], height: float, seen: Counter, pages: int) -> tuple[list[Line], list[Line]]:
    """`(body, furniture)` of a page. Furniture is a margin line that two pages share (of many pages, one in twenty),
    a bare page number, or a document code at the foot; it must stand outside the body, not between its lines.
    """
    needed = max(2, min(pages // 20, 8))
    raised = {mark.strip("()[].,") for line in lines for mark in line.marks}
    candidates = [c for c in edges(lines, height) if not _is_note(c.text, raised) and not _is_counted(c, lines)]
    taken: set[int] = set()
    text = _running(lines)
    for top in (True, False):
        side = [c for c in candidates if (c.middle < height / 2) == top]
        side.sort(key=lambda r: r.middle, reverse=not top)
        misses = 0
        for line in side:
            few = max(seen[key] for key in keys(line.text, line.page, top)) <= max(2, pages // 3)
            if few and id(line) in text:
                break
            if _is_furniture(line, height, seen, needed, top):
                taken.add(id(line))
            else:
                misses += 1
                if misses > 1:
                    break
    return [r for r in lines if id(r) not in taken], [r for r in lines if id(r) in taken]


def _running(lines: list[Line]) -> set[int]:
    """The ids of lines that are part of running text: one that is so full that the first word of the next, which goes
    on in lower case at the step and edge of the text, would not fit; and that next one.

    Two pages may begin with the same sentence; a running head is seldom a full line that goes on like that.
    """
    rows = sorted(lines, key=lambda r: r.middle)
    if len(rows) < 4:
        return set()
    steps = sorted(b.top - a.top for a, b in itertools.pairwise(rows))
    ends = sorted(r.x1 for r in rows)
    step, right = steps[len(steps) // 2], ends[int(0.9 * (len(ends) - 1))]
    found: set[int] = set()
    for a, b in itertools.pairwise(rows):
        level = abs(a.x0 - b.x0) < 2 and abs(a.size - b.size) < 0.5 and b.top - a.top < 1.25 * step
        if level and b.text[:1].islower() and not _CLOSED.search(a.text) and a.x1 + b.head > right:
            found |= {id(a), id(b)}
    return found


_CLOSED = re.compile(r"[.;:!?]\W*$")
_DRESSED = re.compile(r"(\(?)(\d{1,3})([.)]{1,2})")


def _is_counted(line: Line, lines: list[Line]) -> bool:
    """Whether a lone "(1)" or "1." is a paragraph's number, no page's: "(2)" or "2." stands alone on the page too."""
    number = _DRESSED.fullmatch(line.text.strip())
    return number is not None and any(
        other.text.strip() == f"{number[1]}{int(number[2]) + step}{number[3]}" for other in lines for step in (1, -1)
    )


def _is_note(text: str, raised: set[str]) -> bool:
    """Whether a line begins with a figure that the page calls with a raised one: the same footnote may stand on many
    pages."""
    match = re.match(r"\s*(\d{1,2})[.)]\s+\S", text)
    return match is not None and match.group(1) in raised


def _is_furniture(line: Line, height: float, seen: Counter, needed: int, top: bool) -> bool:
    """Whether one margin line is furniture."""
    text = line.text.strip()
    if is_contents_title(text):
        return False
    if _PAGE.fullmatch(text) and (top and line.middle < height / 8 or not top and line.middle > height * 7 / 8):
        return True
    count = max(seen[key] for key in keys(text, line.page, line.middle < height / 2))
    if count >= needed and len(text) < 160 and not text.startswith(("-", "•", "(")) or count > max(2, needed):
        return True
    return not top and line.middle > height * 0.86 and bool(_CODE.fullmatch(text)) and line.count <= 6
