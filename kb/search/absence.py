"""Saying that nothing says it: a required phrase that is nowhere, or a question that no passage is near to."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kb.search.constraint import phrases_of
from kb.search.language import content_words
from kb.search.lexical import Matched
from kb.search.query import Near, Node, Prefix, Word, leaves, plain_text
from kb.search.ranking import Evidence, Ranking

_MOST = 30
"""Words of a question whose passages are looked up to see how much of it one passage covers."""


@dataclass(frozen=True)
class Verdict:
    """Whether anything says it, and what the reader must be told."""

    absent: bool
    message: str = ""


def judge(
    tree: Node,
    matched: Matched,
    legs: Mapping[str, Mapping[int, float]],
    allowed: set[int] | None,
    rows: Callable[[Node], set[int]],
    ranking: Ranking,
    mode: str,
    where: str = "here",
) -> Verdict:
    """The verdict on a query, before ranking; `where` names what was searched in the message.

    With requirements: absent when no passage meets them. With words only: absent when at least half of the words are
    nowhere, not even by another name, and every passage is farther in meaning than each space's limit; or, for a question
    of more than a word or two, when nearness and the words that one passage covers together speak for it.
    """
    if allowed is not None:
        return _required(tree, allowed, rows, where)
    if mode == "lexical":
        return Verdict(False, _read_as(matched)) if matched.scores else Verdict(True, _nothing(tree, where))
    unknown = len(matched.absent) >= len(matched.present) + len(matched.alike)
    if unknown and _is_far(legs, ranking, matched.language):
        return Verdict(True, _nothing(tree, where))
    if _speaks_for_absence(tree, matched, legs, rows, ranking):
        return Verdict(True, f"Probably n{_nothing(tree, where)[1:]}")
    if not matched.scores:
        return Verdict(False, "No passage has these words; the hits are near in meaning.")
    return Verdict(False, _read_as(matched))


def _speaks_for_absence(
    tree: Node,
    matched: Matched,
    legs: Mapping[str, Mapping[int, float]],
    rows: Callable[[Node], set[int]],
    ranking: Ranking,
) -> bool:
    """Whether nearness in meaning and the words that one passage covers say, weighed, that nothing answers."""
    evidence: Evidence = ranking.nothing_said["en" if matched.language == "en" else "other"]
    if (
        len(content_words(plain_text(tree))) <= ranking.short
        or not evidence.weights.keys() - {"covered"} <= legs.keys()
    ):
        return False
    nearness = {name: max(legs[name].values(), default=0.0) for name in evidence.weights if name != "covered"}
    size = max((len(leg) for leg in legs.values()), default=0)
    seen = {**nearness, "covered": covered(tree, rows, size, matched.language)}
    return evidence.base + sum(weight * seen[name] for name, weight in evidence.weights.items()) > 0


def covered(tree: Node, rows: Callable[[Node], set[int]], size: int, language: str) -> float:
    """The largest share of a question's words that one passage has, each word by its rarity (0-1)."""
    total, shares = 0.0, Counter[int]()
    words = [leaf for leaf in leaves(tree) if isinstance(leaf, Word) and content_words(leaf.text, language)]
    for word in words[:_MOST]:
        found = rows(word)
        rarity = math.log(1 + size / (0.5 + len(found)))
        total += rarity
        shares.update(dict.fromkeys(found, rarity))  # type: ignore[arg-type]
    return max(shares.values(), default=0.0) / total if total else 0.0


def _nothing(tree: Node, where: str) -> str:
    return f"Nothing {where} says “{_short(plain_text(tree))}”. The nearest passages follow, marked as such."


def _required(tree: Node, allowed: set[int], rows: Callable[[Node], set[int]], where: str) -> Verdict:
    if allowed:
        return Verdict(False)
    missing = [leaf for leaf in phrases_of(tree) if not rows(leaf)]
    what = " and ".join(f"“{_name(leaf)}”" for leaf in missing[:3])
    said = f"Nothing {where} says {what}." if what else f"No passage {where} meets the whole query."
    return Verdict(True, f"{said} The nearest passages follow, marked as such.")


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
