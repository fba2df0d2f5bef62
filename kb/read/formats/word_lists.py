"""Compute the numbers that Word prints before list paragraphs, by Word's own definitions.

Numbers: ranges of Word's numbers (32 bits, of which lists use 16), and the four signs of its Chicago footnotes, which
are repeated up to ten times.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.read.counting import in_script, repeated_letters, roman

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True, slots=True)
class WordLevel:
    """One level of a list: number format, text around the number, first count, whether all its numbers are decimal
    (`legal`), the level after which it restarts, and its paragraph style."""

    form: str = "decimal"
    text: str = ""
    start: int = 1
    legal: bool = False
    restart: int | None = None
    style: str | None = None


class Numbering:
    """Counts a document's lists from its start to its end and returns the label of each paragraph."""

    def __init__(self, tree: Element) -> None:
        self.abstract: dict[str, dict[int, WordLevel]] = {}
        self.linked: dict[str, str] = {}
        self.named: dict[str, str] = {}
        self.lists: dict[str, str] = {}
        self.changed: dict[str, dict[int, WordLevel]] = {}
        self.restarts: dict[str, dict[int, int]] = {}
        self.counters: dict[str, dict[int, int]] = {}
        if tree is not None:
            self._load(tree)

    def _load(self, tree: Element) -> None:
        """Load the abstract lists, the lists that refer to them, and the levels that a list overrides."""
        for abstract in tree.iter(f"{W}abstractNum"):
            key = abstract.get(f"{W}abstractNumId")
            self.abstract[key] = {_integer(e.get(f"{W}ilvl")): _level(e) for e in abstract.iter(f"{W}lvl")}
            for child, table in (("numStyleLink", self.linked), ("styleLink", self.named)):
                name = _value(abstract, child)
                if name:
                    table.update({key: name} if table is self.linked else {name: key})
        for number in tree.iter(f"{W}num"):
            key, used = number.get(f"{W}numId"), _value(number, "abstractNumId")
            if used is None:
                continue
            self.lists[key] = used
            for change in number.iter(f"{W}lvlOverride"):
                depth, start, level = (
                    _integer(change.get(f"{W}ilvl")),
                    _value(change, "startOverride"),
                    change.find(f"{W}lvl"),
                )
                if level is not None:
                    self.changed.setdefault(key, {})[depth] = _level(level)
                if start is not None:
                    self.restarts.setdefault(key, {})[depth] = _integer(start)

    def _levels(self, number: str) -> tuple[str, dict[int, WordLevel]]:
        """Return the id of the abstract list to which a list refers (directly or through a list style), and its levels
        with the list's overrides."""
        abstract = self.lists.get(number, "")
        linked = self.named.get(self.linked.get(abstract, ""))
        abstract = linked if linked is not None else abstract
        return abstract, {**self.abstract.get(abstract, {}), **self.changed.get(number, {})}

    def label(self, paragraph: Element, inherited: Element, style: str = "") -> str | None:
        """Return the printed label of a list paragraph ('5.2.3', '(a)', '•'), or None when it has none.

        `inherited` is the numbering that its style sets; when a level of the list names that `style`, the paragraph is
        on that level.
        """
        own = paragraph.find(f"{W}pPr/{W}numPr")
        number = next((v for p in (own, inherited) if p is not None and (v := _value(p, "numId")) is not None), None)
        if number is None or number == "0":
            return None
        abstract, levels = self._levels(number)
        depth = next((d for p in (own, inherited) if p is not None and (d := _value(p, "ilvl")) is not None), None)
        at = (
            _integer(depth)
            if depth is not None
            else next((d for d, level in levels.items() if style and level.style == style), 0)
        )
        if at not in levels:
            return None
        counters = self._count(number, abstract, levels, at)
        if levels[at].form == "bullet":
            return "•"
        return self._text(levels, at, counters)

    def _count(self, number: str, abstract: str, levels: dict[int, WordLevel], at: int) -> dict[int, int]:
        """Count a paragraph on level `at` and return the counters of its list; deeper levels restart after a higher
        one."""
        counters = self.counters.setdefault(abstract, {})
        forced = self.restarts.get(number, {}).pop(at, None)
        counters[at] = forced if forced is not None else counters.get(at, levels[at].start - 1) + 1
        for deeper in [d for d in counters if d > at]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or 0 < restart and at < restart:
                del counters[deeper]
        return counters

    @staticmethod
    def _text(levels: dict[int, WordLevel], at: int, counters: dict[int, int]) -> str | None:
        """Return the text of level `at` with the counts inserted; None when it prints nothing."""

        def count(match: re.Match[str]) -> str:
            """Return the formatted count of the level that a placeholder (`%1`) names."""
            d = int(match.group(1)) - 1
            level = levels.get(d, WordLevel())
            form = "decimal" if levels[at].legal and level.form != "decimalZero" else level.form
            return "" if form == "none" else shown(counters.get(d, level.start), form)

        return re.sub(r"%([1-9])", count, levels[at].text).strip() or None


