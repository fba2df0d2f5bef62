"""Pages for people: fast, without script, readable by a screen reader and a text browser. Templates escape every
value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kb.amounts import of_lines, some
from kb.models import FORCE_WORDS, OWN_MARK

if TYPE_CHECKING:
    from jinja2 import Environment

    from kb import api
    from kb.http.cursors import Cursor


@lru_cache(maxsize=1)
def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader

    found = Environment(loader=PackageLoader("kb.http"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    found.globals.update(force_words=FORCE_WORDS, own_mark=OWN_MARK, web=_web, some=some, of_lines=of_lines)
    return found


def _web(address: str) -> str:
    """An address that may stand in a link: of the web, else nothing."""
    return address if address.startswith(("https://", "http://")) else ""


def _page(template: str, **values: Any) -> str:
    return _templates().get_template(f"{template}.html").render(**values)


def home(documents: Sequence[api.DocumentInfo]) -> str:
    """The front page."""
    return _page("home", documents=documents)


def search(data: Mapping[str, Any], asked: Cursor) -> str:
    """Hits under their force."""
    following = asked.address(data["next"]) if data["next"] else ""
    return _page("search", found=data, asked=asked, following=following)


def cite(found: api.CitationAnswer) -> str:
    """What a citation means."""
    return _page("cite", found=found)


def show(shown: api.Shown) -> str:
    """A passage or entry in its context."""
    return _page("show", shown=shown)


def document(data: Mapping[str, Any]) -> str:
    """A document with its passages."""
    return _page("document", document=data["document"], passages=data["passages"])


def documents(found: Sequence[api.DocumentInfo]) -> str:
    """The documents of the index."""
    return _page("documents", documents=found)


def coverage(found: Sequence[api.Coverage]) -> str:
    """What is here, and what is not."""
    return _page("coverage", sources=found)


def criteria(data: Mapping[str, Any]) -> str:
    """The criteria, derived ones marked."""
    return _page("criteria", note=data["note"], criteria=data["criteria"])


def criterion(found: api.CriterionInfo) -> str:
    """One criterion."""
    return _page("criterion", criterion=found)


def facets(found: Mapping[str, Mapping[str, int]]) -> str:
    """Facets with their terms."""
    return _page("facets", facets=found)


def error(title: str, detail: str) -> str:
    """What is wrong and what to do."""
    return _page("error", title=title, detail=detail)
