"""Separate commentary that is printed between the provisions of an official text, so that it is never quoted as that
text."""

from __future__ import annotations

import re
from functools import lru_cache

from kb.structure.blocks import Block
from kb.structure.division_names import division_labels
from kb.structure.levels import Marker, marker


def apart(blocks: list[Block]) -> tuple[list[Block], list[Block]]:
    """Split blocks into `(official text, commentary)`.

    Commentary extends from a label such as "Commentary:" to the next article, heading or number, or to the letter that
    follows the last letter of the official text.
    """
    text: list[Block] = []
    commentary: list[Block] = []
    inside = False
    last: Marker | None = None
    own, remark = False, ""
    for block in blocks:
        found = marker(block.text)
        label = _label().match(block.text) if block.role != "noise" else None
        if label:
            inside, own, remark = True, False, block.text[label.end() :].rstrip()
        elif inside and (_opens(block) or not own and (_follows(last, found) or _begins(found, remark))):
            inside = False
        elif inside:
            own, remark = own or found is not None, ""  # the commentary continues, or has numbers of its own
        if not inside and found is not None:
            last = found
        (commentary if inside else text).append(block)
    return text, commentary


def _begins(found: Marker | None, remark: str) -> bool:
    """Return whether a list of the official text begins after a one-line commentary `remark`; `found` is the number at
    the start of the list, or None.

    A list begins only if the remark ends in a full stop: otherwise the remark announces a list of its own.
    """
    return remark.endswith((".", "!", "?")) and found is not None and any(each.order == 1 for each in found.readings)


def _follows(last: Marker | None, found: Marker | None) -> bool:
    """Return whether the number or letter `found` is the next one after `last`, in any of their interpretations
    (letter, Roman numeral). False when one of them is None."""
    return (
        last is not None
        and found is not None
        and any(a.style == b.style and b.order == a.order + 1 for a in last.readings for b in found.readings)
    )


def _opens(block: Block) -> bool:
    """Return whether the official text resumes at this block: it is a heading, an article's label, or a numbered
    paragraph."""
    found = marker(block.text)
    return (
        block.role in ("heading", "article", "preamble")
        or bool(_article().match(block.text))
        or found is not None
        and found.readings[0].style == "1."
    )


@lru_cache(maxsize=1)
def _label() -> re.Pattern[str]:
    """Return the pattern of a commentary label: alone on its line, or before a colon, full stop or dash."""
    words = "|".join(re.escape(word) for each in division_labels().values() for word in each.commentary)
    return re.compile(
        rf"\s*[\[(]?(?:{words})(?:\s+(?:on|to|sobre|al|sur|à)\s[^:.\n]{{1,60}})?\s*(?:[:.—–\])]|-\s|$)", re.IGNORECASE
    )


@lru_cache(maxsize=1)
def _article() -> re.Pattern[str]:
    """Return the pattern of an article's label at the start of a block."""
    forms = "|".join(
        re.escape(form).replace(r"\{n\}", r"\w{1,6}").replace(r"\ ", r"\s+")
        for each in division_labels().values()
        for form in each.article
    )
    return re.compile(rf"\s*(?:{forms})", re.IGNORECASE)
