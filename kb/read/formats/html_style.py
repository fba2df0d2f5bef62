"""Decide from a web page's markup and styles whether text is hidden, struck out, raised or lowered, and how lists are
numbered.

Attributes, inline styles and style sheets count (`kb.read.formats.html_css`); class names are not interpreted.
Properties that hide an element with its descendants are tested per element; colour, background, size and visibility per
text, because an inner element may set its own.

Numbers: points per CSS unit (a pixel is three quarters of a point); an opacity below an eighth is invisible; at most
nine elements beside a node are examined, which limits the time per page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kb.read.colours import Colour, colour
from kb.read.formats.html_css import Cascade, Sheets
from kb.read.formats.html_place import is_out_of_sight, length
from kb.read.ink import NOTHING, UNKNOWN, Sight, TextLook

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_LIST = re.compile(
    r"(decimal-leading-zero|decimal|(?:lower|upper)-(?:alpha|latin|roman)|lower-greek|arabic-indic|persian|devanagari|"
    r"none|disc|circle|square)"
)
_FONT = re.compile(r"(?:^| )(\d*\.?\d+(?:px|pt|em|rem|%)|0)(?:/| |$)")
# points of the named sizes of CSS, of which medium is twelve
_SIZES = {"xx-small": 6.75, "x-small": 7.5, "small": 9.75, "medium": 12.0, "large": 13.5, "x-large": 18.0}


@dataclass(frozen=True, slots=True)
class _Shown:
    """How the text of an element is displayed: its look and visibility, whether a missing style sheet may set its
    background (`vague`), and whether its letters are cut out of a picture (`cut_out`)."""

    look: TextLook = NOTHING
    visible: bool = True
    vague: bool = False
    cut_out: bool = False

    def sight(self) -> Sight:
        """Return whether the text is visible: 'seen', 'hidden' or 'doubtful'."""
        if not self.visible:
            return "hidden"
        if self.cut_out:
            return "seen"
        found = self.look.sight()
        doubt = self.vague and found == "hidden" and replace(self.look, ground=UNKNOWN).sight() != "hidden"
        return "doubtful" if doubt else found


_PLAIN = _Shown()


class PageStyles:
    """Computed styles of a page's elements; `sheets` returns the text of style sheets stored beside the page in a
    book."""

    def __init__(self, tree: Element, sheets: Sheets | None = None) -> None:
        self.cascade = Cascade(tree, sheets)
        self.revealed = _revealed(tree)
        self.shown: dict[Element, _Shown] = {}
        self.styled = bool(self.cascade.rules) or any(
            e.get(name) is not None for e in tree.iter("*") for name in ("style", "bgcolor", "color", "text")
        )

    def lost(self, node: Element) -> str | None:
        """Return why an element is not text: 'deleted' (struck out), 'hidden' (not displayed), 'icon' or 'formula'
        (skipped by screen readers); None when it is text."""
        tag = node.tag
        if tag in ("del", "s", "strike") or node.get("role") == "deletion":
            return "deleted"
        style = self.cascade.of(node)
        if "line-through" in style.get("text-decoration", "") + style.get("text-decoration-line", ""):
            return "deleted"
        panel = node.get("role") == "tabpanel" or node.get("id") in self.revealed
        if panel or tag in _PANELS and opens_next(node.getprevious()):
            return None
        if is_concealed(node, style, partial=self.cascade.partial):
            return "hidden"
        return _unspoken(node) if node.get("aria-hidden") == "true" else None

    def sight(self, node: Element) -> Sight:
        """Return whether the text directly in an element is visible: 'seen', 'hidden' or 'doubtful'."""
        return self._shown(node).sight() if self.styled else "seen"

    def _shown(self, node: Element) -> _Shown:
        """Return how the text of an element is displayed, from its own styles and those of its ancestors."""
        todo = []
        while node is not None and node not in self.shown:
            todo.append(node)
            node = node.getparent()
        shown = self.shown[node] if node is not None else _PLAIN
        for each in reversed(todo):
            if isinstance(each.tag, str):
                shown = self._own(each, shown)
            self.shown[each] = shown
        return shown

    def _own(self, node: Element, above: _Shown) -> _Shown:
        """Return how the text of an element is displayed, given how that of its parent is (`above`)."""
        style = self.cascade.of(node)
        ground = _ground(style, node)
        vague = above.vague or self.cascade.partial and bool(node.get("class") or node.get("id"))
        cut = "text" in style.get("background-clip", "") + style.get("-webkit-background-clip", "")
        visible = style.get("visibility")
        size = _size(_size_shown(style), above.look.size or 12.0)
        own = replace(_ink(style, node), ground=ground, size=size)
        if own == NOTHING and visible is None and vague == above.vague:
            return above
        return _Shown(
            own.over(above.look),
            above.visible if visible is None else visible not in ("hidden", "collapse"),
            False if ground not in (None, UNKNOWN) else vague,
            cut or above.cut_out and "color" not in style,
        )

    def shift(self, node: Element) -> str | None:
        """Return 'super' or 'sub' when an element's text is superscript or subscript, else None."""
        if node.tag in ("sup", "sub"):
            return "super" if node.tag == "sup" else "sub"
        style = self.cascade.of(node)
        found = style.get("vertical-align")
        placed = style.get("font-variant-position")
        if found in ("super", "sub") or placed in ("super", "sub"):
            return found if found in ("super", "sub") else placed
        if feature := _FEATURE.search(f"{style.get('font-variant', '')} {style.get('font-feature-settings', '')}"):
            return "super" if feature.group().strip("\"'").startswith("sup") else "sub"
        small = node.tag == "small" or (_size(_size_shown(style), _BODY) or _BODY) < _BODY
        if small and (_is_call(node) and node.tag == "small" or found in _TOPS and node.tag in _INLINE):
            return "super"
        return _lifted(style, found) if node.tag in _INLINE else None

    def is_block(self, node: Element) -> bool:
        """Return whether a style displays an inline element as a block."""
        return self.display(node) in _STANDING

    def display(self, node: Element) -> str:
        """Return the first word of the `display` value that a style sets for an element; '' when it sets none."""
        return (self.cascade.of(node).get("display") or "").split(" ")[0]

    def list_type(self, node: Element) -> str | None:
        """Return the list-style-type that a style sets for an element, or None."""
        style = self.cascade.of(node)
        found = [m.group() for n in style if n in ("list-style", "list-style-type") if (m := _LIST.search(style[n]))]
        return found[-1] if found else None


