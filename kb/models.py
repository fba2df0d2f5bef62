"""The main data types of the project, which all its packages use.

Every model is a frozen pydantic model. Positions are 0-based character offsets `[start, end)` in Unicode code points of
the decoded source; lines are 1-based and inclusive.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kb.languages import MAIN

TagState = Literal["proposed", "confirmed", "rejected"]
Span = tuple[int, int]
Wording = Literal["verbatim", "own-words"]
Checked = Literal["source", "official-text", "secondary", "unverified"]


class Worded(StrEnum):
    """Base class of fixed lists of values, in the order in which people see them, each with words for people to read.

    A member equals its value as a string, in files and in comparisons. A list whose members have more than words has
    its own `__init__`.
    """

    words: str
    """The words that people read for the member, in English; catalogues translate them."""

    def __new__(cls, value: str, *_beside: str) -> Self:
        """Create a member that equals its value as a string."""
        member = str.__new__(cls, value)
        member._value_ = value
        return member

    def __init__(self, value: str, words: str = "") -> None:
        """Set the words to show; only `value` is given when a member is looked up."""
        self.words = words

    @classmethod
    def values(cls) -> tuple[str, ...]:
        """Return the values as plain strings, in order."""
        return tuple(member.value for member in cls)


class Force(Worded):
    """What a text obliges its addressees to, strongest first.

    >>> Force("legal-obligation").shape, Force.OBSERVATION.sign, Force.OBSERVATION == "observation"
    ('legal', '○', True)
    """

    shape: str
    """Name of the shape and edge that the style sheet gives to this force, so that colour is never the only
    difference."""
    sign: str
    """A character for the force, for text without a style sheet."""

    def __init__(self, value: str, words: str = "", shape: str = "", sign: str = "") -> None:
        """Set the words, shape and sign of a member."""
        super().__init__(value, words)
        self.shape, self.sign = shape, sign

    LEGAL_OBLIGATION = "legal-obligation", "Legal obligation (States parties only)", "legal", "■"
    POLITICAL_COMMITMENT = "political-commitment", "Political commitment (not a treaty)", "political", "◆"
    EXPERT_RECOMMENDATION = "expert-recommendation", "Expert recommendation (not agreed by States)", "expert", "▲"
    NATIONAL_MEASURE = "national-measure", "National measure", "national", "●"
    OBSERVATION = "observation", "Observation (description or evidence)", "observation", "○"


class Standing(Worded):
    """The legal status of a policy's text as its record states it, in the order in which people choose.

    >>> Standing("adopted").words, Standing.DRAFT.brief
    ('adopted, not in force', 'DRAFT')
    """

    brief: str
    """The words printed after a title; those of a draft are in capitals."""
    shown: str
    """What such a text is called beside its words: only a text in force is called a law."""

    def __init__(self, value: str, words: str = "", shown: str = "", brief: str = "") -> None:
        """Set the words for each use; `brief` defaults to `words`."""
        super().__init__(value, words)
        self.shown, self.brief = shown, brief or words

    IN_FORCE = "in-force", "in force", "law in force"
    ADOPTED = "adopted", "adopted, not in force", "planned, not in force yet"
    DRAFT = "draft", "draft or bill, not in force", "planned, not in force yet", "DRAFT"
    REPEALED = "repealed", "repealed", "law that was repealed"
    UNKNOWN = "unknown", "legal status unknown", "text whose legal status is unknown"


FORCE_WORDS: dict[str, str] = {force.value: force.words for force in Force}

WORDING_WORDS: dict[str, str] = {
    "verbatim": "verbatim: the words of the source",
    "own-words": "own words: a statement by this project, not a quotation",
}
OWN_MARK = "In this project's words, not a quotation: "


def marked(text: str, wording: str | None) -> str:
    """Return `text` as it may be shown beside a citation: text with the wording "own-words" gets a mark before it."""
    return f"{OWN_MARK}{text}" if wording == "own-words" and text else text


class Model(BaseModel):
    """Base class of all models: immutable; an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)  # validators are built when first needed


class Box(Model):
    """A rectangle on a page, in PDF points from the top left corner."""

    page: int = Field(description="1-based page number")
    x0: float
    y0: float
    x1: float
    y1: float


class Place(Model):
    """The location of a text in its source file; enough to find and verify it again."""

    file: str = Field(description="path relative to the corpus or workspace folder, or as the user gave it")
    sha256: str = Field(description="hash of the file's bytes")
    chars: Span | None = Field(None, description="first and last+1 character in the decoded text")
    lines: Span | None = Field(None, description="first and last line, 1-based, text formats only")
    page: int | None = Field(None, description="1-based page, formats with pages only")
    boxes: tuple[Box, ...] = Field((), description="rectangles, PDF only")
    pieces: tuple[Span, ...] = Field((), description="the character spans that make up the text when it is not one run")


class Tag(Model):
    """One term assigned to one passage, by a rule, a model or a person."""

    facet: str
    id: str = Field(description="slug of the term, ISO 3166-1 alpha-3 for countries")
    origin: str = Field(description="'rule:NAME', 'model:NAME@VERSION' or 'person:NAME'")
    confidence: float = Field(1.0, ge=0, le=1)
    state: TagState = "proposed"
    span: Span | None = Field(None, description="characters of the passage's text that are the evidence")


