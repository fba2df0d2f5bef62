"""The pages of the app, their addresses and the links between them."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from kb.ui import address, conflicts, markup, shell

SECTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "Find": (
        ("search", "Search"),
        ("commitments", "Commitments"),
        ("promised", "Who promised what"),
        ("passage", "One passage"),
    ),
    "Assess a country's policies": (
        ("assess", "Start"),
        ("matrix", "Matrix"),
        ("criterion", "One criterion"),
        ("checks", "Checks"),
        ("changes", "Newer texts"),
        ("actions", "Actions"),
        ("compare", "Compare"),
    ),
    "Research": (
        ("coding", "Coding"),
        ("codebook", "Codebook"),
        ("agreement", "Agreement"),
        ("analysis", "Analysis"),
        ("export", "Export"),
    ),
    "About": (("about", "About and promises"),),
}
"""Section to its pages: name of the module and address, title. No icons: the browser would fetch them from elsewhere."""
HIDDEN = ("passage", "criterion")
FACETS = "facets"
"""Stands for every facet of the search page in KEYS."""
KEYS: dict[str, tuple[str, ...]] = {
    "search": ("q", "mode", "page", FACETS),
    "passage": ("id",),
    "promised": ("sector",),
    "commitments": ("id", "instrument", "group", "sector", "actor", "force", "verified", "procedural"),
    "assess": ("set",),
    "matrix": ("set", "derived"),
    "criterion": ("set", "criterion", "derived"),
    "checks": ("set", "derived"),
    "changes": ("set", "policy", "derived"),
    "actions": ("set", "derived"),
    "compare": ("sets", "derived"),
    "coding": ("session", "facet", "blind", "document", "n", "seed", "unsure", "at"),
    "codebook": ("facet",),
    "agreement": ("session",),
    "analysis": ("document", "facet", "by", "side", "words"),
    "export": ("q", "mode", "what", "format", "layout", "set", "session", FACETS),
    "about": (),
}
"""Page to the query keys that it reads. Another key stops the page: a misspelt one must not change what is shown."""
CARRIED: dict[str, tuple[str, ...]] = {
    "set": ("assess", "matrix", "criterion", "checks", "changes", "actions"),
    "derived": ("matrix", "criterion", "compare"),
    "session": ("coding", "agreement"),
}
"""Keys that stay chosen from page to page, and the pages that the navigation hands them to."""
START = "start"


def keys_of(name: str) -> list[str]:
    """The query keys that a page reads."""
    from kb.ui import resources

    facets = [facet.name for facet in resources.content().facets] if FACETS in KEYS[name] else []
    return [*(key for key in KEYS[name] if key != FACETS), *facets]


def _body(name: str, path: str | None = None) -> Callable[[], None]:
    """A function that imports the page when it is opened, so that one page never waits for what another needs."""

    def run() -> None:
        """Draw the page."""
        with shell.page(path):
            address.refuse_strange(keys_of(name))
            importlib.import_module(f"kb.ui.{name}").page()
            conflicts.show_rest()

    path = name if path is None else path
    run.__name__ = name
    return run


def _page(name: str, title: str) -> Any:
    return st.Page(_body(name), title=title, url_path=name, visibility="hidden" if name in HIDDEN else "visible")


def _start() -> Any:
    """The address without a page: the search. It has a page of its own, since Streamlit gives a default page no path."""
    return st.Page(_body("search", ""), title="Search", url_path=START, default=True, visibility="hidden")


def navigation() -> Any:
    """The pages; the one that the address names runs, beside links to all of them."""
    pages = [_start(), *(_page(*row) for rows in SECTIONS.values() for row in rows)]
    chosen = st.navigation(pages, position="hidden")
    _remember()
    _side()
    return chosen


def _remember() -> None:
    """Keep what the address chooses, so that the navigation can hand it on; only what a person chose in this tab."""
    held = st.session_state.setdefault("carried", {})
    for key in CARRIED:
        values = address.many(key)
        if len(values) == 1:
            held[key] = values[0]


def carried(name: str) -> dict[str, str]:
    """The keys that go to a page from whatever page is open."""
    held = st.session_state.get("carried", {})
    return {key: held[key] for key, pages in CARRIED.items() if name in pages and held.get(key)}


def _side() -> None:
    """Links to every page in the side bar, each with what is chosen."""
    with st.sidebar:
        for section, rows in SECTIONS.items():
            st.caption(section)
            for name, title in rows:
                if name not in HIDDEN:
                    link(name, title, carried(name))


def address_of(name: str) -> Any:
    """The page of that name, for going there."""
    return _page(*next(row for rows in SECTIONS.values() for row in rows if row[0] == name))


def link(name: str, label: str, query: Mapping[str, str | list[str]] | None = None, *, icon: str | None = None) -> None:
    """A link to a page with its query keys. The label is shown as it is: Markdown in a title stays text."""
    st.page_link(
        address_of(name),
        label=markup.plain_label(label),
        icon=icon,
        query_params={k: v for k, v in (query or {}).items() if v},
    )
