"""Re-rank the candidates of one question by the things it names, by nearness to the best passage, and by section.

Each effect is a share or a factor of corpus/search/ranking.yaml, and is shown with each hit that it changed. Arrays
have one value for each candidate.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan

import numpy as np
from typing_extensions import TypedDict

from kb.engine import picked
from kb.engine.filters import AnyOf, Filter, Is
from kb.engine.groups import begins, sizes
from kb.engine.orders import leading
from kb.index.names import LabelNames

Terms = Callable[[str], Collection[str]]
"""A function that returns the terms of a facet that at least one passage carries."""


WHYS = ("best", "section", "everyday", "nearby", "wordwise", "above")
"""Names of the effects of re-ranking that have one number for each passage."""
_OF_QUESTIONS = ("everyday", "nearby")
"""Effects of everyday questions. Most passages have no near everyday question, so an effect of zero is not shown."""


class Moves(TypedDict, total=False):
    """The effects of re-ranking on one passage; an effect that does not apply is left out."""

    lacks: list[str]
    """Facets of which the question names a term that the passage does not carry."""
    best: float
    """Cosine with the best passage of its document."""
    section: float
    """Mean score of the best passages of its section."""
    everyday: float
    """Share (0-1) of the question's words in one of its everyday questions, relative to the entry with the most."""
    nearby: float
    """Nearness (0-1) of one of its everyday questions, relative to the nearest."""
    wordwise: float
    """Nearness (0-1) of its words to those of the question, word by word, relative to the nearest of the first hits."""
    above: float
    """Score of the first hit; present on a passage of the entry directly above that hit."""


@dataclass
class Moved:
    """Scores after re-ranking, and each effect by passage (float64 [n], NaN where it does not apply; None when it
    applies nowhere).

    `lacks` has for each facet that the question names which passages lack the named term (bool [n]).
    """

    scores: np.ndarray
    lacks: Mapping[str, np.ndarray] = field(default_factory=dict)
    best: np.ndarray | None = None
    section: np.ndarray | None = None
    everyday: np.ndarray | None = None
    nearby: np.ndarray | None = None
    wordwise: np.ndarray | None = None
    above: np.ndarray | None = None

    def reasons(self, at: np.ndarray) -> list[Moves]:
        """Return the effects on each of the passages at positions `at` (int [n]), leaving out those that do not
        apply."""
        found: list[Moves] = [{} for _ in at]
        for facet, lacking in self.lacks.items():
            for n in np.flatnonzero(lacking[at]).tolist():
                found[n].setdefault("lacks", []).append(facet)
        for name in WHYS:
            values = getattr(self, name)
            if values is None:
                continue
            some = values[at]
            for moves, value, short in zip(found, some.tolist(), some.round(4).tolist(), strict=True):
                if not isnan(value) and (name not in _OF_QUESTIONS or value > 0):
                    moves[name] = short  # type: ignore[literal-required]
        return found


def named(typed: str, names: LabelNames, facets: Collection[str], terms: Terms) -> dict[str, Filter]:
    """Return, for each facet of which the question `typed` names a term, a filter of the passages that carry this term
    or a narrower one.

    Terms that no passage carries are left out.
    """
    wanted: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    for _, _, values in names.matches_in(typed.split()):
        for value in values:
            facet, tagged, term = value.replace("=", ":", 1).split(":", 2)
            if facet in facets and term in terms(tagged):
                wanted[facet][tagged][term] = None
    return {facet: AnyOf(tuple(Is(tagged, tuple(held)) for tagged, held in by.items())) for facet, by in wanted.items()}


def held_back(scores: np.ndarray, carrying: Mapping[str, np.ndarray], factor: float) -> Moved:
    """Multiply the score of a passage by `factor` for each facet of which it lacks the named term: a passage on Senegal
    does not answer a question "in Peru".

    `carrying` has for each facet which passages carry the named term (bool [n]).
    """
    lacks = {facet: ~carries for facet, carries in carrying.items()}
    times = factor ** sum(lacking.astype(np.int64) for lacking in lacks.values()) if lacks else 1.0
    return Moved(scores * times, lacks)


