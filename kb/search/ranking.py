"""The parameters of ranking, loaded from corpus/search/ranking.yaml."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import Field

from kb.data import load_yaml
from kb.models import Model


class Named(Model):
    """Parameters by which passages are ranked lower that lack a thing named in the question (a country, a group)."""

    factor: float = Field(gt=0, le=1, description="for each named thing that a passage lacks")


class Neighbours(Model):
    """Parameters by which the score of a passage moves towards the scores of related passages (same document, section,
    entry)."""

    share: float = Field(ge=0, lt=1)
    most: int = Field(ge=1)


class Nearness(Model):
    """Parameters by which nearness in meaning to everyday questions changes the score of a passage of the register or
    the paper (`kb.search.nearby`)."""

    share: float = Field(0.0, ge=0, lt=1, description="0 for none")
    shares: dict[str, float] = Field(default_factory=dict, description="of the passages of a document, where another")
    among: int = Field(40, ge=2, description="entries whose everyday questions are nearest; all others count as far")
    spaces: dict[str, float] = Field(default_factory=dict, description="weight of the nearness in each space")


class AbsenceWeights(Model):
    """Weights and limits of the sum that estimates absence: above zero, the search reports that no passage answers."""

    base: float
    weights: dict[str, float] = Field(
        description="of `shared`, the share of the question's words that the nearest passages have, and by space of "
        "how much "
        "nearer the question is to a subject that the texts are not about (corpus/search/subjects.yaml) than to the "
        "best passage"
    )
    near: float = Field(0.0, ge=0, description="weight of the nearness to the nearest everyday question; 0 for none")
    near_from: float = Field(
        0.0, description="nearness above which that speaks against absence, and below which for it"
    )
    paper: float = Field(0.0, ge=0, description="the same weight for the paper's everyday questions; 0 for none")
    paper_from: float = Field(0.0, description="nearness above which that speaks against absence")


class Ranking(Model):
    """The parameters of a search: weights, factors and limits."""

    version: str
    weights: dict[str, float] = Field(description="share of each leg: lexical, english, multilingual")
    short: int = Field(description="words up to which a question is short")
    weights_short: dict[str, float] = Field(description="the same for short questions")
    weights_other: dict[str, float] = Field(description="the same for questions in other languages than English")
    kinds: dict[str, float] = Field(description="factor for a kind of passage")
    parts: dict[str, float] = Field(description="factor for a document part")
    named: Named = Field(description="names in the question")
    best: Neighbours = Field(description="share of nearness to the best passage; `most` passages are looked at")
    section: Neighbours = Field(description="share of the section's mean, over its `most` best passages")
    turn: float = Field(0.0, ge=0, le=1, description="share of the map of questions (`kb.search.turn`); 0 for none")
    everyday: float = Field(
        0.0, ge=0, lt=1, description="share of the words of everyday questions (`kb.search.everyday`); 0 for none"
    )
    everyday_word: float = Field(ge=0, description="what each word of an everyday question takes off its worth")
    everyday_most: int = Field(ge=1, description="candidates at the top that everyday questions move")
    nearby: Nearness = Field(default_factory=Nearness, description="nearness to everyday questions")
    wordwise: Neighbours = Field(
        default_factory=lambda: Neighbours(share=0.0, most=30),
        description="share of the nearness word by word (`kb.search.wordwise`); `most`: candidates looked at",
    )
    narrower: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="how much less a passage may score than the one it is a part of and stand before it",
    )
    narrower_most: int = Field(ge=1, description="passages at the top that may change places with their part")
    above: float = Field(
        0.0, ge=0, lt=1, description="share by which the entry directly above the first hit is moved towards it"
    )
    folded: tuple[str, ...] = Field(description="kinds that are shown within their parent")
    equivalent: float = Field(description="weight of a synonym, acronym or spelling beside the word typed")
    equivalent_others: float = Field(
        description="of several equivalents that a passage has, what each but the best adds to it"
    )
    alike: float = Field(description="score of a word spelt nearly like one that is nowhere")
    heading_words: float = Field(description="weight of a word in the heading above")
    heading_words_others: float = Field(
        description="where headings count, what each form or field that a passage has a word in, but the best, adds"
    )
    nothing_below: dict[str, float] = Field(description="cosine under which a space has nothing to say")
    nothing_said: dict[str, AbsenceWeights] = Field(
        description="'en' and 'other': what speaks for absence, by language of the question"
    )
    nothing_official: dict[str, float] = Field(
        default_factory=dict, description="by space, how much farther a passage of an official text counts for that"
    )
    nothing_narrowed: float = Field(
        0.0, ge=0, description="what the weighed sum must be above within filters, unless it holds without them too"
    )
    candidates: int = Field(description="passages that count as found where no word is in any")
    near: int = Field(
        ge=1, description="places of the ranking in which a passage that is near in meaning alone is listed"
    )
    pool: int = Field(ge=1, description="passages taken from each leg; everything after works on these alone")
    whole: int = Field(1000, ge=0, description="passages up to which an index is ranked whole")
    rrf_k: int = Field(description="constant of reciprocal rank fusion")
    same_text: float = Field(description="share of common word runs from which two hits are one")


@lru_cache(maxsize=4)  # a ranking and what an evaluation compares with it
def load_ranking(corpus: Path) -> Ranking:
    """Load the parameters of a corpus. Raises DataError with file, line and entry."""
    return load_yaml(corpus / "search" / "ranking.yaml", Ranking)
