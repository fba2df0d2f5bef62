"""Make proposals from a policy: split it into units, score them, build passages, calibrate, explain. People then
accept or reject the proposals."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kb.assess import probes as probe_files
from kb.assess import retrieval
from kb.assess.calibrate import (
    Calibrated,
    Linear,
    candidates,
    centred,
    load_model,
    proposal_features,
    row_features,
    shown,
)
from kb.assess.counter import KIND_WORDS, against, counter_kinds
from kb.assess.cues import load_cues
from kb.assess.decided import CONFIRMED_ITSELF, REJECTED_ITSELF, Decisions, Settled, decisions, learnt, moved
from kb.assess.encoding import CachedVectors, vectors_for
from kb.assess.examples import Examples
from kb.assess.explain import evidence_type, place_of, why
from kb.assess.features import PolicyFeatures, evidence
from kb.assess.lessons import compare, heading_vectors, load_lessons, written_middle
from kb.assess.models import CriterionProposals, FrameworkStamp, Grade, MethodStamp, PolicyStamp, Proposal, Proposals
from kb.assess.units import cut
from kb.assess.windows import Window, text_of
from kb.config import settings
from kb.errors import InputError
from kb.extras import install
from kb.framework import Framework
from kb.index.cache import VectorCache
from kb.index.encoders import Encoder
from kb.languages import with_probes
from kb.models import Document
from kb.text import visible

NEAREST = 3
"""Nearest passages given where no evidence was found."""

WORDS_ALONE = (
    "found by words alone: the embedding model for '{}' is not installed, so more is missed and the "
    "confidence is rougher. To install it: " + install("build")
)


def propose(
    policy: Document,
    framework: Framework,
    *,
    encoder: Encoder | None = None,
    model: Calibrated | None = None,
    cache: VectorCache | None = None,
    decided: Examples | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Proposals:
    """Return ranked passages for every criterion of `framework`, or 'no evidence found' with the nearest passages.

    Without `encoder`, the one for the policy's language is loaded; `model` and `cache` default to those of the
    installation. `decided` are clauses that people confirmed or rejected: they change the ranking. `progress` is called
    with (embedded clauses, all clauses). Raises InputError for a policy without text, in a language without probes, or
    that is the source of the framework itself; DataError when data of the corpus is invalid.
    """
    language = _usable(policy, framework)
    corpus = settings().corpus
    model = model or load_model(corpus / "models" / "assess.json")
    vectors = vectors_for(language, encoder, cache)
    lessons = load_lessons(corpus, vectors) if vectors else None
    lessons = lessons.without_file(policy.place.sha256) if lessons else None
    found = compare(look(policy, language, [c.id for c in framework.criteria()], vectors, corpus, progress), lessons)
    examples = lessons.examples if lessons else None
    if decided is not None:
        examples = examples.plus(decided) if examples else decided
    decisions_here = decisions(found, decided, policy.place.sha256, lessons.examples if lessons else None)
    made = _criteria(found, _Method(framework, model, examples, language, decisions_here))
    counts = framework.counts()
    return Proposals(
        policy=PolicyStamp(
            id=policy.id,
            title=policy.title,
            file=policy.place.file,
            sha256=policy.place.sha256,
            language=language,
            words=sum(len(p.text.split()) for p in policy.passages),
        ),
        framework=FrameworkStamp(
            id=framework.id, version=framework.version, stated=counts["stated"], derived=counts["derived"]
        ),
        method=MethodStamp(
            model=model.version,
            encoder=vectors.encoder.identity if vectors else "none",
            probes=probe_files.load_probes(corpus / "probes").version,
            notes=() if vectors else (WORDS_ALONE.format(language),),
        ),
        criteria=made,
    )


def look(
    policy: Document,
    language: str,
    criteria: Sequence[str],
    vectors: CachedVectors | None,
    corpus: Path,
    progress: Callable[[int, int], None] | None = None,
) -> PolicyFeatures:
    """Split a policy into units and compute the features of all pairs of criterion and unit. Raises InputError when
    there are no units."""
    cues = load_cues(corpus / "cues", language)
    probes = probe_files.load_probes(corpus / "probes")
    units = cut(policy, cues.abbreviations)
    if not units:
        raise InputError(
            "the policy holds no text that could be evidence",
            where=policy.place.file,
            do="If it is a scan, read it with OCR; else check that it is the right file.",
        )
    probe_vectors = vectors.of_probes(probes, criteria, language) if vectors else None
    own = vectors.of([visible(unit.text) for unit in units], progress) if vectors else None
    over = heading_vectors([unit.heading for unit in units], vectors) if vectors else None
    middle = retrieval.middle(own, written_middle(corpus, vectors, language)) if own is not None and vectors else None
    return evidence(units, language, cues, probes, criteria, own, probe_vectors, over, middle)


def _usable(policy: Document, framework: Framework) -> str:
    """Return the language whose probes are used for the policy. Raises InputError if the policy cannot be assessed."""
    if policy.id == framework.document or policy.force == "expert-recommendation":
        raise InputError(
            "this is the paper that the framework comes from, not a policy",
            where=policy.place.file,
            do="Give a law, plan or programme of a country.",
        )
    if not any(passage.text.strip() for passage in policy.passages):
        raise InputError(
            "the policy holds no text",
            where=policy.place.file,
            do="If it is a scan, read it with OCR; else check that it is the right file.",
        )
    if policy.language not in with_probes():
        raise InputError(
            f"there are no probes for language '{policy.language}'",
            where=policy.place.file,
            do=f"Languages are: {', '.join(with_probes())}. Name one with --language if this is wrong.",
        )
    return policy.language


@dataclass(frozen=True)
class _Method:
    """What is needed to make proposals: framework, calibrated model, examples, language and people's decisions."""

    framework: Framework
    model: Calibrated
    examples: Examples | None
    language: str
    decided: Decisions | None


