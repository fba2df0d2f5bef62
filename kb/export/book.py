"""Arrange rows as a book to read: headings by instrument, force or recommendation, and under each quotation its source.

`parts` yields the content in order; the writers of Word and HTML format it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from kb.commitments.documents import MARKS, OWN_WORDS
from kb.export.fields import FIELDS
from kb.export.rows import Provenance, Row
from kb.models import FORCE_WORDS, OWN_MARK, Tag, marked

BOOK = "book"
"""Name of this layout, the default of documents."""

_SAID_ABOVE = {"heading", "statement", "identifier", "deadline", "range", "memo", "coder"}
"""Fields that are shown in a heading, as the text itself, or on another line."""


@dataclass(frozen=True)
class BookHeading:
    """A heading of level 1 to 3 below the title."""

    level: int
    text: str


@dataclass(frozen=True)
class Item:
    """One row: its name, its text, its source, and facts about it."""

    name: str
    words: str
    own: bool
    """True for words that are not the source's: they are shown with a mark that says so, not as a quotation."""
    language: str
    source: tuple[str, ...]
    about: tuple[str, ...]


@dataclass(frozen=True)
class FindingTable:
    """One criterion of an assessment, as a table of four columns; its evidence follows."""

    criterion: tuple[str, ...]
    finding: tuple[str, ...]
    body: tuple[str, ...]
    who: tuple[str, ...]
    evidence: tuple[Item, ...]


@dataclass(frozen=True)
class RowFacts:
    """Facts about one row that would disturb reading: location, hash, tags, wording, who gave the tags. They are
    printed at the end."""

    name: str
    lines: tuple[str, ...]


Part = BookHeading | Item | FindingTable | RowFacts
CONTENTS = "In this book"
"""Heading of the list of instruments at the beginning."""
NOTES = "Places, tags and checks"
"""Heading of the notes at the end."""
OF_ALL = "Of every entry below"
"""Label of facts that hold for every entry of an instrument."""
USUAL = "Unless a note says otherwise"
"""Label of the note that holds for most rows."""
IN_TABLES = ("findings", "actions")
"""Kinds of rows that are shown in tables: the implementation table, one criterion at a time."""
FINDING_COLUMNS = ("Theme and criterion", "Finding and rationale", "Body, action, deadline", "Who and when")
ACTION_COLUMNS = ("Theme and criterion", "Status", "Body, action, deadline", "Who and when")


def title_of(provenance: Provenance) -> str:
    """Return the title of the document."""
    if provenance.kind == "findings":
        return f"Findings: {provenance.policy_set}" if provenance.policy_set else "Findings"
    if provenance.kind == "actions":
        return "Plan of action"
    asked, kind = provenance.asked_for, provenance.kind.capitalize()
    return kind if asked == "everything" else f"{kind}: {asked}"


def columns_of(provenance: Provenance) -> tuple[str, ...]:
    """Return the columns of a table in the book: those of actions or of findings."""
    return ACTION_COLUMNS if provenance.kind == "actions" else FINDING_COLUMNS


def parts(rows: Iterable[Row], provenance: Provenance) -> Iterator[Part]:
    """Yield the content of the pages: the rows, then a note on each. `rows` is iterated more than once."""
    of_all, usual = _of_all(rows)
    if provenance.kind in IN_TABLES:
        yield from _findings(rows)
    elif provenance.kind == "results":
        yield from _by_force(rows)
    else:
        yield from _contents(rows, provenance)
        yield from _by_instrument(rows, provenance, of_all)
    hashes = {source.sha256 for source in provenance.sources}
    in_tables = provenance.kind in IN_TABLES  # these kinds show every field in a table
    noted = (row.model_copy(update={"fields": {}}) if in_tables else row for row in rows)
    notes = (note for row in noted if (note := note_of(row, hashes, usual)).lines)
    for first, note in enumerate(notes):
        if not first:
            yield BookHeading(1, NOTES)
            if usual:
                yield RowFacts(USUAL, (usual,))
        yield note


def _usual(counted: Counter[str]) -> str:
    """Return the most frequent statement about the wording of the rows, which is printed once before the notes; ''
    if no statement occurs twice."""
    words, n = counted.most_common(1)[0] if counted else ("", 0)
    return words if n > 1 else ""


def _in_groups(tags: Iterable[Tag]) -> Iterator[str]:
    """Describe tags in words, grouped by state and origin, then by facet."""
    held: dict[tuple[str, str], dict[str, list[str]]] = {}
    for tag in tags:
        held.setdefault((tag.state, tag.origin), {}).setdefault(tag.facet, []).append(tag.id)
    for (state, origin), facets in held.items():
        terms = "; ".join(f"{facet}: {', '.join(ids)}" for facet, ids in facets.items())
        yield f"{terms} ({state}, {origin})"


def _by_force(rows: Iterable[Row]) -> Iterator[Part]:
    """Yield hits under a heading for each force, in rank order."""
    for force in (*FORCE_WORDS, None):
        first = True
        for row in rows:
            if row.force == force or (force is None and row.force not in FORCE_WORDS):
                if first:
                    yield BookHeading(1, FORCE_WORDS.get(force or "", "Force not stated"))
                    first = False
                yield item_of(row)


