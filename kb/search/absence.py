"""Decide whether to tell the user that nothing matches: because a required phrase is in no passage, or because the
question is far in meaning from every passage."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from kb.engine import Leg
from kb.engine.filters import EVERYTHING, Among, Filter, Has, both
from kb.languages import MAIN, is_main
from kb.search.constraint import phrases_of
from kb.search.language import is_content
from kb.search.lexical import Lexical, Matched
from kb.search.query import Near, Node, Prefix, Word, leaves, plain_text
from kb.search.ranking import AbsenceWeights, Ranking

_MOST = 30
"""Maximum number of words of a question that are looked up in the nearest passages."""
NEAREST = 5
"""Number of passages nearest in meaning whose words are compared with those of the question."""


AnswerState = Literal["answered", "probably-nothing", "nothing"]
_PROBABLY = "Probably nothing"
_NEAREST_FOLLOW = "The nearest passages follow, marked as such."


@dataclass(frozen=True)
class Verdict:
    """The decision of `judge`: whether the query has no answer (`absent`), and the message that tells the reader so."""

    absent: bool
    message: str = ""
    worded: int = 0
    """Number of passages within the filters that contain words of the query, when the answer is probably nothing; 0
    without filters. The page shows it beside the filter."""

    @property
    def state(self) -> AnswerState:
        """'answered'; 'nothing', when it is certain that nothing matches; or 'probably-nothing', when that is an
        estimate."""
        if not self.absent:
            return "answered"
        return "probably-nothing" if self.message.startswith(_PROBABLY) else "nothing"


@dataclass(frozen=True)
class Retrieved:
    """A query after retrieval: its parsed `tree`, its words (`matched`), the result of each leg (`legs`; a leg is one
    retriever), and the filter (`within`) of the search."""

    tree: Node
    matched: Matched
    lexical: Lexical
    within: Filter
    legs: Mapping[str, Leg]
    beyond: Mapping[str, float] = field(default_factory=dict)
    """By space: how much nearer the question is to a subject that the texts do not cover than to the best passage."""
    near: float | None = None
    """Nearness (cosine) of the question to the nearest everyday question of the register, see
    `kb.search.nearby.to_nearest`; None when it proves nothing."""
    near_paper: float | None = None
    """The same for the everyday questions of the paper; None unless the passage nearest in meaning is of the paper."""
    unfiltered: Callable[[], Retrieved] | None = None
    """A function that retrieves the same question without its filters; None when it has no filters."""

    @property
    def narrowed(self) -> bool:
        """Whether filters restrict the search."""
        return self.unfiltered is not None

    @property
    def where(self) -> str:
        """Phrase for a message that says where the search looked: "here" or "within these filters"."""
        return "within these filters" if self.narrowed else "here"

    def total(self, *leaves: Node, among: Sequence[str] | None = None) -> int:
        """Return the number of passages within the filters that contain every one of the `leaves` or an equivalent of
        it. With `among`, only passages with these identifiers are counted."""
        held = [Has(self.lexical.required(leaf)) for leaf in leaves]
        chosen = [Among(tuple(among))] if among is not None else []
        return self.lexical.engine.words(None, both(self.within, *held, *chosen), 1).total

    @property
    def worded(self) -> int:
        """Number of passages within the filters that contain words of the query; 0 when words were not searched."""
        leg = self.legs.get("lexical")
        return leg.total if leg is not None else 0

    @property
    def has_words(self) -> bool:
        """Whether any passage, inside or outside the filters, contains one of the query's words."""
        if self.worded:
            return True
        query = self.matched.query
        return query is not None and self.lexical.engine.words(query, EVERYTHING, 1).total > 0

    @property
    def nearest(self) -> dict[str, float]:
        """The best cosine by vector space; 0 for a space without results."""
        found = {name: leg for name, leg in self.legs.items() if name != "lexical"}
        return {name: float(leg.scores[0]) if len(leg.scores) else 0.0 for name, leg in found.items()}


def judge(asked: Retrieved, met: bool | None, ranking: Ranking, mode: str) -> Verdict:
    """Decide, before ranking, whether the retrieved query has an answer.

    The answer is certainly "nothing" in three cases: no passage passes the filters; no passage meets the query's
    requirements (`met` is False; None when the query requires nothing); in mode "lexical", no passage contains the
    words.

    Otherwise the decision is an estimate, and the message says "probably nothing": the question is nearer to subjects
    that the texts do not cover than to the passages, and shares few words with the nearest passages. When no such
    subjects are known, two conditions must hold: half of the question's words are in no passage, and in every space the
    best cosine is below the limit in `ranking`.
    """
    where = asked.where
    if asked.narrowed and not asked.total():
        return Verdict(True, f"No passage is {where}.")
    if met is not None:
        return _required(asked, met, where)
    if mode == "lexical":
        there = asked.has_words
        return (
            Verdict(False, _read_as(asked.matched)) if there else Verdict(True, f"No passage {where} has these words.")
        )
    if _is_probably_absent(asked, ranking):
        tree = _short(plain_text(asked.tree))
        if asked.narrowed and (n := asked.worded):
            held = f"Passages there that have words of it: {n}."
            return Verdict(True, f"{_PROBABLY} {where} says “{tree}”. {held} {_NEAREST_FOLLOW}", worded=n)
        return Verdict(True, f"{_PROBABLY} {where} says “{tree}”. {_NEAREST_FOLLOW}")
    if not asked.has_words:
        return Verdict(False, "No passage has these words; the hits are near in meaning.")
    return Verdict(False, _read_as(asked.matched))


