"""Select the blocks of an official text that are its own text in one language; used for treaties and resolutions."""

from __future__ import annotations

import re

from kb.models import Pages
from kb.structure.bilingual import split
from kb.structure.blocks import Block, blocks_of
from kb.structure.commentary import apart
from kb.structure.drafts import Aside


def as_pages(pages: Pages | str, file: str, sha256: str) -> Pages:
    """Return `pages` unchanged when they come from a reader. A text is wrapped in Pages with the name `file` and the
    hash `sha256`."""
    return pages if isinstance(pages, Pages) else Pages(file=file, sha256=sha256, type=type_of(file, pages), text=pages)


def own_blocks(pages: Pages, language: str) -> tuple[list[Block], list[Aside]]:
    """Return the blocks in `language`, and the asides: text in the other language of a bilingual file, then
    commentary."""
    blocks, others = split(blocks_of(pages), language)
    blocks, remarks = apart(blocks)
    asides = [Aside("other-language", block) for block in others]
    return blocks, asides + [Aside("commentary", block) for block in remarks]


def type_of(file: str, text: str) -> str:
    """Return the type of a text (json, html, markdown or text), detected from its content and the suffix of `file`."""
    head = text[:2000].lstrip()
    if head.startswith(("{", "[")):
        return "json"
    if re.match(r"<(!doctype|html)", head, re.IGNORECASE):
        return "html"
    return "markdown" if file.endswith((".md", ".markdown")) else "text"
