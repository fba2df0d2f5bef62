"""Decide whether to tell the user that nothing matches: a required phrase that is nowhere, or a question far from every passage."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from kb.search.constraint import phrases_of
from kb.search.language import content_words
from kb.search.lexical import Matched
from kb.search.query import Near, Node, Prefix, Word, leaves, plain_text
from kb.search.ranking import Evidence, Ranking

_MOST = 30
"""Words of a question whose passages are looked up to see how much of it the nearest passages share."""
NEAREST = 5
"""Passages nearest in meaning whose words are compared with the question's."""


State = Literal["answered", "probably-nothing", "nothing"]
_PROBABLY = "Probably nothing"
_NEAREST_FOLLOW = "The nearest passages follow, marked as such."


@dataclass(frozen=True)
class Verdict:
    """Whether anything says it, and what the reader must be told."""

    absent: bool
    message: str = ""

    @property
    def state(self) -> State:
        """Answered, nothing for what is required and nowhere, or an estimate that says that it is one."""
        if not self.absent:
            return "answered"
        return "probably-nothing" if self.message.startswith(_PROBABLY) else "nothing"


def judge(
    tree: Node,
    matched: Matched,
    legs: Mapping[str, Mapping[int, float]],
    allowed: set[int] | None,
    rows: Callable[[Node], set[int]],
    ranking: Ranking,
    mode: str,
    where: str = "here",
    beyond: Mapping[str, float] = MappingProxyType({}),
) -> Verdict:
    """The verdict on a query, before ranking; `where` names what was searched in the message.

    With requirements: absent when no passage meets them, which is certain. With words only it is an estimate and says so:
    probably nothing, when the question is nearer to subjects that the texts are not about (`beyond`, by space) and shares few
    words with the passages nearest to it; without such subjects, when half of its words are nowhere and every passage is
    farther in meaning than each space's limit.
    """
    if allowed is not None:
        return _required(tree, allowed, rows, where)
    if mode == "lexical":
        return (
            Verdict(False, _read_as(matched))
            if matched.scores
            else Verdict(True, f"No passage {where} has these words.")
        )
    if _is_probably_absent(tree, matched, legs, rows, ranking, beyond):
        return Verdict(True, f"{_PROBABLY} {where} says “{_short(plain_text(tree))}”. {_NEAREST_FOLLOW}")
    if not matched.scores:
        return Verdict(False, "No passage has these words; the hits are near in meaning.")
    return Verdict(False, _read_as(matched))


def _is_probably_absent(
    tree: Node,
    matched: Matched,
    legs: Mapping[str, Mapping[int, float]],
    rows: Callable[[Node], set[int]],
    ranking: Ranking,
    beyond: Mapping[str, float],
) -> bool:
    """Whether nearness in meaning and shared words, weighed, say that nothing answers."""
    evidence: Evidence = ranking.nothing_said["en" if matched.language == "en" else "other"]
    if not evidence.weights.keys() - {"shared"} <= beyond.keys():
        unknown = len(matched.absent) >= len(matched.present) + len(matched.alike)
        return unknown and _is_far(legs, ranking, matched.language)
    words = _words(tree, matched.language)
    found = [rows(word) for word in words]
    if found and len(words) <= ranking.short and set.intersection(*found):
        return False  # one passage has all of a question of a word or two
    size, leg = max(len(leg) for leg in legs.values()), legs[list(beyond)[-1]]
    seen = {**beyond, "shared": shared(found, sorted(leg, key=lambda row: (-leg[row], row))[:NEAREST], size)}
    return evidence.base + sum(weight * seen[name] for name, weight in evidence.weights.items()) > 0


def _words(tree: Node, language: str) -> list[Word]:
    return [leaf for leaf in leaves(tree) if isinstance(leaf, Word) and content_words(leaf.text, language)][:_MOST]


def shared(found: Sequence[set[int]], nearest: Sequence[int], size: int) -> float:
    """The share (0-1) of a question's words that the nearest passages have between them, each word by its rarity.

    `found` are the rows of each word, `size` the passages in all.
    """
    rarity = [math.log(1 + size / (0.5 + len(rows))) for rows in found]
    near = set(nearest)
    return sum(each for each, rows in zip(rarity, found) if rows & near) / sum(rarity) if rarity else 0.0


def _required(tree: Node, allowed: set[int], rows: Callable[[Node], set[int]], where: str) -> Verdict:
    if allowed:
        return Verdict(False)
    missing = [leaf for leaf in phrases_of(tree) if not rows(leaf)]
    what = " and ".join(f"“{_name(leaf)}”" for leaf in missing[:3])
    said = f"Nothing {where} says {what}." if what else f"No passage {where} meets the whole query."
    return Verdict(True, f"{said} {_NEAREST_FOLLOW}")


def _name(leaf: Node) -> str:
    if isinstance(leaf, Near):
        return f"{leaf.left.text} near {leaf.right.text}"
    return _short(leaf.text + ("*" if isinstance(leaf, Prefix) else ""))  # type: ignore[union-attr]


def _is_far(legs: Mapping[str, Mapping[int, float]], ranking: Ranking, language: str) -> bool:
    """True when in every space that reads the language the best cosine is below the limit."""
    best = {name: max(leg.values(), default=0.0) for name, leg in legs.items() if name in ranking.nothing_below}
    heard = {name: score for name, score in best.items() if language == "en" or name != "english"}
    return all(score < ranking.nothing_below[name] for name, score in (heard or best).items())


def _read_as(matched: Matched) -> str:
    if matched.language != "en":
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
