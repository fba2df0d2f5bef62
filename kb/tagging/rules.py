"""Labels found in a passage, and what they amount to: a tag where the passage is about the term, else a mention."""
from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.util import filter_spans

from kb.models import Span, Tag
from kb.tagging.patterns import compile_label, pipeline
from kb.tagging.taxonomy import Facet, Labels

STRONG, WEAK, HEADING, ANAPHORA = 1.0, 0.5, 0.5, 1.0


@dataclass(frozen=True)
class Cue:
    """One label found in a text."""

    term: str
    weight: float
    span: Span
    text: str


@dataclass
class Evidence:
    """All cues of one term in one passage, and whether the headings above it name the term."""

    term: str
    cues: list[Cue] = field(default_factory=list)
    heading: bool = False

    @property
    def score(self) -> float:
        """Sum of the cues' weights, plus half a cue for a telling heading."""
        return sum(cue.weight for cue in self.cues) + (HEADING if self.heading else 0.0)

    @property
    def best(self) -> Cue:
        """The strongest cue, the first of equals."""
        return max(self.cues, key=lambda cue: (cue.weight, -cue.span[0]))


class FacetRules:
    """The labels of one facet in one language, ready to match."""

    def __init__(self, facet: Facet, language: str) -> None:
        self.facet, self.language = facet, language
        self.nlp = pipeline(language)
        self.found, self.heads = Matcher(self.nlp.vocab), Matcher(self.nlp.vocab)
        self.vetoes: dict[str, Matcher] = {}
        self.everywhere = self._matcher(facet.negative.get(language, ()))
        for term in facet.terms:
            labels = term.labels.get(language)
            if labels is not None:
                self._add(term.id, labels)
            self._put(self.heads, f"{term.id}\thead", term.headings)
            self._put(self.found, f"{term.id}\tanaphora", term.anaphora)

    def _add(self, term: str, labels: Labels) -> None:
        self._put(self.found, f"{term}\tstrong", labels.strong())
        self._put(self.found, f"{term}\tweak", labels.weak)
        self.vetoes[term] = self._matcher(labels.negative)

    def _put(self, matcher: Matcher, key: str, labels) -> None:
        patterns = [pattern for label in labels for pattern in compile_label(self.nlp, label)]
        if patterns:
            matcher.add(key, patterns)

    def _matcher(self, labels) -> Matcher:
        matcher = Matcher(self.nlp.vocab)
        self._put(matcher, "veto", labels)
        return matcher

    def cues(self, doc: Doc, masked: list[Span] = ()) -> list[Cue]:
        """Cues that no context vetoes and no mask covers; of a term's overlapping labels the strongest, then the longest."""
        blocked = list(masked) + _spans(doc, self.everywhere)
        cues: list[Cue] = []
        for term, matches in self._by_term(doc).items():
            vetoed = blocked + (_spans(doc, self.vetoes[term]) if term in self.vetoes else [])
            kept = [m for m in matches if not any(_inside((m[1].start_char, m[1].end_char), veto) for veto in vetoed)]
            for strength in ("strong", "weak", "anaphora"):
                taken = [cue.span for cue in cues if cue.term == term]
                spans = filter_spans([span for kind, span in kept if kind == strength])
                cues += [_cue(term, strength, span) for span in spans
                         if not any(_overlap((span.start_char, span.end_char), other) for other in taken)]
        return cues

    def _by_term(self, doc: Doc) -> dict[str, list]:
        """Raw matches inside one sentence, by term: (strength, span)."""
        found = defaultdict(list)
        for key, start, end in self.found(doc):
            if doc[start].sent.end >= end:
                term, strength = self.nlp.vocab.strings[key].split("\t")
                found[term].append((strength, doc[start:end]))
        return found

    def headed(self, section: tuple[str, ...]) -> frozenset[str]:
        """Terms that the headings name, by a strong label or by a heading label."""
        return _headed(self, section)


@lru_cache(maxsize=4096)
def _headed(rules: FacetRules, section: tuple[str, ...]) -> frozenset[str]:
    named: set[str] = set()
    for heading in section:
        doc = rules.nlp(heading)
        named |= {cue.term for cue in rules.cues(doc) if cue.weight == STRONG}
        named |= {rules.nlp.vocab.strings[key].split("\t")[0] for key, _, _ in rules.heads(doc)}
    return frozenset(named)


def _cue(term: str, strength: str, span) -> Cue:
    weight = {"strong": STRONG, "weak": WEAK, "anaphora": ANAPHORA}[strength]
    return Cue(term if strength != "anaphora" else f"{term}\tanaphora", weight, (span.start_char, span.end_char), span.text)


def _spans(doc: Doc, matcher: Matcher) -> list[Span]:
    """Characters that the matcher's matches cover."""
    return [(doc[start].idx, doc[end - 1].idx + len(doc[end - 1])) for _, start, end in matcher(doc)]


def _inside(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _overlap(a: Span, b: Span) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def weigh(cues: list[Cue], headed: frozenset[str], named_before: frozenset[str]) -> list[Evidence]:
    """Cues gathered by term. A short form ('The Network') counts where its term was named just before."""
    gathered: dict[str, Evidence] = {}
    for cue in cues:
        term, _, anaphoric = cue.term.partition("\t")
        if anaphoric and term not in named_before:
            continue
        evidence = gathered.setdefault(term, Evidence(term, heading=term in headed))
        evidence.cues.append(Cue(term, cue.weight, cue.span, cue.text))
    return list(gathered.values())


def confidence(score: float) -> float:
    """A rank, not a probability: 0.65 for one strong cue, 0.75 with a heading, 0.82 for two, towards 1."""
    return round(1 - 0.5 ** (score + 0.5), 2)


def to_tag(facet: str, evidence: Evidence) -> Tag:
    """The proposed tag of a term whose evidence is enough; its span is the best cue."""
    return Tag(facet=facet, id=evidence.term, origin=f"rule:{facet}", confidence=confidence(evidence.score),
               span=evidence.best.span)


@lru_cache(maxsize=256)
def rules_for(facet: Facet, language: str) -> FacetRules:
    """The compiled rules, made once per facet and language."""
    return FacetRules(facet, language)