def _level(node: Element) -> WordLevel:
    """Parse the XML of one level of a list."""
    form = node.find(f"{W}numFmt")
    if form is None:
        form = next(iter(node.iter(f"{W}numFmt")), None)
    restart, legal = _value(node, "lvlRestart"), node.find(f"{W}isLgl")
    return WordLevel(
        form.get(f"{W}val") or "decimal" if form is not None else "decimal",
        _value(node, "lvlText") or "",
        _integer(_value(node, "start"), 1) if node.find(f"{W}start") is not None else 1,
        legal is not None and legal.get(f"{W}val", "1") not in ("0", "false", "off"),
        _integer(restart) if restart is not None else None,
        _value(node, "pStyle"),
    )


def _value(node: Element, name: str) -> str | None:
    """Return the `w:val` of a child element, or None."""
    found = node.find(f"{W}{name}")
    return found.get(f"{W}val") if found is not None else None


def _integer(text: str | None, otherwise: int = 0) -> int:
    """Parse a whole number, clamped to the range that Word uses; return `otherwise` when the text is none."""
    with contextlib.suppress(TypeError, ValueError):
        return max(-32_768, min(int(text or ""), 2**31 - 1))  # Word's lists count in 16 bits
    return otherwise


_ORDINAL = {1: "st", 2: "nd", 3: "rd"}
_SIGNS = {
    "chicago": "*†‡§",
    "decimalEnclosedCircle": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "russianLower": "абвгдежзиклмнопрстуфхцчшщыэюя",
    "hebrew2": "אבגדהוזחטיכלמנסעפצקרשת",
    "hebrew1": "אבגדהוזחטי",
    "aiueoFullWidth": "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン",
    "aiueo": "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝ",
    **dict.fromkeys(
        ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "ideographDigital"),
        "一二三四五六七八九",
    ),
    "arabicAbjad": "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ",
    "arabicAlpha": "أبتثجحخدذرزسشصضطظعغفقكلمنهوي",
}


_DIGITS = {"hindiNumbers": "devanagari", "thaiNumbers": "thai"}
_WORDS = {
    "cardinalText": "One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen Fifteen Sixteen "
    "Seventeen Eighteen Nineteen Twenty",
    "ordinalText": "First Second Third Fourth Fifth Sixth Seventh Eighth Ninth Tenth Eleventh Twelfth Thirteenth "
    "Fourteenth Fifteenth Sixteenth Seventeenth Eighteenth Nineteenth Twentieth",
}
"""Counts in words; Word writes them in the language of the paragraph, here only English."""


def shown(value: int, form: str) -> str:
    """Format a count in the Word number format `form`; in decimal digits for an unknown format."""
    if form in _DIGITS:
        return in_script(value, _DIGITS[form])
    words = _WORDS.get(form, "").split()
    if 0 < value <= len(words):
        return words[value - 1]
    if form in ("lowerLetter", "upperLetter"):
        text = repeated_letters(value)
    elif form in ("lowerRoman", "upperRoman"):
        text = roman(value).lower()
    elif form == "decimalZero":
        text = f"{value:02d}"
    elif form == "ordinal":
        # eleventh, twelfth, thirteenth
        text = f"{value}{'th' if value % 100 in (11, 12, 13) else _ORDINAL.get(value % 10, 'th')}"
    elif form == "russianUpper":
        text = shown(value, "russianLower").upper()
    elif form in _SIGNS and 0 < value <= len(_SIGNS[form]):
        text = _SIGNS[form][value - 1]
    elif form == "chicago" and 0 < value <= 40:  # by eye: signs are doubled ten times at most
        text = _SIGNS[form][(value - 1) % 4] * ((value - 1) // 4 + 1)  # four signs, then doubled
    else:
        text = str(value)
    return text.upper() if form in ("upperLetter", "upperRoman") else text
