"""Convert the register to documents: each entry becomes a passage, located at its statement in its YAML file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import cast

import yaml
from pydantic import Field

from kb.commitments.register import Entry, Instrument, load_instrument
from kb.data import load_yaml
from kb.models import Document, Model, Passage, Place, Tag
from kb.sources.library import ReadOnce, read_now
from kb.tagging.roles import load_roles
from kb.text import bare, sha256_of

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

OWN_WORDS = "Statement in this project's own words: quote the official text, not this line."
MARKS = {
    "unverified": "Unverified: not yet checked against the official text.",
    "secondary": "From a secondary source: not yet checked against the official text.",
    "official-text": "Identifier and heading agree with a copy of the official text; this wording was not checked by "
    "anyone official.",
}


def register_documents(folder: Path, corpus: Path, reading: ReadOnce = read_now) -> list[Document]:
    """Return one document for each file in `folder`, in order of file names; its id is that of the instrument."""
    return [
        reading({"file": path.name, "sha256": sha256_of(path)}, partial(register_document, path, corpus))
        for path in sorted(folder.glob("*.yaml"))
    ]


def register_document(path: Path, corpus: Path) -> Document:
    """Return the entries of one instrument as the passages of a document; ids are those of the entries, and their
    facets become tags."""
    instrument = load_instrument(path)
    places = _places(path, str(path.relative_to(corpus)))
    by_id = {entry.id: entry for entry in instrument.entries}
    asked, fields = load_search_words(corpus), load_roles(corpus / "taxonomy").register_fields
    passages = tuple(
        _passage(entry, instrument, by_id, places[entry.id], fields).model_copy(
            update={"normalised": _findable(entry, asked)}
        )
        for entry in instrument.entries
    )
    return Document(
        id=instrument.id,
        title=f"{instrument.title}: register of commitments",
        force=instrument.force,
        passages=passages,
        place=Place(file=str(path.relative_to(corpus)), sha256=sha256_of(path)),
    )


class SearchWordsFile(Model):
    """The content of corpus/search/asked.yaml: words with which people search for an entry."""

    version: str
    asked: dict[str, dict[str, str]] = Field(description="by entry and language: words that people ask with")


@lru_cache(maxsize=4)  # a corpus and what tests build
def load_search_words(corpus: Path) -> dict[str, dict[str, str]]:
    """Load additional search words of register entries: entry to language to the words with which people search for it.
    Empty when the corpus has no such file. Raises DataError with file and line."""
    path = corpus / "search" / "asked.yaml"
    return load_yaml(path, SearchWordsFile).asked if path.is_file() else {}


def _findable(entry: Entry, asked: Mapping[str, Mapping[str, str]]) -> str | None:
    """Return the statement of an entry followed by its additional search words; None when it has none. `asked` has the
    words by entry and language."""
    more = [*filter(None, [entry.also]), *(f"{words}." for words in asked.get(entry.id, {}).values())]
    return " ".join((entry.statement, *more)) if more else None


def _passage(
    entry: Entry, instrument: Instrument, by_id: dict[str, Entry], place: Place, fields: Mapping[str, str]
) -> Passage:
    notes = [
        OWN_WORDS,
        MARKS[entry.verified],
        *([f"Scope: {entry.scope}"] if entry.scope else []),
        *([entry.note] if entry.note else []),
    ]
    return Passage(
        id=entry.id,
        document=instrument.id,
        text=entry.statement,
        force=entry.force,
        kind="procedural" if entry.procedural else "commitment",
        citation=_citation(entry, instrument),
        place=place,
        number=entry.identifier,
        section=_path(entry, by_id),
        parent=entry.parent,
        part="framework",
        duty_bearer=entry.duty_bearers[0],
        notes=tuple(notes),
        tags=_tags(entry, instrument, fields),
        wording="own-words",
        verified=entry.verified,
    )


def _citation(entry: Entry, instrument: Instrument) -> str:
    """Return the citation of an entry: identifier, instrument, symbol, and paragraph range (marked if unverified)."""
    where = f"{entry.identifier}, {instrument.title} ({instrument.symbol})"
    return where + (f", {entry.range.cited()}" if entry.range else "")


def _path(entry: Entry, by_id: dict[str, Entry]) -> tuple[str, ...]:
    """Return the headings from the top of the instrument down to that of the entry, without repeats."""
    path: list[str] = [entry.heading]
    above = by_id.get(entry.parent or "")
    while above:
        if above.heading not in path:
            path.insert(0, above.heading)
        above = by_id.get(above.parent or "")
    return tuple(path)


def _tags(entry: Entry, instrument: Instrument, fields: Mapping[str, str]) -> tuple[Tag, ...]:
    """Return the facets that editors gave an entry as tags, which are proposed until a person confirms them. `fields`
    maps a field of an entry to its facet."""
    facets: dict[str, tuple[str, ...]] = {
        **{facet: getattr(entry, field) for field, facet in fields.items()},
        "instrument": (instrument.id,),
        "verified": (entry.verified,),
    }
    return tuple(
        Tag(facet=facet, id=term, origin="rule:register", confidence=1.0)
        for facet, terms in facets.items()
        for term in terms
    )


def _places(path: Path, file: str) -> dict[str, Place]:
    """Return for the id of each entry the place of its statement in the YAML file: the characters of its text, and its
    lines."""
    text = path.read_text(encoding="utf-8")
    digest = sha256_of(path)
    root = cast(yaml.MappingNode, yaml.compose(text, Loader=_LOADER))  # else loading would have failed
    entries = next(value for key, value in root.value if key.value == "entries")
    places = {}
    for node in entries.value:
        fields = {key.value: value for key, value in node.value}
        statement = fields["statement"]
        pieces = _words_of(text, statement)
        places[fields["id"].value] = Place(
            file=file,
            sha256=digest,
            chars=(pieces[0][0], pieces[-1][1]),
            pieces=tuple(pieces) if len(pieces) > 1 else (),
            lines=(statement.start_mark.line + 1, statement.end_mark.line + (1 if statement.end_mark.column else 0)),
        )
    return places


def _words_of(text: str, node: yaml.ScalarNode) -> list[tuple[int, int]]:
    """Return the spans of the words of a YAML scalar, without quotes, indicators or escapes."""
    start, end = node.start_mark.index, node.end_mark.index
    pieces: list[tuple[int, int]] = []
    wanted, i = bare(node.value), 0
    for at in range(start, end):
        if i < len(wanted) and text[at] == wanted[i] and not (i == 0 and at == start and node.style):
            if pieces and (pieces[-1][1] == at or text[pieces[-1][1] : at].isspace()):
                pieces[-1] = (pieces[-1][0], at + 1)
            else:
                pieces.append((at, at + 1))
            i += 1
    return pieces
