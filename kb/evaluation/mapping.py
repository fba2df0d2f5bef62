"""Evaluate proposed evidence against judged passages of policies, with whole policies held out: what each step of the
method adds."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from kb.assess import measure, train
from kb.assess.calibrate import RANK, centred, load_model
from kb.assess.encoding import CachedVectors, cache_of, encoder_for
from kb.assess.judged import JudgedCriterion, JudgedPolicy, examples_of, grams, load_judged
from kb.assess.lessons import load_lessons, written_vectors
from kb.assess.probes import load_probes
from kb.assess.proposing import look
from kb.assess.train import Case, Fitted, ShownPassages, Written, traps_of, unit_grades
from kb.assess.windows import text_of, windows
from kb.config import settings
from kb.errors import InputError
from kb.evaluation.answers import FigureRow
from kb.files import replacing
from kb.languages import MAIN
from kb.models import Document
from kb.read import read
from kb.read.limits import Limits
from kb.structure import parse
from kb.text import sha256_of, sha256_text

LEGS = {"words of probes": "bm25", "meaning of probes": "dense", "both": "hybrid"}
BEFORE = RANK[:7]
"""Names of the features that ranked clauses before there were examples."""
SCAN_SECONDS = 600
"""Limit of processor seconds for reading one judged policy: a scan on a busy machine takes more than the default."""
SHORT = 2000
"""Words up to which a policy is called short: a few pages."""
Results = list[tuple[Case, list[ShownPassages], Fitted]]


def cases(file: Path, policies: Path | None = None, instead: dict[str, Path] | None = None) -> list[Case]:
    """Load judged policies with their features, computed as for any policy; `instead` gives another file for a policy's
    id.

    Computed cases are cached beside the indexes, by the hash of the file, its judgements and the program. Raises
    InputError when a policy's file is missing.
    """
    folder = policies or file.parent.parent / "policies"
    found = []
    for policy in load_judged(file, folder):
        path = (instead or {}).get(policy.id) or folder / policy.file
        if not path.is_file():
            raise InputError(
                "the judged policy's file is not there", where=path.name, do="Name its folder with --policies."
            )
        found.append(_kept(policy, path))
    return found


def folder_of(file: Path, folders: Sequence[Path]) -> Path:
    """Return the first of the folders that contains all policies judged in `file`; the first folder when none does."""
    named = {json.loads(line)["file"] for line in file.read_text(encoding="utf-8").splitlines()}
    return next((folder for folder in folders if all((folder / name).is_file() for name in named)), folders[0])


def document_of(policy: JudgedPolicy, path: Path) -> Document:
    """Return the policy as a document, read from `path` as `kb assess` reads it."""
    pages = read(path, limits=Limits(cpu_seconds=SCAN_SECONDS))
    return parse(pages, "generic", document=policy.id, title=policy.id, language=policy.language)


def _kept(policy: JudgedPolicy, path: Path) -> Case:
    folder = settings().indexes / "judged-cases"
    judgements = sha256_text(repr(sorted((key, repr(row)) for key, row in policy.rows.items())))
    file = folder / f"{sha256_text(sha256_of(path) + judgements + _program())[:32]}.pickle"
    if file.is_file():
        return pickle.loads(file.read_bytes())
    made = _case(policy, path)
    folder.mkdir(parents=True, exist_ok=True)
    with replacing(file) as beside:
        beside.write_bytes(pickle.dumps(made, protocol=5))  # 5 is the first that keeps large arrays apart from the rest
    return made


@lru_cache(maxsize=1)
def _program() -> str:
    """Return a hash of everything except its file on which a case depends: the code that reads and splits it, and the
    data that this uses."""
    config = settings()
    rooms = [Path(__file__).parent.parent / room for room in ("read", "structure", "assess")]
    files = [file for room in rooms for file in sorted(room.rglob("*.py")) if file.name not in _LATER]
    return sha256_text("".join(map(sha256_of, files)) + load_probes(config.corpus / "probes").version)


_LATER = {
    "calibrate.py",
    "train.py",
    "windows.py",
    "proposing.py",
    "explain.py",
    "measure.py",
    "decided.py",
    "models.py",
}
"""Modules of kb.assess that use a case but are not needed to make it."""


def _case(policy: JudgedPolicy, path: Path) -> Case:
    config = settings()
    criteria = sorted(load_probes(config.corpus / "probes").by_criterion)
    vectors = CachedVectors(encoder_for(policy.language), cache_of(config))
    found = look(document_of(policy, path), policy.language, criteria, vectors, config.corpus)
    grades = unit_grades(policy, found.criteria, [unit.text for unit in found.units])
    space = vectors.encoder.identity.partition("@")[0]
    return Case.of(policy, found, examples_of(policy, found, grades, traps_of(policy, found), space))


def written() -> Written:
    """Return the vectors of the clauses that the project wrote for each criterion."""
    config = settings()
    return Written(*written_vectors(config.corpus, CachedVectors(encoder_for(MAIN), cache_of(config))))


def held_out(judged: Sequence[Case], clauses: Written, parts: int | None = None) -> Results:
    """Return for every policy the proposals of a model fitted on other policies. A file that is judged twice is held
    out twice.

    Policies are held out one by one, or in `parts` groups, each with about the same share of each language: this is
    cheaper, and a little worse, because each model learns from fewer policies.
    """
    order = sorted(judged, key=lambda case: (case.policy.language, case.policy.id)) if parts else judged
    results: dict[int, tuple[Case, list[ShownPassages], Fitted]] = {}
    for group in (order[i :: parts or len(order)] for i in range(parts or len(order))):
        others = [other for other in judged if not any(_same(other, case) for case in group)]
        fitted = train.fit(others, clauses)
        for case in group:
            known = case.knowing(fitted.lessons)
            ranks = fitted.rank.score(centred(known.found, fitted.rank.names))
            results[id(case)] = (known, train.show(known.found, ranks, fitted.row, fitted.proposal), fitted)
    return [results[id(case)] for case in judged]


def shipped(judged: Sequence[Case]) -> Results:
    """Return the proposals of the shipped model for policies on which it was not fitted.

    Raises InputError when it was fitted on one of them, because the figures would then measure its memory.
    """
    config = settings()
    model = load_model(config.corpus / "models" / "assess.json")
    lessons = load_lessons(config.corpus, CachedVectors(encoder_for(MAIN), cache_of(config)))
    if lessons is None:
        raise InputError("the examples belong to another embedding model", do="Restore corpus/examples.")
    seen = sorted({case.policy.id for case in judged} & set(lessons.examples.policies))
    if seen:
        raise InputError(
            "the model was fitted on this policy", where=", ".join(seen), do="Measure it without --shipped."
        )
    parts = {name: getattr(model, name) for name in Fitted.__dataclass_fields__ if name != "lessons"}
    fitted, results = Fitted(**parts, lessons=lessons), []
    for case in judged:
        known = case.knowing(lessons)
        ranks = fitted.rank.score(centred(known.found))
        results.append((known, train.show(known.found, ranks, fitted.row, fitted.proposal), fitted))
    return results


def figures_by(results: Results) -> list[FigureRow]:
    """Return the figures of the whole method: over all policies, by language, by length, and for each policy."""
    languages = sorted({case.policy.language for case, _, _ in results})
    words = {case.policy.id: case.found.words for case, _, _ in results}
    parts = [("the whole", results)]
    parts += [(f"  {one}", [r for r in results if r[0].policy.language == one]) for one in languages]
    parts.append((f"  at most {SHORT:,} words", [r for r in results if words[r[0].policy.id] <= SHORT]))
    parts.append((f"  above {SHORT:,} words", [r for r in results if words[r[0].policy.id] > SHORT]))
    parts += [(f"    {r[0].policy.id}, {words[r[0].policy.id]} words", [r]) for r in results]
    return [{"step": name, **measure.figures(part)} for name, part in parts if part]


def _same(one: Case, other: Case) -> bool:
    return one is other or Path(one.policy.file).name == Path(other.policy.file).name


def rows(
    file: Path,
    policies: Path | None = None,
    instead: dict[str, Path] | None = None,
    beside: Sequence[Path] = (),
) -> list[FigureRow]:
    """Return the figures with and without each step of the method and, for the whole method, the same figures by
    language, by set and by policy.

    `beside` are further judged sets, of policies in the same folder; every model is fitted on all policies except those
    on which it is measured.
    """
    folder = policies or file.parent.parent / "policies"
    sets = {one.stem: cases(one, folder, instead) for one in (file, *beside)}
    results = held_out([case for some in sets.values() for case in some], written())
    return table(results, {name: {case.policy.id for case in some} for name, some in sets.items()})


def table(results: Results, sets: dict[str, set[str]]) -> list[FigureRow]:
    """Return the rows of figures for `results`; `sets` maps the name of each judged set to its policies."""
    judged = [case for case, _, _ in results]
    made = [
        {"step": name, **order_recall((case, case.found.scores[leg]) for case in judged)} for name, leg in LEGS.items()
    ]
    made.append({"step": "order by probes and cues", **_ordered_by(results, BEFORE)})
    made.append({"step": "order by examples too", **_ordered_by(results, RANK)})
    made.append({"step": "the whole", **measure.figures(results)})
    for language in sorted({case.policy.language for case in judged}):
        made.append(
            {"step": f"  {language}", **measure.figures([r for r in results if r[0].policy.language == language])}
        )
    for name, policies in sets.items():
        made.append({"step": f"  {name}", **measure.figures([r for r in results if r[0].policy.id in policies])})
    made += by_lists(results)
    made += [{"step": f"    {r[0].policy.id}", **measure.figures([r])} for r in results]
    names = ["step", *measure.figures(results)]
    return [{name: row.get(name, "-") for name in names} for row in made]


def by_lists(results: Results) -> list[FigureRow]:
    """Return the figures for two kinds of rows separately: rows whose judge listed every passage, and rows of which
    only some passages were listed (in these, an unlisted passage counts as wrong although nobody judged it)."""
    made: list[FigureRow] = []
    kinds: dict[str, Callable[[JudgedCriterion], bool]] = {
        "lists whole": lambda row: not row.more,
        "lists cut": lambda row: row.more,
    }
    for name, of in kinds.items():
        made.append({"step": f"  {name}", **measure.figures(results, of)})
        for language in sorted({case.policy.language for case, _, _ in results}):
            own = [one for one in results if one[0].policy.language == language]
            made.append({"step": f"  {name}, {language}", **measure.figures(own, of)})
    return made


def _ordered_by(results: Results, names: tuple[str, ...]) -> FigureRow:
    """Return recall@5 of the ranking that uses only these features, with weights fitted on the same policies as each
    model."""
    apart: dict[int, list[Case]] = {}
    for case, _, fitted in results:
        apart.setdefault(id(fitted), []).append(case)
    models = {id(fitted): fitted.rank for _, _, fitted in results}
    if any(model.names != names for model in models.values()):
        cases_ = [case for case, _, _ in results]
        for key, group in apart.items():
            models[key] = train.rank([one for one in cases_ if not any(_same(one, case) for case in group)], names)
    return order_recall((case, models[id(fitted)].score(centred(case.found, names))) for case, _, fitted in results)


def order_recall(scored: Iterable[tuple[Case, np.ndarray]]) -> FigureRow:
    """Return recall@5 of the ranking alone, which always proposes passages and calls none direct."""
    shares = []
    for case, scores in scored:
        for number, criterion in enumerate(case.found.criteria):
            judged = case.policy.rows.get(criterion)
            if judged and judged.direct:
                best = windows(case.found.units, scores[number], keep=measure.TOP)
                shares.append(measure.recall(judged, [grams(text_of(case.found.units, one)) for one in best]))
    mean = round(float(np.mean(shares)), 3) if shares else 0.0
    return {"with_direct": len(shares), "recall_at_5_if_never_silent": mean}
