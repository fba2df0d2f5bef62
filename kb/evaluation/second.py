"""A second reader of judged policies: draw rows to read again, and compute the agreement of the two readers.

Rows of one policy depend on each other. Kappa resamples rows, so its intervals are somewhat too narrow; agreement on
passages resamples whole policies.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb.assess import measure
from kb.assess.judged import Grams, JudgedPolicy, Row, meets
from kb.coding.agreement import Codes, Estimate, of_code, of_facet, share
from kb.errors import InputError
from kb.evaluation.answers import FigureRow

SEED = "second coder 2026-11-28"
EACH = 8
"""Rows drawn from a policy: a fifth of its 38 criteria, rounded up."""
FIRST, SECOND = "first", "second"
SILENT, DIRECT = "no evidence found", "direct evidence"


def draw(policies: Iterable[str], criteria: Sequence[str], each: int = EACH, seed: str = SEED) -> dict[str, list[str]]:
    """Draw `each` criteria for every policy, sorted; the draw of one policy does not depend on the others."""
    return {policy: sorted(random.Random(f"{seed}:{policy}").sample(sorted(criteria), each)) for policy in policies}


@dataclass(frozen=True)
class Twice:
    """One criterion in one policy judged by two readers; `source` names the first reader's set."""

    policy: str
    language: str
    source: str
    first: Row
    second: Row

    @property
    def name(self) -> str:
        """Policy and criterion."""
        return f"{self.policy} {self.second.criterion}"

    def met(self) -> tuple[int, int, int]:
        """Return how many direct passages of the first reader meet a direct one of the second, the reverse, and how
        many of the second meet a direct or related one of the first."""
        ours, theirs = self.second.direct, self.first.direct
        return _met(theirs, ours), _met(ours, theirs), _met(ours, (*theirs, *self.first.related))


def _met(passages: Sequence[Grams], others: Sequence[Grams]) -> int:
    return sum(any(meets(one, other) for other in others) for one in passages)


def judged_twice(first: Mapping[str, Sequence[JudgedPolicy]], second: Sequence[JudgedPolicy]) -> list[Twice]:
    """Return every row of the second reader with the first reader's; `first` has the sets of policies by name.

    Raises InputError where the first reader did not judge a row.
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
    """Return figures over all rows, then for each language and each set of the first reader."""
    parts = {"all": list(rows)}
    parts |= {f"  {one}": [r for r in rows if r.language == one] for one in sorted({r.language for r in rows})}
    parts |= {f"  {one}": [r for r in rows if r.source == one] for one in sorted({r.source for r in rows})}
    return [{"rows": name, **figures(part)} for name, part in parts.items()]


def figures(rows: Sequence[Twice]) -> FigureRow:
    """Return counts, kappa of silence and of direct evidence, alpha of the labels, and the shared direct passages."""
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
    """Count how the other reader judged each reader's direct passages.

    "in long rows" counts those not marked at all, in rows where the first reader states that not all passages were
    listed.
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


def _fate(passage: Grams, other: Row) -> str:
    kinds = zip(FATES, (other.direct, other.related, other.traps))
    found = next((fate for fate, passages in kinds if any(meets(passage, one) for one in passages)), None)
    return found or (FATES[3] if any(passage & one for one in other.direct) else FATES[4])


def _reader_as_system(rows: Sequence[Twice]) -> Estimate:
    """Score the second reader as a system: their first five direct passages against the first reader's, over rows where
    the first has any; 0 for a row where the second has none."""
    found: dict[str, list[float]] = {}
    for row in rows:
        if row.first.direct:
            sums = found.setdefault(row.policy, [0.0, 0.0])
            sums[0] += measure.recall(row.first, row.second.direct[: measure.TOP])
            sums[1] += 1
    above, below = zip(*found.values()) if found else ([], [])
    return share(above, below, "no direct passage")


def _passages(rows: Sequence[Twice]) -> tuple[Estimate, Estimate, Estimate, Estimate]:
    """Return the share of direct passages that both readers have: of both readers', of the first's, of the second's;
    and the share of the second's that the first marked at all. Whole policies are resampled."""
    sums: dict[str, list[int]] = {}
    for row in rows:
        sizes = len(row.first.direct), len(row.second.direct)
        # three counts of what was met, two of what there was
        sums[row.policy] = [a + b for a, b in zip(sums.get(row.policy, [0] * 5), (*row.met(), *sizes))]
    theirs, ours, near, first, second = zip(*sums.values()) if sums else ([], [], [], [], [])
    none = "no direct passage"
    both = share([a + b for a, b in zip(theirs, ours)], [a + b for a, b in zip(first, second)], none)
    return both, share(theirs, first, none), share(ours, second, none), share(near, second, none)


def _kappa(rows: Sequence[Twice], code: str, gives: Callable[[Row], bool]) -> Estimate:
    ratings = _ratings(rows, lambda row: frozenset({code}) if gives(row) else frozenset())
    return of_code(ratings, "row", code, pairs=[(FIRST, SECOND)]).pairs[0].kappa


def _ratings(rows: Sequence[Twice], codes: Callable[[Row], Codes]) -> dict[str, dict[str, Codes]]:
    return {row.name: {FIRST: codes(row.first), SECOND: codes(row.second)} for row in rows}
