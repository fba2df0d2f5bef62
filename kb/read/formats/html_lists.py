"""Compute the numbers that a browser prints before list items, from type, start, value, reversed and list-style."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from kb.read.counting import SCRIPTS, greek, in_script, letters, roman
from kb.read.formats.html_style import Styles
from kb.read.numbering import number_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_TYPES = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman", "1": "decimal"}
_BULLETS = ("none", "disc", "circle", "square")


def labels_of(tree: Element, styles: Styles) -> dict[Element, str]:
    """Return the printed number (`a.`) of each item of a numbered list; items whose own text begins with a number are
    left out."""
    found: dict[Element, str] = {}
    for node in tree.iter("ol", "ul", "menu"):
        usual = _TYPES.get(node.get("type") or "1", "decimal") if node.tag == "ol" else "disc"
        form = styles.list_type(node) or usual
        items = [c for c in node if c.tag == "li"]
        back = node.get("reversed") is not None
        count = _whole(node.get("start"), len(items) if back else 1)
        for item in items:
            count = _whole(item.get("value"), count)
            own = styles.list_type(item) or _TYPES.get(item.get("type") or "", form)
            if own not in _BULLETS and not _numbered(item):
                found[item] = f"{shown(count, own)}."
            count += -1 if back else 1
    return found


def shown(value: int, form: str) -> str:
    """Format a count in the CSS list style `form`; in decimal digits when that style cannot express it, as browsers
    do."""
    if form.endswith(("alpha", "latin")):
        text = letters(value)
    elif form.endswith("roman"):
        text = roman(value).lower()
    elif form == "lower-greek":
        text = greek(value)
    elif form in SCRIPTS:
        text = in_script(value, form)
    elif form == "decimal-leading-zero":
        text = f"{value:02d}"
    else:
        text = str(value)
    return text.upper() if form.startswith("upper") else text


def _numbered(item: Element) -> bool:
    """Return whether the text of a list item itself begins with a number. A style sheet, possibly missing here, then
    usually hides the number of the list."""
    number = number_of("".join(item.itertext()).lstrip()[:80])
    return number is not None and number.form not in ("bullet", "raised")


def _whole(text: str | None, otherwise: int) -> int:
    """Parse a whole number, clamped to the 32 bits that browsers use; return `otherwise` when the text is none."""
    with contextlib.suppress(TypeError, ValueError):
        return max(-(2**31), min(int(text or ""), 2**31 - 1))
    return otherwise
