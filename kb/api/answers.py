"""Queries to the index and the corpus: search, show, cite, facets, coverage, documents, criteria."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from kb.amounts import of_lines
from kb.api import asked
from kb.api.asked import Filters
from kb.api.live import OpenIndex, state
from kb.api.other_names import other_name
from kb.api.records import (
    DERIVED_WORDS,
    CitationAnswer,
    CitedPlace,
    Coverage,
    CriterionInfo,
    DocumentInfo,
    Record,
    SearchAnswer,
    Shown,
)
from kb.config import settings
from kb.errors import InputError, NotFound
from kb.index.behind import behind_words
from kb.languages import MAIN
from kb.models import Force, Passage, Place
from kb.text import bare

if TYPE_CHECKING:
    from kb.citing.cited import Cited
    from kb.citing.reference import Reference
    from kb.engine.local.passage_store import Head
    from kb.search.results import Hit, Results
    from kb.sources.manifest import Source

MOST_AT_SELECTOR = 50
"""Most passages that one selector may match: a chapter of the paper has fewer."""


def search(
    query: str,
    *,
    limit: int | None = None,
    filters: Filters = (),
    document: str | None = None,
    mode: str = "hybrid",
    per_force: int = 10,
) -> SearchAnswer:
    """Return passages for a query in the query language of `kb search`, each with citation and explanation; for an
    empty query with filters, every passage that matches the filters.

    Without `limit`, up to `per_force` hits of each force. Raises QueryError with the column of a mistake, InputError,
    IndexError_.

    >>> import kb
    >>> kb.search("rural women land").hits[0].citation  # doctest: +SKIP
    'CEDAW art. 14(2), Convention on the Elimination of All Forms of Discrimination against Women …'
    """
    from kb.search.browse import as_query

    asked.text(query, "query")
    asked.text(document, "document") if document is not None else None
    for name, value in (("limit", limit), ("per_force", per_force)):
        asked.number(value, name) if value is not None else None
    here, pairs = state(), asked.pairs(filters)
    meant = query if query.strip() or not pairs else as_query(here.bench.terms(pairs))
    found = here.searcher.search(meant, mode=mode, limit=limit, document=document, facets=pairs, per_force=per_force)
    return answer_of(found.model_copy(update={"query": query}))


def answer_of(found: Results) -> SearchAnswer:
    """Convert search results of the live index to the answer of `search`: each hit becomes a record."""
    here = state()
    return SearchAnswer(
        query=found.query,
        mode=found.mode,
        absent=found.absent,
        state=found.state,
        message=f"{found.message} {behind_words(here.config)}".strip(),
        total=found.total,
        at_most=found.at_most,
        near=found.near,
        worded=found.worded,
        hits=tuple(_hit(here, hit, found.absent) for hit in found.hits),
        facets=found.facets,
        index=here.identity,
    )


def _hit(here: OpenIndex, hit: Hit, absent: bool) -> Record:
    """Return the record of a hit; `absent` says whether it is only among the nearest passages. `here` is the open
    index."""
    passage = here.store.get(hit.id)
    assert passage is not None  # a hit is in the index in which it was found
    return here.record(
        passage,
        rank=hit.rank,
        score=hit.score,
        why=hit.why,
        also=hit.also,
        entry=hit.entry,
        entry_statement=hit.statement,
        nearest=absent or bool(hit.why.get("nearest")),
        matches=not absent and bool(hit.why.get("matches", True)),
    )


def show(id: str, *, around: int = 1) -> Shown:
    """Return a passage or entry with up to `around` (0–50) neighbours on each side, its parts, official words and
    links.

    Raises NotFound with the nearest identifiers, InputError for an `around` out of range.
    """
    from kb.search.context import in_context

    if not 0 <= asked.number(around, "around") <= 50:
        raise InputError(f"around is {around}.", do="Give a number from 0 to 50.")
    asked.text(id, "identifier")
    here = state()
    found = here.store.around(id, around, around)
    at = next((i for i, passage in enumerate(found) if passage.id == id), None)
    if at is None and (id in here.criteria or id in here.documents):
        kind, where = ("criterion", "criteria") if id in here.criteria else ("document", "documents")
        raise NotFound(f"'{id}' is a {kind}, no passage.", do=f"Find it among {where}.")
    if at is None and (other := other_name(id, here.criteria, here.documents, here.store.get)):
        raise other
    if at is None:
        in_context(here.searcher.engine, id, around)  # says which identifiers are nearest
        raise NotFound(f"no passage '{id}'.")
    beside = here.beside.of(found[at])
    parts = (here.store.get(part) for part in here.parts.get(id, ()))
    return Shown(
        record=here.record(found[at], entry=beside.entry),
        before=tuple(map(here.record, found[:at])),
        after=tuple(map(here.record, found[at + 1 :])),
        parts=tuple(here.record(part) for part in parts if part),
        official=tuple(map(here.record, beside.official)),
        missing=beside.missing,
        links=tuple(link.model_dump(mode="json") for link in beside.links),
    )


def cite(citation: str) -> CitationAnswer:
    """Return what a typed citation means: one place, several, an ambiguity, nothing, or a document that is not here.

    Every word of the citation is taken into account, and nothing is guessed: an ambiguous citation gives its candidates
    and no place.
    """
    from kb.citing.cited import Ambiguous, AnotherDocument

    asked.text(citation, "citation")
    here = state()
    try:
        found = here.beside.citations.resolve(citation)
    except Ambiguous as error:
        return CitationAnswer(typed=citation, outcome="ambiguous", candidates=error.candidates, message=str(error))
    except NotFound as error:
        outcome = "another-document" if isinstance(error, AnotherDocument) else "none"
        return CitationAnswer(typed=citation, outcome=outcome, message=str(error))
    places = tuple(_cited_place(here, each) for each in (found, *found.also))
    return CitationAnswer(typed=citation, outcome="several" if len(places) > 1 else "one", places=places)


def _cited_place(here: OpenIndex, cited: Cited) -> CitedPlace:
    """Return one place of a citation with the register's entry and official words."""
    from kb.citing.reference import place_of

    entry = here.store.get(cited.entry.id) if cited.entry else None
    return CitedPlace(
        id=cited.id,
        citation=cited.identifier,
        title=cited.title,
        symbol=cited.symbol,
        date=cited.date,
        force=cited.force,
        pinpoint=place_of(cited),
        official_url=cited.url,
        record=here.record(entry) if entry else None,
        official=tuple(map(here.record, cited.passages)),
        notes=cited.notes,
    )


