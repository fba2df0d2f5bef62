"""Evaluate tags: micro-averaged F1 over facets, against judged passages of the paper, of treaties, plans and laws.

The tags of a judged range are the union over the passages that match it, without headings. Optional terms are counted
neither as right nor as wrong, rejected tags are ignored, and country codes are compared in capitals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from pydantic import Field

from kb.evaluation.answers import TaggedRow, TagsByFacet
from kb.evaluation.judged import JudgedPassage, JudgedPlace, meets
from kb.models import Document, Model, Span


class TagScore(Model):
    """Numbers of right, wrong and missed tags, of one facet or of all."""

    facet: str
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Share (0 to 1) of given tags that are right."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Share (0 to 1) of judged tags that were given."""
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 when there was nothing to find and nothing was given."""
        total = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / total if total else 1.0


class TagScores(Model):
    """A score for each facet and one for all (`whole`), and the frequency of each error."""

    facets: tuple[TagScore, ...]
    whole: TagScore
    errors: dict[str, int] = Field(
        description="'+facet:term' given in error, '-facet:term' missed, most frequent first"
    )


def _terms(tags: TagsByFacet, facet: str) -> set[str]:
    """Return the terms of a facet without rejected ones; a tag in `tags` is a term or a mapping with `id` and
    `state`."""
    found = [tag if isinstance(tag, Mapping) else {"id": tag} for tag in tags.get(facet, ())]
    ids = {str(tag["id"]) for tag in found if tag.get("state") != "rejected"}
    return {id.upper() for id in ids} if facet == "country" else ids


def evaluate(judged: Sequence[JudgedPassage], rows: Iterable[TaggedRow], facets: Sequence[str]) -> TagScores:
    """Score passages as `kb passages --jsonl` prints them, by facet; only those of the paper are used."""
    passages = [
        (lines, row["tags"])
        for row in rows
        if row["document"] == "paper" and row["kind"] != "heading" and (lines := row["source"].get("lines"))
    ]
    return _scores(((one, [tags for lines, tags in passages if meets(lines, one.lines)]) for one in judged), facets)


def evaluate_places(
    judged: Iterable[JudgedPlace], documents: Mapping[str, Document], facets: Sequence[str]
) -> TagScores:
    """Score tagged documents (by file name). A judged place is matched by passages that share half of the characters of
    the shorter one."""

    def tags_at(one: JudgedPlace) -> list[TagsByFacet]:
        """Return the tags by facet of each passage that matches the judged place; headings are left out."""
        return [
            {facet: [tag.model_dump() for tag in passage.tags if tag.facet == facet] for facet in facets}
            for passage in documents[one.file].passages
            if passage.kind != "heading" and passage.place.chars and _shares_half(passage.place.chars, one.chars)
        ]

    return _scores(((one, tags_at(one)) for one in judged), facets)


def _shares_half(ours: Span, theirs: Span) -> bool:
    shared = min(ours[1], theirs[1]) - max(ours[0], theirs[0])
    return shared > 0 and 2 * shared >= min(ours[1] - ours[0], theirs[1] - theirs[0])


def _scores(
    met: Iterable[tuple[JudgedPassage | JudgedPlace, Sequence[TagsByFacet]]], facets: Sequence[str]
) -> TagScores:
    """Compute the scores from each judgement with the tags of the passages that match it."""
    counts: dict[str, Counter[str]] = {facet: Counter() for facet in facets}
    errors: Counter[str] = Counter()
    for judgement, tags in met:
        for facet in facets:
            _count(judgement, tags, facet, counts[facet], errors)
    scores = tuple(TagScore(facet=f, right=c["right"], wrong=c["wrong"], missed=c["missed"]) for f, c in counts.items())
    whole = TagScore(
        facet="all",
        right=sum(s.right for s in scores),
        wrong=sum(s.wrong for s in scores),
        missed=sum(s.missed for s in scores),
    )
    return TagScores(facets=scores, whole=whole, errors=dict(errors.most_common()))


def _count(
    judgement: JudgedPassage | JudgedPlace,
    tags: Sequence[TagsByFacet],
    facet: str,
    counts: Counter[str],
    errors: Counter[str],
) -> None:
    """Add the result of one judgement in one facet to `counts` and `errors`; `tags` are those of the passages that
    match it."""
    want, free = _terms(judgement.tags, facet), _terms(judgement.optional, facet)
    got = set().union(*(_terms(one, facet) for one in tags))
    counts.update(right=len(got & want), wrong=len(got - want - free), missed=len(want - got))
    errors.update(f"+{facet}:{term}" for term in sorted(got - want - free))
    errors.update(f"-{facet}:{term}" for term in sorted(want - got))