def _criteria(found: PolicyFeatures, method: _Method) -> tuple[CriterionProposals, ...]:
    model = method.model
    plain = model.rank.score(centred(found))
    rows = row_features(found, plain)
    scores, sure = model.row.score(rows), model.row.probability(rows)
    kinds = counter_kinds(found, method.language, settings().corpus)
    made = []
    ranks = moved(plain, method.decided)
    silent = [i for i, one in enumerate(sure) if model.is_silent(float(one), method.language, found.words)]
    for i, contrary in enumerate(against(ranks, kinds, silent)):
        row = _criterion(found, i, method, (plain, ranks), float(scores[i]), float(sure[i]), set(contrary))
        made.append(row.model_copy(update={"counter": _counter(found, i, method, contrary, kinds[i])}))
    return tuple(made)


def _counter(
    found: PolicyFeatures, number: int, method: _Method, contrary: Sequence[int], kinds: Sequence[str]
) -> tuple[Proposal, ...]:
    """Return counter-proposals, each a single clause (positions `contrary`); their confidence is 0, because it is not
    calibrated."""
    made = []
    for rank, at in enumerate(contrary, 1):
        one = _proposal(found, number, method, Window(at, at, at), 0.0, rank)
        words = (KIND_WORDS[kinds[at]], *one.why.against)
        why_ = one.why.model_copy(update={"polarity": "contrary?", "against": words, "resembles": None, "learnt": ()})
        made.append(one.model_copy(update={"why": why_}))
    return tuple(made)


def _criterion(
    found: PolicyFeatures,
    number: int,
    method: _Method,
    ranks: tuple[np.ndarray, np.ndarray],
    row_score: float,
    row: float,
    contrary: set[int],
) -> CriterionProposals:
    settled = method.decided.of(found.criteria[number]) if method.decided else Settled()
    best, sureness = proposed(method.model.proposal, found, number, ranks, row_score, settled, contrary)
    silent = method.model.is_silent(row, method.language, found.words)
    made = [
        _proposal(found, number, method, window, float(sure), rank)
        for rank, (window, sure) in enumerate(zip(best, sureness, strict=True), 1)
    ]
    return CriterionProposals(
        id=found.criteria[number],
        kind=method.framework.recommendation(found.criteria[number].split(".")[0]).kind,
        state="no-evidence-found" if silent else "proposed",
        confidence=round(row, 3),
        proposals=() if silent else tuple(made),
        nearest=tuple(made[:NEAREST]) if silent else (),
    )


def proposed(
    model: Linear,
    found: PolicyFeatures,
    number: int,
    ranks: tuple[np.ndarray, np.ndarray],
    row_score: float,
    settled: Settled,
    contrary: Collection[int] = (),
) -> tuple[list[Window], np.ndarray]:
    """Return the passages of one criterion (position `number`), best first, and the probability of each.

    `ranks` has two arrays (float [criteria, units]): rank scores without and with people's decisions. Confirmed
    passages of the policy come first and rejected ones last, in addition to KEEP others, so that no list has only
    decided passages. Units in `contrary` are left out.
    """
    plain, learnt_ranks = ranks
    parts = candidates(found, learnt_ranks[number], taken=settled.taken(len(found.units)))
    parts = [part for part in parts if part.centre not in contrary]
    features = proposal_features(found, number, parts, plain, row_score)
    best, sure = shown(model, found, number, parts, learnt_ranks, row_score, features=features)
    known = [*settled.confirmed, *settled.rejected]
    of_known = model.probability(proposal_features(found, number, known, plain, row_score)) if known else np.zeros(0)
    first = len(settled.confirmed)
    return (
        [*settled.confirmed, *best, *settled.rejected],
        np.concatenate([of_known[:first], sure, of_known[first:]]),
    )


def _proposal(found: PolicyFeatures, number: int, method: _Method, window: Window, sure: float, rank: int) -> Proposal:
    first = found.units[window.first].first
    criterion = method.framework.criterion(found.criteria[number])
    reason = why(found, number, criterion, window, method.language, method.examples)
    learned = learnt(found, number, window, method.decided)
    itself = {"resembles": None} if learned in (CONFIRMED_ITSELF, REJECTED_ITSELF) else {}
    return Proposal(
        rank=rank,
        passage=first.id,
        text=text_of(found.units, window),
        citation=first.citation,
        grade=Grade.DIRECT if sure >= method.model.direct_from else Grade.RELATED,
        confidence=round(sure, 3),
        type=evidence_type(found, window),
        why=reason.model_copy(update={"learnt": learned, **itself}),
        source=place_of(found, window),
        may_quote=first.may_quote,
    )
