"""Track which divisions of a resolution or plan are open: parts, chapters, areas, objectives, issues."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kb.structure.blocks import Block
from kb.structure.layouts import DocumentPart, HeadingForm, Layouts, order_of, roman_of
from kb.structure.levels import marker
from kb.text import squeeze

LONGEST_TITLE = 150
"""Maximum number of letters of a title: longer text is a paragraph. Chosen by eye on the instruments at hand."""
_ENDS = re.compile(r"[.:;,]\s*$")


@dataclass
class Division:
    """An open division: its rank (kind of division), its number, its position among its siblings (`order`), its
    identifier and citation, and its printed heading."""

    rank: str
    number: str
    order: int
    id: str
    cite: str
    heading: str
    bare: bool = False
    alone: bool = False


@dataclass
class Divisions:
    """The divisions that are open at the current block while a document is read. `layout` describes how such documents
    are divided."""

    layout: Layouts
    document: str
    short: str
    part: DocumentPart | None = None
    open: list[Division] = field(default_factory=list)
    ahead: list[int] = field(
        default_factory=list, metadata={"doc": "positions of the titles that open parts, not yet reached"}
    )

    @property
    def name(self) -> str:
        """Return the name of the open part as used in citations; the document's name when no part is open."""
        return self.part.short if self.part else self.short

    @property
    def prefix(self) -> str:
        """Return the prefix of identifiers in the open part, such as 'decl/'; '' without one."""
        return f"{self.part.id}/" if self.part and self.part.id else ""

    @property
    def headings(self) -> tuple[str, ...]:
        """Return the open headings, outermost first."""
        return tuple(each.heading for each in self.open)

    def part_of(self, text: str) -> DocumentPart | None:
        """Return the part of the document whose title occurs in `text`. None when no title occurs, or when several do,
        as in the document's own title."""
        named = [part for part in self.layout.documents.get(self.document, ()) if self.layout.titled(part, text)]
        return named[0] if len(named) == 1 else None

    def expect(self, blocks: list[Block]) -> None:
        """Find, before reading, the blocks at which parts begin: a part begins at the title that numbered text follows;
        if no title of a part is followed by numbered text, at its last title.

        A title on a cover or in a table of contents therefore begins no part. A text without any title (an extract)
        belongs to the main part, if the document has one.
        """
        titles = [(at, part) for at, block in enumerate(blocks) if (part := self.titled(block))]
        ends = [*(at for at, _ in titles[1:]), len(blocks)]
        self.ahead = [at for (at, _), end in zip(titles, ends) if any(self._numbered(b) for b in blocks[at + 1 : end])]
        self.ahead = self.ahead or [max(at for at, each in titles if each is part) for _, part in titles]
        if not titles:
            self.part = next((part for part in self.parts() if not part.id), None)

    def _numbered(self, block: Block) -> bool:
        """Return whether a block is a numbered paragraph or begins with an article's label."""
        found = marker(block.text) if block.role != "noise" else None
        return (
            found is not None
            and found.readings[0].style == "1."
            or any(form.head(block.text, self.layout.ordinals) for form in self.layout.forms)
        )

    def titled(self, block: Block) -> DocumentPart | None:
        """Return the part whose title the block is, if it is a short line; else None."""
        short = block.role != "noise" and len(block.text) < LONGEST_TITLE and not _ENDS.search(block.text)
        return self.part_of(block.text) if short else None

    def opens(self, at: int, block: Block) -> DocumentPart | None:
        """Return the part that begins at the block at position `at`, or None."""
        if at not in self.ahead:
            return None
        self.ahead = [each for each in self.ahead if each > at]
        part = self.titled(block)
        return None if part is self.part else part

    def waits(self) -> bool:
        """Return whether no part is open yet but one is expected, so that the text so far is front matter."""
        return self.part is None and bool(self.ahead)

    def enter(self, part: DocumentPart) -> None:
        """Open a part, and close all divisions of the previous part."""
        self.part, self.open = part, []

    def heading(self, text: str, role: str = "heading") -> Division | None:
        """Open the division that a heading begins, close those that it ends, and return it; return None when the text
        is not the heading of a division.

        When a heading can be read in several ways, the reading that continues the numbering is used.
        """
        found = [
            (form, match)
            for form in self.layout.forms
            if (match := form.match(squeeze(text), self.layout.ordinals))
            and not (form.heading and (role != "heading" or not self.open))
            and not (self.waits() and form.rank != "annex")
        ]
        readings = [reading for form, match in found for reading in [self._reading(form, match)] if reading]
        if not readings:
            return None
        best = min(readings, key=lambda each: (self._rank_of(each), not self._here(each.rank)))
        if best.bare and self._rank_of(best) > 1 and best.rank != "area-objective" and self.open:
            return None
        best.heading = squeeze(text)
        self._close(best.rank)
        best.id, best.cite = self._id(best)
        self.open.append(best)
        return best

    def _reading(self, form: HeadingForm, match: re.Match[str]) -> Division | None:
        """Build the division that a heading, matched in one form, begins; None when no part of the document has such
        divisions."""
        groups = match.groupdict()
        printed = groups.get("n") or groups.get("A") or ""
        letter = "n" not in groups and "A" in groups
        order = order_of(printed, letter, self.layout.ordinals) if printed else 1
        if not self._admits(form.rank) or not order:
            return None
        name = printed if letter or not printed else roman_of(order) if form.roman else str(order)
        if groups.get("A") and not letter and form.rank == "area-objective":
            name = f"{groups['A']}.{name}"
        alone = not (groups.get("rest") or "").strip(" :.–—-")
        return Division(form.rank, name, order, "", "", "", bare=form.bare, alone=alone)

    def label(self, text: str) -> int:
        """Return the offset at which the text after a division's label begins on the same line ("Article 5 We reaffirm
        ..."); 0 when there is no label."""
        for form in self.layout.forms:
            match = form.head(text, self.layout.ordinals)
            if match and self._admits(form.rank) and not self.waits():
                rest = text[match.end() :].lstrip(" .:–—-\n\t")
                if rest and not rest[0].islower() and (len(rest) > LONGEST_TITLE or _ENDS.search(rest)):
                    return len(text) - len(rest)
        return 0

    def _admits(self, rank: str) -> bool:
        """Return whether the open part, or a later one, has divisions of this rank."""
        parts = self.parts()
        return not parts or rank == "annex" or any(part.ranks is None or rank in part.ranks for part in parts)

    def _here(self, rank: str) -> bool:
        """Return whether the open part has divisions of this rank."""
        return self.part is None or self.part.ranks is None or rank in self.part.ranks

    def parts(self) -> tuple[DocumentPart, ...]:
        """Return the parts of this document, from the open one on."""
        parts = self.layout.documents.get(self.document, ())
        return parts[parts.index(self.part) :] if self.part in parts else parts

    def _rank_of(self, reading: Division) -> int:
        """Return how well a reading of a heading continues the open divisions: 0 is best, 3 worst."""
        now = next((each for each in reversed(self.open) if each.rank == reading.rank), None)
        if now is None:
            return 1 if reading.order == 1 else 2
        return 0 if reading.order == now.order + 1 else 3

    def _close(self, rank: str) -> None:
        """Close every open division of this rank or a lower one. When the open part has no divisions of this rank,
        first open the next part that has."""
        if self.part is None or (self.part.ranks is not None and rank not in self.part.ranks and rank != "annex"):
            part = next((p for p in self.parts() if p.ranks is None or rank in p.ranks), None)
            if part is not None:
                self.enter(part)
        order = self.layout.ranks.index
        self.open = [each for each in self.open if order(each.rank) < order(rank)]

    def _id(self, division: Division) -> tuple[str, str]:
        """Return identifier and citation of a division; a template of identifiers that begins with "/" gets no prefix
        of the part."""
        numbers = {each.rank: each.number for each in [*self.open, division]}
        ids, cite = dict(self.layout.ids), dict(self.layout.cite)
        if self.part and all(
            numbers.get(rank) == number for rank, number in self.part.lettered.items() if rank in numbers
        ):
            ids, cite = ids | self.part.ids, cite | self.part.cite
        name = self.part.names.get(f"{division.rank} {division.number}") if self.part else None
        if name:
            return self.prefix + name, f"{self.name}, {_filled(cite[division.rank], numbers)}"
        made, cited = _filled(ids[division.rank], numbers), _filled(cite[division.rank], numbers)
        return ("" if made.startswith("/") else self.prefix) + made.lstrip("/"), f"{self.name}, {cited}"


def _filled(template: str, numbers: dict[str, str]) -> str:
    """Fill the slots of a template with the numbers of the open divisions, by rank. When a number is missing, return
    the ranks and numbers that are open instead, such as "issue3/objective1"."""
    try:
        return template.format_map(numbers)
    except KeyError:
        return "/".join(f"{rank}{number}" for rank, number in numbers.items())