def towards_best(
    scores: np.ndarray,
    groups: np.ndarray,
    like: Callable[[np.ndarray, np.ndarray], np.ndarray],
    factors: np.ndarray,
    share: float,
    most: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Move each score by `share` (0 to 1) towards the passage's nearness to the best passage of its group. Returns the
    new scores and that nearness (0 to 1, NaN where not computed).

    Passages that answer one question are near each other (the cluster hypothesis; Diaz 2005 regularises scores so).
    `groups` has the group number of each passage (int [n], equal numbers side by side); only groups with a passage
    among the `most` best are changed. `like` returns the cosines between passages and the best of their group.
    """
    if not len(scores):
        return scores, scores
    starts = begins(groups)
    many = sizes(starts, len(groups))
    group = np.arange(len(starts)).repeat(many)
    best = leading(scores, most)[::-1]
    leaders = np.full(len(starts), -1)
    leaders[group[best]] = best  # within a group the best is assigned last
    leader = leaders[group]
    members = (leader >= 0).nonzero()[0]
    near = np.full(len(scores), np.nan)
    near[members] = like(members, leader[members])
    near = _scaled_within(near, starts, group)
    return (1 - share) * scores + share * np.where(np.isnan(near), 0.0, near) * factors, near


def _scaled_within(values: np.ndarray, starts: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Scale values to 0-1 within each group; NaN stays NaN, and equal values all become 1. `starts` has the position
    where each group begins, `group` the group number of each value."""
    low = np.fmin.reduceat(values, starts)
    span = np.fmax.reduceat(values, starts) - low
    is_one = span == 0
    span[is_one] = 1.0
    return (values - low[group]) / span[group] + is_one[group]


def with_section(
    scores: np.ndarray, sections: np.ndarray, factors: np.ndarray, share: float, most: int
) -> tuple[np.ndarray, np.ndarray]:
    """Move each score by `share` (0 to 1) towards the mean of the `most` best scores in the same section. Returns (new
    scores, that mean for each passage). `sections` has the section number of each passage (int [n]); `factors` are
    those of `Searcher._factors`."""
    if not len(scores):
        return scores, scores
    order = sections.argsort(kind="stable")
    starts = begins(sections[order])
    many = sizes(starts, len(order))
    several = (many > 1).repeat(many).nonzero()[0]  # a section of one passage needs no ordering
    some = order[several]
    order[several] = some[np.lexsort((-scores[some], sections[some]))]
    among = np.arange(len(order)) - starts.repeat(many) < most
    means = np.add.reduceat(scores[order] * among, starts) / np.minimum(many, most)
    found = np.empty(len(scores))
    found[order] = means.repeat(many)
    return (1 - share) * scores + share * found * factors, found


def narrower_first(scores: np.ndarray, ids: Sequence[str], within: float, most: int) -> np.ndarray:
    """Swap a passage with its part (the letter of an article) when the part scores lower by less than `within`, so that
    the letter that answers is listed before the article that contains it.

    Only the first `most` passages are examined; parts are recognised by identifier.
    """
    order = leading(scores, most)
    at = dict(zip(picked(ids, order), order.tolist(), strict=True))
    if at.keys().isdisjoint([id.rpartition("/")[0] for id in at]):
        return scores
    moved = scores.copy()
    for id, i in list(at.items()):
        best_part = at.pop(id.rpartition("/")[0], None)  # only its best part: the first in this order
        if best_part is not None and 0 < moved[best_part] - moved[i] < within:
            moved[i], moved[best_part] = moved[best_part], moved[i]
    return moved


def above_first(
    scores: np.ndarray, ids: Sequence[str], above: Callable[[str], str | None], share: float, most: int
) -> tuple[np.ndarray, np.ndarray | None]:
    """Move the passage that contains the first hit by `share` (0 to 1) towards the first hit's score: readers of a
    letter want its article or objective beside it.

    `above` returns the identifier of the entry above a passage, or None; only the first `most` passages are searched
    for it. Returns the new scores, and the first hit's score at the moved passages (float64 [n], NaN elsewhere); or the
    scores unchanged, and None.
    """
    if not len(scores) or not share:
        return scores, None
    first = int(scores.argmax())
    holds = above(ids[first])
    order = leading(scores, most) if holds else np.zeros(0, dtype=int)
    at = order[[id == holds for id in picked(ids, order)]]
    if not len(at):
        return scores, None
    moved, of = scores.copy(), np.full(len(scores), np.nan)
    moved[at], of[at] = (1 - share) * scores[at] + share * scores[first], scores[first]
    return moved, of


def moves(moved: Moves) -> list[str]:
    """Describe the effects of re-ranking on one passage: one English phrase for each effect."""
    reasons = [
        f"held back: it lacks the {facet.replace('_', ' ')} that the question names" for facet in moved.get("lacks", ())
    ]
    reasons += [f"nearness to the best passage {moved['best']:.2f}"] if "best" in moved else []
    reasons += [f"mean of its section {moved['section']:.2f}"] if "section" in moved else []
    reasons += [f"words of an everyday question {moved['everyday']:.2f}"] if "everyday" in moved else []
    reasons += [f"nearness to an everyday question {moved['nearby']:.2f}"] if "nearby" in moved else []
    reasons += [f"nearness word by word {moved['wordwise']:.2f}"] if "wordwise" in moved else []
    return reasons + (["directly above the first hit"] if "above" in moved else [])


def preambles_last(order: np.ndarray, ids: Sequence[str]) -> np.ndarray:
    """Move the passages of a preamble (`crpd/preamble/d`) to the end of `order` (positions in `ids`, int [n])."""
    opening = np.asarray(["/preamble" in id for id in picked(ids, order)], dtype=bool)
    return np.concatenate([order[~opening], order[opening]])
