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
from kb.structure.divisions import Divisions
from kb.structure.drafts import Writer
from kb.structure.layouts import layouts
from kb.structure.own_text import as_pages, own_blocks
from kb.structure.resolution_reader import ResolutionReader


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
    source = as_pages(pages, file, sha256)
    layout = layouts()
    reader = ResolutionReader(layout, document, Divisions(layout, document, short or document.upper()))
    blocks, asides = own_blocks(source, language)
    reader.asides += asides
    reader.divisions.expect(blocks)
    for at, (block, after) in enumerate(zip(blocks, [*blocks[1:], None])):
        reader.read(at, block, after)
    reader.finish()
    return Writer(source, document, title, force, language).write(reader.drafts, reader.asides, tuple(reader.sections))
