"""Look up entries, ranges of paragraphs and places in the register and in the installed official texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from kb.citing.names import PlaceRule
from kb.commitments.official import OfficialText
from kb.commitments.register import Entry, names_letter
from kb.ids import split
from kb.models import Document, Passage
from kb.structure import gaps

Texts = Callable[[str], Document | None]
"""Returns the official text (or the paper) of a document id, None where it is not installed."""


class Holdings:
    """Looks up places in the register and in the official texts, each of which is read once when first needed."""

    def __init__(
        self, entries: Mapping[str, Entry], places: Mapping[str, Mapping[str, Sequence[PlaceRule]]], texts: Texts
    ) -> None:
        self.entries, self.places, self._texts = entries, places, texts
        self._here: dict[str, OfficialText | None] = {}
        self._gaps: dict[str, tuple[str, ...]] = {}

    def official(self, document: str) -> OfficialText | None:
        """Return the official text of a document, None when it is not installed; read at the first call and cached."""
        if document not in self._here:
            text = self._texts(document)
            self._here[document] = OfficialText.of(text) if text else None
        return self._here[document]

    def in_text(self, id: str) -> bool:
        """Return whether the official text is installed and contains a place."""
        official = self.official(split(id)[0])
        return official is not None and official.has(id)

    def exists(self, id: str) -> bool:
        """Return whether a place is in the register or in the official text, or is a paragraph in a range of the
        register."""
        return id in self.entries or self.in_text(id) or self.in_paragraph(id) or names_letter(self.entries, id)

    def lacking(self, id: str) -> tuple[str, ...]:
        """Return the identifiers of parts of a place that are missing from the installed text: skipped numbers and
        letters, and entries of the register inside the place."""
        official = self.official(split(id)[0])
        if official is None:
            return ()
        absent = [each for each in self._gaps_of(official.document) if is_inside(each, id, self)]
        absent += [each for each in self.entries if each.startswith(f"{id}/") and not official.has(each)]
        return tuple(dict.fromkeys(each for each in absent if each != id and not official.has(each)))

    def before_gaps(self, passages: Sequence[Passage]) -> tuple[Passage, ...]:
        """Return those of the passages after which the next number is missing."""
        official = self.official(split(passages[0].id)[0]) if passages else None
        absent = set(self._gaps_of(official.document)) if official else set()
        return tuple(each for each in passages if each.number and _next(each.id) in absent)

    def _gaps_of(self, document: Document) -> tuple[str, ...]:
        """Return the identifiers of the numbers and letters that a text skips; cached."""
        if document.id not in self._gaps:
            self._gaps[document.id] = (*gaps.missing(document), *gaps.inside(document))
        return self._gaps[document.id]

    def in_paragraph(self, id: str) -> bool:
        """Return whether the place is, or is inside, a numbered paragraph in a range of the register.

        A place with a letter counts only if the official text of the paragraph is not installed, and the paragraph
        has no entry of its own (its letters are then unknown) or its entry's statement names the letter.
        """
        part, _, letters = self.paragraph(id)
        if part is None or self.in_range(id) is None:
            return False
        if not all(re.fullmatch(r"[ivx]+", each) for each in letters.split("/")[2:]):
            return False  # parts of a letter have Roman numerals: 206(f)(ii), never 21(a)(b)
        above = id.removesuffix(letters)
        if not letters or above not in self.entries:
            return not (letters and self.in_text(above))
        return not self.in_text(above) and names_letter(self.entries, f"{above}/{letters.split('/')[1]}")

    def in_range(self, id: str) -> Entry | None:
        """Return the entry with the narrowest range that contains a numbered paragraph; None when there is none."""
        part, number, _ = self.paragraph(id)
        if part is None:
            return None
        holding = [
            e
            for e in self.entries.values()
            if split(e.id)[0] == split(id)[0]
            and e.range
            and e.range.of == part
            and e.range.first <= number <= e.range.last
        ]
        # Of two equally narrow ranges the later is used: a paragraph comes after its objective.
        return min(reversed(holding), key=lambda e: e.range.last - e.range.first if e.range else 0, default=None)

    def paragraph(self, id: str) -> tuple[str | None, int, str]:
        """Split the identifier of a paragraph into part, number and letters; (None, 0, '') when it is not a
        paragraph."""
        instrument, locator = split(id)
        for place in self.places.get(instrument, {}).get("paragraph", ()):
            match = re.fullmatch(re.escape(place.id).replace(r"\{n\}", r"(\d+)") + r"((?:/\w+)*)", locator)
            if match:
                return place.part, int(match[1]), match[2]
        return None, 0, ""

    def entry(self, id: str) -> Entry | None:
        """Return the register entry of a place: its own, or else the one whose range contains it, or else that of
        the nearest place above it; None if there is none."""
        return self.entries.get(id) or self.in_range(id) or self.entries.get(self.above(id) or "")

    def has_no_extent(self, id: str) -> bool:
        """Return whether the register does not state which paragraphs a place covers, as for the commitments of
        Copenhagen."""
        inside = [e for e in self.entries.values() if e.id == id or e.id.startswith(f"{id}/") or e.parent == id]
        return bool(inside) and not any(e.range for e in inside)

    def above(self, id: str) -> str | None:
        """Return the nearest place above this one that exists; None when there is none."""
        while "/" in id:
            id = id.rpartition("/")[0]
            if "/" in id and self.exists(id):
                return id
        return None


def _next(id: str) -> str:
    """Return the identifier with the next number or letter.

    >>> _next("crpd/art12/3"), _next("crpd/art4/1/b")
    ('crpd/art12/4', 'crpd/art4/1/c')
    """
    head, last = re.fullmatch(r"(.*?)(\d+|[a-z]?)", id).groups()  # type: ignore[union-attr]
    return f"{head}{int(last) + 1 if last.isdecimal() else chr(ord(last) + 1) if last else ''}"


def is_inside(id: str, above: str, holdings: Holdings) -> bool:
    """Return whether the place `id` is inside the place `above`: by its identifier, by a range of paragraphs, or by the
    parents of its entry."""
    if id == above or id.startswith(f"{above}/"):
        return True
    part, number, _ = holdings.paragraph(id)
    outer = holdings.entries.get(above)
    if outer and outer.range and part:
        return outer.range.of == part and outer.range.first <= number <= outer.range.last
    entry = holdings.entry(id)
    while entry is not None:
        if entry.id == above:
            return True
        entry = holdings.entries.get(entry.parent or "")
    return False
