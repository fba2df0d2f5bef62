"""The smallest engine and writer: the protocol of `kb.engine`, implemented over a list of passages."""

import numpy as np

from kb.engine import Leg
from kb.engine.analysis import words
from kb.engine.derived import Derived
from kb.engine.filters import AllOf, Among, Has, Is, NoneOf
from kb.engine.local.passage_store import facets_of
from kb.engine.query import Best, Close, Flat, Fuzzy, Starts, Weighted, Words
from kb.errors import NotFound


class ToyEngine(Derived):
    """An engine over `all`, identifier to passage, and their `vectors`; it derives the other methods. A test counts its
    lines."""

    spaces, all, vectors = ("english",), {}, {}

    def words(self, query, within, k):
        found = {p.id: score(query, p) if query else 0.0 for p in self.scan(within)}
        return leg({id: s for id, s in found.items() if s > 0 or not query}, k)

    def nearest(self, space, vector, within, k):
        both = {p.id: [part @ vector for part in self.vectors[p.id]] for p in self.scan(within)}
        return leg({id: float(w + (p.max() if len(p) else w)) / 2 for id, (w, p) in both.items()}, k)

    def similar(self, space, ids, to):
        return np.asarray([self.vectors[a][0] @ self.vectors[b][0] for a, b in zip(ids, to, strict=True)])

    def count(self, query, within):
        return counted(self.all[id] for id in self.words(query, within, self.size).ids)

    def passages(self, ids):
        return {id: self.all[id] for id in ids if id in self.all}

    def around(self, id, before, after):
        beside = [p for p in self.all.values() if id in self.all and p.document == self.all[id].document]
        at = next((i for i, p in enumerate(beside) if p.id == id), 0)
        return beside[max(0, at - before) : at + after + 1]

    def scan(self, within):
        return (p for p in self.all.values() if passes(within, p))


class ToyStore(ToyEngine):
    """A `ToyEngine` with the protocol of a writer: nothing is found before `commit`."""

    def __init__(self):
        self.held = {}

    def add(self, document, vectors):
        self.held[document.id] = document, vectors["english"]

    def remove(self, document):
        if not self.held.pop(document, None):
            raise NotFound(f"no document '{document}'.")

    def commit(self):
        self.all = {p.id: p for document, _ in self.held.values() for p in document.passages}
        self.vectors = {}
        for document, found in self.held.values():
            for i, passage in enumerate(document.passages):
                self.vectors[passage.id] = found.whole[i], found.pairs[found.owners == i]
        return self.size


def counted(passages):
    """Return facet to terms, each with the number of passages that have it, most frequent first."""
    found = {}
    for facet, term in (each for p in passages for each in facets_of(p)):
        found.setdefault(facet, {}).setdefault(term, []).append(1)
    return {
        f: {t: len(n) for t, n in sorted(terms.items(), key=lambda each: (-len(each[1]), each[0]))}
        for f, terms in sorted(found.items())
    }


def leg(found, k):
    """Return the best `k` of `found`, equal ones in source order."""
    best = sorted(found, key=lambda id: -found[id])[:k]
    return Leg(best, np.asarray([found[id] for id in best]), len(found), min(found.values(), default=0.0))


def passes(within, passage):
    """Return whether a passage passes a filter."""
    if isinstance(within, Is):
        return any((within.facet, term) in facets_of(passage) for term in within.terms)
    if isinstance(within, Has):
        return score(within.query, passage) > 0
    if isinstance(within, Among):
        return passage.id in within.ids
    if isinstance(within, NoneOf):
        return not passes(within.part, passage)
    return (all if isinstance(within, AllOf) else any)(passes(part, passage) for part in within.parts)


def score(node, passage):
    """Return how often a passage has what the query node requires; 0 if it does not match."""
    text = words(passage.normalised or passage.text)
    if isinstance(node, Words):
        printed, heading = (words(each, passage.language) for each in (passage.text, " ".join(passage.section[-1:])))
        forms = {tuple(words(node.text, language)) for language in (passage.language, "en")}
        return max(times(list(form), printed) + node.headings * times(list(form), heading) for form in forms)
    if isinstance(node, Starts):
        return sum(word.startswith(node.text.lower()) for word in text)
    if isinstance(node, Fuzzy):
        return sum(sum(a != b for a, b in zip(word, node.word, strict=False)) <= node.distance for word in text)
    if isinstance(node, Close):
        return float(all(times(words(side), text) for side in (node.left, node.right)))
    if isinstance(node, Weighted | Flat):
        found = score(node.part, passage)
        return found * node.by if isinstance(node, Weighted) else node.score * (found > 0)
    return (max if isinstance(node, Best) else sum)(score(part, passage) for part in node.parts)


def times(run, text):
    return sum(text[i : i + len(run)] == run for i in range(len(text))) if run else 0
