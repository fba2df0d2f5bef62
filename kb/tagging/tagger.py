"""Apply all tagging rules: one pass over a document's passages, with one rulebook for each taxonomy."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TypeVar

from spacy.tokens import Doc

from kb.languages import MAIN
from kb.models import Document, Force, Mention, Passage, Span, Tag
from kb.tagging import mentions as found_in
from kb.tagging.countries import find_countries
from kb.tagging.patterns import LabelIndex, pipeline
from kb.tagging.rules import FacetRules, LabelMatch, to_tag, weigh
from kb.tagging.strength import definitions, document_part, duty_bearer, passage_force
from kb.tagging.taxonomy import Taxonomy
from kb.text import seen_places, visible

# A short form ('The Network') refers back at most this many passages.
_MEMORY = 2
# Typographic quotation marks match the plain ones of the labels; one character for one, so that places stay.
_PLAIN = str.maketrans("’‘“”", "''\"\"")
# Kinds of mention that these rules create again each time.
_OURS = {"citation", "statistic", "quotation", "definition", "country", "term"}
Tagged = TypeVar("Tagged", Tag, Mention)
_BARE = {"heading", "title", "front-matter", "page-number"}


class Rulebook:
    """The rules of all facets of one taxonomy, compiled once for each language."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        self._rules: dict[tuple[str, str], FacetRules] = {}
        self._indexes: dict[tuple[str, str], LabelIndex] = {}

    def rules(self, facet: str, language: str) -> FacetRules:
        """Return the rules of a facet in a language; with English labels when the taxonomy has none in that
        language."""
        known = language if any(language in term.labels for term in self.taxonomy.facets[facet].terms) else MAIN
        key = (facet, known)
        if key not in self._rules:
            self._rules[key] = FacetRules(self.taxonomy.facets[facet], known)
        return self._rules[key]

    def cited(self, doc: Doc) -> list[Span]:
        """Return the spans of citations, in which no label counts: a cited source is neither subject nor actor."""
        return found_in.citation_groups(doc.text, self.taxonomy.mentions) if self.taxonomy.mentions else []

    def names(self, doc: Doc, language: str) -> list[Span]:
        """Return the spans of proper names whose words do not indicate a subject."""
        return self._match("names", language, self.taxonomy.masks.names.get(language, ()), doc)

    def defining(self, doc: Doc, language: str) -> list[Span]:
        """Return the spans of verbs with which a text defines a term."""
        words = self.taxonomy.mentions.definitions.get(language, ()) if self.taxonomy.mentions else ()
        return self._match("definitions", language, words, doc)

    def _match(self, what: str, language: str, labels: Sequence[str], doc: Doc) -> list[Span]:
        key = (what, language)
        if key not in self._indexes:
            self._indexes[key] = LabelIndex(pipeline(language))
            self._indexes[key].add(what, labels)
        return self._indexes[key].spans(doc)


_books: list[Rulebook] = []


def rulebook(taxonomy: Taxonomy) -> Rulebook:
    """Return the rulebook of a taxonomy; the last two are cached, because compiling takes about a second."""
    for book in _books:
        if book.taxonomy is taxonomy:
            return book
    _books.append(Rulebook(taxonomy))
    del _books[:-2]
    return _books[-1]


def tag_document(document: Document, taxonomy: Taxonomy) -> Document:
    """Return the document with every passage tagged; tags that a person confirmed or rejected are kept."""
    book = rulebook(taxonomy)
    recent: deque[frozenset[tuple[str, str]]] = deque(maxlen=_MEMORY)
    passages: list[Passage] = []
    parts: dict[str, str | None] = {}
    for passage in document.passages:
        before = frozenset().union(*recent)
        tagged = tag_passage(passage, book, document.force, before, parts.get(passage.parent or ""))
        passages.append(tagged)
        parts[passage.id] = tagged.part
        if passage.kind != "heading":
            recent.append(frozenset((tag.facet, tag.id) for tag in tagged.tags if tag.state != "rejected"))
    return document.model_copy(update={"passages": tuple(passages)})


