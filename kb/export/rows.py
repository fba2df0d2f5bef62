"""The row that every export writes, and the provenance that every export carries."""

from __future__ import annotations

from collections.abc import Collection
from operator import not_
from typing import Literal, Self

from pydantic import Field, computed_field, field_validator, model_validator

from kb.amounts import of_lines
from kb.export.source_note import SourceNote
from kb.languages import MAIN
from kb.models import FORCE_WORDS, OWN_MARK, WORDING_WORDS, Checked, Force, Model, Passage, Place, Tag, Wording, marked

RowKind = Literal["results", "passages", "codes", "commitments", "findings", "actions"]
Scalar = str | bool | int | float | None

SCHEMA_VERSION = 3
"""Version of the columns and fields of a row.

3: `matches` in results, and `total` in the provenance counts what matches, as search does (before, it included rows
only near in meaning). 2: every field of the record of `kb.api` (`pinpoint`, `official_url`, `source`, `why`). 1: only
`url` and `place`, which are kept.
"""

LICENCE = (
    "Quotations belong to the holders of rights in their sources; cite the official text at the address given. "
    "Tags in state 'proposed' were proposed by a machine and seen by nobody."
)


class Row(Model):
    """One passage, commitment, finding or action, with all that makes it citable and checkable."""

    id: str = Field(min_length=1)
    document: str = Field("", description="id of the source document")
    title: str = Field("", description="title of the source document")
    citation: str = ""
    text: str = Field("", description="the source's words; empty when none are held")
    statement: str = Field("", description="this project's own words; never to be quoted as the source's")
    wording: Wording | None = Field(
        None,
        description="whose words are given: 'verbatim' the source's, 'own-words' this "
        "project's; None when there are none or nobody stated it",
    )
    verified: Checked | None = Field(None, description="how the text was checked; see Passage.verified")
    may_quote: bool = Field(False, description="True only when `text` may be quoted as the words of its source")
    force: Force | None = None
    section: tuple[str, ...] = ()
    number: str | None = Field(None, description="number printed in the source")
    language: str = MAIN
    pinpoint: str = Field("", description="the place inside its document: 'art. 33(2)'")
    place: Place | None = None
    tags: tuple[Tag, ...] = ()
    url: str = Field("", description="address of the official text")
    why: dict[str, object] = Field(
        default_factory=dict, description="results: which retrievers found it, and what moved it; as in `kb.api`"
    )
    notes: tuple[str, ...] = ()
    fields: dict[str, Scalar] = Field(default_factory=dict, description="what this kind of row has besides")

    @model_validator(mode="before")
    @classmethod
    def _own_words_are_apart(cls, given: object) -> object:
        """Move own words given as `text`, as in earlier files, to `statement`."""
        if isinstance(given, dict) and str(given.get("statement") or "").startswith(OWN_MARK):
            given = {**given, "statement": given["statement"].removeprefix(OWN_MARK)}
        if isinstance(given, dict) and given.get("wording") == "own-words" and given.get("text"):
            if given.get("statement") not in (None, "", given["text"]):
                raise ValueError("own words stand in statement, and text holds the source's words alone")
            return {**given, "text": "", "statement": given["text"]}
        return given

    @model_validator(mode="before")
    @classmethod
    def _names_of_the_record(cls, given: object) -> object:
        """Accept `official_url` and `source`, the names used in answers, for `url` and `place`."""
        if not isinstance(given, dict):
            return given
        given = dict(given)
        for name, own in (("official_url", "url"), ("source", "place")):
            value = given.pop(name, None)
            if value and given.get(own) and given[own] != value:
                raise ValueError(f"{name} and {own} are the same thing, and differ")
            if value:
                given[own] = value
        return given

    @field_validator("fields", mode="after")
    @classmethod
    def _filled(cls, value: dict[str, Scalar]) -> dict[str, Scalar]:
        """Drop empty fields and sort the others by name: an empty cell and a missing field are the same."""
        return {name: value[name] for name in sorted(value) if value[name] not in ("", None)}

    @model_validator(mode="after")
    def _own_words_are_no_quotation(self) -> Self:
        if self.may_quote and self.wording != "verbatim":
            raise ValueError("may_quote is set for a text that is not stated to be verbatim")
        return self

    @computed_field(description="address of the official text, as in every answer")  # type: ignore[prop-decorator]
    @property
    def official_url(self) -> str:
        """Address of the official text: `url`."""
        return self.url

    @computed_field(description="file, sha256, characters, lines or page, and boxes")  # type: ignore[prop-decorator]
    @property
    def source(self) -> Place | None:
        """Where the text is: `place`. None where that is not known."""
        return self.place

    @property
    def shown(self) -> str:
        """The text to show beside its citation: own words begin with the mark that says so."""
        return self.text or marked(self.statement, "own-words")

    @property
    def words(self) -> str:
        """The text of the source; this project's statement if there is no such text."""
        return self.text or self.statement

    @property
    def wording_words(self) -> str:
        """Whose words the text is and whether it may be quoted, in words for people."""
        if not self.words:
            return ""
        if self.wording == "verbatim" and not self.may_quote:
            return "given as the words of the source, and not checked: not to be quoted"
        whose = WORDING_WORDS.get(self.wording or "", "not stated")
        if self.wording == "own-words" and self.verified == "official-text":
            checked = "; number and heading checked against the official text, these words by nobody"
        else:
            checked = f"; {self.verified}" if self.verified not in (None, "source") else ""
        return f"{whose}{checked}" + ("" if self.may_quote else "; not to be quoted")

    @property
    def force_words(self) -> str:
        """The force, in words for people."""
        return FORCE_WORDS.get(self.force or "", "")

    @property
    def where(self) -> str:
        """The location as text: file, page, lines, characters."""
        place = self.place
        if place is None:
            return ""
        parts = [place.file]
        parts += [f"page {place.page}"] if place.page else []
        parts += [of_lines(place.lines)] if place.lines else []
        parts += [f"characters {place.chars[0]}–{place.chars[1]}"] if place.chars else []
        return ", ".join(parts)


