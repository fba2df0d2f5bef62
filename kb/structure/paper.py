"""The style of the background paper: hard-wrapped text, numbered and bare headings, bullets, footnotes, numbered
recommendations.

The rules were derived from the file's layout and are described where they are used; none depends on a line number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kb.languages import MAIN
from kb.models import Document, Force, Leftover, Mention, Pages, Passage, Place, Section, Span
from kb.structure.headings import Outline, is_bare_heading
from kb.structure.lift import Break, Lifted, lift
from kb.structure.lines import SourceLine, join, place_of, split_lines
from kb.structure.typos import normalise

_BULLET = re.compile(r"^•\s")
_ITEM = re.compile(r"^(\d)\.\s")
_MARKER = re.compile(r"(?<=[a-z]{3})(\d)(?=\W*$)")
_LETTER = re.compile(r"(?:(?<=\s)|^)([a-h])\)\s")


@dataclass
class PaperBlock:
    """The lines of one unit (heading, paragraph, list item …), before it has an identifier."""

    kind: str
    lines: list[SourceLine] = field(default_factory=list)


def parse(
    pages: Pages,
    *,
    document: str = "paper",
    title: str = "",
    force: Force = Force.EXPERT_RECOMMENDATION,
    cite_as: str = "Background paper",
    levels: Mapping[str, int] | None = None,
    typos: Mapping[str, str] | None = None,
) -> Document:
    """Parse the paper into headings, passages and leftovers that together rebuild the file.

    `levels` gives the level of each heading without a number (the file has no styles, so these are an interpretation);
    `typos` maps printed errors to the forms that replace them in the `normalised` copy. Passage ids are
    `<document>/<section>/p<n>`, `.../i<n>` for list items, `<document>/r<n>` for recommendations and `/a` for their
    parts.
    """
    lines = split_lines(pages.text)
    lifted = lift(lines)
    builder = _Builder(pages, document, force, cite_as, Outline(document, levels or {}), typos or {})
    for block in _blocks(lifted, builder.outline):
        builder.add(block)
    sections = builder.outline.closed(sorted(line.number for line in lines if line.text and line not in lifted.rules))
    builder.add_lifted(lifted, sections)
    place = Place(file=pages.file, sha256=pages.sha256, chars=(0, len(pages.text)), lines=(1, len(lines)))
    return Document(
        id=document,
        title=title,
        force=force,
        language=pages.language or MAIN,
        place=place,
        sections=sections,
        passages=tuple(builder.passages),
        leftovers=tuple(builder.leftovers),
    )


def _blocks(lifted: Lifted, outline: Outline) -> list[PaperBlock]:
    """Return the units in reading order. A second outline tracks headings here, so that list items are not taken for
    headings."""
    blocks: list[PaperBlock] = []
    scout = Outline(outline.document, {})
    nowhere = Place(file="", sha256="")
    for i, (line, gap) in enumerate(lifted.body):
        following = lifted.body[i + 1] if i + 1 < len(lifted.body) else None
        kind = _kind(line, gap, blocks[-1].kind if blocks else "heading", following, scout)
        if kind == "heading":
            scout.enter(line, nowhere)
        if kind:
            blocks.append(PaperBlock(kind, [line]))
        else:
            blocks[-1].lines.append(line)
    return blocks


def _kind(
    line: SourceLine, gap: Break, before: str, following: tuple[SourceLine, Break] | None, outline: Outline
) -> str | None:
    """Return the kind of unit that begins at `line`; None when the line continues the previous unit. `gap` is the break
    before it, `before` the text of the previous line."""
    starts = gap == "hard" or before == "heading"
    if starts and outline.numbered(line.text):
        return "heading"
    if _BULLET.match(line.text):
        return "list-item"
    if starts and _ITEM.match(line.text):
        return "recommendation"
    if not starts:
        return None
    if not outline.sections:
        return "title"
    bare = following and following[1] != "soft" and is_bare_heading(line, following[0])
    tight = following and (following[1] == "none" or _turns_page(line, following))
    return "heading" if bare and tight else "paragraph"


def _turns_page(line: SourceLine, following: tuple[SourceLine, Break]) -> bool:
    """Return whether `following`, directly below `line`, begins a new unit although no empty line separates them: at a
    page turn, or in a heading of two lines."""
    return following[0].number == line.number + 1


def _section_words(path: tuple[str, ...]) -> str:
    """Return the section as citations name it: the nearest numbered heading, and the deepest heading."""
    numbered = [heading for heading in path if heading[0].isdigit()]
    return " > ".join(dict.fromkeys([*numbered[-1:], *path[-1:]]))


class _Builder:
    """Converts units to passages, with identifiers, texts and places."""

    def __init__(
        self, pages: Pages, document: str, force: Force, cite_as: str, outline: Outline, typos: Mapping[str, str]
    ) -> None:
        self.pages, self.document, self.force, self.cite_as = pages, document, force, cite_as
        self.outline, self.typos = outline, typos
        self.passages: list[Passage] = []
        self.leftovers: list[Leftover] = []
        self._counts: dict[str, int] = {}
        self._lead: str | None = None

    def add(self, block: PaperBlock) -> None:
        """Add one unit as a passage, and the parts inside it (letters of a recommendation) as further passages."""
        if block.kind == "heading":
            self._add_heading(block)
            return
        spans, marker = self._spans(block)
        passage = self._passage(block.kind, self._id(block), spans, (block.lines[0].number, block.lines[-1].number))
        if marker:
            passage = passage.model_copy(update={"mentions": (self._marker(marker, passage),)})
        self.passages.append(passage)
        if block.kind in ("paragraph", "recommendation"):
            self._lead = passage.id
        if block.kind == "recommendation":
            self.passages.extend(self._parts(passage, block))

    def _add_heading(self, block: PaperBlock) -> None:
        place = self._place([block.lines[0].span], (block.lines[0].number, block.lines[0].number))
        section = self.outline.enter(block.lines[0], place)
        self._lead = None
        self.passages.append(self._passage("heading", section.id, [block.lines[0].span], place.lines or (0, 0)))

    def _id(self, block: PaperBlock) -> str:
        item = _ITEM.match(block.lines[0].text)
        if block.kind == "recommendation" and item:
            return f"{self.document}/r{item[1]}"
        where, letter = (self._lead, "i") if block.kind == "list-item" and self._lead else (self.outline.locator, "p")
        key = f"{where}/{letter}"
        self._counts[key] = self._counts.get(key, 0) + 1
        return f"{key}{self._counts[key]}"

    def _spans(self, block: PaperBlock) -> tuple[list[Span], re.Match[str] | None]:
        """Return the spans of the unit's text without the first footnote digit at the end of a word, and the match of
        that digit (None without one). The digit is recorded as a leftover."""
        spans = [line.span for line in block.lines]
        for i, line in enumerate(block.lines):
            marker = _MARKER.search(line.text) or re.search(r"(?<=[a-z]{3})(\d)(?=\. )", line.text)
            if marker:
                at = line.span[0] + marker.start()
                self._leave("footnote-marker", (at, at + 1), line.number)
                spans[i : i + 1] = [(spans[i][0], at), (at + 1, spans[i][1])]
                return spans, marker
        return spans, None

    def _marker(self, marker: re.Match[str], passage: Passage) -> Mention:
        word = marker.string[: marker.start()].split()[-1]
        at = passage.text.rfind(word)
        return Mention(
            kind="footnote", text=marker[1], span=(at, at + len(word)), value={"note": f"{self.document}/fn{marker[1]}"}
        )

    def _text(self, spans: list[Span]) -> str:
        text = ""
        for i, (a, b) in enumerate(spans):
            piece = self.pages.text[a:b]
            glued = i > 0 and spans[i - 1][1] == a - 1 and self.pages.text[a - 1].isdigit()
            text = text + piece if glued else join([text, piece])
        return join([text])

    def _place(self, spans: list[Span], lines: Span) -> Place:
        return place_of(spans, lines, self.pages.file, self.pages.sha256)

    def _passage(self, kind: str, id: str, spans: list[Span], lines: Span, parent: str | None = None) -> Passage:
        text = self._text(spans)
        corrected = normalise(text, self.typos)
        return Passage(
            id=id,
            document=self.document,
            kind=kind,
            text=text,
            force=self.force,
            section=self.outline.path,
            citation=self._cite(id, lines),
            place=self._place(spans, lines),
            language=self.pages.language or MAIN,
            parent=parent or (self._lead if kind == "list-item" else None),
            normalised=corrected if corrected != text else None,
        )

    def _cite(self, id: str, lines: Span) -> str:
        locator = id.removeprefix(f"{self.document}/")
        advice = re.fullmatch(r"r(\d)(?:/([a-h]))?", locator)
        if advice:
            where = f"recommendation {advice[1]}" + (f"({advice[2]})" if advice[2] else "")
        else:
            where = _section_words(self.outline.path) or "title page"
        span = f"line {lines[0]}" if lines[0] == lines[1] else f"lines {lines[0]}–{lines[1]}"
        return f"{self.cite_as}, {where}, {span}"

    def _parts(self, passage: Passage, block: PaperBlock) -> list[Passage]:
        """Return the lettered parts of a recommendation as passages: `a) ... b) ...`, each up to the next letter."""
        first, last = block.lines[0].span[0], block.lines[-1].span[1]
        marks = list(_LETTER.finditer(self.pages.text, first, last))
        ends = [m.start() for m in marks[1:]] + [last]
        parts = []
        for mark, end in zip(marks, ends):
            spans = [
                (max(a, mark.start()), min(b, end))
                for a, b in (line.span for line in block.lines)
                if a < end and b > mark.start()
            ]
            inside = [line.number for line in block.lines if line.span[0] < end and line.span[1] > mark.start()]
            parts.append(
                self._passage("sub-item", f"{passage.id}/{mark[1]}", spans, (inside[0], inside[-1]), passage.id)
            )
        return parts

    def _leave(self, kind: str, span: Span, line: int) -> None:
        place = self._place([span], (line, line))
        self.leftovers.append(Leftover(kind=kind, text=self.pages.text[span[0] : span[1]], place=place))

    def add_lifted(self, lifted: Lifted, sections: Sequence[Section]) -> None:
        """Add footnotes as passages of the section in which they are printed, and page numbers and rules as
        leftovers."""
        for line in lifted.notes:
            around = [s.path for s in sections if s.lines and s.lines[0] <= line.number <= s.lines[1]]
            number, where = line.text.split()[0], (line.number, line.number)
            note = self._passage("footnote", f"{self.document}/fn{number}", [line.span], where)
            cite = f"{self.cite_as}, footnote {number}, line {line.number}"
            self.passages.append(note.model_copy(update={"section": around[-1] if around else (), "citation": cite}))
        for kind, lines in (("page-number", lifted.page_numbers), ("rule", lifted.rules)):
            for line in (x for x in lines if x.text):
                self._leave(kind, line.span, line.number)
