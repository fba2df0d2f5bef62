"""The public Python interface of the project: command line, app, HTTP and assistants call these functions.

Every function reads the settings (`kb.config.settings`), answers with frozen pydantic models, and raises errors of the
`KBError` family. Stable within a major version: `tests/api/surface.txt` is the kept list of names, parameters and
fields.
"""

from kb.api.answers import (
    cite,
    coverage,
    criteria,
    documents,
    facets,
    reference,
    resolve_selector,
    search,
    show,
)
from kb.api.asked import LONGEST_QUERY
from kb.api.records import (
    CitationAnswer,
    CitedPlace,
    Coverage,
    CriterionInfo,
    DocumentInfo,
    Record,
    SearchAnswer,
    Shown,
    record_of,
)
from kb.api.work import assess, export

__all__ = [
    "LONGEST_QUERY",
    "CitationAnswer",
    "CitedPlace",
    "Coverage",
    "CriterionInfo",
    "DocumentInfo",
    "Record",
    "SearchAnswer",
    "Shown",
    "assess",
    "cite",
    "coverage",
    "criteria",
    "documents",
    "export",
    "facets",
    "record_of",
    "reference",
    "resolve_selector",
    "search",
    "show",
]
