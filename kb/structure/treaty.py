"""The style of treaties and similar texts: recitals, parts, articles, paragraphs, letters, sub-letters, annexes and
protocols.

Identifiers: `crpd/preamble/e`, `crpd/art4/1/a`. `crpd/art1` is the text of article 1 that is in no numbered paragraph,
and `crpd/art1/heading` its heading; when all its text is numbered, as in article 33, `crpd/art33` is the heading. Text
after the end of a list is `.../tail`. Numbers are those printed; when one language of a bilingual file prints none,
they are copied from the parallel paragraphs of the other, and a note says so.
"""

from __future__ import annotations

from kb.languages import MAIN
from kb.models import Document, Force, Pages
from kb.structure.drafts import DocumentWriter
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
    """Parse the treaty in one language of a source. `short` is its name in citations, by default its id in capitals.

    When a file contains several instruments, the one with most articles is the document itself; a protocol is under
    `op/`, an adopting resolution under `resolution/`, an approval law under `act/`, other annexes under `annex/`.
    """
    source = as_pages(pages, file, sha256)
    parser = TreatyReader(language, short or document.upper())
    blocks, asides = own_blocks(source, language)
    parser.asides += asides
    parser.read(components(scan(blocks)))
    writer = DocumentWriter(source, document, title, force, language)
    return writer.write(parser.drafts, parser.asides, parser.sections(document))
