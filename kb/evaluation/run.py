"""Run the judged sets over the live index: one table for each set."""

from __future__ import annotations

import importlib
import importlib.util
import json
from collections.abc import Callable, Sequence
from pathlib import Path, PurePath
from typing import cast

from kb.citing.promises import Promises
from kb.commitments.register import load_register
from kb.config import settings
from kb.engine.fields import tags_of
from kb.errors import InputError
from kb.evaluation import commitments, graded, tags
from kb.evaluation import search as ranking
from kb.evaluation.answers import FigureRow, MeasuredAnswer, MeasuredHit, TaggedRow
from kb.evaluation.judged import JudgedPassage, JudgedQuery, JudgedQuestion, load_judged
from kb.search import MODES, Searcher
from kb.tagging.roles import load_roles

_FILES = {
    "search": "queries_dev.jsonl",
    "tags": "tags_dev.jsonl",
    "commitments": "commitments.jsonl",
    "mapping": "mapping_dev.jsonl",
}


def judged_file(name: str, folder: Path) -> Path:
    """Return the file of a judged set in `folder`: the development set, or `name` with the same beginning
    ('queries_test.jsonl').

    When `folder` is a file, return it. Raises InputError when there is none.
    """
    if folder.is_file():
        return folder
    exact = folder / _FILES[name]
    others = sorted(folder.glob(f"{_FILES[name].split('_')[0].removesuffix('.jsonl')}*.jsonl"))
    if exact.is_file() or others:
        return exact if exact.is_file() else others[0]
    raise InputError(
        f"the judgements of the set '{name}' are not there ({_FILES[name]}).",
        where=str(folder),
        do="Give the folder that holds them: kb eval --judged FOLDER",
    )


def _hits(searcher: Searcher) -> Callable[[str, str], Sequence[MeasuredHit]]:
    return lambda query, mode: _results(searcher)(query, mode)["hits"]


def _results(searcher: Searcher) -> Callable[[str, str], MeasuredAnswer]:
    return lambda query, mode: cast(MeasuredAnswer, searcher.search(query, mode=mode).model_dump(mode="json"))


def search_rows(searcher: Searcher, file: Path) -> list[FigureRow]:
    """Return nDCG@10, recall@10 and the share of hard negatives in each mode; for a file of graded questions, the table
    of `graded_rows`."""
    if graded.is_graded(file):
        return graded_rows(searcher, file)
    judged = load_judged(file, JudgedQuery)
    scores = [ranking.evaluate(judged, mode, _hits(searcher)) for mode in MODES]
    return [
        {
            "set": "search",
            "mode": s.mode,
            "queries": s.queries,
            "nDCG@10": round(s.ndcg, 3),
            "recall@10": round(s.recall, 3),
            "hard negatives@5": round(s.hard_negatives, 3),
        }
        for s in scores
    ]


def graded_rows(searcher: Searcher, file: Path) -> list[FigureRow]:
    """Evaluate graded questions in the default mode, over the texts of the live index."""
    judged, promises = load_judged(file, graded.GradedQuestion), Promises.of_corpus(settings().corpus)
    files = (document["place"]["file"] for document in searcher.index.store.documents())
    installed = {graded.PAPER, graded.COMMITMENTS, *(PurePath(name).name for name in files)}
    results = _results(searcher)
    scores = graded.evaluate(judged, lambda query: results(query, "hybrid"), promises, installed)
    return [{"set": f"search, {file.stem}", **score.row()} for score in scores]


def tag_rows(searcher: Searcher, file: Path) -> list[FigureRow]:
    """Return F1, precision and recall of each facet and of all together."""
    rows = (
        TaggedRow(
            document=passage.document,
            kind=passage.kind,
            source={"lines": passage.place.lines},
            tags=tags_of(passage.tags),
        )
        for passage in searcher.index.store.passages("paper")
    )
    scores = tags.evaluate(load_judged(file, JudgedPassage), rows, load_roles(settings().corpus / "taxonomy").judged)
    return [
        {
            "set": "tags",
            "facet": s.facet,
            "F1": round(s.f1, 3),
            "precision": round(s.precision, 3),
            "recall": round(s.recall, 3),
            "right": s.right,
            "wrong": s.wrong,
            "missed": s.missed,
        }
        for s in (*scores.facets, scores.whole)
    ]


def commitment_rows(searcher: Searcher, file: Path) -> list[FigureRow]:
    """Return hit@5 in each mode; for the default mode, also by language and instrument, and for absence."""
    judged, promises = load_judged(file, JudgedQuestion), Promises(load_register(settings().corpus / "commitments"))
    scores = [
        score
        for mode in MODES
        for score in commitments.evaluate(judged, mode, _results(searcher), promises)
        if mode == "hybrid" or score.of in ("all", "absent", "answered")
    ]
    return [
        {
            "set": "commitments",
            "mode": s.mode,
            "of": s.of,
            "questions": s.questions,
            "hit@5": round(s.hit, 3),
            "missed": " ".join(s.missed),
        }
        for s in scores
    ]


def mapping_rows(file: Path) -> list[FigureRow]:
    """Return the rows of `kb.evaluation.mapping.rows`, with further judged sets if their policies are available.

    Raises InputError when that module is not installed.
    """
    if importlib.util.find_spec("kb.evaluation.mapping") is None:
        raise InputError(
            "proposed evidence cannot be measured here yet.", do="Choose --set search, tags or commitments."
        )
    further = (file.parent / "mapping_more.jsonl", settings().home / "tests" / "relevance" / "mapping_policies.jsonl")
    policies = file.parent.parent / "policies"
    beside = [one for one in further if one.resolve() != file.resolve() and _all_there(one, policies)]
    return importlib.import_module("kb.evaluation.mapping").rows(file, beside=beside)


def _all_there(judged: Path, policies: Path) -> bool:
    """Return whether the file of judgements and every policy that it names exist."""
    if not judged.is_file():
        return False
    named = {json.loads(line)["file"] for line in judged.read_text(encoding="utf-8").splitlines()}
    return all((policies / name).is_file() for name in named)


SETS: dict[str, Callable[[Searcher, Path], list[FigureRow]]] = {
    "search": search_rows,
    "tags": tag_rows,
    "commitments": commitment_rows,
    "mapping": lambda _, file: mapping_rows(file),
}