_BODY = 12.0  # points: sizes in per cent are relative to this
_TOPS = ("text-top", "top")
"""Values of `vertical-align` that raise letters smaller than the line."""
_FEATURE = re.compile(r"\b(?:super|sub)\b|[\"'](?:sups|subs|sinf)[\"'](?! *(?:0|off))")
"""Matches raised and lowered letters that the font itself draws, by CSS name or OpenType feature."""
_MOVED = re.compile(r"translatey\(([^()]+)\)|translate\([^,()]+,\s*([^()]+)\)")
_INLINE = {"span", "a", "small", "font", "b", "i", "em", "strong", "u", "tt"}


def _lifted(style: dict[str, str], align: str | None) -> str | None:
    """Return 'super' or 'sub' for text that a CSS length raises or lowers by 2 to 12 points, or by 15 to 90 per cent of
    the line's height; else None."""
    by = length(align) or (0.0, 0.0)
    if style.get("position") == "relative" and by == (0.0, 0.0):
        top, bottom = length(style.get("top")), length(style.get("bottom"))
        by = (-top[0], -top[1]) if top else bottom or by
    moved = _MOVED.search(style.get("transform", "")) if "inline-" in style.get("display", "") else None
    if moved and by == (0.0, 0.0):
        down = length((moved[1] or moved[2]).strip()) or by
        by = (-down[0], -down[1])
    way = by[0] / 2.0 or by[1] / 15.0  # points, or per cent of a line, from which on the eye sees it
    return ("super" if way > 0 else "sub") if 1.0 <= abs(way) <= 6.0 else None  # 12 points: a line


def _is_call(node: Element) -> bool:
    """Return whether an element in small print is the mark of a note: a number in a link to a place on this page."""
    links = [each for each in (node.getparent(), *node) if each is not None and each.tag == "a"]
    mark = "".join(node.itertext()).strip()
    return mark.isdigit() and len(mark) < 4 and any((each.get("href") or "").startswith("#") for each in links)


_STANDING = {"block", "flex", "grid", "table", "table-row", "table-cell", "list-item", "flow-root", "table-caption"}
"""Values of `display` that put an element on lines or in a cell of its own."""


def is_concealed(node: Element, style: dict[str, str], *, partial: bool = False) -> bool:
    """Return whether an element and all its descendants are not displayed; `partial` as in
    `html_place.is_out_of_sight`."""
    display = style.get("display")
    closed = node.tag == "dialog" and node.get("open") is None
    unshown = node.get("hidden") is not None and node.get("hidden") != "until-found"
    if display == "none" or (closed or unshown) and display is None:
        return True
    if not style:
        return False
    # by eye: less than an eighth of the ink cannot be seen
    if "hidden" in style.get("content-visibility", "") or _number(style.get("opacity")) < 0.12:
        return True
    if re.search(r"opacity\(0(?:\.0\d*)?%?\)", style.get("filter", "")):
        return True
    return is_out_of_sight(style, partial=partial)


def _ink(style: dict[str, str], node: Element) -> TextLook:
    """Return the text colour and opacity that an element sets; an empty Look when it sets none."""
    value = style.get("-webkit-text-fill-color") or style.get("color")
    value = value or (node.get("color") if node.tag == "font" else node.get("text") if node.tag == "body" else None)
    found = colour(value) if value and value not in ("inherit", "currentcolor") else None
    return TextLook(ink=found[0], opacity=found[1]) if found else NOTHING


