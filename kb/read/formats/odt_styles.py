"""Resolve the styles of an OpenDocument file: struck, hidden and raised text, lists and their printed numbers.

Numbers: points per OpenDocument unit; letters narrower than a twentieth of their width are invisible; a number of ten
or more digits is treated as damage.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.read.colours import Colour, colour
from kb.read.counting import repeated_letters, roman
from kb.read.ink import AUTO, NOTHING, SMALLEST, UNKNOWN, Sight, TextLook

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_NS = {n: f"{{urn:oasis:names:tc:opendocument:xmlns:{n}:1.0}}" for n in ("office", "text", "table", "style", "form")}
OFFICE, TEXT, TABLE, STYLE, FORM = (_NS[n] for n in ("office", "text", "table", "style", "form"))
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
XLINK = "{http://www.w3.org/1999/xlink}"
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835}  # points in each unit
SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"

AWAY = 400.0
"""Points beyond a margin from which a paragraph is off the page: 14 cm, as in `docx_places`."""
WIDEST = 1_584.0
"""Side in points of a large page (22 inches): text that begins beyond it is on no page."""


@dataclass(frozen=True, slots=True)
class OdtLevel:
    """One level of a list or of the outline: number format ('' for none, '•' for a bullet), text before and after the
    number, first count (`start`), and how many levels its number shows: with `shown` 2, "3.1"."""

    form: str = ""
    before: str = ""
    after: str = ""
    start: int = 1
    shown: int = 1


@dataclass
class Styles:
    """The styles of `content.xml` and `styles.xml`, in tables by style name."""

    lost: dict[str, str] = field(default_factory=dict)
    shift: dict[str, str] = field(default_factory=dict)
    lists: dict[str, dict[int, OdtLevel]] = field(default_factory=dict)
    outline: dict[int, OdtLevel] = field(default_factory=dict)
    list_of: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    looks: dict[str, TextLook] = field(default_factory=dict)
    default: TextLook = NOTHING
    known: dict[Element, TextLook] = field(default_factory=dict)

    def load(self, tree: Element) -> None:
        """Add the styles of one file, given its root element."""
        for style in tree.iter(f"{STYLE}style"):
            name = style.get(f"{STYLE}name") or ""
            if style.get(f"{STYLE}parent-style-name"):
                self.parents[name] = style.get(f"{STYLE}parent-style-name")
            if style.get(f"{STYLE}list-style-name"):
                self.list_of[name] = style.get(f"{STYLE}list-style-name")
            for properties in style.iter(f"{STYLE}text-properties"):
                self._text(name, properties)
            for properties in style.iter(f"{STYLE}section-properties", f"{STYLE}table-row-properties"):
                if properties.get(f"{TEXT}display") == "none" or properties.get(f"{STYLE}display") == "none":
                    self.lost[name] = "hidden"
            if any(_is_out_of_sight(properties) for properties in style):
                self.lost[name] = "hidden"
            self._look(name, style)
        for style in tree.iter(f"{STYLE}default-style"):
            if style.get(f"{STYLE}family") == "paragraph":
                self.default = look_of(style, 12.0).over(self.default)
        for page in tree.iter(f"{STYLE}page-layout-properties"):
            self.default = TextLook(ground=_ground(page)).over(self.default)
        for style in tree.iter(f"{TEXT}list-style"):
            self.lists[style.get(f"{STYLE}name") or ""] = dict(_levels(style))
        for outline in tree.iter(f"{TEXT}outline-style"):
            self.outline = dict(_levels(outline))

    def _text(self, name: str, properties: Element) -> None:
        """Record whether the text properties of the style `name` hide, strike out, raise or lower text."""
        if properties.get(f"{TEXT}display") == "none":
            self.lost[name] = "hidden"
        if (
            properties.get(f"{STYLE}text-line-through-style", "none") != "none"
            or properties.get(f"{STYLE}text-line-through-type", "none") != "none"
        ):
            self.lost[name] = "deleted"
        position = (properties.get(f"{STYLE}text-position") or "0%").split()[0]
        if position.startswith("super") or position.rstrip("%").isdigit() and int(position.rstrip("%")) > 0:
            self.shift[name] = "super"
        elif position.startswith(("sub", "-")):
            self.shift[name] = "sub"

    def _look(self, name: str, style: Element) -> None:
        """Record the text colour, background and size of the style `name`; a size in per cent is taken of 12 points."""
        found = look_of(style, 12.0)
        if found != NOTHING:
            self.looks[name] = found.over(self.looks.get(name, NOTHING))

    def sight(self, node: Element) -> Sight:
        """Return whether the text directly in an element is visible: 'seen', 'hidden' or 'doubtful'."""
        return self._shown(node).sight() if self.looks or self.default != NOTHING else "seen"

    def _shown(self, node: Element) -> TextLook:
        """Return the look of an element's text, from its own style and those of its ancestors."""
        todo = []
        while node is not None and node not in self.known:
            todo.append(node)
            node = node.getparent()
        look = self.known[node] if node is not None else self.default
        for each in reversed(todo):
            for name in (each.get(f"{kind}style-name") for kind in (TABLE, DRAW, TEXT)):
                look = self._resolved(name).over(look)
            self.known[each] = look
        return look

    def _resolved(self, name: str | None) -> TextLook:
        """Return the look of the style `name` with inherited properties; an empty Look for an unknown style or None."""
        look = NOTHING
        for _ in range(12):
            if not name:
                break
            look = look.over(self.looks.get(name, NOTHING))
            name = self.parents.get(name)
        return look

    def of(self, table: dict[str, str], name: str | None) -> str | None:
        """Return the entry of `table` (style name to value) for the style `name`, or else for the nearest style from
        which it inherits. None when neither has an entry."""
        for _ in range(12):
            if not name or name in table:
                break
            name = self.parents.get(name)
        return table.get(name or "")


