"""The style of policies and of all documents without a style of their own: the reader's paragraphs, with identifiers.

The id of a passage is `<document>/<locator>` when the file itself gives ids, `<document>/p<page>/<n>` when it has
pages, else `<document>/s-<section>/<n>`. Pieces of a long paragraph are `<id>-2`, `<id>-3`, and the first piece is
their parent. Passages and leftovers together contain every paragraph.

Numbers: ranks of numbers as in `kb.read.numbering`; 99 is below all of them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field

from kb.languages import MAIN
from kb.models import Box, Document, Force, Leftover, Pages, Paragraph, Passage, Place, Section, Span
from kb.read.formats import LINED
from kb.read.numbering import Number, number_of
from kb.structure.pieces import pieces
from kb.structure.section_numbers import Sections
from kb.text import slug, squeeze

KINDS = {"note": "footnote"}
_WIDE = re.compile(r"\s{2,}")
_QUOTED = re.compile(r"[*_\s\\]*[“”\"«„]")
LEAD_ENDS = (":", "—", "–", ",", ";", "-", "：")


@dataclass(slots=True)
class _ParserState:
    """The state of the parser between two paragraphs: its input, the open article, heading and list items, and the
    passages, sections and leftovers so far."""

    pages: Pages
    document: str
    title: str
    force: Force
    notes: tuple[str, ...]
    file: str
    counts: Counter = field(default_factory=Counter)
    article: str | None = None
    article_above: int = 99  # below all levels
    heading: str | None = None
    lead: str | None = None
    items: list[tuple[str, str, str]] = field(default_factory=list)
    section_ids: Counter = field(default_factory=Counter)
    starts: list[int] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    numbered: Sections | None = None
    inside: str = ""


def parse(
    pages: Pages,
    *,
    document: str,
    title: str,
    force: Force = Force.NATIONAL_MEASURE,
    language: str | None = None,
    notes: tuple[str, ...] = (),
    file: str | None = None,
) -> Document:
    """Convert `pages` to a Document. `notes` (such as 'draft') are added to every passage; `file` replaces the file's
    path in places."""
    state = _ParserState(pages, document, title, force, notes, file or pages.file)
    state.numbered = Sections(pages)
    state.starts = [0, *(m.end() for m in re.finditer("\n", pages.text))]
    for paragraph in pages.paragraphs:
        _add(state, paragraph)
    leftovers = tuple(Leftover(kind=p.kind, text=p.text, place=_place(state, p, p.chars)) for p in pages.leftovers)
    place = Place(file=state.file, sha256=pages.sha256, chars=(0, len(pages.text)))
    return Document(
        id=document,
        title=title,
        force=force,
        language=language or pages.language or MAIN,
        place=place,
        sections=tuple(state.sections),
        passages=tuple(state.passages),
        leftovers=leftovers,
    )


def _add(state: _ParserState, p: Paragraph) -> None:
    """Add paragraph `p` to the state: as one passage, or when it is long, as one passage for each piece."""
    number = number_of(p.text) if p.kind not in ("table-row", "note") else None
    if p.kind == "heading":
        _section(state, p)
    _article(state, p, number)
    first = _id(state, p)
    parent = _parent(state, p, number, first)
    if state.numbered:
        state.inside = state.numbered.follow(p, number, [text for _, text, _ in state.items])
    raw = state.pages.text[p.chars[0] : p.chars[1]] if p.chars else p.text
    spans = pieces(raw, p.language) if p.kind in ("paragraph", "list-item", "note") else [(0, len(raw))]
    for n, span in enumerate(spans, 1):
        chars = (p.chars[0] + span[0], p.chars[0] + span[1]) if p.chars else None
        text = p.text if len(spans) == 1 else squeeze(raw[span[0] : span[1]])
        state.passages.append(
            Passage(
                id=first if n == 1 else f"{first}-{n}",
                document=state.document,
                kind=KINDS.get(p.kind, p.kind),
                text=text,
                citation=_citation(state, p),
                force=state.force,
                section=p.section,
                place=_place(state, p, chars),
                parent=parent if n == 1 else first,
                number=p.number if n == 1 else _item_number(text),
                language=p.language or state.pages.language or MAIN,
                notes=_notes(state, p),
                verified="source" if p.confidence is None else "unverified",
            )
        )


def _item_number(text: str) -> str | None:
    """Return the number of a piece of a paragraph that is a list item, or None."""
    number = number_of(text)
    return number.text if number is not None and number.form in ("arabic", "letter") else None


def _id(state: _ParserState, p: Paragraph) -> str:
    """Return the passage's identifier, which depends only on the bytes of the file."""
    if p.locator:
        state.counts[p.locator] += 1
        return f"{state.document}/{p.locator}" + (f"/{state.counts[p.locator]}" if state.counts[p.locator] > 1 else "")
    if p.page is not None:
        key = f"p{p.page}"
    else:
        path = (*p.section, p.text) if p.kind == "heading" else p.section
        key = f"s-{slug(path[-1])}" if path and slug(path[-1]) else "p1"
        if p.kind == "heading" and state.counts[key]:
            state.section_ids[key] += 1
        if state.section_ids[key]:
            key = f"{key}-{state.section_ids[key] + 1}"
    state.counts[key] += 1
    return f"{state.document}/{key}/{state.counts[key]}"