def _is_probably_absent(asked: Retrieved, ranking: Ranking) -> bool:
    """Return whether nearness in meaning and shared words together indicate that no passage answers the query.

    Within filters there are fewer passages, so that the absence of near ones proves little. There the sum of `_weighed`
    must be above `ranking.nothing_narrowed`, or the search without filters must find nothing either.
    """
    found = _weighed(asked, ranking)
    if found <= 0 or asked.unfiltered is None or found > ranking.nothing_narrowed:
        return found > 0
    return _weighed(asked.unfiltered(), ranking) > 0


def _weighed(asked: Retrieved, ranking: Ranking) -> float:
    """Return the weighted sum of the evidence for absence (`AbsenceWeights`); above 0 means that no passage answers. 1
    or -1 when the sum cannot be computed."""
    matched = asked.matched
    evidence: AbsenceWeights = ranking.nothing_said[MAIN if is_main(matched.language) else "other"]
    spaces = evidence.weights.keys() - {"shared"}
    if not spaces <= asked.beyond.keys():
        unknown = len(matched.absent) >= len(matched.present) + len(matched.alike)
        return 1.0 if unknown and _is_far(asked.nearest, ranking, matched.language) else -1.0
    weighed = evidence.base + sum(w * asked.beyond[name] for name, w in evidence.weights.items() if name in spaces)
    weighed += question_far(asked.near, evidence) + paper_question_far(asked.near_paper, evidence)
    weight = evidence.weights.get("shared", 0.0)
    if weighed <= 0 and weight <= 0:
        return weighed  # shared words are evidence only against absence: no need to look them up
    words = _words(asked.tree, matched.language)
    if words and len(words) <= ranking.short and asked.total(*words):
        return -1.0  # one passage contains all words of a short question
    return weighed + weight * share(asked)


def question_far(near: float | None, evidence: AbsenceWeights) -> float:
    """Return the term that the nearest everyday question adds to the weighted sum of evidence for absence.

    `near` is the cosine with that question. The term is positive when `near` is below `evidence.near_from`, negative
    when it is above, 0 when it is None.
    """
    return 0.0 if near is None else evidence.near * (evidence.near_from - near)


def paper_question_far(near: float | None, evidence: AbsenceWeights) -> float:
    """Return the term that the nearest everyday question of the paper adds to the weighted sum, negative or 0.

    It is never positive, because being far from these questions is no evidence for absence: 0 when `near` is None or
    below `evidence.paper_from`.
    """
    return 0.0 if near is None else -evidence.paper * max(0.0, near - evidence.paper_from)


def _words(tree: Node, language: str) -> list[Word]:
    return [leaf for leaf in leaves(tree) if isinstance(leaf, Word) and is_content(leaf.text, language)][:_MOST]


def share(asked: Retrieved) -> float:
    """Return `shared` for a question and the passages nearest to it in meaning, in the last space for which the vectors
    of uncovered subjects are known."""
    size, leg = max(each.total for each in asked.legs.values()), asked.legs[list(asked.beyond)[-1]]
    near = leg.ids[:NEAREST]
    words = _words(asked.tree, asked.matched.language)
    return shared([(asked.total(word), asked.total(word, among=near) > 0) for word in words], size)


def shared(found: Sequence[tuple[int, bool]], size: int) -> float:
    """Return the share (0 to 1) of a question's words that the nearest passages together contain; rare words count
    more.

    `found` has for each word the number of passages (of `size`) that contain it, and whether one of the nearest
    passages does. Returns 0 when there are no words.
    """
    rarity = [math.log(1 + size / (0.5 + many)) for many, _ in found]
    return sum(each for each, (_, near) in zip(rarity, found, strict=True) if near) / sum(rarity) if rarity else 0.0


def _required(asked: Retrieved, met: bool, where: str) -> Verdict:
    if met:
        return Verdict(False)
    missing = [leaf for leaf in phrases_of(asked.tree) if not asked.total(leaf)]
    what = " and ".join(f"“{_name(leaf)}”" for leaf in missing[:3])
    sentence = f"Nothing {where} says {what}." if what else f"No passage {where} meets the whole query."
    return Verdict(True, f"{sentence} {_NEAREST_FOLLOW}")


def _name(leaf: Node) -> str:
    if isinstance(leaf, Near):
        return f"{leaf.left.text} near {leaf.right.text}"
    return _short(leaf.text + ("*" if isinstance(leaf, Prefix) else ""))  # type: ignore[union-attr]


def _is_far(nearest: Mapping[str, float], ranking: Ranking, language: str) -> bool:
    """Return whether the best cosine is below its limit in every space that supports the language."""
    best = {name: score for name, score in nearest.items() if name in ranking.nothing_below}
    heard = {name: score for name, score in best.items() if is_main(language) or name != "english"}
    return all(score < ranking.nothing_below[name] for name, score in (heard or best).items())


def _read_as(matched: Matched) -> str:
    if not is_main(matched.language):
        return (
            "The question was read as not English: hits are by meaning, and by words that are the same."
            if matched.absent
            else ""
        )
    if matched.alike:
        return f"Nothing here has {_list(matched.alike)}; words spelt nearly so were searched."
    return f"Not found anywhere: {_list(matched.absent)}." if matched.absent else ""


def _list(words: list[str]) -> str:
    return ", ".join(f"“{_short(word)}”" for word in dict.fromkeys(words[:5]))


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"