class Mention(Model):
    """Something of a known kind that a passage names: an author-year citation, a statistic, a quotation."""

    kind: str = Field(
        description="'citation', 'statistic', 'quotation', 'definition', 'footnote', 'country', "
        "'term' (named, but not what the passage is about)"
    )
    text: str = Field(description="as printed")
    span: Span
    value: dict[str, str] = Field(default_factory=dict, description="parts: authors, year, quantity, unit, ...")


class Section(Model):
    """A heading and the text below it."""

    id: str
    heading: str = Field(description="as printed, outer white space apart")
    level: int
    path: tuple[str, ...] = Field(description="headings from the top to this one")
    lines: Span | None = None
    place: Place | None = None


class Leftover(Model):
    """Text of the source that is in no passage: page numbers, rules, running heads, blank ends."""

    kind: str
    text: str
    place: Place


class Passage(Model):
    """The unit that people find, quote and judge: one paragraph, list item, heading or provision."""

    id: str = Field(description="<document>/<locator>, stable over re-parsing")
    document: str
    kind: str = Field(
        description="'paragraph', 'heading', 'list-item', 'recommendation', 'provision', 'commitment', "
        "'footnote', 'table-row', 'title', ..."
    )
    text: str = Field(description="the source's text, white space apart")
    citation: str = Field(description="how a person cites it")
    force: Force
    section: tuple[str, ...] = Field((), description="headings above it")
    place: Place
    parent: str | None = Field(None, description="id of the passage this one is a part of")
    number: str | None = Field(None, description="number printed in the source, never counted")
    language: str = MAIN
    normalised: str | None = Field(None, description="text with printed typing errors mended, for finding only")
    part: str | None = Field(None, description="document part: definition, argument, evidence, recommendation, ...")
    duty_bearer: str | None = None
    notes: tuple[str, ...] = Field((), description="what a reader must be told: unverified, draft, OCR, ...")
    tags: tuple[Tag, ...] = ()
    mentions: tuple[Mention, ...] = ()
    wording: Wording = Field(
        "verbatim",
        description="whose words `text` is: 'verbatim' the source's, 'own-words' this "
        "project's, which are never the instrument's",
    )
    verified: Checked = Field(
        "source",
        description=(
            "how the text was checked: 'source' it was read from the file named in `place`; for own words, whether "
            "the entry "
            "was compared with an 'official-text', stands on a 'secondary' source, or is 'unverified'; 'unverified' "
            "also for "
            "a text that a machine recognised in a picture (OCR)"
        ),
    )
    may_quote: bool = Field(
        default_factory=lambda data: _may_quote(data),
        description=("True when `text` may be quoted as the words of the instrument: verbatim, and read from its file"),
    )

    @model_validator(mode="after")
    def _own_words_are_no_quotation(self) -> Self:
        if self.may_quote and not _may_quote(self.__dict__):
            raise ValueError(f"{self.id}: a text in our own words, or one that nobody checked, may not be quoted")
        return self

    @property
    def shown(self) -> str:
        """The text as people see it: text in our own words has a mark before it."""
        return marked(self.text, self.wording)


def _may_quote(fields: dict[str, Any]) -> bool:
    """Return whether a passage with these fields may be quoted: its text is verbatim and was verified."""
    return fields.get("wording", "verbatim") == "verbatim" and fields.get("verified", "source") != "unverified"


class Document(Model):
    """A structured source: headings, passages and leftovers, which together rebuild the file."""

    id: str
    title: str
    force: Force
    language: str = MAIN
    place: Place
    sections: tuple[Section, ...] = ()
    passages: tuple[Passage, ...] = ()
    leftovers: tuple[Leftover, ...] = ()


class Paragraph(Model):
    """One unit that a reader found in a file, before the style of the document is known."""

    text: str
    kind: str = Field(
        "paragraph",
        description="heading, paragraph, list-item, table-row, note, contents, reference, "
        "running-head, page-number, leftover",
    )
    page: int | None = None
    boxes: tuple[Box, ...] = ()
    chars: Span | None = Field(None, description="in Pages.text")
    section: tuple[str, ...] = ()
    number: str | None = Field(None, description="printed number, e.g. 'Article 12 bis', '5.2.3', '(a)'")
    level: int | None = Field(None, description="heading or list depth, 1 at the top")
    language: str | None = None
    confidence: float | None = Field(None, description="OCR confidence 0-1; None for printed text")
    notes: tuple[str, ...] = Field((), description="marks of the footnotes called in it, as printed")
    locator: str | None = Field(
        None, description="the id that the file itself gives it (Akoma Ntoso's eId); unique with its count only"
    )


class Problem(Model):
    """Something a reader could not do: what, where, and what the user can do next."""

    page: int | None = None
    what: str
    do: str


class Pages(Model):
    """The result of reading a file: its text, paragraph by paragraph in order, with places."""

    file: str
    sha256: str
    type: str = Field(
        description="by content: pdf, docx, odt, rtf, doc, html, akn, markdown, text, epub, json, mail, zip"
    )
    language: str | None = Field(None, description="ISO 639-1 of most of the text; None when too little to tell")
    pages: int = 1
    text: str = Field("", description="decoded text that `chars` point into; for text formats the source itself")
    paragraphs: tuple[Paragraph, ...] = ()
    leftovers: tuple[Paragraph, ...] = ()
    problems: tuple[Problem, ...] = ()