def tag_passage(
    passage: Passage,
    book: Rulebook,
    document_force: Force,
    before: frozenset[tuple[str, str]] = frozenset(),
    parent_part: str | None = None,
) -> Passage:
    """Return a passage with tags, mentions, part, force and duty-bearer. Headings get no tags and never recommend.

    Values that the document's structure or the register already states (part, duty-bearer, tags of other origins)
    are kept. `before` are the (facet, term) of preceding passages. `parent_part` is the part of the parent passage:
    a lettered item of a recommendation is a recommendation too.
    """
    if not passage.text.isascii() and visible(passage.text) != passage.text:
        return _as_seen(passage, book, document_force, before, parent_part)
    if passage.kind == "heading" or not passage.text.strip():
        return (
            passage.model_copy(update={"force": Force.OBSERVATION})
            if document_force == "expert-recommendation"
            else passage
        )
    doc = pipeline(passage.language)(passage.text.translate(_PLAIN))
    named = _mentions(doc, book, passage.language)
    people = book.taxonomy.mentions.people if book.taxonomy.mentions else ()
    country_tags, country_mentions = find_countries(
        book.rules("country", passage.language), doc, people, passage.kind in _BARE
    )
    part = document_part(book.rules("document_part", passage.language), doc, passage, named + country_mentions)
    part = parent_part if parent_part == "recommendation" else part
    force, norm = passage_force(book.rules("force", passage.language), doc, part, document_force)
    tags, passing = _topics(passage, doc, book, part, before)
    return passage.model_copy(
        update={
            "part": passage.part or part,
            "force": force if document_force == "expert-recommendation" else passage.force,
            "duty_bearer": passage.duty_bearer or duty_bearer(book.rules("actor", passage.language), doc, force, norm),
            "tags": _keep_others(passage.tags, tags + country_tags),
            "mentions": tuple(m for m in passage.mentions if m.kind not in _OURS)
            + tuple(_as_printed(mention, passage) for mention in named + country_mentions + passing),
        }
    )


def _as_seen(
    passage: Passage, book: Rulebook, force: Force, before: frozenset[tuple[str, str]], parent_part: str | None
) -> Passage:
    """Return a passage with invisible characters, tagged by its visible text, so that a soft hyphen inside a word
    prevents no tag.

    Spans are mapped back to the printed text. Arguments as in `tag_passage`.
    """
    text, places = seen_places(passage.text)
    bare = passage.model_copy(update={"text": text, "tags": (), "mentions": ()})
    found = tag_passage(bare, book, force, before, parent_part)

    def printed(thing: Tagged) -> Tagged:
        """Return a tag or mention with its span mapped to the printed text."""
        span = thing.span
        back = (places[span[0]][0], places[span[1] - 1][1]) if span and span[0] < span[1] else span
        return thing.model_copy(update={"span": back})

    return found.model_copy(
        update={
            "text": passage.text,
            "tags": _keep_others(passage.tags, [printed(tag) for tag in found.tags]),
            "mentions": tuple(m for m in passage.mentions if m.kind not in _OURS)
            + tuple(_as_printed(printed(mention), passage) for mention in found.mentions),
        }
    )


def _topics(
    passage: Passage, doc: Doc, book: Rulebook, part: str, before: frozenset[tuple[str, str]]
) -> tuple[list[Tag], list[Mention]]:
    """Return tags for the terms that the passage is about, and mentions of kind 'term' for terms that it only names."""
    cited, names, roles = book.cited(doc), book.names(doc, passage.language), book.taxonomy.roles
    tags: list[Tag] = []
    passing: list[Mention] = []
    for name, facet in book.taxonomy.facets.items():
        if name in roles.field or name in roles.own_rules:
            continue
        rules = book.rules(name, passage.language)
        cues = rules.cues(doc, cited + names if facet.masked else cited)
        named_before = frozenset(id for f, id in before if f == name)
        for evidence in weigh(facet, cues, rules.headed(passage.section), named_before):
            announced = part == "roadmap" and name in roles.subject
            if evidence.score >= facet.threshold and not announced:
                tags.append(to_tag(name, evidence))
            else:
                passing.append(_passing(name, evidence.best))
    return tags, passing


def _as_printed(mention: Mention, passage: Passage) -> Mention:
    return mention.model_copy(update={"text": passage.text[slice(*mention.span)]})


def _passing(facet: str, cue: LabelMatch) -> Mention:
    return Mention(kind="term", text=cue.text, span=cue.span, value={"facet": facet, "id": cue.term})


def _mentions(doc: Doc, book: Rulebook, language: str) -> list[Mention]:
    """Return the citations, statistics, quotations and definitions of a passage as mentions."""
    words = book.taxonomy.mentions
    if words is None:
        return []
    return [
        *found_in.citations(doc.text, words),
        *found_in.statistics(doc.text, words),
        *found_in.quotations(doc.text),
        *definitions(book.defining(doc, language), doc),
    ]


def _keep_others(old: tuple[Tag, ...], new: list[Tag]) -> tuple[Tag, ...]:
    """Return the tags in `old` that people decided or that have another origin, then the new proposals for other terms;
    old proposals of these rules are dropped."""
    kept = [tag for tag in old if tag.state != "proposed" or not _is_ours(tag)]
    known = {(tag.facet, tag.id) for tag in kept}
    return (*kept, *(tag for tag in new if (tag.facet, tag.id) not in known))


def _is_ours(tag: Tag) -> bool:
    return tag.origin == f"rule:{tag.facet}" or tag.origin.startswith("rule:country-")
