"""Commentary printed between the provisions of an official text: it is kept apart, so that it is never quoted as the
text."""

from __future__ import annotations

import re
from functools import lru_cache

from kb.structure.blocks import Block
from kb.structure.division_names import labels
from kb.structure.levels import marker


def apart(blocks: list[Block]) -> tuple[list[Block], list[Block]]:
    """`(text, commentary)` of blocks in order: from a label such as "Commentary:" up to the next article, heading or
    number."""
    text: list[Block] = []
    commentary: list[Block] = []
    inside = False
    for block in blocks:
        if _label().match(block.text) and block.role != "noise":
            inside = True
        elif inside and _opens(block):
            inside = False
        (commentary if inside else text).append(block)
    return text, commentary


def _opens(block: Block) -> bool:
    """Whether the official text goes on at a block: a heading, an article's label, or a numbered paragraph."""
    found = marker(block.text)
    return (
        block.role in ("heading", "article", "preamble")
        or bool(_article().match(block.text))
        or found is not None
        and found.readings[0].style == "1."
    )


@lru_cache(maxsize=1)
def _label() -> re.Pattern[str]:
    """A label of commentary: alone on its line, or before a colon, full stop or dash."""
    words = "|".join(re.escape(word) for each in labels().values() for word in each.commentary)
    return re.compile(
        rf"\s*[\[(]?(?:{words})(?:\s+(?:on|to|sobre|al|sur|à)\s[^:.\n]{{1,60}})?\s*(?:[:.—–\])]|-\s|$)", re.IGNORECASE
    )


@lru_cache(maxsize=1)
def _article() -> re.Pattern[str]:
    """An article's label at the head of a block."""
    forms = "|".join(
        re.escape(form).replace(r"\{n\}", r"\w{1,6}").replace(r"\ ", r"\s+")
        for each in labels().values()
        for form in each.article
    )
    return re.compile(rf"\s*(?:{forms})", re.IGNORECASE)
