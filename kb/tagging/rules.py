"""Match labels in a passage and weigh them: a term that the passage is about gets a tag, a term that it only names a
mention."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc
from spacy.tokens import Span as Tokens
from spacy.util import filter_spans

from kb.amounts import some
from kb.models import Span, Tag
from kb.tagging.patterns import LabelIndex, pipeline
from kb.tagging.taxonomy import Facet, TermLabels

HEADING = 0.5  # same weight as a weak label: a heading alone makes no tag
_UNNUMBERED = re.compile(r"^[\W\d]+")
WEIGHT = {"strong": 1.0, "weak": 0.5, "anaphora": 1.0, "adjective": 1.0, "place": 1.0}


@dataclass(frozen=True)
class LabelMatch:
    """One label found in a text: its term, the kind of label (see `WEIGHT`), its span, and the matched text."""

    term: str
    kind: str
    span: Span
    text: str

    @property
    def weight(self) -> float:
        """Return the weight of the label: 1, or half for a weak one."""
        return WEIGHT[self.kind]


@dataclass
class TermCues:
    """All cues of one term in one passage, and whether the headings above the passage name the term."""

    term: str
    cues: list[LabelMatch] = field(default_factory=list)
    heading: bool = False

    @property
    def score(self) -> float:
        """Return the sum of the cues' weights, plus 0.5 for a heading that names the term."""
        return sum(cue.weight for cue in self.cues) + (HEADING if self.heading else 0.0)

    @property
    def best(self) -> LabelMatch:
        """Return the cue with the greatest weight, the first of equals."""
        return max(self.cues, key=lambda cue: (cue.weight, -cue.span[0]))


def tokens_at(doc: Doc, span: Span) -> Tokens:
    """Return the tokens that overlap the characters of `span`. Raises ValueError for characters outside the text."""
    found = doc.char_span(*span, alignment_mode="expand")
    if found is None:
        raise ValueError(f"the text has {some(len(doc.text), 'character')}, none at {span}")
    return found


class FacetRules:
    """The labels of one facet in one language, compiled for matching."""

    def __init__(self, facet: Facet, language: str) -> None:
        self.facet, self.language = facet, language
        self.nlp = pipeline(language)
        self.found = LabelIndex(self.nlp)
        self.vetoes: dict[str, LabelIndex] = {}
        self._named_by: dict[tuple[str, ...], frozenset[str]] = {}
        self.everywhere = self._index(facet.negative.get(language, ()))
        for term in facet.terms:
            labels = term.labels.get(language)
            if labels is not None:
                self._add(term.id, labels)
            self.found.add(f"{term.id}\tanaphora", term.anaphora)

    def _add(self, term: str, labels: TermLabels) -> None:
        self.found.add(f"{term}\tstrong", labels.strong() if self.facet.named else labels.hidden)
        self.found.add(f"{term}\tweak", labels.weak)
        self.found.add(f"{term}\tadjective", labels.adjectives)
        self.found.add(f"{term}\tplace", labels.places)
        self.vetoes[term] = self._index(labels.negative)

    def _index(self, labels: Iterable[str]) -> LabelIndex:
        index = LabelIndex(self.nlp)
        index.add("veto", labels)
        return index

    def cues(self, doc: Doc, masked: Sequence[Span] = ()) -> list[LabelMatch]:
        """Return the cues that begin neither in a negative context nor in a masked span.

        Of overlapping labels of one term, the strongest is kept; of equally strong ones, the longest.
        """
        blocked = list(masked) + self.everywhere.spans(doc)
        cues: list[LabelMatch] = []
        for term, matches in self._by_term(doc).items():
            vetoed = blocked + (self.vetoes[term].spans(doc) if term in self.vetoes else [])
            kept = [m for m in matches if not any(a <= m[1].start_char < b for a, b in vetoed)]
            for kind in WEIGHT:
                taken = [cue.span for cue in cues if cue.term == term]
                spans = filter_spans([span for found, span in kept if found == kind])
                cues += [
                    LabelMatch(term, kind, (span.start_char, span.end_char), span.text)
                    for span in spans
                    if not any(_overlap((span.start_char, span.end_char), other) for other in taken)
                ]
        return cues

    def _by_term(self, doc: Doc) -> dict[str, list]:
        """Return the matches that lie within one sentence, by term: `(strength, span)`."""
        found = defaultdict(list)
        for key, start, end in self.found.matches(doc):
            if doc[start].sent.end >= end:
                term, strength = key.split("\t")
                found[term].append((strength, doc[start:end]))
        return found

    def headed(self, section: tuple[str, ...]) -> frozenset[str]:
        """Return the terms that the headings `section` suggest: terms that the innermost heading names by a strong
        label, and terms with a heading label with which any of the headings begins."""
        if section not in self._named_by:
            innermost = self.nlp(section[-1] if section else "")
            named = {cue.term for cue in self.cues(innermost) if cue.kind == "strong"}
            plain = [_UNNUMBERED.sub("", heading).casefold() for heading in section]
            named |= {
                term.id
                for term in self.facet.terms
                for label in term.headings
                if any(re.match(rf"{re.escape(label.casefold())}\b", heading) for heading in plain)
            }
            self._named_by[section] = frozenset(named)
        return self._named_by[section]


def _overlap(a: Span, b: Span) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def weigh(facet: Facet, cues: list[LabelMatch], headed: frozenset[str], named_before: frozenset[str]) -> list[TermCues]:
    """Group cues by term. In a facet without `repeats`, each weak label counts once however often it occurs.

    A short form ('The Network') counts only if its term was named in a preceding passage (`named_before`).
    """
    gathered: dict[str, TermCues] = {}
    seen: set[tuple[str, str]] = set()
    for cue in cues:
        wording = (cue.term, cue.text.casefold())
        if (
            cue.kind == "anaphora"
            and cue.term not in named_before
            or cue.kind == "weak"
            and not facet.repeats
            and wording in seen
        ):
            continue
        seen.add(wording)
        gathered.setdefault(cue.term, TermCues(cue.term, heading=cue.term in headed)).cues.append(cue)
    return list(gathered.values())


def confidence(score: float) -> float:
    """Return a number below 1 that ranks tags by their score; it is no probability: 0.65 for one strong cue, 0.75 with
    a heading, 0.82 for two."""
    return round(1 - 0.5 ** (score + 0.5), 2)


def to_tag(facet: str, evidence: TermCues) -> Tag:
    """Return the proposed tag of a term with enough evidence; its span is that of the best cue."""
    return Tag(
        facet=facet,
        id=evidence.term,
        origin=f"rule:{facet}",
        confidence=confidence(evidence.score),
        span=evidence.best.span,
    )
