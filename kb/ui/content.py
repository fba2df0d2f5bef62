"""Texts of the interface from corpus/app.yaml: example queries, headings of forces and titles of facets; and labels
of terms."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from kb.data import load_yaml
from kb.i18n import TranslatedLabels, language, t
from kb.models import Force, Model
from kb.tagging.taxonomy import Taxonomy


class ExampleQuery(Model):
    """A query to click."""

    query: str
    about: str


class ForceText(Model):
    """Heading and text above the passages of one force on the search page."""

    id: Force
    heading: str
    about: str


class FacetText(Model):
    """One facet of the search page: its title and where the labels of its terms come from."""

    name: str
    title: str
    scheme: str = Field("", description="facet of the taxonomy that labels its terms, or 'documents'")
    labels: dict[str, str] = Field(default_factory=dict, description="labels for terms that no scheme holds")
    open: bool = Field(False, description="shown unfolded")


class AppTexts(Model):
    """Texts of the app: example queries, and the words for each force and facet. The content of corpus/app.yaml."""

    examples: tuple[ExampleQuery, ...]
    forces: tuple[ForceText, ...]
    facets: tuple[FacetText, ...]

    def force(self, id: str) -> ForceText:
        """Return the texts of one force. Raises KeyError if the file does not have it."""
        return {str(force.id): force for force in self.forces}[id]

    def facet(self, name: str) -> FacetText:
        """Return the texts of the facet `name`; a facet that is not in the file gets its name as title."""
        known = {facet.name: facet for facet in self.facets}
        return known.get(name) or FacetText(name=name, title=plain(name), scheme=name)


def load_content(corpus: Path) -> AppTexts:
    """Read app.yaml in the folder `corpus`. Raises DataError with file, line and entry."""
    return load_yaml(corpus / "app.yaml", AppTexts)


def plain(slug: str) -> str:
    """Return a slug as words, translated if the reader's language has a translation: 'list-item' becomes 'List
    item'."""
    words = slug.replace("-", " ").replace("_", " ").strip()
    return t(words[:1].upper() + words[1:])


class ScreenLabels:
    """Labels of facets and terms."""

    def __init__(self, content: AppTexts, taxonomy: Taxonomy, documents: dict[str, str]) -> None:
        """Store the sources of labels; `documents` maps document ids to titles."""
        self.content, self.taxonomy, self.documents = content, taxonomy, documents

    def facet(self, name: str) -> str:
        """Return the title of a facet."""
        return t(self.content.facet(name).title)

    def term(self, facet: str, id: str) -> str:
        """Return the label of a term; an unknown term is shown as plain words."""
        known = self.content.facet(facet)
        if known.scheme == "documents":
            return self.documents.get(id, id)
        label = self.taxonomy.label(known.scheme, id, language()) if known.scheme else id
        return t(known.labels.get(id, "")) or (label if label != id else plain(id))


TAG_STATES = TranslatedLabels({"proposed": "proposed", "confirmed": "confirmed", "rejected": "rejected"})
"""States of a tag, in words."""


def origin_words(origin: str) -> str:
    """Return who gave a tag, as text: the name of a person, the register, or the kind of machine (rule or model)."""
    kind, _, name = origin.partition(":")
    if kind == "person":
        return name
    if origin == "editors":
        return t("the editors of the register")
    if origin == "rule:register":
        return t("the register of commitments")
    return t("a model of the machine") if kind == "model" else t("a rule of the machine, by the words")