def reference(id: str) -> Reference:
    """Return the bibliographic reference of a passage, an entry or a document, as `kb cite --format` and `kb export`
    write it. Raises NotFound."""
    from kb.citing.reference import reference_of
    from kb.export.bibliography import reference_of_row

    asked.text(id, "identifier")
    here = state()
    if id in here.criteria:
        return _of_criterion(here.criteria[id], reference_of(here.beside.citations.resolve("paper")))
    passage = here.store.get(id)
    if passage is None:
        return reference_of(here.beside.citations.resolve(id))
    return reference_of_row(here.bench.row(passage), here.sources.get(passage.document))


def _of_criterion(criterion: CriterionInfo, paper: Reference) -> Reference:
    """Return the reference of a criterion: the paper with its lines, and a remark that states whose words the criterion
    is."""
    whose = "stated in the paper" if criterion.kind == "stated" else "derived by this project"
    remark = f"Criterion {criterion.id}, {whose}; in this project's words: {criterion.statement}"
    return paper.model_copy(
        update={"key": criterion.id, "pinpoints": (criterion.pinpoint,), "abstract": "", "remarks": (remark,)}
    )


def resolve_selector(
    source: str, *, start: int | None = None, end: int | None = None, exact: str = ""
) -> tuple[Record, ...]:
    """Return the passages that a selector of a W3C Web Annotation points at, as `kb export --format web-annotation`
    writes them.

    `source` is 'urn:sha256:…' of a source file, with a position (`start`, `end`, in characters of its decoded text) or
    with the `exact` words; or 'urn:kb:passage:…', whose position, if given, counts from the passage's beginning. Raises
    NotFound if there is nothing at that place; InputError for another kind of source, for a file without position and
    words, and if more than MOST_AT_SELECTOR passages are there.
    """
    here = state()
    for name, value in (("start", start), ("end", end)):
        asked.number(value, name) if value is not None else None
    asked.text(source, "source")
    _in_order(start, end)
    words = bare(asked.text(exact, "quotation"))
    if source.startswith("urn:kb:passage:"):
        record = show(source.removeprefix("urn:kb:passage:"), around=0).record
        inside = start is None or end is None or end <= len(record.text or record.statement)
        if inside and words in bare(record.text or record.statement):
            return (record,)
        raise NotFound("the passage has no such position or words.", do="Its own text is counted, from 0.")
    if not source.startswith("urn:sha256:") or ((start is None or end is None) and not exact.strip()):
        raise InputError(
            "this selector cannot be read.", do="Give urn:sha256:… with start and end, or with exact words."
        )
    digest = source.removeprefix("urn:sha256:").lower()
    held = [head["id"] for head in here.store.documents() if head["place"]["sha256"] == digest]
    passages = [passage for id in held for passage in here.store.passages(id)]
    found = [each for each in passages if _is_at(each, start, end, words)]
    if not found:
        raise NotFound(
            "no passage stands at this selector.", do="It belongs to a file, or an edition of it, that is not here."
        )
    if len(found) > MOST_AT_SELECTOR:
        raise InputError(
            f"{len(found)} passages stand at this selector.", do="Give a narrower position, or more words of it."
        )
    return tuple(map(here.record, found))


