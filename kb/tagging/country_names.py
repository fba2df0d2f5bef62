"""Names of countries in a language: those of the taxonomy, and areas that are not a State in it."""

from __future__ import annotations

from kb.iso import country_names
from kb.languages import MAIN
from kb.tagging.taxonomy import Taxonomy


def countries(taxonomy: Taxonomy, language: str) -> dict[str, str]:
    """Return ISO 3166-1 alpha-3 code to name of every present-day country, sorted by name; these are the codes that
    the command line accepts."""
    terms = taxonomy.facet("country").terms
    return country_names({term.id: term.labels.get(language, term.labels[MAIN]).preferred for term in terms})
