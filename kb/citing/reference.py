"""The model of a bibliographic reference to a passage, an entry or a whole instrument; used by `kb cite` and `kb
export`.

A passage is part of its instrument: title, authors, date, symbol and type are those of the instrument, and the place
inside it is a pinpoint. Nothing is invented: what is not known of a source is left empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from kb.ids import split
from kb.languages import MAIN
from kb.models import FORCE_WORDS, Force, Model, Passage

if TYPE_CHECKING:
    from kb.citing.cited import Cited

Type = Literal["treaty", "report", "legislation", "document"]
"""Type of the instrument; for reference managers, a resolution or declaration of States is a report of its
conference."""

TYPES: dict[str, Type] = {
    "legal-obligation": "treaty",
    "political-commitment": "report",
    "expert-recommendation": "report",
    "national-measure": "legislation",
}
BODIES = {"legal-obligation": "United Nations General Assembly", "political-commitment": "United Nations"}
"""The body that adopted what States agreed to, where the source names no author."""


class Reference(Model):
    """One item of a reference manager."""

    key: str = Field(description="identifier it is cited by: 'crpd/art33/2', or 'crpd' for the whole instrument")
    document: str = Field(description="identifier of the instrument")
    type: Type
    title: str = Field(description="title of the instrument, never of the passage")
    authors: tuple[str, ...] = Field((), description="bodies or people, each one name as the source states it")
    date: str = Field("", description="ISO date, month or year of adoption")
    symbol: str = ""
    url: str = ""
    language: str = ""
    pinpoints: tuple[str, ...] = Field(
        (), description="places in the instrument: 'art. 33(2)'; several where hits are put together"
    )
    abstract: str = Field("", description="words of the instrument at the pinpoint; only where they are verbatim")
    remarks: tuple[str, ...] = Field(
        (), description="what a reference manager has no field for: force, whose words, place, hash"
    )
    keywords: tuple[str, ...] = ()

    @property
    def pinpoint(self) -> str:
        """All pinpoints on one line, separated by ';'."""
        return "; ".join(self.pinpoints)


def type_of(force: str | None) -> Type:
    """Return the reference type of an instrument with this force."""
    return TYPES.get(force or "", "document")


def authors_of(author: str, force: str | None) -> tuple[str, ...]:
    """Return the author that the source states, without a remark after ';'; or else the body that adopts texts of
    this force; () if unknown."""
    stated = author.split(";")[0].strip() or BODIES.get(force or "", "")
    return (stated,) if stated else ()


def reference_of(found: Cited) -> Reference:
    """Return the reference of a resolved citation."""
    words = " ".join(passage.text for passage in found.passages if passage.kind != "heading") if found.may_quote else ""
    place = place_of(found)
    return Reference(
        key=found.id,
        document=found.instrument,
        type=type_of(found.work_force or found.force),
        title=found.title,
        authors=authors_of(found.author, found.work_force or found.force),
        date=found.date,
        symbol=found.symbol,
        url=found.url,
        language=found.passages[0].language if found.passages else MAIN,
        pinpoints=(place,) if place else (),
        abstract=words,
        remarks=(found.identifier, force_words(found.force)),
    )


def force_words(force: Force | None) -> str:
    """Return the label of the force; '' for None."""
    return FORCE_WORDS.get(force or "", "")


def place_of(found: Cited) -> str:
    """Return the place inside the source without the source's name: 'art. 33(2)' of 'CRPD art. 33(2)'."""
    return found.place if found.place is not None else pinpoint_of(found.id, found.identifier)


def pinpoint_of(id: str, citation: str, name: str = "") -> str:
    """Return the place in a citation, without the name of its document (`name`, or the acronym before the place).

    A name of several words is kept, because it tells which part of the document is meant. '' for a whole document.

    >>> pinpoint_of("crpd/art33/2", "CRPD art. 33(2)")
    'art. 33(2)'
    >>> pinpoint_of("wssd/poa/IV.E", "Copenhagen Programme of Action, ch. IV.E")
    'Copenhagen Programme of Action, ch. IV.E'
    """
    if not split(id)[1]:
        return ""
    if name and citation.startswith(name) and len(citation) > len(name):
        return citation[len(name) :].strip(" ,")
    acronym, _, rest = citation.partition(" ")
    return rest.strip(" ,") if rest and acronym[1:2].isupper() else citation


def pinpoint_in(passage: Passage, name: str = "") -> str:
    """Return the place of a passage inside its document, whose citations begin with `name`; for a register entry, its
    number."""
    own = passage.wording == "own-words" and passage.number
    cited = passage.number if own else _without_title(passage)
    return pinpoint_of(passage.id, cited, name)  # type: ignore[arg-type]


_OF_TEXT = re.compile(r", [^,]+, (?:official text|text in [^,]+)$")
"""End of the citation of an installed official text: its title and which text it is (`kb.sources.library`)."""


def _without_title(passage: Passage) -> str:
    """Return the citation of a passage; for an installed official text, without the title and language that follow the
    place."""
    ours = any(tag.origin == "rule:library" for tag in passage.tags)
    return _OF_TEXT.sub("", passage.citation) if ours else passage.citation


def together(references: Iterable[Reference]) -> list[Reference]:
    """Merge references to one instrument: return one for each instrument, with every pinpoint once, in the order given.

    Abstracts and all remarks but the last belong to single hits and are left out; keywords are those of all.
    """
    found: dict[str, Reference] = {}
    for each in references:
        first = found.get(each.document)
        if first is None:
            found[each.document] = each.model_copy(
                update={"key": each.document, "abstract": "", "remarks": each.remarks[-1:]}
            )
        else:
            found[each.document] = first.model_copy(
                update={
                    "pinpoints": tuple(dict.fromkeys((*first.pinpoints, *each.pinpoints))),
                    "keywords": tuple(dict.fromkeys((*first.keywords, *each.keywords))),
                    "remarks": tuple(dict.fromkeys((*first.remarks, *each.remarks[-1:]))),
                }
            )
    return list(found.values())
