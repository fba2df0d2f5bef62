"""Names of countries in a language: those of the taxonomy, including areas that are no State in it."""

from __future__ import annotations

from kb.iso import country_names
from kb.languages import MAIN
from kb.tagging.taxonomy import Taxonomy


def countries(taxonomy: Taxonomy, language: str) -> dict[str, str]:
    """Return code (ISO 3166-1 alpha-3) and name of every present country, sorted by name; the command line accepts
    these."""
    terms = taxonomy.facet("country").terms
    return country_names({term.id: term.labels.get(language, term.labels[MAIN]).preferred for term in terms})
