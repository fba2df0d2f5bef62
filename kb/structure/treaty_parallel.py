"""Detect headings under labels, and copy numbers that only the other language of a bilingual file prints.

Some files print "1." and "(a)" in one language and bare paragraphs in the other. Where the paragraphs of an article
match one to one, the numbers are copied; otherwise the paragraphs stay without numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kb.structure.blocks import Block
from kb.structure.levels import Marker, inline_starts, marker
from kb.structure.treaty_scan import Token

HEADING_LENGTH = 150  # characters; the longest article heading among the ten treaties tested has 98
_ENDS = re.compile(r"[.:;,。：；，]\s*$")
_RUN_ON = re.compile(r"(?<=[a-z)][.;:])(?=[A-Z\"“(])")


def is_heading(token: Token, after: list[Token]) -> bool:
    """Return whether the first text after a label is its heading: it is marked as one, or is short, without final
    punctuation, and followed by text (`after`)."""
    text = token.block.text
    if token.block.role == "heading":
        return marker(text) is None and not text.endswith(".")
    return bool(after) and len(text) <= HEADING_LENGTH and not _ENDS.search(text) and marker(text) is None


@dataclass(frozen=True)
class NumberedToken(Token):
    """A token whose number is printed only in the other language of the file."""

    borrowed: Marker | None = None


def borrowed_number(token: Token) -> Marker | None:
    """Return the number that was copied to a token from its parallel text, or None."""
    return getattr(token, "borrowed", None)


def has_no_number(token: Token) -> bool:
    """Return whether a token has neither a printed nor a copied number."""
    return marker(token.block.text) is None and borrowed_number(token) is None


def numbered(mine: list[Token], group: list[Token]) -> list[Token]:
    """Return the tokens `mine`, with numbers copied from the parallel text in the other language (in `group`).

    Numbers are copied only if the parallel text prints more of them and the paragraphs match one to one; otherwise
    `mine` is returned unchanged.
    """
    slots = _parallel_slots(mine, group)
    for words in (mine, [part for token in mine for part in _run_on(token)]):
        printed = [marker(token.block.text) for token in words]
        if len(slots) == len(words) and sum(map(bool, slots)) > sum(map(bool, printed)) and _agree(printed, slots):
            return [
                NumberedToken(token.kind, token.block, token.number, token.words, slot)
                for token, slot in zip(words, slots)
            ]
    return mine


def lacks_numbers(body: list[Token], group: list[Token]) -> bool:
    """Return whether the parallel text in `group` has paragraph numbers that could not be copied to `body`, so that its
    letters may be one level too high."""
    slots = [slot for slot in _parallel_slots(body, group) if slot and slot.readings[0].style == "1."]
    printed = any(found.readings[0].style == "1." for token in body if (found := marker(token.block.text)))
    return bool(slots) and not printed and not any(borrowed_number(token) for token in body)


def _parallel_slots(mine: list[Token], group: list[Token]) -> list[Marker | None]:
    """Return the numbers in `group` of the other language's text under the same label, None for a paragraph without
    one."""
    parallel = [
        token
        for token in group
        if token.block.language
        and token not in mine
        and token.kind == "text"
        and token.block.language not in {each.block.language for each in mine}
    ]
    titled = bool(parallel) and is_heading(parallel[0], parallel[1:])
    return _slots([token.block for token in parallel[titled:]])


def _agree(printed: list[Marker | None], slots: list[Marker | None]) -> bool:
    """Return whether the numbers agree at all positions at which both languages print one."""
    return all(
        own.readings[-1].number == other.readings[-1].number for own, other in zip(printed, slots) if own and other
    )


def _run_on(token: Token) -> list[Token]:
    """Split a token where one paragraph follows another without a space: "... status.States Parties ..."."""
    cuts = [match.end() for match in _RUN_ON.finditer(token.block.text)]
    return [replace(token, block=token.block.part(start, end)) for start, end in zip([0, *cuts], [*cuts, None])]


def _slots(parallel: list[Block]) -> list[Marker | None]:
    """Return the numbers of a parallel text in order, None for a paragraph without one."""
    found: list[Marker | None] = []
    for block in parallel:
        found += [marker(block.text[start:]) for start in (0, *inline_starts(block.text))]
    return found
