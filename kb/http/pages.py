"""HTML pages: fast, without script, readable by a screen reader and a text browser. Templates escape every value."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from kb.amounts import of_lines, some
from kb.models import FORCE_WORDS, OWN_MARK

if TYPE_CHECKING:
    from jinja2 import Environment

    from kb import api
    from kb.http import models
    from kb.http.cursors import Cursor


@lru_cache(maxsize=1)
def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader

    found = Environment(loader=PackageLoader("kb.http"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    found.globals.update(force_words=FORCE_WORDS, own_mark=OWN_MARK, web=_web, some=some, of_lines=of_lines)
    return found


def _web(address: str) -> str:
    """Return an http or https address for a link; '' for any other."""
    return address if address.startswith(("https://", "http://")) else ""


def _page(template: str, **values: object) -> str:
    return _templates().get_template(f"{template}.html").render(**values)


def home(found: Sequence[api.DocumentInfo]) -> str:
    """Render the front page, with a search form and the documents."""
    return _page("home", documents=found)


def search(found: models.SearchPage, asked: Cursor) -> str:
    """Render the page of a search: hits in a section for each force."""
    following = asked.address(found.next) if found.next else ""
    return _page("search", found=found, asked=asked, following=following)


def cite(found: api.CitationAnswer) -> str:
    """Render the page that explains a citation."""
    return _page("cite", found=found)


def show(shown: api.Shown) -> str:
    """Render a passage or entry in its context."""
    return _page("show", shown=shown)


def document(found: models.DocumentPage) -> str:
    """Render a document with its passages."""
    return _page("document", document=found.document, passages=found.passages)


def documents(found: models.Documents) -> str:
    """Render the page of all documents of the index."""
    return _page("documents", documents=found.documents)


def coverage(found: models.Coverages) -> str:
    """Render the page of which sources are here and which are missing."""
    return _page("coverage", sources=found.sources)


def criteria(found: models.Criteria) -> str:
    """Render the page of all criteria; derived ones are marked."""
    return _page("criteria", note=found.note, criteria=found.criteria)


def criterion(found: api.CriterionInfo) -> str:
    """Render the page of one criterion."""
    return _page("criterion", criterion=found)


def facets(found: models.Facets) -> str:
    """Render the page of all facets with their terms."""
    return _page("facets", facets=found.facets)


def error(title: str, detail: str) -> str:
    """Render the page of an error: what is wrong and what to do."""
    return _page("error", title=title, detail=detail)