def _contents(rows: Iterable[Row], provenance: Provenance) -> Iterator[Part]:
    """Yield the overview of a book of commitments: its instruments, their force, and how many entries are in whose
    words."""
    if provenance.kind != "commitments":
        return
    forces: dict[str, dict[str, None]] = {}
    entries, quoted = Counter[str](), Counter[str]()
    for row in rows:
        title = _work(row, provenance)
        forces.setdefault(title, {})[row.force_words] = None
        entries[title] += 1
        quoted[title] += bool(row.text)
    if len(forces) < 2:
        return
    yield BookHeading(1, CONTENTS)
    for title, own in forces.items():
        n, words = entries[title], quoted[title]
        counted = f"{n} {'entry' if n == 1 else 'entries'}: {words} in the words of the source, {n - words} in our own"
        yield RowFacts(title, _filled((*own, counted)))


def _work(row: Row, provenance: Provenance) -> str:
    """Return the title of the row's instrument."""
    work = next((source for source in provenance.sources if source.document == row.document), None)
    return (work and (work.work or work.title)) or row.title or row.document or "Without a source"


def _by_instrument(rows: Iterable[Row], provenance: Provenance, of_all: dict[str, tuple[str, ...]]) -> Iterator[Part]:
    """Yield a heading for each instrument with the facts of all its entries (`of_all`), a heading for each section, and
    the rows."""
    instrument, section, heading = None, None, ""
    for row in rows:
        facts = of_all[row.document]
        if row.document != instrument:
            instrument, section, heading = row.document, None, ""
            yield BookHeading(1, _work(row, provenance))
            if facts:
                yield RowFacts(OF_ALL, facts)
        if row.section and row.section[:1] != section:
            section = row.section[:1]
            yield BookHeading(2, section[0])
        yield item_of(row, facts=(*facts, heading))
        heading = str(row.fields.get("heading") or "")


def _of_all(rows: Iterable[Row]) -> tuple[dict[str, tuple[str, ...]], str]:
    """Return two values. The first maps a document to the notes and address that all its rows share, which are
    printed once (only documents with more than one row). The second is the most frequent statement about the
    wording of the rows."""
    held: dict[str, list[str]] = {}
    counted, whose = Counter[str](), Counter[str]()
    for row in rows:
        whose.update(filter(None, (row.wording_words,)))
        own = {*row.notes, row.url}
        held[row.document] = [each for each in held.get(row.document, (*row.notes, row.url)) if each in own]
        counted[row.document] += 1
    return {
        document: tuple(each for each in notes if each and each not in _SAID_BY_THE_MARK)
        if counted[document] > 1
        else ()
        for document, notes in held.items()
    }, _usual(whose)


def item_of(row: Row, facts: Collection[str] = ()) -> Item:
    """Return the row as a quotation with its source and the notes that a reader must know; notes in `facts`, which
    are printed above, are left out."""
    statement = row.statement if not row.text else ""
    own = bool(statement)
    words = (row.text or statement).removeprefix(OWN_MARK)
    source = _filled((row.citation or row.id, row.force_words, "" if row.url in facts else row.url))
    known = (
        f"{name.replace('_', ' ').capitalize()}: {row.fields[name]}"
        for name in _READ
        if row.fields.get(name) and not (name == "range" and _cites(row.citation, str(row.fields[name])))
    )
    unchecked = row.wording_words if row.text and not own and not row.may_quote else ""
    notes = (note for note in row.notes if note not in _SAID_BY_THE_MARK and note not in facts)
    about = _filled(dict.fromkeys((unchecked, *notes, *known)))
    return Item(_name(row, facts), words, own, row.language, (" · ".join(source),), about)


def _cites(citation: str, range: str) -> bool:
    """Return whether a citation ends with the paragraphs of the range: '…, platform paras 58–60' contains 'platform
    58–60'."""
    part, _, numbers = range.rpartition(" ")
    return bool(part) and part in citation and citation.endswith(f" {numbers}")


_READ = ("deadline", "range", "memo", "coder")
"""Fields that are shown under the text."""
_SAID_BY_THE_MARK = (OWN_WORDS, MARKS["official-text"])


def note_of(row: Row, hashes: Collection[str], usual: str = "") -> RowFacts:
    """Return the note on a row, which holds what `item_of` leaves out. Left out here are a source hash in `hashes`,
    which the method section prints, and the statement `usual` about the wording, which is printed before the
    notes."""
    digest = row.place.sha256 if row.place else ""
    held = marked(row.statement, "own-words") if row.text else ""
    again = {name for name, value in row.fields.items() if f"{name.capitalize()}: {value}" in row.notes}  # as the scope
    again |= {"verified"} if row.wording_words and row.fields.get("verified") == row.verified else set()
    fields = (
        f"{name.replace('_', ' ')}: {value}"
        for name, value in row.fields.items()
        if name not in _SAID_ABOVE and name not in again
    )
    lines = (
        row.wording_words if row.wording_words != usual else "",
        row.where,
        f"sha256 {digest}" if digest and digest not in hashes else "",
        held,
        "; ".join(_in_groups(row.tags)),
        *fields,
    )
    return RowFacts(row.id, _filled(lines) if row.words or row.tags or row.place else ())


