"""Find which parts of its table style apply to a cell of a Word table: head row, last row, first and last column, bands
and corners (ISO/IEC 29500-1, 17.7.6). Later parts take precedence over earlier ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.read.formats.docx_package import W

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_BITS = {
    "firstRow": 0x20,
    "lastRow": 0x40,
    "firstColumn": 0x80,
    "lastColumn": 0x100,
    "noHBand": 0x200,
    "noVBand": 0x400,
}
"""Name of a part of a table style to its bit in `w:tblLook`, which states the parts that a table uses; newer files
state each part as an attribute."""


class TableParts:
    """Finds the parts of a table (head row, first column …) to which a cell belongs; caches results."""

    def __init__(self) -> None:
        self.rows: dict[Element, dict[Element, int]] = {}
        self.known: dict[Element, tuple[str, ...]] = {}

    def of(self, cell: Element) -> tuple[str, ...]:
        """Return the parts of a cell, lowest precedence first; () for a cell outside a table."""
        if cell not in self.known:
            row = next(cell.iterancestors(f"{W}tr"), None)
            table = next(cell.iterancestors(f"{W}tbl"), None)
            self.known[cell] = self._parts(cell, row, table) if row is not None and table is not None else ()
        return self.known[cell]

    def _parts(self, cell: Element, row: Element, table: Element) -> tuple[str, ...]:
        places = self.rows.get(table)
        if places is None:
            rows = (each for each in table.iter(f"{W}tr") if next(each.iterancestors(f"{W}tbl")) is table)
            places = self.rows[table] = {each: at for at, each in enumerate(rows)}
        taken = _taken(table)
        cells = [each for each in row.iter(f"{W}tc") if next(each.iterancestors(f"{W}tr")) is row]
        at, column, end = places[row], cells.index(cell), len(cells) - 1
        top, bottom = "firstRow" in taken and at == 0, "lastRow" in taken and at == len(places) - 1
        left, right = "firstColumn" in taken and column == 0, "lastColumn" in taken and column == end
        found = ["wholeTable"]
        if "noVBand" not in taken and not (left or right):
            found.append(f"band{1 + (column - ('firstColumn' in taken)) % 2}Vert")
        if "noHBand" not in taken and not (top or bottom):
            found.append(f"band{1 + (at - ('firstRow' in taken)) % 2}Horz")
        found += ["firstCol"] * left + ["lastCol"] * right + ["firstRow"] * top + ["lastRow"] * bottom
        corners = {
            "nwCell": top and left,
            "neCell": top and right,
            "swCell": bottom and left,
            "seCell": bottom and right,
        }
        return (*found, *(name for name, holds in corners.items() if holds))


def _taken(table: Element) -> set[str]:
    """Return the parts of its style that a table enables; none when it does not specify them."""
    look = table.find(f"{W}tblPr/{W}tblLook")
    if look is None:
        return set()
    try:
        bits = int(look.get(f"{W}val") or "0", 16)
    except ValueError:
        bits = 0
    settings = {name: look.get(f"{W}{name}") for name in _BITS}
    return {
        name for name, bit in _BITS.items() if (settings[name] in ("1", "true", "on") if settings[name] else bits & bit)
    }
