"""The second look at a ranking: what the question names, what the best passage speaks of, and what a section speaks of.

Each is a share or a factor of corpus/search/ranking.yaml, and each is told with the hit it moved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kb.index.names import Names
from kb.search.fusion import scaled

Scores = dict[int, float]


@dataclass
class Moved:
    """Scores after the second look, and why: names that a row lacks, its nearness to the best, its section's mean."""

    scores: Scores
    lacks: Mapping[str, set[int]] = field(default_factory=dict)
    best: Mapping[int, float] = field(default_factory=dict)
    section: Mapping[int, float] = field(default_factory=dict)

    def why(self, row: int) -> dict[str, object]:
        """What moved the row; only what took part."""
        lacks = [facet for facet, rows in self.lacks.items() if row in rows]
        said: dict[str, object] = {"lacks": lacks} if lacks else {}
        for name, values in (("best", self.best), ("section", self.section)):
            if row in values:
                said[name] = round(values[row], 4)
        return said


def named(
    typed: str, names: Names, facets: Collection[str], rows: Callable[[str, Iterable[str]], set[int]]
) -> dict[str, set[int]]:
    """For each facet of which the words name something: the rows that carry it, or what is narrower.

    What no row carries is left out: it tells nothing about any of them.
    """
    wanted: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for _, _, values in names.found_in(typed.split()):
        for value in values:
            facet, tagged, term = value.replace("=", ":", 1).split(":", 2)
            if facet in facets:
                wanted[facet][tagged].add(term)
    found = {facet: set().union(*(rows(tagged, terms) for tagged, terms in by.items())) for facet, by in wanted.items()}
    return {facet: carrying for facet, carrying in found.items() if carrying}


def held_back(scores: Scores, carrying: Mapping[str, set[int]], factor: float) -> Moved:
    """Scores of rows that lack a named thing, times `factor` for each facet: 'in Peru' is not answered by Senegal."""
    lacks = {facet: {row for row in scores if row not in rows} for facet, rows in carrying.items()}
    times = {row: factor ** sum(row in rows for rows in lacks.values()) for row in scores}
    return Moved({row: score * times[row] for row, score in scores.items()}, lacks)


def towards_best(
    scores: Scores,
    groups: Mapping[int, object],
    like: Callable[[int], Mapping[int, float]],
    factors: Mapping[int, float],
    share: float,
    most: int,
) -> tuple[Scores, Scores]:
    """Scores moved by `share` towards nearness to the best passage of the same group, and that nearness (0-1).

    Passages that answer one question are near each other (the cluster hypothesis; Diaz 2005 regularises scores so). Only
    groups with a row among the `most` best are looked at; `like` gives cosines with a row.
    """
    leaders: dict[object, int] = {}
    for row in sorted(scores, key=lambda r: (-scores[r], r))[:most]:
        leaders.setdefault(groups[row], row)
    near: Scores = {}
    for group, leader in leaders.items():
        mine = {row: cosine for row, cosine in like(leader).items() if groups.get(row) == group}
        near |= scaled(mine)
    moved = {row: (1 - share) * score + share * near.get(row, 0.0) * factors[row] for row, score in scores.items()}
    return moved, {row: near[row] for row in scores if row in near}


def with_section(
    scores: Scores, sections: Mapping[int, object], factors: Mapping[int, float], share: float, most: int
) -> tuple[Scores, Scores]:
    """Scores moved by `share` towards the mean of the `most` best rows of the same section, and that mean."""
    inside: dict[object, list[float]] = defaultdict(list)
    for row, score in scores.items():
        inside[sections[row]].append(score)
    means = {section: _mean(sorted(values)[-most:]) for section, values in inside.items()}
    moved = {row: (1 - share) * score + share * means[sections[row]] * factors[row] for row, score in scores.items()}
    return moved, {row: means[sections[row]] for row in scores}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def moves(why: Mapping[str, object]) -> list[str]:
    """What the second look saw, in words, from the `why` of a hit."""
    moved: Mapping = why.get("moved") or {}  # type: ignore[assignment]
    said = [
        f"held back: it lacks the {facet.replace('_', ' ')} that the question names" for facet in moved.get("lacks", ())
    ]
    said += [f"nearness to the best passage {moved['best']:.2f}"] if "best" in moved else []
    return said + ([f"mean of its section {moved['section']:.2f}"] if "section" in moved else [])
