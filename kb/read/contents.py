"""Find tables of contents, with or without page numbers ("Arrangement of sections"): the words of their entries occur
again further below."""

from __future__ import annotations

import re
from collections import Counter

from kb.read.draft import Draft
from kb.read.layout.titles import is_contents_title, plain
from kb.read.numbering import number_of
from kb.text import visible

LONGEST = 200
"""Maximum number of characters of an entry that is examined: two lines of print."""
PAGED = re.compile(r"(.*[^\W\d_].*?)(?:[\s|]+|[\s.…·_|]{3,})(\d{1,3})\s*\|?", re.DOTALL)
"""Matches an entry of a table of contents: words, then a page number."""
ENTRIES = ("paragraph", "heading", "list-item", "table-row")
LEAST = 3
"""Minimum number of entries that must occur again below: two may be chance."""
LEADER = re.compile(r"(?:[.…·_]\s?){4,}\s*(?:\d{1,3}|[ivxlc]{1,6})\s*$", re.IGNORECASE)
"""Matches the dots that lead to a page number, as only tables of contents have them below their title."""
BETWEEN = 3
"""Maximum number of consecutive lines that need not occur again, such as "Section" or the name of a part."""


def mark_contents(drafts: list[Draft]) -> None:
    """Set the kind "contents" on each entry below a contents title whose words also begin a later draft. The table of
    contents ends where its first entry occurs again as a heading."""
    at = 0
    while at < len(drafts):
        if len(drafts[at].text) < 60 and is_contents_title(drafts[at].text):
            at = _mark_from(drafts, at + 1)
        else:
            at += 1
    _mark_paged(drafts)


def _mark_paged(drafts: list[Draft]) -> None:
    """Mark tables of contents without a title: three or more consecutive entries that end in page numbers that never
    decrease, and whose words make up a whole line further below."""
    paged = [PAGED.fullmatch(draft.text[: LONGEST + 1]) if draft.kind in ENTRIES else None for draft in drafts]
    if sum(match is not None for match in paged) < LEAST:
        return
    last_at = {_signs(draft.text): at for at, draft in enumerate(drafts) if len(draft.text) < LONGEST}
    run: list[int] = []
    page = 0
    for at, match in enumerate([*paged, None]):
        entry = match is not None and last_at.get(_signs(match[1]), -1) > at and int(match[2]) >= page
        if entry and match is not None:
            run.append(at)
            page = int(match[2])
            continue
        if len(run) >= LEAST and _lead_to_pages(drafts, run, paged, last_at):
            for each in run:
                drafts[each].kind, drafts[each].level = "contents", None
        run, page = [], 0


def _lead_to_pages(
    drafts: list[Draft], run: list[int], paged: list[re.Match[str] | None], last_at: dict[str, int]
) -> bool:
    """Return whether the numbers at the end of a run of entries can be page numbers: half of the entries are the same
    distance in pages from the heading that they name.

    In a file without pages, numbers of text entries count as page numbers, those of table rows do not. `run` are
    positions in `drafts`, `paged` the matches of page numbers, `last_at` the last position of each text.
    """
    steps: Counter[int] = Counter()
    for at in run:
        match, page = paged[at], drafts[at].page
        if match is None or page is None:
            return drafts[at].kind != "table-row"
        steps[(drafts[last_at[_signs(match[1])]].page or 0) - int(match[2])] += 1
    return 2 * max(steps.values()) >= len(run)


def _mark_from(drafts: list[Draft], start: int) -> int:
    """Mark the entries from position `start`, directly below a contents title; return the position after the last
    one."""
    words = [_words(draft.text) for draft in drafts[start:]]
    begins: dict[str, list[int]] = {}
    for at, text in enumerate(words):
        begins.setdefault(_head(text), []).append(at)
    entries, misses, first = [], 0, ""
    for at, text in enumerate(words):
        if len(drafts[start + at].text) > LONGEST or misses > BETWEEN or first and text == first:
            break
        if any(later > at and words[later].startswith(text) for later in begins.get(_head(text), ())) and text:
            entries.append(at)
            first, misses = first or text, 0
        else:
            misses += 1
    led = sum(bool(LEADER.search(drafts[start + at].text)) for at in entries)
    if len(entries) < LEAST and (not entries or led < len(entries)):
        return start
    for draft in drafts[start : start + entries[-1] + 1]:
        draft.kind, draft.level = "contents", None
    return start + entries[-1] + 1


def _words(text: str) -> str:
    """Return the words of an entry or heading without its number and the page number behind dots, normalised for
    comparison."""
    text = LEADER.sub("", text) if len(text) < LONGEST else text
    number = number_of(visible(text[:LONGEST]))
    return plain(text[number.end : LONGEST] if number else text[:LONGEST])


def _signs(text: str) -> str:
    """Return the letters and digits of an entry or heading, case-folded, for comparison."""
    return "".join(c for c in text.casefold() if c.isalnum())


def _head(text: str) -> str:
    """Return the first two words of a text: the key by which similar texts are looked up."""
    return " ".join(text.split()[:2])