def _in_order(start: int | None, end: int | None) -> None:
    """Raise InputError for half a position, or one that ends before it starts."""
    if (start is None) != (end is None):
        raise InputError("a position needs its start and its end.", do="Give both, or neither.")
    if start is not None and end is not None and not 0 <= start <= end:
        raise InputError(f"the position {start}–{end} ends before it starts.", do="Give start first, from 0.")


def _is_at(passage: Passage, start: int | None, end: int | None, words: str) -> bool:
    """Return whether a passage overlaps the position `start` to `end` (if given) and contains `words` (if any are
    given)."""
    chars = passage.place.chars
    overlaps = start is None or end is None or (chars is not None and chars[0] < end and start < chars[1])
    return overlaps and (not words or words in bare(passage.text))


def facets() -> dict[str, dict[str, int]]:
    """Return facet to term to the number of passages that a search for this term alone lists. Passages that are shown
    as part of another passage are not counted separately."""
    searcher = state().searcher
    counts = searcher.engine.count(None, searcher.shown)
    return {name: counts[name] for name in searcher.index.store.facet_names() if name in counts}


def documents() -> tuple[DocumentInfo, ...]:
    """Return every document of the index, with the numbers of its passages in the source's words and in our own, and of
    those that are shown within another."""
    here = state()
    wordings, listed = here.store.wordings(), facets().get("document", {})
    return tuple(
        _document(here, head, wordings[head["id"]], listed.get(head["id"], 0)) for head in here.store.documents()
    )


def _document(here: OpenIndex, head: Head, wording: Mapping[str, int], listed: int) -> DocumentInfo:
    note = here.sources.get(head["id"])
    return DocumentInfo(
        id=head["id"],
        title=head["title"],
        force=head["force"],
        language=head["language"],
        passages=head["passages"],
        parts=head["passages"] - listed,
        verbatim=wording.get("verbatim", 0),
        own_words=wording.get("own-words", 0),
        official_url=note.url if note else "",
        source=head["place"],
    )


def coverage() -> tuple[Coverage, ...]:
    """Return for each source of the corpus which of its texts are here, what is missing, and what is here only in our
    own words."""
    from kb.citing.installed import states
    from kb.sources.manifest import load_manifest

    found = []
    forces = {source.id: source.force for source in load_manifest(settings().corpus).sources}
    for each in states(settings()):
        here = tuple(dict.fromkeys((*([each.language] if each.here else []), *each.others)))
        found.append(
            Coverage(
                id=each.id,
                title=each.title,
                symbol=each.symbol,
                force=forces[each.id],
                official_url=each.url,
                official_url_verified=each.url_verified,
                text_here=each.here,
                languages_here=here,
                languages_missing=tuple(text.language for text in each.texts if not text.here),
                entries=each.entries,
                entries_by_check=each.verified,
                only_own_words=not each.here,
                notes=each.notes,
            )
        )
    return tuple(found)


def criteria() -> tuple[CriterionInfo, ...]:
    """Return the criteria of the framework: those of the six stated recommendations, then those of the derived row,
    which are marked."""
    from kb.framework import load
    from kb.sources.manifest import load_manifest

    framework = load(settings().corpus / "framework")
    paper = load_manifest(settings().corpus).get(framework.document)
    return tuple(
        CriterionInfo(
            id=criterion.id,
            recommendation=recommendation.id,
            kind=recommendation.kind,
            force="derived" if recommendation.kind == "derived" else "expert-recommendation",
            force_words=DERIVED_WORDS if recommendation.kind == "derived" else Force.EXPERT_RECOMMENDATION.words,
            statement=criterion.element,
            citation=f"{paper.cite_as}, {of_lines(*criterion.own_lines)}",
            pinpoint=of_lines(*criterion.own_lines),
            official_url=paper.url,
            language=MAIN,
            source=_place(paper, criterion.own_lines),
            theme=recommendation.label,
            element=criterion.element,
            met=criterion.met,
            partial=criterion.partial,
            caution=criterion.caution or "",
            counted_with=criterion.counted_with,
        )
        for recommendation in framework.recommendations
        for criterion in recommendation.criteria
    )


def _place(source: Source, spans: Iterable[tuple[int, int]]) -> Place:
    """Return the lines of a source from the first to the last of these."""
    numbers = [number for span in spans for number in span]
    return Place(file=source.file or "", sha256=source.sha256 or "", lines=(min(numbers), max(numbers)))


__all__ = ["Record", "answer_of", "cite", "coverage", "criteria", "documents", "facets", "search", "show"]
