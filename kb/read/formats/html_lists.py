"""Compute the numbers that a browser prints before list items, from type, start, value, reversed and list-style; find
lists whose items are lines of one paragraph."""

from __future__ import annotations

import contextlib
import itertools
import re
from typing import TYPE_CHECKING

from kb.read.counting import SCRIPTS, greek, in_script, letters, roman
from kb.read.formats.html_style import PageStyles
from kb.read.numbering import Number, number_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_TYPES = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman", "1": "decimal"}
_BULLETS = ("none", "disc", "circle", "square")


def labels_of(tree: Element, styles: PageStyles) -> dict[Element, str]:
    """Return the printed number (`a.`) of each item of a numbered list; items whose own text begins with a number are
    left out."""
    found: dict[Element, str] = {}
    for node in tree.iter("ol", "ul", "menu"):
        usual = _TYPES.get(node.get("type") or "1", "decimal") if node.tag == "ol" else "disc"
        form = styles.list_type(node) or usual
        items = [c for c in node if c.tag == "li"]
        back = node.get("reversed") is not None
        count = _integer(node.get("start"), len(items) if back else 1)
        for item in items:
            count = _integer(item.get("value"), count)
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


def _integer(text: str | None, otherwise: int) -> int:
    """Parse a whole number, clamped to the 32 bits that browsers use; return `otherwise` when the text is not a
    whole number, or None."""
    with contextlib.suppress(TypeError, ValueError):
        return max(-(2**31), min(int(text or ""), 2**31 - 1))
    return otherwise


_CLOSED = re.compile(r"(?:[.;:,!?…。；：؛،؟]|\b(?:and|or|y|o|e|et|ou|и|или))[\s\"”’»)\]]*$")
_COUNTED = ("arabic", "decimal", "letter", "small-roman", "capital", "roman", "bullet", "article", "section")


def listed(text: str) -> list[str]:
    """Split a paragraph whose lines (`<br>`) are the items of a list, or the articles of a law: at each line that
    begins with a number, where two of them follow each other. Any other text is returned whole."""
    lines = text.split("\n")
    if len(lines) < 2:
        return [text]
    numbers = [_item_of(line) for line in lines]
    for at in range(1, len(lines)):
        number, above = numbers[at], numbers[at - 1]
        if number and number.form != "bullet" and not _CLOSED.search(lines[at - 1]) and not (above and above.alone):
            numbers[at] = _next_of(numbers[:at], number)
    counted = [number for number in numbers if number]
    if not any(_follow(a, b) for a, b in itertools.combinations(counted, 2)):
        return [text]
    found: list[str] = []
    for at, (line, number) in enumerate(zip(lines, numbers, strict=True)):
        above = numbers[at - 1] if at else None
        titled = above is not None and above.alone and above.above < 8  # "Article 7" on a line of its own
        ended = at > 0 and lines[at - 1].rstrip().endswith(".") and line.lstrip()[:1].isupper()
        if number or titled or ended or not found:
            found.append(line)
        else:
            found[-1] += f" {line}"
    return found


def _item_of(line: str) -> Number | None:
    """Return the number with which a line begins, when items or articles are counted by such numbers."""
    number = number_of(line.strip())
    return number if number and number.form in _COUNTED else None


def _next_of(before: list[Number | None], number: Number) -> Number | None:
    """Return the number of a line below an open sentence, if it follows one of those `before`; else None: the sentence
    goes on with it."""
    return number if any(each and _follow(each, number) for each in before) else None


def _follow(a: Number, b: Number) -> bool:
    """Return whether two numbers of one form follow each other: (a) and (b), 4.1 and 4.2, two bullets."""
    if a.form == b.form == "bullet":
        return a.text == b.text
    if {a.form, b.form} <= {"letter", "small-roman"} or {a.form, b.form} <= {"capital", "roman"}:
        one, two = (each.text.strip("().-–— ") for each in (a, b))
        romans = [roman(value).lower() for value in range(1, 41)]  # as far as lists of items are counted
        places = [romans.index(each.lower()) if each.lower() in romans else None for each in (one, two)]
        as_roman = None not in places and (places[1] or 0) - (places[0] or 0) == 1
        return as_roman or len(one) == len(two) == 1 and ord(two) - ord(one) == 1
    if a.form != b.form:
        return False
    first, second = (re.findall(r"\d+", each.text) for each in (a, b))
    return bool(first and second) and first[:-1] == second[:-1] and int(second[-1]) - int(first[-1]) == 1
