"""Resolutions, declarations and plans of action: numbered paragraphs under headings whose numbering restarts.

Identifiers: `beijing/para205/a`, `beijing/H.2`, `wssd/c4/b`, `mipaa/I.7/obj1/a`; a part that numbers its paragraphs on
its own has its name in between (`wssd/decl/para5`). Paragraphs without a number are told by their place under what
stands above them (`.../p2`), and have no number. Letters belong to the numbered paragraph above them, or, where a
heading has come since, to the heading's commitment or objective. A line such as "By Governments:" gives the
duty-bearer of what follows; "at the international level, we will:" opens a second run.
"""

from __future__ import annotations

from kb.languages import MAIN
from kb.models import Document, Force, Pages
from kb.structure.bilingual import split
from kb.structure.blocks import blocks_of
from kb.structure.commentary import apart
from kb.structure.divisions import Divisions
from kb.structure.drafts import Aside, Writer
from kb.structure.layouts import layouts
from kb.structure.resolution_reader import ResolutionReader
from kb.structure.treaty import type_of


def parse(
    pages: Pages | str,
    *,
    document: str,
    title: str,
    force: Force = Force.POLITICAL_COMMITMENT,
    file: str = "",
    sha256: str = "",
    language: str = MAIN,
    short: str | None = None,
) -> Document:
    """The resolution in a source. `short` is how citations name it where the layout of the document says nothing."""
    if not isinstance(pages, Pages):
        pages = Pages(file=file, sha256=sha256, type=type_of(file, pages), text=pages)
    layout = layouts()
    reader = ResolutionReader(layout, document, Divisions(layout, document, short or document.upper()))
    blocks, others = split(blocks_of(pages), language)
    blocks, remarks = apart(blocks)
    reader.asides += [Aside("other-language", block) for block in others]
    reader.asides += [Aside("commentary", block) for block in remarks]
    reader.divisions.expect(blocks)
    for at, (block, after) in enumerate(zip(blocks, [*blocks[1:], None])):
        reader.read(at, block, after)
    reader.finish()
    return Writer(pages, document, title, force, language).write(reader.drafts, reader.asides, tuple(reader.sections))