def _ground(style: dict[str, str], node: Element) -> Colour | None:
    """Return the background colour that an element sets; UNKNOWN for a picture or gradient, None where it sets none."""
    ground: Colour | None = None
    if node.get("bgcolor"):
        found = colour(node.get("bgcolor"))
        ground = found[0] if found else None
    if node.get("background"):
        ground = UNKNOWN
    for name, value in style.items():
        if name in ("background", "background-color", "background-image"):
            ground = _painted(value, ground)
    return ground


def _painted(value: str, before: Colour | None) -> Colour | None:
    """Return the background colour after applying one more declaration (`value`) to the colour `before`. None for a
    transparent one, UNKNOWN for an image or a variable."""
    if "url(" in value or "gradient(" in value or "var(" in value or "image" in value:
        return UNKNOWN
    if value in ("none", "initial", "unset", "inherit", "transparent"):
        return before if value in ("none", "inherit") else None
    pieces = re.findall(r"[a-z-]+\((?:[^()]|\([^()]*\))*\)|#?[\w-]+", value)
    found = next((c for piece in pieces if (c := colour(piece))), None)
    if found is None:
        return before
    # by eye: half is visible, less than an eighth is not, between them it is doubtful
    return found[0] if found[1] >= 0.5 else None if found[1] < 0.12 else UNKNOWN


def _size_shown(style: dict[str, str]) -> str | None:
    """Return the font size that a style sets, also within `font`, as CSS text, or None."""
    found = _FONT.search(style.get("font", ""))
    return style.get("font-size") or (found.group(1) if found else None)


def _size(value: str | None, above: float) -> float | None:
    """Return a font size in points, or None when none is set; `above` is the parent's size in points."""
    if not value:
        return None
    if value in _SIZES:
        return _SIZES[value]
    found = re.fullmatch(r"(-?\d*\.?\d+)(em|%|ex|ch)", value)
    if found:
        return float(found.group(1)) * above / (100 if found.group(2) == "%" else 1)
    size = length(value)
    return None if size is None else size[0] + size[1] / 100 * above


def _number(value: str | None) -> float:
    """Parse an opacity as a fraction of one; return 1 when none is set."""
    found = re.fullmatch(r"(\d*\.?\d+)(%?)", value or "")
    return 1.0 if not found else float(found.group(1)) / (100 if found.group(2) else 1)


def _unspoken(node: Element) -> str | None:
    """Return why screen readers skip a visible element: 'icon' for the name or sign of an icon, 'formula' when the same
    formula is beside it in MathML; None for other text."""
    words = "".join(node.itertext()).split()
    if len(words) < 2 and not any(c.isdigit() for c in "".join(words)):
        return "icon"
    above = node.getparent()
    # by eye: a bound on the time of a page
    beside = [each for each in above if each is not node] if above is not None and len(above) < 9 else []
    return "formula" if any(True for each in beside for _ in each.iter("math")) else None


_PANELS = ("div", "section", "article", "dd", "p")
"""Elements that hold content when a button opens them; a list behind a button is a menu."""
_QUOTED = re.compile(r"[\"']([\w-]+)[\"']")
"""Matches the names that a script in an attribute is given: `toggle('part3')`."""
_OPENER = re.compile(r"accordion|collapsible|expander", re.IGNORECASE)


def opens_next(node: Element | None) -> bool:
    """Return whether an element is a button that expands the part of the page after it, by its ARIA attributes or its
    class."""
    if node is None or node.tag != "button":
        return False
    if node.get("aria-expanded") or node.get("aria-controls") or _OPENER.search(node.get("class") or ""):
        return True
    after = node.getnext()
    named = after.get("id") if after is not None else None
    return bool(named) and named in _QUOTED.findall(node.get("onclick") or "")


def _revealed(tree: Element) -> set[str]:
    """Return the ids of the elements that a button or tab of the page displays: they are hidden at first, but are
    text. A window that asks a person to fill something in is none."""
    found: set[str] = set()
    asking: set[str] = set()
    for node in tree.iter():
        if isinstance(node.tag, str):
            if node.get("id") and _asks(node):
                asking.add(node.get("id") or "")
            for name in ("aria-controls", "data-target", "data-bs-target"):
                found.update(v.lstrip("#") for v in (node.get(name) or "").split())
            if node.tag in ("a", "button"):
                found.update(_QUOTED.findall(node.get("onclick") or ""))
            opens = node.get("data-toggle") or node.get("data-bs-toggle")
            if node.get("role") == "tab" or node.get("aria-expanded") or opens:
                found.add((node.get("href") or "").lstrip("#"))
    return found - {""} - asking


_WINDOW = re.compile(r"modal|dialog|popup|pop-up|lightbox|overlay", re.IGNORECASE)
"""Matches the classes and ids of windows that open over a page."""


def _asks(node: Element) -> bool:
    """Return whether an element is a window over the page with fields to fill in: a form to write to the office, to
    sign in or to share the page."""
    names = f"{node.get('class') or ''} {node.get('id') or ''} {node.get('role') or ''}"
    if node.tag != "dialog" and node.get("aria-modal") is None and not _WINDOW.search(names):
        return False
    return any(each.get("type") != "hidden" for each in node.iter("input", "textarea", "select"))
