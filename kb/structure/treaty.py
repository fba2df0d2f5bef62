"""Treaties and their kin: recitals, parts, articles, paragraphs, letters, sub-letters, annexes and protocols.

Identifiers: `crpd/preamble/e`, `crpd/art4/1/a`. An article's own identifier (`crpd/art1`) is the words that stand in no
numbered paragraph, with the heading beside it as `crpd/art1/heading`; where all its words are numbered, as in article
33, it is the heading. Words after the end of a list are `.../tail`. Numbers are those printed; where one language of a
bilingual file prints none, they are read from the parallel paragraphs of the other, and the passage says so.
"""

from __future__ import annotations

from kb.languages import MAIN
from kb.models import Document, Force, Pages
from kb.structure.drafts import Writer
from kb.structure.own_text import as_pages, own_blocks
from kb.structure.treaty_reader import TreatyReader
from kb.structure.treaty_scan import components, scan


def parse(
    pages: Pages | str,
    *,
    document: str,
    title: str,
    force: Force = Force.LEGAL_OBLIGATION,
    file: str = "",
    sha256: str = "",
    language: str = MAIN,
    short: str | None = None,
) -> Document:
    """The treaty in one language of a source. `short` is how citations name it, else the document's id in capitals.

    Several instruments in one file: the one with most articles is the document itself; a protocol stands under `op/`,
    an adopting resolution under `resolution/`, an approval law under `act/`, other annexes under `annex/`.
    """
    source = as_pages(pages, file, sha256)
    parser = TreatyReader(language, short or document.upper())
    blocks, asides = own_blocks(source, language)
    parser.asides += asides
    parser.read(components(scan(blocks)))
    writer = Writer(source, document, title, force, language)
    return writer.write(parser.drafts, parser.asides, parser.sections(document))
