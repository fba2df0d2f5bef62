"""Models of the tools' answers: the record of `kb.api` under the same names, without anything that would be read as a
judgement (score, rank)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import Field

from kb import api
from kb.models import FORCE_WORDS, Checked, Force, Model, Wording
from kb.models import Place as SourcePlace


class Why(Model):
    """Why a search gave a passage. How well it fits is left out: a number would be read as a judgement."""

    found_by: tuple[str, ...] = Field(
        (), description="retrievers: lexical (its words), english, multilingual (meaning)"
    )


class Quoted(Model):
    """A passage, entry or part of a policy."""

    id: str
    wording: Wording = Field(
        description="'verbatim': `text` is the source's; 'own-words': a statement of this project, never to be "
        "quoted as the source's"
    )
    may_quote: bool = Field(description="whether `text` may be quoted as the words of the source")
    text: str = Field("", description="words of the source; empty if only our own words are available")
    statement: str = Field("", description="this project's own words")
    force: Force
    force_words: str = Field(description="what it binds: treaty, political commitment, expert recommendation, …")
    citation: str
    pinpoint: str = Field("", description="the place inside its document: 'art. 33(2)'")
    official_url: str = Field("", description="address of the official text; empty if unknown")
    verified: Checked | None = Field(None, description="how the words were checked; None if not recorded")
    language: str = Field("", description="ISO 639-1 code of the words; empty if not recorded")
    source: SourcePlace | None = Field(
        None, description="file, sha256, characters, lines or page; None if not recorded"
    )
    tags: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="facet to terms, each with state and origin: 'women-girls (proposed, rule:register)' was given "
        "by a "
        "machine and seen by nobody",
    )
    why: Why = Field(default_factory=lambda: Why(), description="search: why it is here, without numbers")
    says_what_was_asked: bool = Field(True, description="False: only the nearest passage there is; it does not say it")
    matches: bool = Field(
        True,
        description="search: False for a passage that is not among the `total` matches, but only near in meaning",
    )
    notes: tuple[str, ...] = ()


class Found(Model):
    """Answer of `search`."""

    absent: bool = Field(
        description="True: nothing here says what was asked. Say so; do not present the nearest as an answer"
    )
    message: str = ""
    total: int = Field(description="passages that match; 0 when only the nearest are given")
    at_most: bool = Field(False, description="True: `total` may count repeated passages")
    near: int = Field(0, description="number of returned passages that do not match: they are only near in meaning")
    under_force: dict[str, tuple[Quoted, ...]] = Field(description="force to its passages; never mix the forces")


class Place(Model):
    """One place that a citation names."""

    id: str
    citation: str
    instrument: str
    force: Force
    force_words: str
    pinpoint: str = ""
    official_url: str = ""
    words: tuple[Quoted, ...] = Field((), description="official words if they are here, then our statement, marked")
    notes: tuple[str, ...] = ()


class Citation(Model):
    """Answer of `cite`."""

    outcome: Literal["one", "several", "ambiguous", "none", "another-document"]
    places: tuple[Place, ...] = ()
    candidates: tuple[str, ...] = Field(
        (), description="what an ambiguous citation may mean: ask the person, do not choose"
    )
    message: str = ""


class Validated(Model):
    """Answer of `validate_citation`."""

    citation: Literal["one", "several", "ambiguous", "none", "another-document"]
    quotation: Literal[
        "verbatim",
        "verbatim-with-omissions",
        "not-in-the-text",
        "text-not-here",
        "own-words",
        "not-checked",
        "none-given",
    ] = Field(
        description="'verbatim': it is in the text at this place, except for white space and outer quotation marks; "
        "'verbatim-with-omissions': each part between its ellipses is there, in this order; 'own-words': it is a "
        "statement of this project, not of the instrument; 'text-not-here': the official text is not installed, so "
        "nobody can say from here; 'not-checked': the citation does not name exactly one place, or the words, or a "
        "part of them, are too few"
    )
    message: str = ""
    places: tuple[Place, ...] = ()


class Context(Model):
    """Answer of `show`."""

    passage: Quoted
    before: tuple[Quoted, ...] = ()
    after: tuple[Quoted, ...] = ()
    parts: tuple[Quoted, ...] = ()
    official: tuple[Quoted, ...] = ()
    missing: str = ""


class Proposed(Quoted):
    """One passage of a policy that a machine proposed as evidence for a criterion. A person decides what it is
    worth."""

    criterion: str
    policy: str
    proposed_by: str = "machine"
    verdict_of_a_person: str = Field("", description="'accepted by …' or 'rejected by …', where a person has decided")


class Proposals(Model):
    """Answer of `proposals`."""

    assessment: str
    note: str
    criteria_without_evidence: tuple[str, ...] = Field(
        description="'no evidence found' in the texts given: not the same as 'not met'"
    )
    proposals: tuple[Proposed, ...]


def quoted(record: api.Record) -> Quoted:
    """Convert a record for an assistant: without rank, scores and confidence, which would be read as a judgement."""
    return Quoted(
        id=record.id,
        wording=record.wording,
        may_quote=record.may_quote,
        text=record.text,
        statement=record.statement,
        force=record.force,
        force_words=FORCE_WORDS[record.force],
        citation=record.citation,
        pinpoint=record.pinpoint,
        official_url=record.official_url,
        verified=record.verified,
        language=record.language,
        source=record.source,
        tags={
            facet: tuple(f"{term['id']} ({term['state']}, {term['origin']})" for term in terms)
            for facet, terms in record.tags.items()
        },
        why=Why(found_by=_legs(record.why)),
        says_what_was_asked=not record.nearest,
        matches=record.matches,
        notes=record.notes,
    )


def many(records: Iterable[api.Record]) -> tuple[Quoted, ...]:
    """Convert several records, each as `quoted` does."""
    return tuple(map(quoted, records))


def place(found: api.CitedPlace) -> Place:
    """Convert a cited place for an assistant: words of the official text come before the register's entry."""
    words = (*found.official, *([found.record] if found.record else []))
    return Place(
        id=found.id,
        citation=found.citation,
        instrument=f"{found.title} ({found.symbol})" if found.symbol else found.title,
        force=found.force,
        force_words=FORCE_WORDS[found.force],
        pinpoint=found.pinpoint,
        official_url=found.official_url,
        words=many(words),
        notes=found.notes,
    )


def _legs(why: Mapping[str, object]) -> tuple[str, ...]:
    """Return the names of the retrievers that found a passage, sorted; empty for a passage that no search found."""
    legs = why.get("legs")
    return tuple(sorted(legs)) if isinstance(legs, Mapping) else ()
