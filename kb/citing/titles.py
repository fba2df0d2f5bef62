"""Match titles that are typed beside a place with those that are printed: "Issue 4: Access to knowledge, education and
training"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from kb.citing.holdings import Holdings
from kb.citing.typed import CitationPart
from kb.languages import MAIN, with_labels

_NUMBER = re.compile(
    r"(?:(?:issue|commitment|priority direction|chapter|objective) )?(?:[a-l]|[ivx]+|\d+)(?: \d+)? (?=\S+ \S)"
)
"""The number before a heading, in plain words, followed by two words at least: "j women and the media"."""
_OTHER_LANGUAGE = re.compile(
    r"\b(?P<kind>cuesti[óo]n|tema|question|orientaci[óo]n\s+prioritaria|orientation\s+prioritaire|art[íi]culo"
    r"|artigo|article|p[áa]rrafo|compromiso|engagement|objetivo|objectif|cap[íi]tulo|chapitre)"
    r"\s+(?:[IVX]+|\d+)(?:[.-]?\d+|\(\w+\))*"
    r"\s*[:–—-]\s*[\"«]?(?P<title>[^\d:;,()\"»]+(?:,[^\d:;,()\"»]+)*)[\"»]?\s*(?=[,;(]|$)",
    re.IGNORECASE,
)
"""A place by its Spanish or French word with its number, and the title behind it."""
_FRENCH = re.compile(r"\b(?:de|du|des|la|le|les|et|aux?|pour|sur|en)\b|\b[dl]['’]|[àâçèéêëîïôœùû]", re.IGNORECASE)
"""Small words, and letters with accents, that show that a title is French."""


def plain(text: str) -> str:
    """Return the words of a text in lower case, without punctuation."""
    return " ".join(re.findall(r"[\w'’-]+", text.lower()))


def titles(id: str, holdings: Holdings) -> list[str]:
    """Return the titles that the register has for a place and the places above it, innermost first, normalised by
    `plain`."""
    found: list[str] = []
    seen: set[str] = set()
    above: str | None = id
    while above and above not in seen:
        seen.add(above)
        entry = holdings.entry(above)
        found += [plain(entry.heading)] if entry and entry.heading else []
        above = (entry.parent if entry and entry.parent else None) or holdings.above(above)
    return found


def by_title(ids: list[str], typed: str, holdings: Holdings) -> list[str]:
    """Return those places `ids` whose own title was also typed ("Issue 4: Access to knowledge"); all of them if no
    title was."""
    words = plain(typed)
    return [id for id in ids if any(each in words for each in titles(id, holdings)[:1])] or ids


def titled(
    part: CitationPart, places_in: Callable[[str], Sequence[str]], register: Iterable[str], holdings: Holdings
) -> CitationPart:
    """Find the instrument of a part of a citation that names none, by the title typed beside its place.

    `places_in` returns the places that may be meant in one instrument. The part is returned unchanged unless exactly
    one title was typed in full. Single words of a title do not suffice: "Third World Conference on Women, para 58"
    cites another document, although "Women and poverty" is the title above paragraph 58 of an installed one.
    """
    if part.instrument is not None or not part.words:
        return part
    words, typed = {word.lower() for word in part.words}, plain(part.text)
    found = [
        instrument
        for instrument in register
        for id in places_in(instrument)
        if holdings.entry(id) and (own := titles(id, holdings)[:1]) and words <= set(own[0].split()) and own[0] in typed
    ]
    return replace(part, instrument=found[0]) if len(found) == 1 else part


def is_typed(heading: str, typed: str) -> bool:
    """Return whether a heading, as `plain` words, was typed in full, with or without its number."""
    match = _NUMBER.match(heading)
    return (heading[match.end() :] if match else heading) in plain(typed)


def words_typed(headings: Iterable[Iterable[str]], text: str) -> set[str]:
    """Return the words of those headings that were typed in full."""
    return {word for each in headings for heading in each if is_typed(heading, text) for word in heading.split()}


def in_other_language(part: CitationPart, left: Sequence[str], here: Iterable[str]) -> str:
    """Return a Spanish or French title typed after a place with its number; '' when there is none.

    All words `left` must be in the title, and `here`, the languages of the passages found, must all be English:
    "Cuestión 3: Abandono, maltrato y violencia (orientación prioritaria III)" without the Spanish text.
    """
    match = _OTHER_LANGUAGE.search(part.text)
    if not match or not left or (set(with_labels()) - {MAIN}) & set(here):
        return ""
    before = plain(part.text[: match.start()])
    title = match["title"].strip(" ,")
    if not before and set(left) & set(part.beside):
        title = title.rpartition(",")[0]  # without a comma, the name after these words continues them
    if match["kind"].lower() == "article" and not _FRENCH.search(title):
        return ""  # an English word too: "Article 12: Robots" names another article
    return title if {word.lower() for word in left} <= set(plain(title).split()) else ""
