"""Judge policies a second time: draw rows to judge again, and compute the agreement of the two judges ("readers").

Rows of one policy depend on each other. Kappa resamples rows, so its intervals are somewhat too narrow; agreement on
passages resamples whole policies.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb.assess import measure
from kb.assess.judged import Grams, JudgedCriterion, JudgedPolicy, meets
from kb.coding.agreement import Codes, Estimate, of_code, of_facet, share
from kb.errors import InputError
from kb.evaluation.answers import FigureRow

SEED = "second coder 2026-11-28"
EACH = 8
"""Number of rows drawn from a policy: a fifth of its 38 criteria, rounded up."""
FIRST, SECOND = "first", "second"
SILENT, DIRECT = "no evidence found", "direct evidence"


def draw(policies: Iterable[str], criteria: Sequence[str], each: int = EACH, seed: str = SEED) -> dict[str, list[str]]:
    """Draw `each` criteria for every policy, sorted; the draw for one policy does not depend on the others."""
    return {policy: sorted(random.Random(f"{seed}:{policy}").sample(sorted(criteria), each)) for policy in policies}


@dataclass(frozen=True)
class Twice:
    """One criterion in one policy as two readers judged it; `source` is the name of the first reader's set."""

    policy: str
    language: str
    source: str
    first: JudgedCriterion
    second: JudgedCriterion

    @property
    def name(self) -> str:
        """Policy and criterion, separated by a blank."""
        return f"{self.policy} {self.second.criterion}"

    def met(self) -> tuple[int, int, int]:
        """Return three counts: direct passages of the first reader that overlap one of the second, the reverse, and
        direct passages of the second that overlap a direct or related one of the first."""
        ours, theirs = self.second.direct, self.first.direct
        return _met(theirs, ours), _met(ours, theirs), _met(ours, (*theirs, *self.first.related))


def _met(passages: Sequence[Grams], others: Sequence[Grams]) -> int:
    return sum(any(meets(one, other) for other in others) for one in passages)


def judged_twice(first: Mapping[str, Sequence[JudgedPolicy]], second: Sequence[JudgedPolicy]) -> list[Twice]:
    """Return every row of the second reader together with the first reader's; `first` has sets of policies by name.

    Raises InputError for a row that the first reader did not judge.
    """
    known = {policy.id: (name, policy) for name, policies in first.items() for policy in policies}
    found = []
    for policy in second:
        name, before = known.get(policy.id, ("", policy))
        for criterion, row in policy.rows.items():
            if not name or criterion not in before.rows:
                raise InputError(
                    "the first reader did not judge this row",
                    where=f"{policy.id} {criterion}",
                    do="Give the set of judgements that holds it.",
                )
            found.append(Twice(policy.id, before.language, name, before.rows[criterion], row))
    return found


def table(rows: Sequence[Twice]) -> list[FigureRow]:
    """Return figures over all rows, for each language, and for each set of the first reader."""
    parts = {"all": list(rows)}
    parts |= {f"  {one}": [r for r in rows if r.language == one] for one in sorted({r.language for r in rows})}
    parts |= {f"  {one}": [r for r in rows if r.source == one] for one in sorted({r.source for r in rows})}
    return [{"rows": name, **figures(part)} for name, part in parts.items()]


def figures(rows: Sequence[Twice]) -> FigureRow:
    """Return counts, kappa of "no evidence" and of direct evidence, alpha of the labels, and the shares of common
    direct passages."""
    shared, of_first, of_second, near = _passages(rows)
    return {
        "n": len(rows),
        "silent_first": sum(row.first.nothing for row in rows),
        "silent_second": sum(row.second.nothing for row in rows),
        "silent_both": sum(row.first.nothing and row.second.nothing for row in rows),
        "silence_kappa": _kappa(rows, SILENT, lambda row: row.nothing),
        "direct_first": sum(bool(row.first.direct) for row in rows),
        "direct_second": sum(bool(row.second.direct) for row in rows),
        "direct_kappa": _kappa(rows, DIRECT, lambda row: bool(row.direct)),
        "labels_alpha": of_facet(_ratings(rows, lambda row: frozenset({row.label})), "label").alpha,
        "passages_first": sum(len(row.first.direct) for row in rows),
        "passages_second": sum(len(row.second.direct) for row in rows),
        "passages_shared": shared,
        "of_first": of_first,
        "of_second": of_second,
        "of_second_at_least_related": near,
        "recall_at_5_of_a_reader": _reader_as_system(rows),
    }


def fates(rows: Sequence[Twice]) -> list[FigureRow]:
    """Count how each reader's direct passages were judged by the other reader.

    "in long rows" counts those that the other did not mark at all, in rows of which the first reader did not list all
    passages.
    """
    made: list[FigureRow] = []
    for reader, sides in (
        (FIRST, [(row.first, row.second, row.first.more) for row in rows]),
        (SECOND, [(row.second, row.first, row.first.more) for row in rows]),
    ):
        met = [(_fate(passage, other), more) for own, other, more in sides for passage in own.direct]
        counts = {fate: sum(one == fate for one, _ in met) for fate in FATES}
        made.append({"reader": reader, **counts, "in long rows": sum(one == FATES[-1] and more for one, more in met)})
    return made


FATES = ("direct too", "related", "not evidence", "cut otherwise", "not marked")


def _fate(passage: Grams, other: JudgedCriterion) -> str:
    kinds = zip(FATES, (other.direct, other.related, other.traps))
    found = next((fate for fate, passages in kinds if any(meets(passage, one) for one in passages)), None)
    return found or (FATES[3] if any(passage & one for one in other.direct) else FATES[4])


def _reader_as_system(rows: Sequence[Twice]) -> Estimate:
    """Score the second reader as if it were a system: its first five direct passages against the first reader's, over
    rows where the first has any; 0 for a row where the second has none."""
    found: dict[str, list[float]] = {}
    for row in rows:
        if row.first.direct:
            sums = found.setdefault(row.policy, [0.0, 0.0])
            sums[0] += measure.recall(row.first, row.second.direct[: measure.TOP])
            sums[1] += 1
    above, below = zip(*found.values()) if found else ([], [])
    return share(above, below, "no direct passage")


def _passages(rows: Sequence[Twice]) -> tuple[Estimate, Estimate, Estimate, Estimate]:
    """Return four shares of direct passages with intervals: those that both readers have, of both readers' together, of
    the first's and of the second's; and those of the second that the first marked at all. Whole policies are
    resampled."""
    sums: dict[str, list[int]] = {}
    for row in rows:
        sizes = len(row.first.direct), len(row.second.direct)
        # three counts of what was met, two of what there was
        sums[row.policy] = [a + b for a, b in zip(sums.get(row.policy, [0] * 5), (*row.met(), *sizes))]
    theirs, ours, near, first, second = zip(*sums.values()) if sums else ([], [], [], [], [])
    none = "no direct passage"
    both = share([a + b for a, b in zip(theirs, ours)], [a + b for a, b in zip(first, second)], none)
    return both, share(theirs, first, none), share(ours, second, none), share(near, second, none)


def _kappa(rows: Sequence[Twice], code: str, gives: Callable[[JudgedCriterion], bool]) -> Estimate:
    ratings = _ratings(rows, lambda row: frozenset({code}) if gives(row) else frozenset())
    return of_code(ratings, "row", code, pairs=[(FIRST, SECOND)]).pairs[0].kappa


def _ratings(rows: Sequence[Twice], codes: Callable[[JudgedCriterion], Codes]) -> dict[str, dict[str, Codes]]:
    return {row.name: {FIRST: codes(row.first), SECOND: codes(row.second)} for row in rows}
