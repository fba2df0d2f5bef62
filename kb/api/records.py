"""The record that every answer of `kb.api` is made of, and the answers. All are frozen pydantic models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from kb.models import OWN_MARK, Checked, Force, Mention, Model, Passage, Place, Wording


class Record(Model):
    """A passage, an entry of the register or a part of an official text, with everything that is needed to cite it.

    Exactly one of `text` and `statement` is filled: `text` holds words of the source and nothing else, `statement`
    words of this project.
    """

    id: str = Field(description="identifier, stable over re-parsing: 'crpd/art33/2'")
    document: str = Field(description="identifier of the document it is a part of: 'crpd'")
    kind: str = Field(description="paragraph, provision, commitment, heading, …")
    wording: Wording = Field(description="whose words are given: 'verbatim' the source's, 'own-words' this project's")
    may_quote: bool = Field(description="True only when `text` may be quoted as the words of the source")
    text: str = Field(
        "", description="the source's words, white space normalised; empty if only our own words are available"
    )
    statement: str = Field("", description="this project's own words; never to be quoted as the source's")
    force: Force = Field(
        description="treaty, political commitment, expert recommendation, national measure, observation"
    )
    citation: str = Field(description="full citation")
    pinpoint: str = Field("", description="the place inside its document: 'art. 33(2)'")
    official_url: str = Field("", description="address of the official text; empty if unknown")
    verified: Checked = Field(description="how the words were checked: source, official-text, secondary, unverified")
    language: str = Field(description="ISO 639-1 code of `text`, or of `statement`")
    source: Place = Field(description="file, sha256, characters, lines or page and boxes")
    section: tuple[str, ...] = Field((), description="headings above it, outermost first")
    number: str | None = Field(None, description="number printed in the source, never counted")
    part: str | None = Field(
        None, description="part of its document: definition, argument, evidence, recommendation, …"
    )
    duty_bearer: str | None = Field(None, description="who must act")
    parent: str | None = Field(None, description="identifier of the passage that this one is a part of")
    tags: Mapping[str, tuple[Mapping[str, object], ...]] = Field(
        default_factory=dict,
        description="facet to its terms, each with id, origin, confidence, state and span; a machine's are 'proposed'",
    )
    mentions: tuple[Mention, ...] = Field((), description="what is named in the words: citations, figures, quotations")
    notes: tuple[str, ...] = Field((), description="what a reader must know")
    entry: str | None = Field(None, description="id of the register's entry whose official text this passage is")
    entry_statement: str = Field("", description="statement of that entry, in this project's own words: an explanation")
    also: tuple[str, ...] = Field((), description="identifiers of passages with the same words, folded into this one")
    nearest: bool = Field(False, description="True: the passage does not say what was asked; it is only the nearest")
    matches: bool = Field(
        True,
        description="search: False for a passage that is not among the `total` matches, but only near in meaning",
    )
    rank: int | None = Field(None, description="position in the result of a search, from 1")
    score: float | None = Field(
        None, description="search: 0 to 1 within one answer; scores of different queries cannot be compared"
    )
    why: Mapping[str, object] = Field(
        default_factory=dict, description="search: which retrievers found it, and what changed its rank"
    )

    @model_validator(mode="after")
    def _own_words_are_apart(self) -> Self:
        if bool(self.text) == bool(self.statement):
            raise ValueError(f"{self.id}: exactly one of text and statement is filled")
        if (self.wording == "own-words") != bool(self.statement):
            raise ValueError(f"{self.id}: own words stand in statement, and the source's words in text")
        if self.may_quote and not self.text:
            raise ValueError(f"{self.id}: own words may not be quoted")
        return self

    @property
    def words(self) -> str:
        """The text for display: the source's words, or our own with the mark that says so before them."""
        return self.text or f"{OWN_MARK}{self.statement}"


def record_of(passage: Passage, url: str = "", pinpoint: str = "", **more: object) -> Record:
    """Return the record of a passage; `more` are fields that a search adds."""
    from kb.engine.fields import tags_of

    own = passage.wording == "own-words"
    return Record(
        id=passage.id,
        document=passage.document,
        kind=passage.kind,
        wording=passage.wording,
        may_quote=passage.may_quote,
        text="" if own else passage.text,
        statement=passage.text if own else "",
        force=passage.force,
        citation=passage.citation,
        pinpoint=pinpoint,
        official_url=url,
        verified=passage.verified,
        language=passage.language,
        source=passage.place,
        section=passage.section,
        number=passage.number,
        part=passage.part,
        duty_bearer=passage.duty_bearer,
        parent=passage.parent,
        tags=tags_of(passage.tags),
        mentions=passage.mentions,
        notes=passage.notes,
        **more,
    )


class SearchAnswer(Model):
    """The answer to a search. `hits` is one list in rank order; `by_force` gives the hits of each force separately."""

    query: str
    mode: str = Field(description="hybrid, lexical or semantic")
    absent: bool = Field(description="True: no passage says what was asked; `hits` are only the nearest")
    state: Literal["answered", "probably-nothing", "nothing"] = Field(
        description="'nothing': no passage has what the query requires, for certain; 'probably-nothing': an estimate"
    )
    message: str = Field(
        "", description="note for the reader, e.g. on a phrase that does not occur, or on a corrected word"
    )
    total: int = Field(description="passages that match; 0 when only the nearest are shown")
    at_most: bool = Field(
        False,
        description="True if only a part of a large index was compared: repeated passages may be counted",
    )
    near: int = Field(0, description="number of hits that do not match: they are only near in meaning")
    worded: int = Field(
        0,
        description="with filters and 'probably-nothing': passages that have words of the query, which is what a "
        "filter's count says; none of them counts as a match",
    )
    hits: tuple[Record, ...] = ()
    facets: Mapping[str, Mapping[str, int]] = Field(
        default_factory=dict, description="facet to term to matching passages"
    )
    index: str = Field(description="identity of the index that answered")

    @property
    def by_force(self) -> dict[str, tuple[Record, ...]]:
        """Hits under their force, strongest force first; forces without a hit are left out."""
        from kb.models import FORCE_WORDS

        lists = {force: tuple(hit for hit in self.hits if hit.force == force) for force in FORCE_WORDS}
        return {force: found for force, found in lists.items() if found}


