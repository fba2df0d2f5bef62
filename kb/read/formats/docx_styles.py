"""Resolve Word's styles: outline level, list, and text properties (struck, hidden, raised), with inheritance from base
styles.

Numbers: Word's units: half points of size, thousandths of a per cent of transparency (above 88,000 less than an eighth
is visible), nine outline levels. A number of six or more digits is treated as damage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.read.colours import Colour, colour
from kb.read.formats.docx_package import W
from kb.read.formats.docx_tables import TableParts
from kb.read.ink import AUTO, BLACK, NOTHING, UNKNOWN, WHITE, TextLook

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_VAL, _STRIKE, _DSTRIKE, _VANISH, _BOLD, _SHIFT, _FONTS = (
    f"{W}{n}" for n in ("val", "strike", "dstrike", "vanish", "b", "vertAlign", "rFonts")
)
_COLOUR, _SIZE, _SHADE, _HIGHLIGHT, _WIDTH = (f"{W}{n}" for n in ("color", "sz", "shd", "highlight", "w"))
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
NARROWEST = 5
"""Character width in per cent at or below which letters are unreadable."""
RAISED = 4
"""Half points above or below the line from which letters are raised or lowered; less is an adjustment of the line."""
_POSITION = f"{W}position"
_PAPER = ("background1", "light1")
_HIGHLIGHTS = {"darkyellow": "olive", "darkgreen": "green", "darkmagenta": "purple", "darkcyan": "teal"}


@dataclass(slots=True)
class RunLook:
    """Run properties of Word text; None for one that is not set. `tint` holds text colour, background and size."""

    struck: bool | None = None
    hidden: bool | None = None
    shift: str | None = None
    font: str | None = None
    bold: bool | None = None
    tint: TextLook = NOTHING

    def over(self, below: RunLook) -> RunLook:
        """Return these properties, with those of `below` where these are not set."""
        return RunLook(
            struck=below.struck if self.struck is None else self.struck,
            hidden=below.hidden if self.hidden is None else self.hidden,
            shift=below.shift if self.shift is None else self.shift,
            font=below.font if self.font is None else self.font,
            bold=below.bold if self.bold is None else self.bold,
            tint=self.tint.over(below.tint),
        )


def look_of(properties: Element) -> RunLook:
    """Convert run properties (`w:rPr`, or None) to a RunLook."""
    look = RunLook()
    for e in properties if properties is not None else ():
        if e.tag in (_STRIKE, _DSTRIKE):
            look.struck = bool(look.struck) or _on(e)
        elif e.tag == _VANISH:
            look.hidden = _on(e)
        elif e.tag == _BOLD:
            look.bold = _on(e)
        elif e.tag == _SHIFT:
            look.shift = e.get(_VAL)
        elif e.tag == _POSITION:
            look.shift = look.shift or _moved(e.get(_VAL) or "")
        elif e.tag == _FONTS:
            look.font = e.get(f"{W}ascii") or e.get(f"{W}hAnsi")
        elif e.tag in _TINTS:
            look.tint = _TINTS[e.tag](e).over(look.tint)
    return look


def _moved(given: str) -> str | None:
    """Return 'superscript' or 'subscript' for a vertical position (text of half points) of at least RAISED, else
    None."""
    steps = int(given) if given.lstrip("-").isdecimal() and len(given) < 6 else 0  # figures: a longer number is damage
    return None if abs(steps) < RAISED else "superscript" if steps > 0 else "subscript"


def _inked(e: Element) -> TextLook:
    """Return the text colour that a `w:color` element sets; `auto` is whichever colour is readable on the
    background."""
    given = e.get(_VAL) or ""
    if given == "auto" or not given:
        return TextLook(ink=WHITE if e.get(f"{W}themeColor") in _PAPER else AUTO)
    found = colour(given)
    return TextLook(ink=found[0]) if found else NOTHING


def _sized(e: Element) -> TextLook:
    """Return the font size that a `w:sz` element sets, converted from half points to points."""
    given = e.get(_VAL) or ""
    # figures: a longer number is damage; sizes are in half points
    return TextLook(size=int(given) / 2) if given.isdecimal() and len(given) < 6 else NOTHING


def _pressed(e: Element) -> TextLook:
    """Return a TextLook of size 0 when a `w:w` element makes the letters too narrow to read, else an empty one."""
    given = (e.get(_VAL) or "").rstrip("%")
    # figures: a longer number is damage
    return TextLook(size=0.0) if given.isdecimal() and len(given) < 6 and 0 < int(given) <= NARROWEST else NOTHING


def _highlighted(e: Element) -> TextLook:
    """Return the background colour that a `w:highlight` element sets."""
    name = (e.get(_VAL) or "").lower()
    found = colour(_HIGHLIGHTS.get(name, name))
    return TextLook(ground=found[0]) if found else NOTHING


def _cut(e: Element) -> TextLook:
    """Return a TextLook of opacity 0 when an element sets text without fill or with an almost transparent fill, else an
    empty one."""
    clear = any(str(c.tag).endswith("}noFill") for c in e)
    alpha = [c.get(f"{W14}val") or "" for c in e.iter(f"{W14}alpha")]
    # thousandths of a per cent: by eye, less than an eighth of the ink cannot be seen
    return TextLook(opacity=0.0) if clear or any(a.isdecimal() and int(a) > 88_000 for a in alpha) else NOTHING


_TINTS = {
    _COLOUR: _inked,
    _SIZE: _sized,
    _WIDTH: _pressed,
    _SHADE: lambda e: TextLook(ground=filled(e)),
    _HIGHLIGHT: _highlighted,
    f"{W14}textFill": _cut,
}


def filled(shade: Element) -> Colour | None:
    """Return the background colour of a shading element (`w:shd`, or None); None when it sets none."""
    if shade is None or shade.get(_VAL) == "nil":
        return None
    pattern, fill = shade.get(_VAL) or "clear", shade.get(f"{W}fill") or "auto"
    if pattern == "solid":
        fill = shade.get(f"{W}color") or "auto"
        return BLACK if fill == "auto" else (colour(fill) or (UNKNOWN,))[0]
    if pattern != "clear":
        return UNKNOWN
    if fill == "auto":
        theme = shade.get(f"{W}themeFill")
        return None if theme is None else WHITE if theme in _PAPER else UNKNOWN
    return (colour(fill) or (UNKNOWN,))[0]


def _on(e: Element) -> bool:
    """Return the value of an on-off element: True unless it is explicitly off."""
    return e.get(_VAL, "1") not in ("0", "false", "off", "none")


def flag(node: Element, name: str) -> bool | None:
    """Return the on-off property `name` of a node; None when it is not set."""
    found = node.find(f"{W}{name}")
    return None if found is None else _on(found)


def value(node: Element, name: str) -> str | None:
    """Return the `w:val` of the child element `name`, or None."""
    found = node.find(f"{W}{name}") if node is not None else None
    return found.get(f"{W}val") if found is not None else None


class WordStyles:
    """The styles of a Word file, by style id."""

    def __init__(self, tree: Element) -> None:
        self.raw: dict[str, dict] = {}
        self.known: dict[tuple[str | None, str | None, str | None, tuple[str, ...]], RunLook] = {}
        self.default: str | None = None
        base = tree.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr") if tree is not None else None
        self.base = look_of(base)
        for style in tree.iter(f"{W}style") if tree is not None else ():
            level = value(style.find(f"{W}pPr"), "outlineLvl")
            name = (value(style, "name") or "").lower()
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in ("1", "true", "on"):
                self.default = style.get(f"{W}styleId")
            self.raw[style.get(f"{W}styleId") or ""] = {
                "name": name,
                "based": value(style, "basedOn"),
                "table": style.get(f"{W}type") == "table",
                "parts": {each.get(f"{W}type") or "": _part(each) for each in style.iter(f"{W}tblStylePr")},
                "numPr": style.find(f"{W}pPr/{W}numPr"),
                "look": look_of(style.find(f"{W}rPr")),
                "shade": filled(style.find(f"{W}pPr/{W}shd")) or filled(style.find(f"{W}tblPr/{W}shd")),
                "shades": style.get(f"{W}type") == "table"
                and any(filled(e) not in (None, WHITE) for e in style.iter(f"{W}shd")),
                "level": int(level) + 1
                if level is not None and level.isdecimal() and int(level) < 9  # Word has nine outline levels
                else _named_level(name),
            }
        for sid in self.raw:
            self._inherit(sid, 0)
        self.parts = TableParts()
        self.tables = any(
            style["table"]
            and (style["look"] != RunLook() or any(look != RunLook() for look, _ in style["parts"].values()))
            for style in self.raw.values()
        )

    def _inherit(self, sid: str, depth: int) -> dict:
        """Return the properties of a style together with those it inherits from the styles it is based on; `depth`
        limits the chain."""
        style, base = self.raw[sid], self.raw[sid]["based"]
        if base in self.raw and depth < 12:
            parent = self._inherit(base, depth + 1)
            style["level"] = style["level"] or parent["level"]
            style["look"] = style["look"].over(parent["look"])
            for name, (look, ground) in parent["parts"].items():
                own, shade = style["parts"].get(name, (RunLook(), None))
                style["parts"][name] = (own.over(look), shade or ground)
            style["shade"], style["shades"] = style["shade"] or parent["shade"], style["shades"] or parent["shades"]
            if style["numPr"] is None:
                style["numPr"] = parent["numPr"]
        return style

    def of(self, sid: str | None) -> dict:
        """Return the properties of a style by name; {} for an unknown style."""
        return self.raw.get(sid or "", {})

    def ground(self, cell: Element) -> Colour | None:
        """Return the background colour that the table style gives to a cell; None when it gives none."""
        table = next(cell.iterancestors(f"{W}tbl"), None)
        parts = self.of(value(table.find(f"{W}tblPr"), "tblStyle")).get("parts") if table is not None else None
        found = (parts.get(name, (None, None))[1] for name in reversed(self.parts.of(cell))) if parts else ()
        return next((each for each in found if each is not None), None)

    def look(self, run: Element, paragraph_style: str | None) -> RunLook:
        """Return the look of a run: its own properties, then those of its character style, paragraph style, table style
        and the document defaults."""
        properties = run.find(f"{W}rPr")
        table = next(run.iterancestors(f"{W}tbl"), None) if self.tables else None
        cell = next(run.iterancestors(f"{W}tc"), None) if table is not None else None
        key = (
            value(properties, "rStyle"),
            paragraph_style or self.default,
            value(table.find(f"{W}tblPr"), "tblStyle") if table is not None else None,
            self.parts.of(cell) if cell is not None else (),
        )
        if key not in self.known:
            *above, of_table, parts = key
            below = RunLook()
            for sid in above:
                below = below.over(self.of(sid).get("look", RunLook()))
            held = self.of(of_table).get("parts", {})
            for name in reversed(parts):
                below = below.over(held.get(name, (RunLook(), None))[0])
            below = below.over(self.of(of_table).get("look", RunLook()))
            self.known[key] = below.over(self.base)
        return self.known[key] if properties is None else look_of(properties).over(self.known[key])


def _part(style: Element) -> tuple[RunLook, Colour | None]:
    """Return the text look and the background colour that a table style sets for one part of the table (head row, first
    column, …)."""
    ground = filled(style.find(f"{W}tcPr/{W}shd")) or filled(style.find(f"{W}pPr/{W}shd"))
    return look_of(style.find(f"{W}rPr")), ground or filled(style.find(f"{W}tblPr/{W}shd"))


def _named_level(name: str) -> int | None:
    """Return the heading level of a built-in style by its name in any of the supported languages of Word, or None."""
    if name in ("title", "titre", "título"):
        return 1
    for word in ("heading ", "titre ", "título ", "encabezado "):
        if name.startswith(word) and name[len(word) :].strip().isdigit():
            return int(name[len(word) :])
    return None
