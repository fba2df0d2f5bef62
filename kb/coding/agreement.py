"""Agreement between coders: Krippendorff's alpha, Cohen's kappa, F1, percent agreement, with n, prevalence and
interval.

Formulas: Krippendorff, Content Analysis (alpha by the coincidences of pairable values); Cohen 1960 (kappa); Passonneau
2006 (MASI distance of sets). They are implemented here in numpy because every value needs an interval: units are
resampled with replacement as weights, and all draws are computed at once. The tests check each against worked examples
from the literature and against nltk and scikit-learn.

People are compared with people, and the machine with people, in separate reports: the two are never averaged.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Literal

import numpy as np
from pydantic import Field

from kb.models import Model

DRAWS = 1000  # bootstrap draws: usual for percentile intervals (Efron and Tibshirani 1993)
LEVEL = 0.95  # confidence of the intervals, as usual in reports of agreement
Codes = frozenset[str]
Ratings = Mapping[str, Mapping[str, Codes]]
"""Unit to coder to codes given. A coder who looked and gave no code has an empty set; one who did not look is
absent."""


class Estimate(Model):
    """A statistic with the `low` and `high` end of its bootstrap interval. If it is undefined, `value` is None and
    `why` gives the reason."""

    value: float | None
    low: float | None = None
    high: float | None = None
    why: str = ""


class Pair(Model):
    """Agreement of the two coders `a` and `b` on one code: the counts of units, and three statistics."""

    a: str
    b: str
    n: int = Field(description="units that both coded")
    both: int = Field(description="units where both gave the code")
    only_a: int
    only_b: int
    percent: Estimate
    kappa: Estimate
    f1: Estimate = Field(description="2·both / (2·both + only_a + only_b): the same whoever is taken as the key")


class Agreement(Model):
    """Agreement of two or more coders on one code, or on the sets of codes of one facet (`code` is None)."""

    facet: str
    code: str | None = Field(None, description="None: the sets of codes of the whole facet, with MASI distance")
    n: int = Field(description="units that two or more coders coded")
    coders: int
    prevalence: float | None = Field(description="share of all codings of those units that give the code")
    alpha: Estimate
    percent: Estimate = Field(description="share of pairs of coders that agree, units weighted alike")
    pairs: tuple[Pair, ...] = ()


class Disagreement(Model):
    """A unit and a code on which coders differ: `gave` names the coders who gave the code, `gave_not` the others who
    coded the unit."""

    unit: str
    facet: str
    code: str
    gave: tuple[str, ...]
    gave_not: tuple[str, ...]


class AgreementReport(Model):
    """Agreement among people, or between the machine and one person, by facet and by code, with every disagreement."""

    of: Literal["people", "machine against people"]
    person: str = Field("", description="whom the machine is set against; empty among people")
    facets: tuple[Agreement, ...]
    codes: tuple[Agreement, ...]
    disagreements: tuple[Disagreement, ...]
    seed: int
    draws: int
    wordings: dict[str, int] = Field(default_factory=dict, description="units compared, by whose words they are")


def nominal(a: Hashable, b: Hashable) -> float:
    """Return the nominal distance of two values: 0 if they are equal, otherwise 1."""
    return float(a != b)


def masi(a: Codes, b: Codes) -> float:
    """Return the MASI distance of two sets of codes, 0 (equal) to 1: 1 - Jaccard index × monotonicity. Monotonicity
    is 1 for equal sets, 2/3 if one contains the other, 1/3 if they overlap, 0 if they share nothing. The distance
    of two empty sets is 0."""
    if a == b:
        return 0.0
    common = len(a & b)
    if not common:
        return 1.0
    monotonicity = 2 / 3 if a <= b or b <= a else 1 / 3
    return 1.0 - common / len(a | b) * monotonicity


_BLOCK = 10_000_000  # weights held at once: 80 megabytes


@lru_cache(maxsize=4)  # a study and what it is compared with
def _weights(units: int, draws: int, seed: int, first: int) -> np.ndarray:
    """Return how often each unit is drawn in each bootstrap draw, for a block of draws that begins at draw `first`."""
    generator = np.random.default_rng([seed, first])
    drawn = generator.integers(0, units, size=(draws, units)) + units * np.arange(draws)[:, None]
    return np.bincount(drawn.ravel(), minlength=draws * units).reshape(draws, units).astype(float)


class _Sample:
    """Bootstrap draws of units, the same for every statistic of a report, so that their intervals are consistent."""

    def __init__(self, units: int, draws: int, seed: int) -> None:
        self._units, self._draws, self._seed = units, draws, seed

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Sum `values` (one row per unit) with the weights of each draw. Row 0 of the result is the sum over the
        sample itself, each further row the sum over one draw."""
        counts_of_all = values.sum(axis=0, keepdims=True)
        if not self._units or not self._draws:
            return counts_of_all
        step = max(_BLOCK // self._units, 1)
        blocks = [
            _weights(self._units, min(step, self._draws - first), self._seed, first) @ values
            for first in range(0, self._draws, step)
        ]
        return np.concatenate([counts_of_all, *blocks])

    def estimate(self, values: np.ndarray, why: str) -> Estimate:
        """Return `values[0]`, the statistic of the sample, with the percentile interval of `values[1:]`, its values
        in the draws; undefined ones (NaN) are left out. `why` is the reason to state if values[0] is undefined."""
        value = values[0] if len(values) else np.nan
        if not np.isfinite(value):
            return Estimate(value=None, why=why)
        if self._units == 1:  # every draw is that unit: an interval without width would look exact
            return Estimate(value=round(float(value), 4), why="no interval: one unit")
        defined = values[1:][np.isfinite(values[1:])]
        if not len(defined):
            return Estimate(value=round(float(value), 4), why="no interval: undefined in every draw")
        low, high = np.quantile(defined, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        return Estimate(value=round(float(value), 4), low=round(float(low), 4), high=round(float(high), 4))


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, above / np.where(below > 0, below, 1), np.nan)


def _alphas(
    units: Sequence[Sequence[Hashable]], distance: Callable[[Hashable, Hashable], float], sample: _Sample
) -> np.ndarray:
    """Return Krippendorff's alpha for the sample (first) and for each bootstrap draw; NaN where all values are
    equal."""
    values = list(dict.fromkeys(value for unit in units for value in unit))
    index = {value: at for at, value in enumerate(values)}
    counts = np.zeros((len(units), len(values)))
    for at, unit in enumerate(units):
        for value in unit:
            counts[at, index[value]] += 1
    apart = np.array([[distance(a, b) for b in values] for a in values])
    sizes = counts.sum(axis=1)
    observed = ((counts @ apart) * counts).sum(axis=1) / (sizes - 1)
    summed = sample.sums(np.column_stack([observed, sizes, counts]))
    totals, n = summed[:, 2:], summed[:, 1]
    expected = ((totals @ apart) * totals).sum(axis=1)
    return 1 - _ratio(summed[:, 0] * (n - 1), expected)


def alpha(
    units: Iterable[Sequence[Hashable | None]], distance: Callable[[Hashable, Hashable], float] = nominal
) -> float | None:
    """Return Krippendorff's alpha of units, each a list of values by coder (None for a missing value). Return None
    if alpha is undefined since all values are equal."""
    pairable = [kept for unit in units if len(kept := [value for value in unit if value is not None]) > 1]
    if not pairable:
        return None
    value = _alphas(pairable, distance, _Sample(len(pairable), 0, 0))[0]
    return float(value) if np.isfinite(value) else None


def kappa(both: float, only_a: float, only_b: float, neither: float) -> float | None:
    """Return Cohen's kappa of a 2 × 2 table of counts; None if the agreement expected by chance is 1."""
    value = _kappas(np.array([[both, only_a, only_b, neither]]))[0]
    return float(value) if np.isfinite(value) else None


def _kappas(tables: np.ndarray) -> np.ndarray:
    both, only_a, only_b, neither = tables.T
    n = tables.sum(axis=1)
    chance = (both + only_a) * (both + only_b) + (only_b + neither) * (only_a + neither)
    return _ratio((both + neither) * n - chance, n * n - chance)


def _pair(a: str, b: str, code: str, ratings: Ratings, sample_of: Callable[[int], _Sample]) -> Pair:
    units = [by for by in ratings.values() if a in by and b in by]
    cells = np.zeros((len(units), 4))  # both, only one, only the other, neither
    for at, by in enumerate(units):
        cells[
            at, {(True, True): 0, (True, False): 1, (False, True): 2, (False, False): 3}[code in by[a], code in by[b]]
        ] = 1
    sample = sample_of(len(units))
    tables = sample.sums(cells)
    both, only_a, only_b, neither = tables.T
    first = cells.sum(axis=0)
    return Pair(
        a=a,
        b=b,
        n=len(units),
        both=int(first[0]),
        only_a=int(first[1]),
        only_b=int(first[2]),
        percent=sample.estimate(_ratio(both + neither, tables.sum(axis=1)), "no unit in common"),
        kappa=sample.estimate(_kappas(tables), "no variation: chance alone would agree always"),
        f1=sample.estimate(_ratio(2 * both, 2 * both + only_a + only_b), "neither gave the code"),
    )


def share(above: Sequence[float], below: Sequence[float], why: str, *, seed: int = 0, draws: int = DRAWS) -> Estimate:
    """Return sum(above) / sum(below) with its bootstrap interval. Both sequences hold one number per unit; `why` is
    the reason to state if the quotient is undefined."""
    sample = _Sample(len(above), draws, seed)
    summed = sample.sums(np.column_stack([above, below]).astype(float))
    return sample.estimate(_ratio(*summed.T), why)


def _agreeing(unit: Sequence[Hashable]) -> float:
    pairs = list(combinations(unit, 2))
    return sum(a == b for a, b in pairs) / len(pairs)


def _masi_of_sets(a: Hashable, b: Hashable) -> float:
    return masi(a, b) if isinstance(a, frozenset) and isinstance(b, frozenset) else 1.0


def _of(
    units: list[list[Hashable]], distance: Callable[[Hashable, Hashable], float], sample: _Sample
) -> tuple[Estimate, Estimate]:
    """Return alpha and percent agreement of `units`; each unit is the list of values given by two or more coders."""
    if not units:
        nothing = Estimate(value=None, why="no unit was coded twice")
        return nothing, nothing
    shares = sample.sums(np.array([[_agreeing(unit), 1.0] for unit in units]))
    return (
        sample.estimate(_alphas(units, distance, sample), "no variation: every coding is the same"),
        sample.estimate(_ratio(*shares.T), "no unit in common"),
    )


def _doubled(ratings: Ratings) -> dict[str, Mapping[str, Codes]]:
    return {unit: by for unit, by in sorted(ratings.items()) if len(by) > 1}


def of_code(
    ratings: Ratings,
    facet: str,
    code: str,
    *,
    seed: int = 0,
    draws: int = DRAWS,
    pairs: Sequence[tuple[str, str]] | None = None,
) -> Agreement:
    """Return the agreement on one code; each coder of a unit either gave the code or did not. `pairs` are the pairs
    of coders to compare one by one; None compares all pairs."""
    kept = _doubled(ratings)
    units: list[list[Hashable]] = [[code in codes for _, codes in sorted(by.items())] for by in kept.values()]
    found, percent = _of(units, nominal, _Sample(len(units), draws, seed))
    given = [value for unit in units for value in unit]
    coders = sorted({coder for by in kept.values() for coder in by})
    return Agreement(
        facet=facet,
        code=code,
        n=len(units),
        coders=len(coders),
        prevalence=round(sum(map(bool, given)) / len(given), 4) if given else None,
        alpha=found,
        percent=percent,
        pairs=tuple(
            _pair(a, b, code, kept, lambda n: _Sample(n, draws, seed))
            for a, b in (pairs if pairs is not None else combinations(coders, 2))
        ),
    )


def of_facet(ratings: Ratings, facet: str, *, seed: int = 0, draws: int = DRAWS) -> Agreement:
    """Return the agreement on sets of codes of one facet, with the MASI distance; `prevalence` is the share of sets
    that are not empty."""
    kept = _doubled(ratings)
    units: list[list[Hashable]] = [[codes for _, codes in sorted(by.items())] for by in kept.values()]
    found, percent = _of(units, _masi_of_sets, _Sample(len(units), draws, seed))
    given = [codes for unit in units for codes in unit]
    return Agreement(
        facet=facet,
        n=len(units),
        coders=len({coder for by in kept.values() for coder in by}),
        prevalence=round(sum(map(bool, given)) / len(given), 4) if given else None,
        alpha=found,
        percent=percent,
    )


def _disagreements(ratings: Ratings, facet: str) -> list[Disagreement]:
    found = []
    for unit, by in _doubled(ratings).items():
        for code in sorted(frozenset().union(*by.values()) - frozenset.intersection(*map(frozenset, by.values()))):
            gave = tuple(sorted(coder for coder, codes in by.items() if code in codes))
            found.append(
                Disagreement(
                    unit=unit, facet=facet, code=code, gave=gave, gave_not=tuple(sorted(by.keys() - set(gave)))
                )
            )
    return found


def _report(
    by_facet: Mapping[str, Ratings],
    of: Literal["people", "machine against people"],
    seed: int,
    draws: int,
    pairs: Sequence[tuple[str, str]] | None,
) -> AgreementReport:
    codes = [
        of_code(ratings, facet, code, seed=seed, draws=draws, pairs=pairs)
        for facet, ratings in sorted(by_facet.items())
        for code in sorted(frozenset().union(*(c for by in ratings.values() for c in by.values())))
    ]
    return AgreementReport(
        of=of,
        facets=tuple(of_facet(r, f, seed=seed, draws=draws) for f, r in sorted(by_facet.items())),
        codes=tuple(codes),
        seed=seed,
        draws=draws,
        disagreements=tuple(d for f, r in sorted(by_facet.items()) for d in _disagreements(r, f)),
    )


def people(by_facet: Mapping[str, Ratings], *, seed: int = 0, draws: int = DRAWS) -> AgreementReport:
    """Return the agreement among people, by facet and by code. `by_facet` maps each facet to its ratings."""
    return _report(by_facet, "people", seed, draws, None)


def machine_against(
    by_facet: Mapping[str, Ratings],
    machine: Mapping[str, Mapping[str, Codes]],
    *,
    name: str = "machine",
    seed: int = 0,
    draws: int = DRAWS,
) -> list[AgreementReport]:
    """Return one report per person: the agreement of the machine with that person. `by_facet` holds people's ratings
    by facet, `machine` maps facet to unit to the codes that the machine gave, and `name` is the machine's name in
    the reports."""
    coders = sorted({coder for ratings in by_facet.values() for by in ratings.values() for coder in by})
    reports = []
    for coder in coders:
        joined = {
            facet: {
                unit: {name: machine.get(facet, {}).get(unit, frozenset()), coder: by[coder]}
                for unit, by in ratings.items()
                if coder in by
            }
            for facet, ratings in by_facet.items()
        }
        made = _report(joined, "machine against people", seed, draws, [(name, coder)])
        reports.append(made.model_copy(update={"person": coder}))
    return reports
