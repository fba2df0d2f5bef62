"""Build a document from drafts of passages, with their places in the source; all other text becomes leftovers, so that
nothing is lost."""

from __future__ import annotations

import html
from bisect import bisect_right
from dataclasses import dataclass, field

from kb.models import Box, Document, Force, Leftover, Pages, Passage, Place, Section, Span
from kb.read.formats import LINED
from kb.structure.blocks import Block, runs
from kb.text import bare

RECOGNISED = "Recognised in a picture by a machine (OCR): compare it with the page before it is quoted."
_TEXT_TYPES = LINED | {"json", "html"}  # in the styles of treaties and resolutions


@dataclass
class PassageDraft:
    """A passage while it is collected: its locator inside the document and the blocks with its text."""

    locator: str
    kind: str
    citation: str
    number: str | None = None
    parent: str | None = None
    section: tuple[str, ...] = ()
    blocks: list[Block] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    part: str | None = None
    duty_bearer: str | None = None


@dataclass
class Aside:
    """Text of the source that is in no passage; `kind` is the reason."""

    kind: str
    block: Block


class DocumentWriter:
    """Converts the drafts and asides of one source to a Document."""

    def __init__(self, pages: Pages, document: str, title: str, force: Force, language: str) -> None:
        self.pages, self.document, self.title, self.force, self.language = pages, document, title, force, language
        self._recognised = [p.chars for p in pages.paragraphs if p.confidence is not None and p.chars]
        self._breaks = [at for at, char in enumerate(pages.text) if char == "\n"]

    def write(self, drafts: list[PassageDraft], asides: list[Aside], sections: tuple[Section, ...] = ()) -> Document:
        """Return the document. Drafts without text are dropped; the parent of their children is then the next ancestor
        with text."""
        full = sorted((draft for draft in drafts if draft.blocks), key=lambda draft: draft.blocks[0].at[0][0])
        parents = _parents(drafts)
        passages = tuple(self._passage(draft, parents) for draft in full)
        used = [piece for draft in full for block in draft.blocks for piece in block.pieces]
        return Document(
            id=self.document,
            title=self.title,
            force=self.force,
            language=self.language,
            place=self._place(((0, len(self.pages.text)),)),
            sections=sections,
            passages=passages,
            leftovers=self._leftovers(used, asides),
        )

    def _passage(self, draft: PassageDraft, parents: dict[str, str | None]) -> Passage:
        """Return the passage of a draft; `parents` has by locator the nearest ancestor with text."""
        parent = parents[draft.locator]
        pieces = runs(sorted(piece for block in draft.blocks for piece in block.pieces))
        guessed = any(start < end_ and start_ < end for start, end in pieces for start_, end_ in self._recognised)
        return Passage(
            id=f"{self.document}/{draft.locator}",
            document=self.document,
            kind=draft.kind,
            text="\n".join(block.text for block in draft.blocks),
            citation=draft.citation,
            force=self.force,
            section=draft.section,
            place=self._place(pieces, draft.blocks),
            number=draft.number,
            parent=f"{self.document}/{parent}" if parent else None,
            language=self.language,
            notes=(*draft.notes, *([RECOGNISED] if guessed else [])),
            part=draft.part,
            duty_bearer=draft.duty_bearer,
            verified="unverified" if guessed else "source",
        )

    def _place(self, pieces: tuple[Span, ...], blocks: list[Block] | tuple[Block, ...] = ()) -> Place:
        """Return the place that covers these spans of the source, with pages and boxes of the blocks."""
        start, end = pieces[0][0], pieces[-1][1]
        lines = (self._line(start), self._line(max(start, end - 1))) if self.pages.type in _TEXT_TYPES else None
        boxes: tuple[Box, ...] = tuple(box for block in blocks for box in block.boxes)
        return Place(
            file=self.pages.file,
            sha256=self.pages.sha256,
            chars=(start, end),
            lines=lines,
            page=blocks[0].page if blocks else None,
            boxes=boxes,
            pieces=pieces if len(pieces) > 1 else (),
        )

    def _line(self, at: int) -> int:
        """Return the 1-based number of the line that contains an offset."""
        return bisect_right(self._breaks, at - 1) + 1

    def _leftovers(self, used: list[Span], asides: list[Aside]) -> tuple[Leftover, ...]:
        """Return all text that is in no passage (`used`: spans of passages), with the kind of its aside, or else
        'markup'."""
        source = self.pages.text
        named = [(piece, aside.kind) for aside in asides for piece in aside.block.pieces]
        taken = runs(sorted([*used, *(piece for piece, _ in named)]))
        gaps = zip((0, *(end for _, end in taken)), (*(start for start, _ in taken), len(source)))
        rest = [((start, end), "markup") for start, end in gaps if source[start:end].strip()]
        inside = tuple(
            Leftover(kind=kind, text=source[start:end], place=self._place(((start, end),)))
            for (start, end), kind in sorted(named + rest)
        )
        return inside + tuple(
            Leftover(
                kind=each.kind,
                text=each.text,
                place=Place(file=self.pages.file, sha256=self.pages.sha256, page=each.page, boxes=each.boxes),
            )
            for each in self.pages.leftovers
            if each.chars is None
        )


def _parents(drafts: list[PassageDraft]) -> dict[str, str | None]:
    """Return for the locator of each draft that of the nearest ancestor with text, or None."""
    by_locator = {draft.locator: draft for draft in drafts}
    found: dict[str, str | None] = {}
    for draft in drafts:
        parent = by_locator.get(draft.parent) if draft.parent else None
        while parent is not None and not parent.blocks:
            parent = by_locator.get(parent.parent) if parent.parent else None
        found[draft.locator] = parent.locator if parent else None
    return found


def pieces_of(place: Place) -> tuple[Span, ...]:
    """Return the spans of a place in the source; () when it has none."""
    return place.pieces or ((place.chars,) if place.chars else ())


def rebuild(document: Document) -> list[Span]:
    """Return all spans of passages and leftovers, sorted; together they must cover the source without overlap."""
    places = [*(each.place for each in document.passages), *(each.place for each in document.leftovers)]
    spans = [span for place in places for span in pieces_of(place)]
    return sorted(spans)


def lost(document: Document, source: str) -> list[str]:
    """Return descriptions of the differences between a document and its source: source text in no span, text in two
    spans, passages that differ from the source.

    White space is ignored; an empty list means that passages and leftovers together rebuild the source exactly.
    """
    problems, at = [], 0
    for start, end in [*rebuild(document), (len(source), len(source))]:
        if start < at:
            problems.append(f"characters {start}-{at} stand twice: {source[start:at][:60]!r}")
        elif source[at:start].strip():
            problems.append(f"characters {at}-{start} are nowhere: {source[at:start][:60]!r}")
        at = max(at, end)
    return problems + [
        f"{passage.id} reads otherwise in the source" for passage in document.passages if not _same(passage, source)
    ]


def _same(passage: Passage, source: str) -> bool:
    """Return whether the text of a passage equals the text at its spans in the source, ignoring white space."""
    slices = "".join(source[start:end] for start, end in pieces_of(passage.place))
    return bare(passage.text) in (bare(slices), bare(html.unescape(slices)))
