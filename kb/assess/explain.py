"""Explain a proposal in words, classify its kind of evidence, and determine its exact place in the source."""

from __future__ import annotations

from kb.assess.examples import Examples
from kb.assess.features import PolicyFeatures, matched_terms
from kb.assess.models import EvidenceType, Resembles, Why
from kb.assess.probes import Probe, load_probes
from kb.assess.provisions import source_pieces
from kb.assess.traits import KIND_WORDS, OPERATIVE
from kb.assess.windows import Window
from kb.config import settings
from kb.framework import Criterion
from kb.i18n import later
from kb.models import Place

MAX_TERMS = 8  # words of a reason: what a person reads in one line


def why(
    found: PolicyFeatures,
    number: int,
    criterion: Criterion,
    window: Window,
    language: str,
    examples: Examples | None = None,
) -> Why:
    """Return the reason for proposing a passage: the probe, the terms it matched, the kind of sentence, the most
    similar example, and cues against it. `number` is the position of the criterion."""
    probe = probe_of(found, number, window)
    terms = matched_terms(found, number, window.centre, probe, language)[:MAX_TERMS]
    return Why(
        probe=probe.means,
        probe_id=f"{criterion.id}/{probe.id}",
        terms=terms,
        cue=found.traits.words(window.centre),
        polarity="contrary?" if _contrary(found, number, window, probe) else None,
        caution=criterion.caution,
        resembles=_resembles(found, window, criterion, examples),
        against=_against(found, number, window, probe, language),
    )


LIKE = 0.25
"""Smallest cosine at which an example is named as similar: of clauses minus their policy's mean, one in fifty pairs
reaches it by chance."""


def _resembles(
    found: PolicyFeatures, window: Window, criterion: Criterion, examples: Examples | None
) -> Resembles | None:
    """Return the direct clause of another policy that is nearest to any clause of the passage; None when none is near
    enough."""
    if examples is None or found.vectors is None:
        return None
    near = examples.nearest(found.vectors[window.first : window.last + 1], criterion.id)
    if near is None or near[1] < LIKE:
        return None
    example, cosine = near
    title = examples.policies[example.policy].title
    return Resembles(policy=title, at=example.at, likeness=round(cosine, 3), origin=example.origin, by=example.by)


def probe_of(found: PolicyFeatures, number: int, window: Window) -> Probe:
    """Return the probe of a criterion (its position `number`) that best matches the window's best clause."""
    probes = load_probes(settings().corpus / "probes").of(found.criteria[number])
    return probes[int(found.best_probe[number, window.centre])]


def _contrary(found: PolicyFeatures, number: int, window: Window, probe: Probe) -> bool:
    """Return whether the passage's clause meets all conditions of a probe for rules that contradict the criterion; a
    person decides whether it is such a rule."""
    return probe.polarity == "contrary?" and bool(found.scores["fires"][number, window.centre])


def _against(found: PolicyFeatures, number: int, window: Window, probe: Probe, language: str) -> tuple[str, ...]:
    kind = found.traits.kinds[window.centre]
    words = [KIND_WORDS.get(kind, kind)] if kind != OPERATIVE else []
    if found.traits.flags["tense_conditional"][window.centre]:
        words.append(later("conditional wording"))
    if found.traits.flags["negation"][window.centre]:
        words.append(later("holds a negation: read it closely"))
    return (*words, *found.table.matched(window.centre, probe.wording(language).against))


def evidence_type(found: PolicyFeatures, window: Window) -> EvidenceType:
    """Classify a passage by its cues as structural (a rule or body), process (money, programmes, things done) or
    outcome (results in figures) evidence, in the sense of the UN human rights office's indicators (HR/PUB/12/5)."""
    flags, at = found.traits.flags, window.centre
    binding = flags["mode_shall"][at] or flags["mode_entitlement"][at] or flags["creation"][at]
    if flags["outcome"][at] and flags["number"][at] and not binding:
        return "outcome"
    if flags["operation"][at] and flags["mode_past"][at] and not binding:
        return "process"
    return "process" if flags["money"][at] and not binding else "structural"


def place_of(found: PolicyFeatures, window: Window) -> Place:
    """Return the place of a window: pages, lines and boxes of its passages, and the characters of its text.

    `pieces` is set when the text is not one run of the source; joined, the pieces are the text of the proposal.
    """
    parts = [part for unit in found.units[window.first : window.last + 1] for part in unit.parts]
    places = [passage.place for passage in dict.fromkeys(passage for passage, _ in parts)]
    first, last = places[0], places[-1]
    pieces = source_pieces(parts)
    lines = (first.lines[0], last.lines[1]) if first.lines and last.lines else None
    return first.model_copy(
        update={
            "chars": (pieces[0][0], pieces[-1][1]) if pieces else None,
            "lines": lines,
            "pieces": pieces if len(pieces) > 1 else (),
            "boxes": tuple(box for place in places for box in place.boxes),
        }
    )