def look_of(style: Element, size: float) -> TextLook:
    """Return the text colour, background and size that a style element sets; percentages are of `size` points."""
    look = NOTHING
    for properties in style:
        name = str(properties.tag).rsplit("}", 1)[-1]
        if name == "text-properties":
            look = _inked(properties, size).over(look)
        elif name.endswith("-properties"):
            look = look.over(TextLook(ground=_ground(properties)))
    return look


def _inked(properties: Element, size: float) -> TextLook:
    """Return the text colour, background and size that text properties set; percentages are of `size` points."""
    auto = properties.get(f"{STYLE}use-window-font-color") == "true"
    found = colour(properties.get(f"{FO}color") or "")
    opacity = next((v for k, v in properties.attrib.items() if k.endswith("}opacity")), "")
    written = re.fullmatch(r"(\d*\.?\d+)(pt|%|in|cm|mm)", properties.get(f"{FO}font-size") or "")
    points = float(written.group(1)) * _POINTS.get(written.group(2), size / 100) if written else None
    narrow = (properties.get(f"{STYLE}text-scale") or "").rstrip("%")
    # per cent of its width: by eye, narrower letters cannot be seen
    if narrow.isdecimal() and 0 < int(narrow[:4]) <= 5:
        points = 0.0
    return TextLook(
        AUTO if auto else found[0] if found else None,
        _ground(properties),
        points,
        # the automatic colour is always printed: LibreOffice writes it with an opacity of 0 in what was a Word file
        1.0 if auto else int(opacity[:-1]) / 100 if opacity.endswith("%") and opacity[:-1].isdecimal() else None,
    )


def length(text: str | None) -> float | None:
    """Parse a length to points; None when it is missing or a percentage."""
    found = re.fullmatch(r"(-?\d*\.?\d+)(pt|in|cm|mm|px|pc)", text or "")
    # points in each unit
    return float(found.group(1)) * {**_POINTS, "px": 0.75, "pc": 12.0}[found.group(2)] if found else None


def _is_out_of_sight(properties: Element) -> bool:
    """Return whether properties leave letters no room, or move a paragraph off the page."""
    exact = (length(properties.get(name)) for name in (f"{FO}line-height", f"{STYLE}row-height"))
    if any(height is not None and 0 <= height <= SMALLEST for height in exact):
        return True
    places = (length(properties.get(f"{FO}{name}")) for name in ("margin-left", "text-indent"))
    if any(at is not None and not -AWAY <= at <= WIDEST for at in places):
        return True
    letters = length(properties.get(f"{FO}letter-spacing"))
    size = (properties.get(f"{STYLE}text-position") or "").split()[1:]
    # per cent of the usual size: by eye, smaller letters cannot be read
    tiny = bool(size) and size[0].rstrip("%").isdecimal() and int(size[0].rstrip("%")[:4]) <= 15
    return tiny or letters is not None and letters <= -12.0  # letters of twelve points overlap completely


