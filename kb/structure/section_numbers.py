"""Cite numbered sections of acts that have no articles: the paragraph "(1) A health post must …" below the heading "10
Standards for access" is section 10(1), as lawyers cite it.

Only printed numbers count: a subsection belongs to the section whose heading is above it, or whose first line it
continues; otherwise no section is cited.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from kb.languages import is_main
from kb.models import Pages, Paragraph
from kb.read.numbering import Number

_BARE = re.compile(r"(\d{1,3}[A-Z]?)\s+(?=[^\W\d_])")
"""Matches a heading's number without a full stop: "10 Standards for access"."""
_FIRST = re.compile(r"\(1\)")
_PLAIN = re.compile(r"\d{1,3}[A-Z]{0,2}")
_SUB = re.compile(r"\((\d{1,2}[A-Z]?)\)")
_INSIDE = re.compile(r"\([a-z]{1,4}\)")
_ROMAN = re.compile(r"\([ivx]+\)")
_OPENS = 200  # letters before "—(1)" in a section's first line, which holds its title: the longest at hand has 110
_FIRST_INSIDE = re.compile(r"[—–-]\s*\(1\)|^\d{1,3}[A-Z]{0,2}\.?\s*\(1\)")
_GAP = 10  # sections that may be missing before one that no heading opens: repealed ones, and a page that was not read
_QUOTED = re.compile(r"[*_\s\\]*[“”\"«„]")
_CALLED = re.compile(
    r"\b(section|article|clause|regulation|rule)s?\s+\d|\b[Tt]his (section|article|clause|regulation)\b"
)
"""Matches the words by which a text refers to its own parts: "section 5", "this clause"."""


def bare_numbers(paragraphs: Sequence[Paragraph]) -> dict[int, str]:
    """Return the section numbers that headings print without a full stop ("10 Standards"), by index of the paragraph.

    A number counts when the paragraph after its heading begins with "(1)". If there is at least one such heading and
    the numbers of all candidate headings increase, all of them count.
    """
    found = [
        (at, match[1])
        for at, each in enumerate(paragraphs)
        if each.kind == "heading" and not each.number and (match := _BARE.match(each.text))
    ]
    first = {at for at, _ in found if at + 1 < len(paragraphs) and _FIRST.match(paragraphs[at + 1].text)}
    up = all(_order(one) < _order(other) for (_, one), (_, other) in pairwise(found))
    return {at: number for at, number in found if at in first or (up and first)}


def _order(number: str) -> tuple[int, str]:
    digits = re.match(r"\d+", number)
    return int(digits.group()) if digits else 0, number


def called(pages: Pages) -> str:
    """Return the word by which an English text refers to its own parts: 'section' or 'clause'.

    Returns '' when it uses neither, when it mostly uses another word, or when it has no subsections (then it is
    probably a report that refers to sections of acts).
    """
    parted = (each for each in pages.paragraphs if _FIRST.match(each.text) or _FIRST_INSIDE.search(each.text[:_OPENS]))
    if not is_main(pages.language or "") or not any(parted):
        return ""
    counts = Counter(one or other for each in pages.paragraphs for one, other in _CALLED.findall(each.text))
    word = max(counts, key=lambda each: counts[each], default="")
    return word if word in ("section", "clause") else ""


