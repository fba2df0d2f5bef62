"""Find the background colour behind text of a Word file: shading of runs, paragraphs, cells and boxes, and drawings
behind the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.read.colours import Colour, colour
from kb.read.formats.docx_package import W
from kb.read.formats.docx_styles import WordStyles, filled, value
from kb.read.ink import UNKNOWN, WHITE

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
WPS = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
_V = "{urn:schemas-microsoft-com:vml}"
_BEHIND = re.compile(r"z-index:\s*-")


class Grounds:
    """Finds the background colour behind runs; caches those of paragraphs, cells and boxes."""

    def __init__(self, main: Element, styles: WordStyles) -> None:
        self.styles = styles
        self.known: dict[Element, Colour] = {}
        self.page = _page(main)

    def of(self, run: Element) -> Colour:
        """Return the background colour behind a run that sets none itself; UNKNOWN when it is a picture or cannot be
        determined."""
        paragraph = next(run.iterancestors(f"{W}p"), None)
        return self._of(paragraph) if paragraph is not None else self.page

    def _of(self, node: Element) -> Colour:
        """Return the background colour behind an element: its own, or that of the nearest enclosing element that sets
        one."""
        todo = []
        found: Colour | None = None
        while node is not None and found is None:
            found = self.known.get(node)
            if found is None:
                todo.append(node)
                found = self._own(node)
            node = node.getparent()
        for each in todo:
            self.known[each] = found or self.page
        return found or self.page

    def _own(self, node: Element) -> Colour | None:
        """Return the background colour that an element itself sets, or None."""
        if node.tag == f"{W}p":
            properties = node.find(f"{W}pPr")
            own = filled(properties.find(f"{W}shd")) if properties is not None else None
            style = self.styles.of(value(properties, "pStyle") or self.styles.default)
            return own or style.get("shade")
        if node.tag == f"{W}tc":
            return filled(node.find(f"{W}tcPr/{W}shd")) or self.styles.ground(node)
        if node.tag == f"{W}tr":
            return filled(node.find(f"{W}tblPrEx/{W}shd"))
        if node.tag == f"{W}tbl":
            return self._table(node)
        return _box(node) if node.tag == f"{W}txbxContent" else None

    def _table(self, node: Element) -> Colour | None:
        """Return the background colour of a table, or None; UNKNOWN when its style shades only some rows or columns."""
        properties = node.find(f"{W}tblPr")
        if properties is None:
            return None
        style = self.styles.of(value(properties, "tblStyle"))
        return UNKNOWN if style.get("shades") else filled(properties.find(f"{W}shd")) or style.get("shade")


def _page(main: Element) -> Colour:
    """Return the background colour of the pages: white; UNKNOWN when the file sets a background other than plain white,
    or has drawings behind the text."""
    page = main.find(f"{W}background")
    given = colour(page.get(f"{W}color") or "") if page is not None else None
    if page is not None and (given is None or given[0] != WHITE):
        return UNKNOWN
    behind = any(a.get("behindDoc") in ("1", "true") for a in main.iter(f"{WP}anchor"))
    return UNKNOWN if behind or any(_BEHIND.search(e.get("style") or "") for e in main.iter(f"{_V}*")) else WHITE


def _box(node: Element) -> Colour | None:
    """Return the background colour of a text box: that of its shape, or None; UNKNOWN when it comes from a style or a
    picture."""
    shape = next((a for a in node.iterancestors() if a.tag == f"{WPS}wsp" or str(a.tag).startswith(_V)), None)
    properties = shape.find(f"{WPS}spPr") if shape is not None else None
    if properties is None:
        return UNKNOWN
    if properties.find(f"{A}noFill") is not None:
        return None
    plain = properties.find(f"{A}solidFill/{A}srgbClr")
    found = colour(plain.get("val") or "") if plain is not None else None
    return found[0] if found else UNKNOWN
