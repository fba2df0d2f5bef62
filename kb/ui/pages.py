"""The pages of the app, their addresses and the links between them."""
from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from kb.ui import shell

SECTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "Find": (("search", "Search"), ("commitments", "Commitments"), ("promised", "Who promised what"),
             ("passage", "One passage")),
    "Assess a country's policies": (("assess", "Start"), ("matrix", "Matrix"), ("criterion", "One criterion"),
                                    ("checks", "Checks"), ("changes", "Newer texts"), ("actions", "Actions"),
                                    ("compare", "Compare")),
    "Research": (("coding", "Coding"), ("codebook", "Codebook"), ("agreement", "Agreement"), ("analysis", "Analysis"),
                 ("export", "Export")),
    "About": (("about", "About and promises"),),
}
"""Section to its pages: name of the module and address, title. No icons: the browser would fetch them from elsewhere."""
HIDDEN = ("passage", "criterion")


def _body(name: str) -> Callable[[], None]:
    """A function that imports the page when it is opened, so that one page never waits for what another needs."""
    def run() -> None:
        """Draw the page."""
        with shell.page():
            importlib.import_module(f"kb.ui.{name}").page()

    run.__name__ = name
    return run


def _page(name: str, title: str):
    return st.Page(_body(name), title=title, url_path=name, default=name == "search",
                   visibility="hidden" if name in HIDDEN else "visible")


def navigation() -> Any:
    """The pages in their sections; the one that the address names runs."""
    pages = {section: [_page(*row) for row in rows] for section, rows in SECTIONS.items()}
    return st.navigation(pages, expanded=True)


def address_of(name: str) -> Any:
    """The page of that name, for going there."""
    return _page(*next(row for rows in SECTIONS.values() for row in rows if row[0] == name))


def link(name: str, label: str, query: Mapping[str, str | list[str]] | None = None, *, icon: str | None = None) -> None:
    """A link to a page with its query keys."""
    st.page_link(address_of(name), label=label, icon=icon, query_params={k: v for k, v in (query or {}).items() if v})