def is_frame_away(frame: Element) -> bool:
    """Return whether a frame is hidden, without size or off the page; a text box that grows with its text counts with
    its minimum size."""
    if frame.get(f"{DRAW}display") == "none":
        return True
    x, y, width, height = (length(frame.get(f"{SVG}{name}")) for name in ("x", "y", "width", "height"))
    box = frame.find(f"{DRAW}text-box")
    least_width, least_height = (
        length(box.get(f"{FO}min-{side}")) if box is not None else None for side in ("width", "height")
    )
    width, height = least_width or width, least_height or height
    if any(side is not None and side <= SMALLEST for side in (width, height)):
        return True
    ends = ((x, width), (y, height))
    return any(at is not None and (at + (side or 0) < -AWAY / 2 or at > WIDEST) for at, side in ends)


def _ground(properties: Element) -> Colour | None:
    """Return the background colour that properties set: UNKNOWN for a picture, None when they set none."""
    fill = properties.get(f"{DRAW}fill")
    if fill in ("bitmap", "gradient", "hatch") or properties.find(f"{STYLE}background-image[@{XLINK}href]") is not None:
        return UNKNOWN
    given = properties.get(f"{DRAW}fill-color") if fill == "solid" else properties.get(f"{FO}background-color")
    found = colour(given or "")
    return found[0] if found and found[1] else None


def _levels(style: Element) -> Iterator[tuple[int, OdtLevel]]:
    """Yield (level number, Level) of a list style or of the outline."""
    for e in style:
        at = integer(e.get(f"{TEXT}level"), 0)
        if e.tag == f"{TEXT}list-level-style-bullet":
            yield at, OdtLevel("•")
        elif e.tag in (f"{TEXT}list-level-style-number", f"{TEXT}outline-level-style"):
            yield (
                at,
                OdtLevel(
                    e.get(f"{STYLE}num-format") or "",
                    e.get(f"{STYLE}num-prefix") or "",
                    e.get(f"{STYLE}num-suffix") or "",
                    integer(e.get(f"{TEXT}start-value"), 1),
                    integer(e.get(f"{TEXT}display-levels"), 1),
                ),
            )


class Counter:
    """Counts the items of one list, or the headings of the outline, by level."""

    def __init__(self, levels: dict[int, OdtLevel]) -> None:
        self.levels, self.counts = levels, {}  # type: ignore[var-annotated]

    def next(self, at: int, start: int | None = None) -> str | None:
        """Count the next item on level `at` (from `start`, when given) and return its printed label; '•' for a bullet,
        None when the level prints none."""
        level = self.levels.get(at, OdtLevel())
        self.counts[at] = start if start is not None else self.counts.get(at, level.start - 1) + 1
        for deeper in [d for d in self.counts if d > at]:
            del self.counts[deeper]
        if level.form in ("", "•"):
            return level.form or None
        parts = [
            _shown(self.counts.get(d, self.levels.get(d, OdtLevel()).start), self.levels.get(d, OdtLevel()).form)
            for d in range(max(1, at - level.shown + 1), at + 1)
        ]
        return level.before + ".".join(p for p in parts if p) + level.after


def _shown(value: int, form: str) -> str:
    """Format a count in the OpenDocument number format `form`."""
    if form in ("a", "A"):
        text = repeated_letters(value)
    elif form in ("i", "I"):
        text = roman(value).lower()
    else:
        return str(value) if form and form != "•" else ""
    return text.upper() if form.isupper() else text


def integer(text: str | None, otherwise: int) -> int:
    """Parse a whole number, clamped to 0 … 999,999,999; return `otherwise` when the text is not a number,
    or None."""
    with contextlib.suppress(TypeError, ValueError):
        return max(0, min(int(text or ""), 999_999_999))  # figures: a longer number is damage
    return otherwise
