"""Running heads, page numbers and other furniture: what is repeated in the margins is lifted out of the text."""
from __future__ import annotations

import re
from collections import Counter

from kb.read.layout.lines import Line
from kb.read.layout.titles import is_contents_title

EDGE_LINES = 4
_FIGURES = re.compile(r"\d+|(?<![^\W\d_])[ivxlc]+(?![^\W\d_])")
_PAGE = re.compile(r"(?:[-–—\[(|/.\s]*(?:(?:page|página|pagina|pág\.?|p\.|seite|стр\.?|صفحة|第)\s*)?"
                   r"(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:of|de|sur|/|\|)\s*\d{1,4}|页)?[-–—\])|/.\s]*|/\.\.\.|\.\.\./|/…)", re.I)
_CODE = re.compile(r"(?=.*\d)(?!.*[a-zà-ÿ]{3})[^\s].{3,60}")


def normal(text: str) -> str:
    """`text` with figures made alike, as two pages print the same running head."""
    return " ".join(_FIGURES.sub("#", text.lower()).split())


def kind_of(text: str) -> str:
    """'page-number' where the text is only that, else 'running-head'."""
    return "page-number" if _PAGE.fullmatch(text.strip()) else "running-head"


def edges(lines: list[Line], height: float) -> list[Line]:
    """Lines that may be furniture: the first and last four rows of a page that stand in its outer sixths."""
    rows = sorted(lines, key=lambda r: r.middle)
    tops = [r for r in rows[:2 * EDGE_LINES] if r.middle < height / 6]
    ends = [r for r in rows[-2 * EDGE_LINES:] if r.middle > height * 5 / 6]
    return tops + ends


def repeated(pages: list[tuple[list[Line], float]]) -> Counter:
    """How many pages print each normalised margin line; the key holds its text and its half of the page."""
    seen: Counter = Counter()
    for lines, height in pages:
        seen.update({_key(line, height) for line in edges(lines, height)})
    return seen


def _key(line: Line, height: float) -> tuple[str, bool]:
    """What makes two margin lines the same."""
    return normal(line.text), line.middle < height / 2


def lift(lines: list[Line], height: float, seen: Counter, pages: int) -> tuple[list[Line], list[Line]]:
    """`(body, furniture)` of a page. Furniture is a margin line that two pages share (of many pages, one in twenty),
    a bare page number, or a document code at the foot; it must stand outside the body, not between its lines.
    """
    needed = max(2, min(pages // 20, 8))
    candidates = edges(lines, height)
    taken: set[int] = set()
    for top in (True, False):
        side = [c for c in candidates if (c.middle < height / 2) == top]
        side.sort(key=lambda r: r.middle, reverse=not top)
        misses = 0
        for line in side:
            if _is_furniture(line, height, seen, needed, top):
                taken.add(id(line))
            else:
                misses += 1
                if misses > 1:
                    break
    return [r for r in lines if id(r) not in taken], [r for r in lines if id(r) in taken]


def _is_furniture(line: Line, height: float, seen: Counter, needed: int, top: bool) -> bool:
    """Whether one margin line is furniture."""
    text = line.text.strip()
    if is_contents_title(text):
        return False
    if _PAGE.fullmatch(text) and (top and line.middle < height / 8 or not top and line.middle > height * 7 / 8):
        return True
    key = _key(line, height)
    if seen[key] >= needed and len(text) < 160 and not key[0].startswith(("# ", "#. ", "(#)", "- ", "• ")):
        return True
    if seen[key] >= needed and kind_of(text) == "page-number":
        return True
    if seen[key] >= max(3, needed) and len(text) < 160:
        return True
    return not top and line.middle > height * 0.86 and bool(_CODE.fullmatch(text)) and line.count <= 6