def row_of(passage: Passage, *, title: str = "", url: str = "", pinpoint: str = "", **fields: Scalar) -> Row:
    """Return the row of a passage."""
    return Row(
        id=passage.id,
        document=passage.document,
        title=title,
        citation=passage.citation,
        text=passage.text,
        wording=passage.wording,
        verified=passage.verified,
        may_quote=passage.may_quote,
        force=passage.force,
        section=passage.section,
        number=passage.number,
        language=passage.language,
        pinpoint=pinpoint,
        place=passage.place,
        tags=passage.tags,
        url=url,
        notes=passage.notes,
        fields={"kind": passage.kind, "part": passage.part, "duty_bearer": passage.duty_bearer, **fields},
    )


def is_document(row: Row) -> bool:
    """Return whether a row describes a complete document instead of a passage."""
    return row.id == row.document and not row.words


def words_of(tag: Tag) -> str:
    """Describe a tag for people: facet, term, state, origin."""
    return f"{tag.facet}: {tag.id} ({tag.state}, {tag.origin})"


_OURS = (
    "Statements of commitments, labels of recommendations and criteria are this project's words; rationale, gap and "
    "next step are those of the person named; only a text marked verbatim is its source's."
)


class Provenance(Model):
    """How an export was made: everything that is needed to make it again."""

    kind: RowKind = "passages"
    query: str = ""
    filters: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    framework: str = Field("", description="name and version; the paper's framework is '6 stated + 1 derived'")
    notice: str = Field("", description="what the framework says must stand beside it")
    taxonomy: str = ""
    codebook: str = ""
    models: tuple[str, ...] = Field((), description="name@version of every model behind tags and ranks")
    index: str = Field("", description="identity of the index: the same when it is built again from the same inputs")
    mode: str = Field("", description="results: hybrid, lexical or semantic")
    ranking: str = Field("", description="results: the ranking's version, fusion and hash")
    limit: int | None = Field(None, description="rows that were asked for at most")
    per_force: int | None = Field(None, description="results: hits of each force that were asked for at most")
    total: int | None = Field(None, description="rows before the limit; of results those that match, as in search")
    rows: int | None = Field(None, description="rows that were written")
    near: int = Field(0, description="results: rows that do not match: near in meaning, or nearest")
    message: str = Field("", description="results: what search says of the answer, as that nothing here says it")
    wordings: dict[str, int] = Field(default_factory=dict, description="rows by whose words their text is")
    session: str = Field("", description="coding session")
    policy_set: str = Field("", description="assessment")
    # other files keep the bytes that they had before there was this field
    decided: str = Field("", exclude_if=not_, description="findings: by how many people the decisions were taken")
    sealed: tuple[str, ...] = Field(
        (),
        exclude_if=not_,
        description="codes: sessions whose codes of others are left out, open and blind as they are",
    )
    viewer: str = Field("", description="coder who asked: blind codes of others are left out")
    command: str = Field("", description="the command that makes the file again, on the same index and log")
    log: str = Field("", description="where the log of decisions ended: kb-log/<sequence>/<sha256>/<time>")
    date: str = Field("", description="ISO date of the index, or the one given; never the clock's")
    tool: str = "kb"
    schema_version: int = Field(1, description="version of columns and fields; earlier files have none, which is 1")
    licence: str = LICENCE
    sources: tuple[SourceNote, ...] = ()
    fields: tuple[str, ...] | None = Field(
        None, description="columns for the rows' own fields; None: those of the kind"
    )

    def from_rows_of(self, documents: Collection[str], hashes: Collection[str]) -> Self:
        """Return the provenance with only the sources of these documents, or of files with these sha256."""
        here = (s for s in self.sources if s.document in documents or (s.sha256 and s.sha256 in hashes))
        return self.model_copy(update={"sources": tuple(here)})

    @property
    def asked_for(self) -> str:
        """A phrase for titles that says which rows of the kind were requested; 'everything' if there was no query or
        filter."""
        cut = f"at most {self.limit}" if self.limit else f"{self.per_force} of each force" if self.per_force else ""
        parts = [
            self.query,
            *(f"{name} {', '.join(values)}" for name, values in sorted(self.filters.items())),
            f"session {self.session}" if self.session else "",
            f"assessment {self.policy_set}" if self.policy_set else "",
        ]
        return "; ".join(filter(None, (*parts, cut))) or "everything"

    def lines(self) -> list[tuple[str, str]]:
        """Return (label, value) of everything a reader needs, in a fixed order."""
        given = [("Content", self.kind), ("Query", self.query or self._no_query())]
        given += [(f"Filter {name}", ", ".join(values)) for name, values in sorted(self.filters.items())]
        given += self._asked()
        given += [("Whose words", _OURS)] if self.kind in ("commitments", "findings", "actions") else []
        given += [
            ("Framework", self.framework),
            *([("Notice", self.notice)] if self.notice else []),
            ("Taxonomy", self.taxonomy),
            ("Codebook", self.codebook),
            ("Models", ", ".join(self.models)),
            ("Index", self.index),
            ("Log", self.log),
            ("Date", self.date),
            ("Made with", self.tool),
            ("Columns", f"version {self.schema_version}"),
            ("Licence", self.licence),
        ]
        given += [
            (
                "Source",
                " · ".join(
                    filter(
                        None,
                        (
                            s.document,
                            s.title,
                            s.symbol,
                            s.date,
                            f"sha256 {s.sha256}" if s.sha256 else "",
                            s.url,
                            s.licence,
                        ),
                    )
                ),
            )
            for s in self.sources
        ]
        return [(label, value or "not stated") for label, value in given]

    def _no_query(self) -> str:
        return "(none: everything)" if self.asked_for == "everything" else "(none)"

    def _asked(self) -> list[tuple[str, str]]:
        """Return (label, value) for each part of the request that is set, and for the number of rows."""
        given = {
            "Mode": self.mode,
            "Ranking": self.ranking,
            "Assessment": self.policy_set,
            "Decisions": self.decided,
            "Coding session": self.session,
            "Codes seen by": self.viewer,
            "Left out": f"codes of others in {', '.join(self.sealed)}: open, and its coders work blind"
            if self.sealed
            else "",
            "Search says": self.message,
            "Rows": self._rows_words(),
            "Wording": self._wording_words(),
            "Made again with": self.command,
        }
        return [(label, value) for label, value in given.items() if value]

    def _rows_words(self) -> str:
        """Return '10 of 262: cut at the limit of 10', or the number alone; rows only near in meaning are counted
        separately."""
        total = self.total
        rows = self.rows if self.rows is not None else total if total is None else total + self.near
        if rows is None or total in (None, rows - self.near):
            return f"{rows}: {self._near_words(rows) or 'all'}" if rows is not None else ""
        each = f"{self.per_force} of each force" if self.per_force else "limit"
        limit = f"limit of {self.limit}" if self.limit else each
        beside = f"; and {self.near} near in meaning alone" if self.near else ""
        return f"{rows - self.near} of {total}: cut at the {limit}{beside}"

    def _near_words(self, rows: int) -> str:
        """Return a phrase with the numbers of rows that match and of rows that are only near in meaning; '' if all
        match."""
        if not self.near or self.near >= rows:
            return "none matches; they are the nearest passages" if self.near else ""
        return f"{rows - self.near} match, {self.near} are near in meaning alone"

    def _wording_words(self) -> str:
        """Return a phrase with the numbers of texts of sources and of statements of this project."""
        if not self.wordings:
            return ""
        named = {
            "verbatim": "verbatim",
            "own-words": "own words",
            "not-stated": "wording not stated",
            "no-text": "without text",
        }
        return ", ".join(
            f"{self.wordings[key]} {words}"
            for key, words in named.items()
            if self.wordings.get(key) or key in WORDING_WORDS
        )