def _section(state: _ParserState, p: Paragraph) -> None:
    """Add a heading as a section, and close the open list."""
    n = len(state.sections) + 1
    state.sections.append(
        Section(
            id=f"{state.document}/section-{n}",
            heading=p.text,
            level=p.level or len(p.section) + 1,
            path=(*p.section, p.text),
            place=_place(state, p, p.chars),
        )
    )
    state.lead, state.items = None, []


def _article(state: _ParserState, p: Paragraph, number: Number | None) -> None:
    """Update the current article: a number of an article sets it, a heading of the same or a higher rank ends it."""
    named = number is not None and number.form in ("article", "section") and p.kind in ("heading", "paragraph")
    if number is not None and named and not (_QUOTED.match(p.text) and not _follows(number.text, state.article)):
        state.article, state.article_above = number.text, number.above
    if p.kind == "heading":
        state.heading = number.text if number is not None and number.form in ("arabic", "decimal") else None
    if p.kind == "heading" and not named and (number is None or number.above < state.article_above):
        # the level of an article in `kb.read.numbering`
        state.article = None if number is not None or p.level is None or p.level < 6 else state.article


def _follows(number: str, article: str | None) -> bool:
    """Return whether the number in `number` equals that of `article` or is one more: 6-A or 7 after 6. A larger number
    is that of an article quoted from another law. False when either has no number."""
    now, then = (re.search(r"\d+", each or "") for each in (number, article))
    return now is not None and then is not None and int(now.group()) - int(then.group()) in (0, 1)


def _parent(state: _ParserState, p: Paragraph, number: Number | None, own: str) -> str | None:
    """Return the id of the parent of a list item: the item above it with a higher form of number, else the paragraph
    that introduces the list. None for other paragraphs. `own` is the passage's id."""
    if p.kind == "heading" or p.kind in ("note", "table-row"):
        return None
    form = _form(number, state.items)
    if p.kind != "list-item" and form not in ("letter", "small-roman", "bullet"):
        state.items = []
        state.lead = own if p.text.rstrip().endswith(LEAD_ENDS) else None
        return None
    known = [i for i, (f, _, _) in enumerate(state.items) if f == form]
    if known:
        del state.items[known[0] :]
    above = state.items[-1][2] if state.items else state.lead
    state.items.append((form, number.text if number else "", own))
    return above


def _form(number: Number | None, items: list[tuple[str, str, str]]) -> str:
    """Return the form of an item's number, given the open list items; `(i)` after `(h)` and `C)` after `B)` are
    letters, not Roman numerals. '' for no number."""
    if number is None:
        return ""
    letter = number.text.strip("()")
    if number.form in ("small-roman", "roman") and len(letter) == 1:
        for form, text, _ in reversed(items):
            if form in ("letter", "capital") and ord(letter) - ord(text.strip("()")[-1:] or " ") == 1:
                return form
    return number.form


def _citation(state: _ParserState, p: Paragraph) -> str:
    """Return the citation, made only of what the source prints: title, article or section, the passage's own number,
    page."""
    parts = [state.title]
    inside = "" if state.article else state.inside
    if state.article:
        parts.append(state.article)
    elif inside:
        parts.append(inside)
    elif state.heading and p.kind != "heading" and not (p.number or "(").isdigit():
        parts.append(state.heading)
    if p.kind == "note":
        parts.append(f"footnote {p.number}" if p.number else "footnote")
    elif p.number and p.number != state.article and not inside:
        parts.append(f"“{p.number}”" if _QUOTED.match(p.text) else p.number)
    if p.page is not None:
        parts.append(f"p. {p.page}")
    elif not state.article and p.section:
        above = p.section[-1].removeprefix(f"{state.numbered.bare} ") if inside and state.numbered else p.section[-1]
        parts.append(f"“{above}”")
    return ", ".join(parts)


def _notes(state: _ParserState, p: Paragraph) -> tuple[str, ...]:
    """Return the notes on this passage for its reader: without marks of footnotes, and with the confidence of OCR."""
    notes = (*state.notes, *(note for note in p.notes if " " in note))
    if p.confidence is None:
        return notes
    return (*notes, f"read by OCR, confidence {p.confidence:.2f}")


def _place(state: _ParserState, p: Paragraph, chars: Span | None) -> Place:
    """Return the place of a paragraph; it has line numbers only when `chars` are offsets into the text of the file
    itself."""
    lines = None
    if chars and state.pages.type in LINED:
        lines = (bisect_right(state.starts, chars[0]), bisect_right(state.starts, max(chars[0], chars[1] - 1)))
    boxes: tuple[Box, ...] = p.boxes
    return Place(
        file=state.file,
        sha256=state.pages.sha256,
        chars=chars,
        lines=lines,
        page=p.page,
        boxes=boxes,
        pieces=_runs(state.pages.text, chars) if chars else (),
    )


def _runs(source: str, chars: Span) -> tuple[Span, ...]:
    """Return the spans within `chars` between gaps of two or more white-space characters, so that offsets in normalised
    text can be mapped to the source; () when there is no such gap."""
    gaps = [m.span() for m in _WIDE.finditer(source, *chars)]
    edges = [chars[0], *(edge for gap in gaps for edge in gap), chars[1]]
    return tuple((a, b) for a, b in zip(edges[::2], edges[1::2]) if a < b) if gaps else ()