class Sections:
    """Tracks the numbered section to which the current paragraph belongs."""

    def __init__(self, pages: Pages) -> None:
        self._bare = bare_numbers(pages.paragraphs)
        self._word = called(pages)
        self._at, self._last, self._lettered = -1, 0, False
        self._close()

    def _close(self) -> None:
        self._number, self._sub, self._letter, self._by_heading, self._bare_open = "", "", "", False, False

    def _open(self, number: str, by_heading: bool, sub: str = "") -> None:
        self._close()
        value = _order(number)[0]
        if value < self._last and self._lettered:
            self._word = ""  # a schedule restarts its numbers, which are not sections
        self._last = value
        self._number, self._sub, self._by_heading = number, sub, by_heading

    @property
    def bare(self) -> str:
        """Return the number of the open section if its heading prints it without a full stop, else ''."""
        return self._number if self._bare_open else ""

    def follow(self, p: Paragraph, number: Number | None, items: Sequence[str]) -> str:
        """Move on to paragraph `p`, and return its citation within its section: 'section 10(1)', '7(2)(a)'; '' when
        unknown.

        `number` is the paragraph's own number, or None; `items` are the numbers of the open list, outermost first, with
        its own number last.
        """
        self._at += 1
        if p.kind == "heading" and not _SUB.fullmatch(number.text if number else ""):
            return self._heading(number)
        if p.kind in ("table-row", "note") or not number:
            named = self.bare or (self._by_heading and self._word)
            return self._words() if named and p.kind not in ("table-row", "note") else ""
        if _QUOTED.match(p.text):
            self._sub = "?"  # a provision of another act, set in quotation marks: what follows may be its items
            return ""
        if number.form in ("arabic", "decimal") and _PLAIN.fullmatch(number.text) and p.text.lstrip()[:1] != "(":
            return self._numbered(p, number)
        if not self._number:
            return ""
        if match := _SUB.fullmatch(number.text) or _SUB.fullmatch(f"({number.text})" if p.text[:1] == "(" else ""):
            return self._subsection(match[1])
        return self._inside(number, items)

    def _words(self, *inside: str) -> str:
        return " ".join(filter(None, (self._word, self._number + "".join(inside))))

    def _heading(self, number: Number | None) -> str:
        bare = self._bare.get(self._at, "")
        plain = number.text if number and number.form in ("arabic", "decimal") else ""
        if not bare and not plain:
            self._close()
            return ""
        self._open(bare or plain, by_heading=True)
        self._bare_open = bool(bare)
        return self._words() if bare or self._word else ""

    def _numbered(self, p: Paragraph, number: Number) -> str:
        """Return the citation of a paragraph such as "7. Removal of members.—(1) …": it opens a section, or is an item
        in a section that has a heading."""
        if self._by_heading:
            self._sub, self._letter = "?", ""  # its letters are not the section's
            return ""
        first = _FIRST_INSIDE.search(p.text[:_OPENS])
        on = _order(number.text)[0] - self._last
        margin = _SUB.match(p.text[number.end :])  # "10 (2) The Minister": a line's number, printed in the margin
        if not 0 <= on <= _GAP or margin and margin[1] != "1":
            self._close()
            return ""
        self._open(number.text, by_heading=False, sub="1" if first else "")
        if first and first.start() == 0:
            return self._words("(1)")
        return self._words() if first or (self._word and on) else ""

    def _subsection(self, sub: str) -> str:
        if not self._sub and self._letter:
            self._sub = "?"  # "(1)" after "(k)": a letter that was read as a figure
            return ""
        follows = _order(sub)[0] - _order(self._sub if self._sub != "?" else "")[0] in (0, 1) and sub != self._sub
        if not self._by_heading and not follows:
            self._close()
            return ""
        self._sub, self._letter, self._lettered = sub, "", True
        return self._words(f"({sub})")

    def _inside(self, number: Number, items: Sequence[str]) -> str:
        """Return the citation of an item "(a)" or "(i)" in the open subsection; '' when it does not continue the
        letters."""
        way = [each for each in items if _INSIDE.fullmatch(each)]
        if self._sub == "?" or not way or len(way) != len(items) or number.text != way[-1]:
            return ""
        letter = way[0]
        if len(way) == 1 and (len(letter), letter) <= (len(self._letter), self._letter):
            self._sub = "?"  # a second (a): the number of the subsection that it belongs to was not read
            return ""
        if not self._by_heading and not self._letter and letter not in ("(a)", "(i)"):
            self._close()  # a list that does not begin here
            return ""
        if len(way) > 1 and (letter != self._letter or not _ROMAN.fullmatch(way[1])):
            return ""
        self._letter = letter
        return self._words(f"({self._sub})" if self._sub else "", *way)
