"""Find the countries that a passage names, and the role of each. A demonym that only tells where people come from
does not count."""

from __future__ import annotations

import re
from collections.abc import Collection

from spacy.tokens import Doc
from spacy.tokens import Span as Tokens

from kb.models import Mention, Tag
from kb.tagging.rules import FacetRules, LabelMatch, tokens_at

# Confidence of each way of naming a state: by name, by demonym, or by a place or person that implies it.
CONFIDENCE = {"strong": 0.95, "adjective": 0.8, "place": 0.6}
_JOINERS = {",", "and", "or", "-", "/"}


def find_countries(
    rules: FacetRules, doc: Doc, people: Collection[str] = (), front: bool = False
) -> tuple[list[Tag], list[Mention]]:
    """Return one tag for each State, and one mention for each occurrence of its name.

    `people` are words for people, before which a demonym may only be an origin. `front` marks a title page, where a
    country is usually the venue and therefore weaker evidence.
    """
    cues = [cue for cue in rules.cues(doc) if cue.kind in CONFIDENCE]
    origins = _origins(doc, cues, people)
    cues = [cue for cue in cues if cue.span not in origins]
    tags: dict[str, Tag] = {}
    for cue in sorted(cues, key=lambda cue: (-CONFIDENCE[cue.kind], cue.span)):
        worth = 0.5 if front else CONFIDENCE[cue.kind]
        tags.setdefault(
            cue.term,
            Tag(facet="country", id=cue.term, origin=f"rule:country-{_how(cue)}", confidence=worth, span=cue.span),
        )
    mentions = [
        Mention(
            kind="country",
            text=cue.text,
            span=cue.span,
            value={"id": cue.term, "named_by": _how(cue), "role": "venue" if front else _role(doc, cue)},
        )
        for cue in sorted(cues, key=lambda cue: cue.span)
    ]
    return list(tags.values()), mentions


def _how(cue: LabelMatch) -> str:
    return "name" if cue.kind == "strong" else cue.kind


def _origins(doc: Doc, cues: list[LabelMatch], people: Collection[str]) -> set[tuple[int, int]]:
    """Return the spans of demonyms that tell where people come from, and not what the passage is about: one of several
    joined demonyms ("Pakistani, Bangladeshi and African-Caribbean women"), or one before a word for people if another
    state is named."""
    adjectives = [cue for cue in cues if cue.kind == "adjective"]
    named = {cue.term for cue in cues if cue.kind == "strong"}
    found = set()
    for cue in adjectives:
        span = tokens_at(doc, cue.span)
        after = doc[span.end].lower_ if span.end < len(doc) else ""
        before = doc[span.start - 1].lower_ if span.start else ""
        neighbours = [tokens_at(doc, other.span) for other in adjectives if other is not cue and other.term != cue.term]
        listed = any(_joined(doc, span, other) or _joined(doc, other, span) for other in neighbours)
        hyphened = after == "-" or before == "-"
        elsewhere = after in people and bool(named - {cue.term})
        if (listed and cue.term not in named) or hyphened or elsewhere:
            found.add(cue.span)
    return found


def _joined(doc: Doc, left: Tokens, right: Tokens) -> bool:
    """Return whether only commas, 'and' and the like are between two demonyms."""
    between = doc[left.end : right.start]
    return left.end < right.start and len(between) <= 2 and all(token.lower_ in _JOINERS for token in between)


def _role(doc: Doc, cue: LabelMatch) -> str:
    """Return the role of a named state: 'list' when three or more are named in a row, 'statistic' beside a number, else
    'case'."""
    sentence = tokens_at(doc, cue.span).sent
    if len(re.findall(r"(?:[A-Z][\w'’]+(?: [A-Z][\w'’]+)*, ){2,}", sentence.text)) and "," in sentence.text:
        return "list"
    if re.search(r"\d[\d.,]*\s*(?:%|per ?cent|points|times|million)|\b\d{1,3},\d{3}\b", sentence.text):
        return "statistic"
    return "case"
