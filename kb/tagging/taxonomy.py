"""The taxonomy: one SKOS-shaped file per facet, and the equivalences of labels for query expansion. spaCy is not
imported here."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import Field, model_validator

from kb.data import line_of, load_yaml
from kb.errors import DataError, NotFound
from kb.languages import MAIN
from kb.models import Model, Span
from kb.tagging.mentions import MentionWords
from kb.tagging.roles import FILE as ROLES_FILE
from kb.tagging.roles import Roles, load_roles

_PATTERN_SIGNS = re.compile(r"[*|=]|\.\.\d")


class TermLabels(Model):
    """The labels of a term in one language. All but `preferred` and `alternative` may be patterns (see patterns.py)."""

    preferred: str
    alternative: tuple[str, ...] = Field((), description="true synonyms, shown to people")
    hidden: tuple[str, ...] = Field(
        (), description="other words that show the term: misspellings, printed variants, cues"
    )
    weak: tuple[str, ...] = Field(
        (), description="words that show the term only together with another: half a cue each"
    )
    negative: tuple[str, ...] = Field((), description="contexts in which a label inside them does not count")
    adjectives: tuple[str, ...] = Field(
        (), description="countries: demonyms, which name the state only in some contexts"
    )
    places: tuple[str, ...] = Field((), description="countries: places, peoples and persons that imply the state")
    asked: tuple[str, ...] = Field(
        (), description="named facets: what people call it in a question, as typed; tags no passage and is not shown"
    )

    def strong(self) -> Iterator[str]:
        """Yield the labels that indicate the term by themselves."""
        yield from (self.preferred, *self.alternative, *self.hidden)


class TermExample(Model):
    """A place where the background paper uses the term."""

    lines: Span
    note: str | None = None


class Term(Model):
    """One concept of a facet."""

    id: str
    labels: dict[str, TermLabels] = Field(description="by ISO 639-1 language")
    definition: str
    include: str | None = Field(None, description="scope note: what belongs here")
    exclude: str | None = Field(None, description="scope note: what does not, and where it goes")
    examples: tuple[TermExample, ...] = ()
    broader: str | None = None
    narrower: tuple[str, ...] = Field((), description="filled in from the broader terms when the facet is loaded")
    headings: tuple[str, ...] = Field((), description="section headings under which half a cue counts more")
    anaphora: tuple[str, ...] = Field((), description="labels that count only shortly after the term was named in full")
    notation: str | None = Field(None, description="the term's code in a published scheme")
    region: str | None = Field(None, description="countries: slug of the region facet")


class Facet(Model):
    """One aspect by which passages are tagged, with its terms; in SKOS a concept scheme."""

    facet: str
    title: dict[str, str]
    definition: str
    threshold: float = Field(1.0, description="cues needed: a strong label is 1, a weak one 0.5, a telling heading 0.5")
    named: bool = Field(True, description="the terms' names are cues; False where they are everyday words ('evidence')")
    repeats: bool = Field(True, description="half a cue printed twice counts twice")
    masked: bool = Field(
        True, description="names of organisations are passed over before matching, as citations always are"
    )
    shared_labels: tuple[str, ...] = Field((), description="labels that two terms may both have")
    negative: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="contexts that veto every term, by language"
    )
    terms: tuple[Term, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _sound(self) -> Facet:
        """Return the facet with `narrower` set, after checks: ids are unique, broader terms exist and have no cycle,
        and no label belongs to two terms unless declared. Raises ValueError."""
        ids = [term.id for term in self.terms]
        twice = {id for id in ids if ids.count(id) > 1}
        if twice:
            raise ValueError(f"{min(twice)} occurs twice")
        parents = {term.id: term.broader for term in self.terms}
        for id in ids:
            _check_line(id, parents)
        for term in self.terms:
            if MAIN not in term.labels:
                raise ValueError(f"{term.id}: no English labels")
        _check_labels(self)
        narrower = defaultdict(list)
        for term in self.terms:
            narrower[term.broader].append(term.id)
        filled = tuple(t.model_copy(update={"narrower": tuple(narrower[t.id])}) for t in self.terms)
        object.__setattr__(self, "terms", filled)
        return self

    def term(self, id: str) -> Term:
        """Return the term with this id. Raises NotFound when there is none."""
        for term in self.terms:
            if term.id == id:
                return term
        raise NotFound(
            f"facet '{self.facet}' has no term '{id}'", do="List the terms of the facet and choose one of them."
        )


def _check_line(id: str, parents: dict[str, str | None]) -> None:
    """Raise ValueError when the chain of broader terms from `id` contains an unknown term or a cycle. `parents` maps
    each term to its broader term."""
    seen, here = {id}, parents[id]
    while here is not None:
        if here not in parents:
            raise ValueError(f"{id}: broader term '{here}' is not in the facet")
        if here in seen:
            raise ValueError(f"{id}: its broader terms form a circle")
        seen.add(here)
        here = parents[here]


def _check_labels(facet: Facet) -> None:
    """Raise ValueError when one strong label belongs to two terms of the facet and is not declared as shared. Patterns
    are cues, not names, and may be shared."""
    owner: dict[tuple[str, str], str] = {}
    shared = {label.casefold() for label in facet.shared_labels}
    for term in facet.terms:
        for language, labels in term.labels.items():
            for label in filter(lambda label: not is_pattern(label), labels.strong()):
                key = (language, label if label.isupper() else label.casefold())
                if owner.setdefault(key, term.id) != term.id and label.casefold() not in shared:
                    raise ValueError(
                        f"{term.id}: label '{label}' ({language}) already stands for {owner[key]}; "
                        "declare it in shared_labels or remove one"
                    )


class Equivalence(Model):
    """Labels that mean the same in a search."""

    labels: tuple[str, ...] = Field(min_length=2)
    any_case: bool = Field(False, description="an acronym whose small letters spell no word matches in any case")


class Synonyms(Model):
    """Groups of words that mean the same in a query, by kind; the content of corpus/taxonomy/synonyms.yaml."""

    version: str
    acronyms: tuple[Equivalence, ...] = ()
    spellings: tuple[Equivalence, ...] = ()
    names: tuple[Equivalence, ...] = ()
    synonyms: tuple[Equivalence, ...] = ()

    def rows(self) -> Iterator[Equivalence]:
        """Yield all equivalences: acronyms, spellings, names and synonyms."""
        for rows in (self.acronyms, self.spellings, self.names, self.synonyms):
            yield from rows


class Masks(Model):
    """The content of corpus/taxonomy/names.yaml: proper names in which words do not indicate a subject."""

    names: dict[str, tuple[str, ...]]


class Taxonomy(Model):
    """All facets, equivalences, masks and roles of a taxonomy."""

    facets: dict[str, Facet]
    synonyms: Synonyms
    masks: Masks = Masks(names={})
    mentions: MentionWords | None = None
    roles: Roles
    folder: Path | None = Field(None, description="where it was loaded from")

    def facet(self, name: str) -> Facet:
        """Return the facet with this name. Raises NotFound when there is none."""
        if name not in self.facets:
            raise NotFound(f"no facet '{name}'", do="Facets are: " + ", ".join(sorted(self.facets)) + ".")
        return self.facets[name]

    def term(self, facet: str, id: str) -> Term:
        """Return a term by facet and id. Raises NotFound when there is none."""
        return self.facet(facet).term(id)

    def label(self, facet: str, id: str, language: str = MAIN) -> str:
        """Return the preferred label of a term; in English when it has none in the language; the id itself when the
        term is unknown."""
        found = next((t for t in self.facets[facet].terms if t.id == id), None) if facet in self.facets else None
        if found is None:
            return id
        return found.labels.get(language, found.labels[MAIN]).preferred


def is_pattern(label: str) -> bool:
    """Return whether the label contains pattern characters; such a label is not shown to people."""
    return bool(_PATTERN_SIGNS.search(label))


_OTHER_FILES = {"synonyms.yaml", "names.yaml", "mentions.yaml", ROLES_FILE}


def load(folder: Path) -> Taxonomy:
    """Load the taxonomy of a folder: every facet file, synonyms, names, mentions and roles. Raises DataError with file,
    line and entry when one is invalid."""
    facets: dict[str, Facet] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name in _OTHER_FILES:
            continue
        facet = load_yaml(path, Facet)
        if facet.facet != path.stem:
            raise DataError(
                f"the file holds facet '{facet.facet}'", where=str(path), do="Name the file after its facet."
            )
        facets[facet.facet] = facet
    if not facets:
        raise DataError("no facet files", where=str(folder), do="Restore corpus/taxonomy from the repository.")
    roles = load_roles(folder)
    _check_roles(roles, facets, folder / ROLES_FILE)
    return Taxonomy(
        facets=facets,
        synonyms=load_yaml(folder / "synonyms.yaml", Synonyms),
        masks=load_yaml(folder / "names.yaml", Masks),
        mentions=load_yaml(folder / "mentions.yaml", MentionWords),
        roles=roles,
        folder=folder,
    )


def _check_roles(roles: Roles, facets: Mapping[str, Facet], path: Path) -> None:
    """Raise DataError when a role names a facet that has no file."""
    for role, facet in roles.facets():
        if facet not in facets:
            line = line_of(path.read_text(encoding="utf-8"), (role,))
            raise DataError(
                f"line {line}, {role}: there is no facet '{facet}'",
                where=str(path),
                do="Facets are: " + ", ".join(sorted(facets)) + ".",
            )
