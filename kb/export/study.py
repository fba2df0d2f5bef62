"""Summarise a study from index and workspace: agreement reports, and the facts of its method statement."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kb.coding.agreement import DRAWS, AgreementReport, Ratings, machine_against, people
from kb.coding.from_taxonomy import codebook_here
from kb.coding.method import StudyFacts, StudySource, drawn_for
from kb.coding.models import Coding, Session
from kb.coding.own import OWN
from kb.coding.ratings import machine_of, ratings_of
from kb.coding.units import Unit, Work, units, work
from kb.data import Json
from kb.errors import InputError
from kb.export.collect import Bench
from kb.files import read_text
from kb.models import WORDING_WORDS, Passage


@dataclass(frozen=True)
class _Study:
    """People's codings and units as far as the viewer may see them; `work` has numbers for all coders.

    Codes of complete documents are left out, since the unit of agreement is a passage.
    """

    codings: list[Coding]
    units: list[Unit]
    sessions: list[Session]
    work: dict[str, Work]


def _study(bench: Bench, session: str | None) -> _Study:
    if bench.workspace is None:
        return _Study([], [], [], {})
    from kb.coding.codes import no_session, sessions

    codings = [
        c for found in bench.codings.values() for c in found if session in (None, c.session) and not c.of_document
    ]
    rounds = [one for one in sessions(bench.workspace) if session in (None, one.id)]
    if session is not None and not rounds:
        with bench.workspace.reading() as reader:
            raise no_session(reader, session)
    names = [one.id for one in rounds] + ([""] if session is None else [])
    return _Study(
        codings,
        units(bench.workspace, session=session, viewer=bench.viewer),
        rounds,
        _summed(work(bench.workspace, name) for name in names),
    )


def _summed(parts: Iterable[dict[str, Work]]) -> dict[str, Work]:
    """Sum each coder's numbers over several sessions."""
    found: dict[str, Work] = {}
    for part in parts:
        for coder, one in part.items():
            held = found.get(coder, Work(opened=0, coded=0))
            given = [n for n in (held.assigned, one.assigned) if n is not None]
            found[coder] = Work(
                assigned=sum(given) if given else None, opened=held.opened + one.opened, coded=held.coded + one.coded
            )
    return found


def reports(
    bench: Bench, session: str | None = None, facets: Iterable[str] = (), seed: int = 0, draws: int = DRAWS
) -> tuple[AgreementReport, list[AgreementReport]]:
    """Return two values: the agreement among people, and one report per person on their agreement with the machine.
    Only codes that the machine can give are compared, not people's own codes."""
    study = _study(bench, session)
    ratings = ratings_of(study.codings, study.units, facets)
    passages = _passages(bench, (unit for by in ratings.values() for unit in by))
    both: list[str] = [
        p.wording
        for p in _passages(bench, (u for by in ratings.values() for u, coders in by.items() if len(coders) > 1))
    ]
    among = people(ratings, seed=seed, draws=draws).model_copy(
        update={"wordings": {w: both.count(w) for w in WORDING_WORDS}}
    )
    known = {facet: by for facet, by in ratings.items() if facet != OWN}
    against = machine_against(known, machine_of(passages), seed=seed, draws=draws)
    return among, [one.model_copy(update={"wordings": _wordings_of(one.person, known, passages)}) for one in against]


def _wordings_of(person: str, ratings: Mapping[str, Ratings], passages: Iterable[Passage]) -> dict[str, int]:
    """Count by wording the passages that the person coded."""
    coded = {unit for by in ratings.values() for unit, coders in by.items() if person in coders}
    words: list[str] = [p.wording for p in passages if p.id in coded]
    return {w: words.count(w) for w in WORDING_WORDS}


RATING_WORDS = {
    "session": "round of coding that was asked for; empty for all",
    "unit": "identifier of the passage that was coded",
    "wording": "whose words it is: verbatim or own-words",
    "facet": "kind of the code",
    "code": "term of the facet: each that anybody gave",
    "coder": "who coded the unit in the facet; 'machine' for its tags",
    "machine": "1 for the machine's tags, 0 for a person",
    "given": "1 where the coder gave the code, 0 where they coded the unit and did not",
}
"""Columns of the table of ratings, with their descriptions."""
RATINGS = tuple(RATING_WORDS)


