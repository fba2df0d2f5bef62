"""The style of resolutions, declarations and plans of action: numbered paragraphs under headings, below which numbering
restarts.

Identifiers: `beijing/para205/a`, `beijing/H.2`, `wssd/c4/b`, `mipaa/I.7/obj1/a`; a part with its own paragraph numbers
adds its name (`wssd/decl/para5`). Paragraphs without a number are identified by their position under the heading
(`.../p2`). Letters belong to the numbered paragraph above them or, directly after a heading, to its commitment or
objective. A line such as "By Governments:" sets the duty-bearer of the paragraphs after it; after "at the international
level, we will:" the letters begin again.
"""

from __future__ import annotations

from kb.languages import MAIN
from kb.models import Document, Force, Pages
from kb.structure.divisions import Divisions
from kb.structure.drafts import DocumentWriter
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
    """Parse a resolution. `short` is its name in citations, used when the layout of the document gives none."""
    source = as_pages(pages, file, sha256)
    layout = layouts()
    reader = ResolutionReader(layout, document, Divisions(layout, document, short or document.upper()))
    blocks, asides = own_blocks(source, language)
    reader.asides += asides
    reader.divisions.expect(blocks)
    for at, (block, after) in enumerate(zip(blocks, [*blocks[1:], None])):
        reader.read(at, block, after)
    reader.finish()
    return DocumentWriter(source, document, title, force, language).write(
        reader.drafts, reader.asides, tuple(reader.sections)
    )
