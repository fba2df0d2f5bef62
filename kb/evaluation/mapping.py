"""Proposed evidence against judged passages of policies: what each step adds, with whole policies held apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kb.assess import measure, train
from kb.assess.calibrate import centred
from kb.assess.encoding import Vectors, cache_of, encoder_for
from kb.assess.judged import JudgedPolicy, grams, load_judged
from kb.assess.probes import load_probes
from kb.assess.proposing import look
from kb.assess.train import Case, Fitted, Shown
from kb.assess.windows import text_of, windows
from kb.config import settings
from kb.errors import InputError
from kb.models import Document
from kb.read import read
from kb.structure import parse

Row = dict[str, Any]
LEGS = {"lexical only": "bm25", "dense only": "dense", "hybrid": "hybrid"}
Results = list[tuple[Case, list[Shown], Fitted]]


def cases(file: Path, policies: Path | None = None, instead: dict[str, Path] | None = None) -> list[Case]:
    """Judged policies, read as any policy is and with their features; `instead` names another file for a policy's id.

    Raises InputError where a policy's file is absent.
    """
    folder = policies or file.parent.parent / "policies"
    found = []
    for policy in load_judged(file, folder):
        path = (instead or {}).get(policy.id) or folder / policy.file
        if not path.is_file():
            raise InputError(
                "the judged policy's file is not there", where=path.name, do="Name its folder with --policies."
            )
        found.append(_case(policy, path))
    return found


def document_of(policy: JudgedPolicy, path: Path) -> Document:
    """The policy as `kb assess` reads it."""
    return parse(read(path), "generic", document=policy.id, title=policy.id, language=policy.language)


def _case(policy: JudgedPolicy, path: Path) -> Case:
    now = settings()
    criteria = sorted(load_probes(now.corpus / "probes").by_criterion)
    vectors = Vectors(encoder_for(policy.language), cache_of(now))
    return Case.of(policy, look(document_of(policy, path), policy.language, criteria, vectors, now.corpus))


def held_out(judged: Sequence[Case], beside: Sequence[Case] = ()) -> Results:
    """For every policy of `judged`: what a model fitted on all the others, and on those of `beside`, would show.

    A policy that stands in both sets is held out of both.
    """
    results = []
    for case in judged:
        fitted = train.fit([other for other in (*judged, *beside) if not _same(other, case)])
        ranks = fitted.rank.score(centred(case.found, fitted.rank.names))
        results.append((case, train.show(case.found, ranks, fitted.row, fitted.proposal), fitted))
    return results


def _same(one: Case, other: Case) -> bool:
    return one is other or Path(one.policy.file).name == Path(other.policy.file).name


def rows(
    file: Path, policies: Path | None = None, instead: dict[str, Path] | None = None, beside: Path | None = None
) -> list[Row]:
    """The ablation and, for the whole method, the same figures by language and by policy.

    `beside` is a second set, of policies in the same folder: each takes part in the fits that it is not measured by, and
    it is measured in rows of its own.
    """
    folder = policies or file.parent.parent / "policies"
    judged = cases(file, folder, instead)
    more = cases(beside, folder) if beside else []
    results, others = held_out(judged, more), held_out(more, judged)
    table = [{"step": name, **_recall_row(judged, leg)} for name, leg in LEGS.items()]
    table.append({"step": "+ features", **_ranked_row(results)})
    table.append({"step": "+ calibration (the whole)", **measure.figures(results)})
    table += _by_language(results) + [{"step": f"  {r[0].policy.id}", **measure.figures([r])} for r in results]
    if others and beside:
        table.append({"step": f"{beside.stem} (the whole)", **measure.figures(others)})
        table += _by_language(others) + [{"step": f"  {r[0].policy.id}", **measure.figures([r])} for r in others]
    names = ["step", *measure.figures(results)]
    return [{name: row.get(name, "-") for name in names} for row in table]


def _by_language(results: Results) -> list[Row]:
    languages = sorted({result[0].policy.language for result in results})
    return [
        {"step": f"  {language}", **measure.figures([r for r in results if r[0].policy.language == language])}
        for language in languages
    ]


def _recall_row(judged: Sequence[Case], leg: str) -> Row:
    return order_recall((case, case.found.scores[leg]) for case in judged)


def _ranked_row(results: Results) -> Row:
    return order_recall(
        (case, fitted.rank.score(centred(case.found, fitted.rank.names))) for case, _, fitted in results
    )


def order_recall(scored: Iterable[tuple[Case, np.ndarray]]) -> Row:
    """recall@5 of an order alone, which never abstains and calls nothing direct."""
    shares = []
    for case, scores in scored:
        for number, criterion in enumerate(case.found.criteria):
            judged = case.policy.rows.get(criterion)
            if judged and judged.direct:
                best = windows(case.found.units, scores[number], keep=measure.TOP)
                shares.append(measure.recall(judged, [grams(text_of(case.found.units, one)) for one in best]))
    mean = round(float(np.mean(shares)), 3) if shares else 0.0
    return {"with_direct": len(shares), "recall_at_5_if_never_silent": mean}