def _name(row: Row, facts: Collection[str] = ()) -> str:
    """Return the name of a row: its identifier in the register, or else its number or id; with its heading, unless
    `facts` show that it is printed above.

    A number that both have is written once: 'BPfA D.1: Take integrated measures'.
    """
    named = str(row.fields.get("identifier") or row.number or row.id)
    heading = str(row.fields.get("heading") or "")
    if not heading or heading in (named, *row.section[:1], *facts):
        return named
    number, _, words = heading.partition(" ")
    again = words and number[-1:] in ".)" and named.endswith((f" {number[:-1]}", f" ({number[:-1]})"))
    return f"{named}: {words if again else heading}"


def _filled(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(line for line in lines if line)


def _findings(rows: Iterable[Row]) -> Iterator[Part]:
    """Yield a heading for each recommendation, then each criterion once, with its evidence."""
    recommendation: str | None = None
    theme = ""
    waiting: list[Row] = []
    for row in rows:
        named = str(row.fields.get("recommendation") or "")
        if waiting and _key(waiting[0]) != _key(row):
            yield _undecided(_finding(waiting), theme)
            waiting = []
        if named != recommendation:
            recommendation = named
            theme = str(row.fields.get("theme") or "")
            yield BookHeading(1, ": ".join(_filled((named, theme))) or "Without a recommendation")
        waiting.append(row)
    if waiting:
        yield _undecided(_finding(waiting), theme)


def _key(row: Row) -> tuple[object, ...]:
    return (
        row.fields.get("criterion"),
        row.fields.get("country"),
        "" if row.fields.get("status") else row.id,
        _of(row),
    )


def _of(row: Row) -> str:
    """Return the id of the row without the part that names its evidence: 'SET/R1.a/EVIDENCE' gives 'SET/R1.a', which
    all rows of one finding share. The id of an action is returned unchanged."""
    return row.id if row.id.startswith("action/") else "/".join(row.id.split("/")[:2])


NOT_ASSESSED = "Not assessed"
_EVIDENCE = tuple(name for name in FIELDS["findings"] if name.startswith("evidence_"))
_IN_COLUMNS = {
    *("country", "recommendation", "theme", "criterion", "status", "rationale", "gap", "next_step", "body", "action"),
    *("indicator", "deadline", "start", "owner", "author", "at", "source"),
}


def _finding(rows: list[Row]) -> FindingTable:
    """Combine the rows of one criterion."""
    fields = rows[0].fields
    text = {name: _moment(str(value)) for name, value in fields.items() if value not in (None, "")}
    if (text.get("changed_by"), text.get("changed_at")) == (text.get("author"), text.get("at")):
        text = {name: value for name, value in text.items() if name not in ("changed_by", "changed_at")}
    labelled = lambda *names: _filled(
        f"{n.replace('_', ' ').capitalize()}: {text[n]}" if n in text else "" for n in names
    )
    others = [name for name in text if name not in _IN_COLUMNS and name not in _EVIDENCE]
    return FindingTable(
        criterion=_filled((text.get("theme", ""), text.get("criterion", ""), text.get("country", ""), rows[0].id)),
        finding=_filled((text.get("status", NOT_ASSESSED), text.get("rationale", ""), *labelled("gap", "next_step"))),
        body=_filled((text.get("body", ""), *labelled("action", "indicator", "start", "deadline", "owner"))),
        who=_filled((text.get("author", ""), text.get("at", ""), *labelled(*others))),
        evidence=tuple(_evidence(row) for row in rows if row.words),
    )


def _undecided(part: FindingTable, theme: str) -> FindingTable | RowFacts:
    """Return a criterion without decision, evidence or body as a note of one line, instead of a table with empty cells.
    The note omits the theme, which is in the heading above. Return any other finding unchanged."""
    if part.finding == (NOT_ASSESSED,) and not part.evidence and not part.body:
        return RowFacts(NOT_ASSESSED, (*(line for line in part.criterion if line != theme), *part.who))
    return part


def _moment(text: str) -> str:
    """Format an ISO time in UTC as '2026-02-01 10:00 UTC'; return anything else unchanged."""
    return f"{text[:10]} {text[11:16]} UTC" if text.endswith("+00:00") and "T" in text else text


def _evidence(row: Row) -> Item:
    """Return a piece of evidence: its text, and its own fields."""
    item = item_of(row.model_copy(update={"number": None, "fields": {}}))
    about = (
        f"{name.removeprefix('evidence_').replace('machine_', 'by the machine, ')}: {_moment(str(row.fields[name]))}"
        for name in _EVIDENCE
        if row.fields.get(name)
    )
    return Item(item.name, item.words, item.own, item.language, item.source, _filled((*item.about, " · ".join(about))))
