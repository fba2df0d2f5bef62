"""Find text of a Word file that is invisible because of its position or size: off the page, or in a line, row, frame or
box with no room.

Lengths are in twentieths of a point (`twips`), as in the file, unless a name says otherwise.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.read.formats.docx_package import W
from kb.read.formats.docx_styles import WordStyles, value
from kb.read.ink import SMALLEST

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_V = "{urn:schemas-microsoft-com:vml}"
LEAST = int(SMALLEST * 20)
"""Maximum height of a line or row, or width of a column, at which no letter is visible."""
OFF = 8_000
"""Distance beyond the page edge from which text is invisible: 14 cm; margins are 5 cm at most, and words have a
width."""
WIDEST = 31_680
"""Side of the largest page that Word makes (22 inches): text that begins beyond it is on no page."""
_EMU = 635
"""English metric units (EMU) per twentieth of a point; drawings are placed in EMU."""
RAISED = 400
"""Maximum number of half points (200 points) by which text may be raised or lowered and still be on the page."""
SQUEEZED = -240
"""Letter spacing in twentieths of a point at which letters of 12 points overlap completely."""
_VML_LENGTH = re.compile(r"(-?\d*\.?\d+)(pt|in|cm|mm|px|pc|)")
_VML_UNITS = {"pt": 20.0, "in": 1440.0, "cm": 567.0, "mm": 56.7, "px": 15.0, "pc": 240.0, "": 15.0}
"""Twentieths of a point per unit; a number without a unit is in pixels."""


class Places:
    """Decides whether paragraphs, rows and boxes of a Word file are visible at their position."""

    def __init__(self, main: Element, tree: Element | None, styles: WordStyles) -> None:
        self.styles = styles
        pages = list(main.iter(f"{W}pgSz"))
        self.width, self.height = (
            max((_integer(page.get(f"{W}{side}"), WIDEST) for page in pages), default=WIDEST) for side in ("w", "h")
        )
        found = tree.iter(f"{W}style") if tree is not None else ()
        self.given = {style.get(f"{W}styleId") or "": style.find(f"{W}pPr") for style in found}
        base = tree.find(f"{W}docDefaults/{W}pPrDefault/{W}pPr") if tree is not None else None
        self.given[""] = base

    def conceals(self, paragraph: Element) -> bool:
        """Return whether a paragraph is invisible: outside the page, or in a line or frame without height."""
        own = paragraph.find(f"{W}pPr")
        chain = self._chain(own)
        if not any(each is not None and len(each) for each in chain):
            return False
        line = _merged(chain, "spacing")
        if line.get("lineRule") == "exact" and 0 < _integer(line.get("line"), LEAST + 1) <= LEAST:
            return True
        return self._is_away(_merged(chain, "ind")) or self._is_frame_away(_merged(chain, "framePr"))

    def _chain(self, own: Element | None) -> list[Element | None]:
        """Return the property elements that apply to a paragraph: its own (`own`) first, then those of its style and of
        the styles that one is based on."""
        chain, sid = [own], value(own, "pStyle") or self.styles.default
        for _ in range(12):
            if not sid:
                break
            chain.append(self.given.get(sid))
            sid = self.styles.of(sid).get("based")
        return [*chain, self.given.get("")]

    def _is_away(self, indent: dict[str, str]) -> bool:
        """Return whether an indent (its attributes by name) moves the text off the page."""
        left = _integer(indent.get("start", indent.get("left")), 0)
        first = _integer(indent.get("firstLine"), 0) - _integer(indent.get("hanging"), 0)
        by_letters = _integer(
            indent.get("startChars", indent.get("leftChars")), 0
        )  # hundredths of a letter of 12 points
        if by_letters < -OFF:
            return True
        return left < -OFF or left > self.width or left + first < -OFF or left + first > self.width

    def _is_frame_away(self, frame: dict[str, str]) -> bool:
        """Return whether a frame (its attributes by name) is off the page, or has an exact height too small for
        letters."""
        if not frame:
            return False
        if frame.get("hRule") == "exact" and 0 < _integer(frame.get("h"), LEAST + 1) <= LEAST:
            return True
        x, y = _integer(frame.get("x"), 0), _integer(frame.get("y"), 0)
        return x < -OFF or y < -OFF or x > self.width or y > self.height

    @staticmethod
    def conceals_row(row: Element) -> bool:
        """Return whether a table row has an exact height too small for letters."""
        height = row.find(f"{W}trPr/{W}trHeight")
        return (
            height is not None
            and height.get(f"{W}hRule") == "exact"
            and 0 <= _integer(height.get(f"{W}val"), LEAST + 1) <= LEAST
        )

    @staticmethod
    def conceals_table(table: Element) -> bool:
        """Return whether a table is placed off the page."""
        properties = table.find(f"{W}tblPr")
        if properties is None:
            return False
        floats, indent = properties.find(f"{W}tblpPr"), properties.find(f"{W}tblInd")
        if floats is not None:
            x, y = (_integer(floats.get(f"{W}{name}"), 0) for name in ("tblpX", "tblpY"))
            return x < -OFF or y < -OFF or x > WIDEST or y > WIDEST
        return indent is not None and not -OFF <= _integer(indent.get(f"{W}w"), 0) <= WIDEST

    @staticmethod
    def conceals_cell(cell: Element) -> bool:
        """Return whether a cell of a table with fixed columns is too narrow for a letter."""
        table = next(cell.iterancestors(f"{W}tbl"), None)
        width = cell.find(f"{W}tcPr/{W}tcW")
        layout = table.find(f"{W}tblPr/{W}tblLayout") if table is not None else None
        if table is None or width is None or layout is None or layout.get(f"{W}type") != "fixed":
            return False
        drawn = [_integer(column.get(f"{W}w"), LEAST + 1) for column in table.iterfind(f"{W}tblGrid/{W}gridCol")]
        if drawn and min(drawn) > LEAST:
            return False  # the columns of the table are wide, whatever width the cell sets
        return width.get(f"{W}type") == "dxa" and 0 < _integer(width.get(f"{W}w"), LEAST + 1) <= LEAST


def is_run_away(run: Element) -> bool:
    """Return whether a run's own properties move it far above or below its line, or print its letters on top of each
    other."""
    properties = run.find(f"{W}rPr")
    if properties is None:
        return False
    moved, apart = value(properties, "position"), value(properties, "spacing")
    return abs(_integer(moved, 0)) > RAISED or _integer(apart, 0) <= SQUEEZED


def is_floating(drawing: Element) -> bool:
    """Return whether a drawing has a position of its own on the page, independent of the line in which it is
    anchored."""
    styles = (node.get("style") or "" for node in drawing.iter() if isinstance(node.tag, str))
    return drawing.find(f"{_WP}anchor") is not None or any("position:absolute" in each for each in styles)


def is_box_concealed(box: Element) -> bool:
    """Return whether the drawing that contains a text box is hidden, without size, or off the page.

    The coordinates of a shape in a group are relative to the group, so only the group's position on the page is tested.
    """
    shapes: list[dict[str, str]] = []
    for above in box.iterancestors():
        if above.tag in (f"{_WP}anchor", f"{_WP}inline"):
            return _is_anchor_away(above)
        if isinstance(above.tag, str) and above.tag.startswith(_V) and above.get("style"):
            shapes.append(_vml_style(above.get("style") or ""))
    if any(style.get("visibility") == "hidden" or style.get("display") == "none" for style in shapes):
        return True
    return bool(shapes) and _is_vml_away(shapes[-1], any("mso-fit-shape-to-text" in style for style in shapes))


def _is_anchor_away(anchor: Element) -> bool:
    """Return whether a drawing is hidden, without size or off the page; the height of a drawing that fits its text is
    ignored."""
    about, extent = anchor.find(f"{_WP}docPr"), anchor.find(f"{_WP}extent")
    if any((node.get("hidden") or "") in ("1", "true") for node in (anchor, about) if node is not None):
        return True
    size = [_integer(extent.get(name), LEAST * _EMU) for name in ("cx", "cy")] if extent is not None else []
    fits = anchor.find(f".//{_A}spAutoFit") is not None
    if any(side < LEAST * _EMU for side in size[: 1 if fits else 2]):
        return True
    for name, side in zip(("positionH", "positionV"), size or [0, 0]):
        offset = anchor.find(f"{_WP}{name}/{_WP}posOffset")
        at = _integer(offset.text if offset is not None else None, 0)
        if at > WIDEST * _EMU or at < 0 and at + side < -OFF * _EMU // 2:
            return True
    return False


def _vml_style(style: str) -> dict[str, str]:
    """Parse the style attribute of a VML shape to properties by name."""
    return {n.strip(): v.strip() for n, _, v in (each.partition(":") for each in style.lower().split(";"))}


def _is_vml_away(style: dict[str, str], fits: bool) -> bool:
    """Return whether a VML shape has no size or lies off the page. `style` has its style properties by name.

    With `fits` the shape grows with its text, so its height is not tested. A side given as a percentage of the page is
    not tested either.
    """
    width, height = (
        _vml(style.get(name)) if style.get(f"mso-{name}-percent", "0") == "0" else None for name in ("width", "height")
    )
    if any(side is not None and side < LEAST for side in (width, height)) and not fits:
        return True
    for names, side in ((("margin-left", "left"), width), (("margin-top", "top"), height)):
        at = sum(_vml(style.get(name)) or 0 for name in names)
        if at > WIDEST or at < 0 and at + (side or 0) < -OFF // 2:
            return True
    return False


def _vml(text: str | None) -> float | None:
    """Parse a VML length to twips; None when it is missing or a percentage."""
    found = _VML_LENGTH.fullmatch(text or "")
    return float(found.group(1)) * _VML_UNITS[found.group(2)] if found else None


def _merged(chain: list[Element | None], name: str) -> dict[str, str]:
    """Merge the attributes of the property `name` from all elements of the chain, by local name; earlier elements take
    precedence."""
    style: dict[str, str] = {}
    for properties in reversed(chain):
        found = properties.find(f"{W}{name}") if properties is not None else None
        if found is not None:
            style |= {str(key).rpartition("}")[2]: str(text) for key, text in found.attrib.items()}
    return style


def _integer(text: str | None, otherwise: int) -> int:
    """Parse a whole number; return `otherwise` when the text is none."""
    found = re.fullmatch(r"\s*(-?\d{1,12})(?:\.\d+)?\s*", text or "")
    return int(found.group(1)) if found else otherwise