class Shown(Model):
    """A record with its neighbours, parts, official words and links."""

    record: Record
    before: tuple[Record, ...] = Field((), description="passages before it in the source")
    after: tuple[Record, ...] = ()
    parts: tuple[Record, ...] = Field((), description="passages that are a part of it")
    official: tuple[Record, ...] = Field(
        (), description="official words of an entry, where the official text is installed"
    )
    missing: str = Field("", description="why an entry has no official words here, and what to do")
    links: tuple[Mapping[str, object], ...] = Field(
        (), description="links to other entries and recommendations, with their state"
    )


class CitedPlace(Model):
    """One place that a citation names."""

    id: str
    citation: str = Field(description="citation: 'CRPD art. 33(2)'")
    title: str
    symbol: str = ""
    date: str = ""
    force: Force
    pinpoint: str = ""
    official_url: str = ""
    record: Record | None = Field(None, description="the register's entry, in this project's own words")
    official: tuple[Record, ...] = Field((), description="words of the official text, where it is installed")
    notes: tuple[str, ...] = ()


class CitationAnswer(Model):
    """What a typed citation means. Look at `outcome` first."""

    typed: str
    outcome: Literal["one", "several", "ambiguous", "none", "another-document"] = Field(
        description="'one' or 'several' places in `places`; 'ambiguous': `candidates` are what it may mean; 'none': "
        "nothing "
        "is cited so; 'another-document': it names a document that is not here"
    )
    places: tuple[CitedPlace, ...] = ()
    candidates: tuple[str, ...] = ()
    message: str = Field("", description="what is wrong and what to do, where it is not resolved")

    @property
    def id(self) -> str | None:
        """Identifier of the place if the citation names exactly one; otherwise None."""
        return self.places[0].id if self.outcome == "one" else None


class DocumentInfo(Model):
    """A document of the index."""

    id: str
    title: str
    force: Force
    language: str
    passages: int
    parts: int = Field(
        0,
        description="passages shown within another (a letter of a recommendation): `facets` and searches count the "
        "whole",
    )
    verbatim: int = Field(description="passages in the words of the source")
    own_words: int = Field(description="passages that are statements of this project")
    official_url: str = ""
    source: Place


class Coverage(Model):
    """One instrument or source: which of its texts are here, which are missing, and what is here only in our own
    words."""

    id: str
    title: str
    symbol: str = ""
    force: Force = Field(description="force of the whole document")
    official_url: str = ""
    official_url_verified: bool = Field(description="False where the address is from memory")
    text_here: bool = Field(description="whether its words can be quoted from here")
    languages_here: tuple[str, ...] = ()
    languages_missing: tuple[str, ...] = Field((), description="of English, Spanish and French")
    entries: int = Field(0, description="entries of the register, each in our own words")
    entries_by_check: Mapping[str, int] = Field(default_factory=dict, description="entries by how they were checked")
    only_own_words: bool = Field(
        description="True: nothing of it can be quoted from here, there are our statements alone"
    )
    notes: tuple[str, ...] = ()


DERIVED_WORDS = "Derived by this project: our addition, no recommendation of the paper and no commitment of States"
"""What the framework's derived row has instead of a force."""


class CriterionInfo(Model):
    """One criterion with which policies are compared."""

    id: str = Field(description="'R3.d'; criteria of the derived row begin with D")
    recommendation: str
    kind: Literal["stated", "derived"] = Field(
        description="'stated': of a recommendation of the paper; 'derived' by this project"
    )
    wording: Literal["own-words"] = Field(
        "own-words", description="whose words theme, element, met, partial and caution are: this project's"
    )
    may_quote: Literal[False] = Field(False, description="own words are never quoted as the paper's")
    text: Literal[""] = Field("", description="empty: the paper's words stand at `source`, under recommendation's id")
    statement: str = Field(description="what is looked for, in this project's words: the same as `element`")
    force: Literal["expert-recommendation", "derived"] = Field(
        description="'derived': this project's addition, which neither States nor experts stated"
    )
    force_words: str = Field(description="the force as a person reads it")
    citation: str = Field(
        description="the place of the paper where the element is stated; for a derived row, derived from"
    )
    pinpoint: str = Field(description="that place without the paper's name: 'lines 1823–1825'")
    official_url: str = Field(description="address of the paper")
    verified: Literal["unverified"] = Field("unverified", description="nobody outside checked these words")
    language: str = Field(description="ISO 639-1 code of `statement`")
    source: Place = Field(description="file and hash of the paper, and its lines from the first to the last")
    tags: Mapping[str, tuple[Mapping[str, object], ...]] = Field(default_factory=dict, description="none: not tagged")
    why: Mapping[str, object] = Field(default_factory=dict, description="empty: not found by a search")
    theme: str = Field(description="this project's short label of the recommendation")
    element: str = Field(description="the earlier name of `statement`")
    met: str = Field(description="what a person would need to see to call it met")
    partial: str
    caution: str = ""
    counted_with: str | None = Field(None, description="row that holds the same words: count them once")