def ratings_table(bench: Bench, session: str | None = None, facets: Iterable[str] = ()) -> Iterator[tuple[object, ...]]:
    """Yield the ratings behind every figure of agreement: a row for each unit, code and coder who coded the unit in the
    facet.

    `given` is 1 if the coder gave the code, and 0 if they coded the unit without it. Machine tags are separate rows
    with `machine` 1. The codes are those that anybody gave in the facet.
    """
    study = _study(bench, session)
    ratings = ratings_of(study.codings, study.units, facets)
    passages = {p.id: p for p in _passages(bench, (unit for by in ratings.values() for unit in by))}
    machine = machine_of(passages.values())
    for facet, by_unit in ratings.items():
        tagged = machine.get(facet, {})
        codes = sorted(
            {code for coders in by_unit.values() for given in coders.values() for code in given}
            | {code for unit in by_unit for code in tagged.get(unit, ())}
        )
        for unit, coders in by_unit.items():
            wording = passages[unit].wording if unit in passages else ""
            rows = [
                *((coder, 0, given) for coder, given in coders.items()),
                ("machine", 1, tagged.get(unit, frozenset())),
            ]
            for coder, is_machine, given in rows:
                yield from (
                    (session or "", unit, wording, facet, code, coder, is_machine, int(code in given)) for code in codes
                )


def _passages(bench: Bench, units: Iterable[str]) -> list[Passage]:
    """Return the passages of the index among these units, each once."""
    return [passage for passage in map(bench.store.get, sorted(set(units))) if passage is not None]


def _documents(bench: Bench, study: _Study, session: str) -> set[str] | None:
    """Return the documents whose passages a round sampled, assigned or coded; None for a round open to every
    passage."""
    if not all(one.sample or one.assignments for one in study.sessions):
        return None
    coded = [c for found in bench.codings.values() for c in found if c.session == session]
    ids = {c.passage for c in coded} | {unit.passage for unit in study.units}
    for one in study.sessions:
        ids |= {*one.sample, *(id for share in one.assignments.values() for id in share)}
    return {c.passage for c in coded if c.of_document} | {passage.document for passage in _passages(bench, ids)}


def evaluation(path: Path | None) -> dict[str, Json] | list[Json]:
    """Read the figures that `kb eval --json` wrote; {} for None. Raises InputError if the file contains none."""
    if path is None:
        return {}
    try:
        value = json.loads(read_text(path))
    except ValueError as error:
        raise InputError(f"is not JSON ({error}).", where=str(path), do="Run kb eval again.") from error
    if not isinstance(value, (dict, list)):
        raise InputError("holds no figures.", where=str(path), do="Run kb eval again.")
    return value


def facts(
    bench: Bench, session: str | None = None, figures: Path | None = None, seed: int = 0, draws: int = DRAWS
) -> StudyFacts:
    """Return the facts of the study, for `kb.coding.method.statement`."""
    study = _study(bench, session)
    provenance, book = bench.provenance("codes"), codebook_here(bench.config.corpus)
    counted = bench.index.manifest.documents
    studied = _documents(bench, study, session) if session is not None else None
    sources = [s for s in provenance.sources if studied is None or s.document in studied]
    among, against = reports(bench, session, (), seed, draws)
    wordings = bench.store.wordings()
    versions = {
        "Index": provenance.index,
        "Date of the index": provenance.date,
        "Framework": provenance.framework,
        "Taxonomy": provenance.taxonomy,
        **dict(m.split(": ", 1) for m in provenance.models),
        **bench.index.manifest.packages,
    }
    return StudyFacts(
        sources=tuple(
            StudySource(
                id=s.document,
                title=s.title,
                sha256=s.sha256,
                url=s.url,
                force=s.force,
                passages=counted.get(s.document),
                wordings=wordings.get(s.document, {}),
            )
            for s in sources
        ),
        others=len(provenance.sources) - len(sources),
        versions=versions,
        codebook=f"{book.title}, version {book.version}",
        codes=sum(code.codable for code in book.codes),
        samples=tuple(drawn_for(one) for one in study.sessions if one.sample or one.assignments),
        coders=study.work,
        log=provenance.log,
        blind=any(one.blind for one in study.sessions) if study.sessions else None,
        seen=_seen(bench, study, session),
        sealed=bench.sealed(session),
        people=among if among.facets else None,
        machine=tuple(against),
        evaluation=evaluation(figures),
    )


def _seen(bench: Bench, study: _Study, session: str | None) -> tuple[str, ...]:
    """Return descriptions of the codes that all coders could see: 'session ID' for each session that was not blind, and
    'codes outside a session' if there are any."""
    outside = session is None and bench.workspace is not None and bool(work(bench.workspace, ""))
    return (*(f"session {one.id}" for one in study.sessions if not one.blind), *(["codes outside a session"] * outside))
