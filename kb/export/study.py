"""What a study adds up to: agreement reports and the facts of its method statement, from index and workspace."""
from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kb.coding.agreement import DRAWS, Report, machine_against, people
from kb.coding.from_taxonomy import codebook_here
from kb.coding.method import Facts, Source
from kb.coding.ratings import looked_at, machine_of, ratings_of
from kb.coding.sample import Sample
from kb.errors import InputError
from kb.export.collect import Bench
from kb.files import read_text
from kb.workspace.nouns import Coding, Session


def _study(bench: Bench, session: str | None) -> tuple[list[Coding], list[Session]]:
    codings = [c for found in bench.codings.values() for c in found if session in (None, c.session)]
    if bench.workspace is None:
        return codings, []
    from kb.workspace.codes import sessions

    return codings, [one for one in sessions(bench.workspace) if session in (None, one.id)]


def reports(bench: Bench, session: str | None = None, facets: Iterable[str] = (), seed: int = 0,
            draws: int = DRAWS) -> tuple[Report, list[Report]]:
    """Agreement among people, and of the machine with each person apart."""
    codings, rounds = _study(bench, session)
    ratings = ratings_of(codings, rounds, facets)
    units = {unit for by in ratings.values() for unit in by}
    passages = [passage for passage in map(bench.store.get, sorted(units)) if passage is not None]
    return people(ratings, seed=seed, draws=draws), machine_against(ratings, machine_of(passages), seed=seed, draws=draws)


def evaluation(path: Path | None) -> dict[str, Any] | list[Any]:
    """The figures that `kb eval --json` printed; nothing without a file. Raises InputError when it holds none."""
    if path is None:
        return {}
    try:
        value = json.loads(read_text(path))
    except ValueError as error:
        raise InputError(f"is not JSON ({error}).", where=str(path), do="Run kb eval again.") from error
    if not isinstance(value, (dict, list)):
        raise InputError("holds no figures.", where=str(path), do="Run kb eval again.")
    return value


def facts(bench: Bench, session: str | None = None, sample: Sample | None = None, figures: Path | None = None,
          seed: int = 0, draws: int = DRAWS) -> Facts:
    """The facts of the study, for `kb.coding.method.statement`."""
    codings, rounds = _study(bench, session)
    provenance, book = bench.provenance("codes"), codebook_here(bench.now.corpus)
    counted = bench.index.manifest.documents
    among, against = reports(bench, session, (), seed, draws)
    looked = Counter(coder for coders in looked_at(codings, rounds).values() for coder in coders)
    versions = {"Index": provenance.index, "Date of the index": provenance.date, "Framework": provenance.framework,
                "Taxonomy": provenance.taxonomy, **dict(m.split(": ", 1) for m in provenance.models),
                **bench.index.manifest.packages}
    return Facts(
        sources=tuple(Source(id=s.document, title=s.title, sha256=s.sha256, url=s.url, force=s.force,
                             passages=counted.get(s.document)) for s in provenance.sources),
        versions=versions, codebook=f"{book.title}, version {book.version}",
        codes=sum(code.codable for code in book.codes), sample=sample, coders=dict(looked),
        blind=all(one.blind for one in rounds) if rounds else None, people=among if among.facets else None,
        machine=tuple(against), evaluation=evaluation(figures))
