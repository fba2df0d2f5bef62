"""Parse printed numbers at the start of paragraphs, and find the level of each.

Numbers are parsed, never counted: the level of "(i)" follows from the open numbers above it. So the ninth letter after
(h) and the first sub-letter after (a) are distinguished, and a gap in the source stays a gap.

Numbers: 64 and 96 are the Unicode positions before A and a; the alphabet has 26 letters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kb.structure.division_names import han, roman

_FORMS = (
    ("1.", re.compile(r"\s*(\d{1,3})\s*[.．、](?!\d)\s*")),
    ("(1)", re.compile(r"\s*[(（](\d{1,3})[)）]\s*")),
    ("a", re.compile(r"\s*(?:[(（]([a-z]{1,5})[)）]|([a-z]{1,5})\)|([a-z])\.(?=\s))\s*")),
    ("一", re.compile(r"\s*([一二三四五六七八九十]{1,3})(?:、\s*|[ \u3000]{1,4})")),
    ("子", re.compile(r"\s*[(（]([子丑寅卯辰巳午未申酉戌亥]|[甲乙丙丁戊己庚辛壬癸])[)）]\s*")),
    ("A.", re.compile(r"\s*([A-Z])\.\s+(?=[A-Z\"“(])")),
)
_STEMS = ("子丑寅卯辰巳午未申酉戌亥", "甲乙丙丁戊己庚辛壬癸")  # Chinese for (a), (b), (c)
_ORDINALS = {"一": "1.", "子": "a"}
_INLINE = re.compile(
    r"(?<=[:;,.：；，。])\s*(?:(?:and|or|y|o|e|et|ou|en|of|und|oder)\s+)?"
    r"(?=[(（](?:[a-z]{1,4}|\d{1,2}|[子丑寅卯辰巳午未申酉戌亥甲乙丙丁戊己庚辛壬癸])[)）]|\d{1,2}[.．、](?!\d)"
    r"|[一二三四五六七八九十]{1,3}(?:、|[ \u3000]))"
)

_LINE = re.compile(r"\n\s*(?=[(（\w])")


@dataclass(frozen=True)
class NumberReading:
    """One interpretation of a printed number: its style ("1.", "(a)"), its position in that style, and the number
    itself."""

    style: str
    order: int
    number: str


@dataclass(frozen=True)
class Marker:
    """A printed number at the start of a text: its possible readings and its length in characters."""

    readings: tuple[NumberReading, ...]
    length: int


def _letter_order(text: str) -> int:
    """Return the position of a letter: a is 1, z is 26, aa is 27, bb is 28."""
    return (len(text) - 1) * 26 + ord(text[0]) - 96  # letters of the alphabet; 96 lies one before a


def _readings(style: str, printed: str) -> tuple[NumberReading, ...]:
    """Return the possible readings of one printed number; letters may also be Roman numerals."""
    if style in _ORDINALS:
        order = han(printed) if style == "一" else next(row.index(printed) + 1 for row in _STEMS if printed in row)
        return (NumberReading(_ORDINALS[style], order or 0, str(order) if style == "一" else chr(96 + (order or 1))),)
    if style != "a":
        order = int(printed) if printed.isdecimal() else ord(printed) - 64  # 64 lies one before A
        return (NumberReading(style, order, printed),)
    found = [NumberReading("a", _letter_order(printed), printed)] if len(set(printed)) == 1 and len(printed) < 3 else []
    value = roman(printed)
    return tuple(found + ([NumberReading("i", value, printed)] if value else []))


def marker(text: str) -> Marker | None:
    """Return the number that begins `text`, or None."""
    for style, form in _FORMS:
        match = form.match(text)
        if match:
            printed = next(group for group in match.groups() if group)
            readings = _readings(style, printed)
            return Marker(readings, match.end()) if readings else None
    return None


@dataclass
class Levels:
    """The open numbers: that of the current paragraph and those above it, outermost first."""

    open: list[NumberReading] = field(default_factory=list)

    def _rank(self, reading: NumberReading, after_colon: bool) -> int:
        """Return how well a reading continues the open numbers; lower is better. `after_colon`: the text before it ends
        in a colon, so that a new list may begin."""
        now = next((each for each in reversed(self.open) if each.style == reading.style), None)
        if now is None:
            first = -1 if after_colon else 1
            return first if reading.order == 1 else 3
        # order of preference: next, later, none
        return 0 if reading.order == now.order + 1 else 2 if reading.order > now.order else 4

    def place(self, found: Marker, after_colon: bool = False) -> tuple[str, ...]:
        """Add a printed number to the open ones at its level; return the path of numbers from the outermost level down
        to it.

        `after_colon`: the text before the number ends in a colon, so that a new list may begin. A "207." that does not
        follow an open number of its style closes the open letters, because they belong to a paragraph number that was
        cut out.
        """
        best = min(found.readings, key=lambda reading: self._rank(reading, after_colon))
        styles = [each.style for each in self.open]
        if best.style in styles:
            del self.open[styles.index(best.style) :]
        elif best.style == "1." and best.order > 1:
            self.open.clear()
        self.open.append(best)
        return self.path

    def admits(self, found: Marker) -> bool:
        """Return whether a marker can be a number here. A capital letter must be the first or the next of its list;
        otherwise it is an initial, as in "J. Smith" below the closing words."""
        return any(each.style != "A." or self._rank(each, False) <= 1 for each in found.readings)

    @property
    def path(self) -> tuple[str, ...]:
        """Return the open numbers, outermost first."""
        return tuple(each.number for each in self.open)


def _follows(reading: NumberReading, last: dict[str, int], before: str) -> bool:
    """Return whether a number may occur inside running text: as the next of an open list, or as the first of a new one.
    `last` has by style the last position, `before` is the character before it."""
    if reading.order == 1:
        return reading.style not in last and before not in ".。" or before in ":："
    return reading.order == last.get(reading.style, 0) + 1


def inline_starts(text: str, following: str = "") -> list[int]:
    """Return the offsets of list items inside one paragraph: "...when: (a) it is late; (b) it is lost".

    A list counts only if it begins with its first number and has a second one, in this text or at the start of the
    `following` one: a reference such as "paragraph 2, (b)" begins none. A number at the start of a line inside the text
    counts too. The offset 0 is never included.
    """
    lines = [match.end() for match in _LINE.finditer(text) if marker(text[match.end() :])]
    starts: list[tuple[int, str, int]] = []
    head = marker(text)
    last = {each.style: each.order for each in head.readings[:1]} if head else {}
    for match in _INLINE.finditer(text):
        found = marker(text[match.end() :])
        before = text[: match.end()].rstrip()[-1:]
        good = [each for each in found.readings if _follows(each, last, before)] if found else []
        if good:
            best = next((each for each in good if each.style in last and each.order > 1), good[0])
            last[best.style] = best.order
            if best.style == "a":
                last.pop("i", None)
            starts.append((match.end(), best.style, best.order))
    after = marker(following) if following else None
    runs = (
        {style for _, style, order in starts if order == 2}
        | {each.style for each in (after.readings if after else ()) if each.order == 2}
        | {each.style for each in (head.readings[:1] if head else ())}
    )
    return sorted({start for start, style, _ in starts if style in runs and start > 0} | set(lines))
