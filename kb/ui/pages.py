"""The pages of the app, their addresses, and links between them."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import streamlit as st

from kb.coding.codes import sessions
from kb.errors import InputError, KBError
from kb.i18n import t
from kb.ui import accounts, address, bar, conflicts, markup, places, shell, window
from kb.ui.places import SECTIONS, START, TITLES

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

FACETS = "facets"
"""Placeholder in KEYS for every facet of the search page."""
OUTLINE, MAP, BRIEF = "outline", "map", "brief"
"""Placeholders in KEYS for the facets of these roles (corpus/taxonomy/roles.yaml)."""
KEYS: dict[str, tuple[str, ...]] = {
    "search": ("q", "mode", "page", FACETS),
    "passage": ("id",),
    "promised": (MAP,),
    "read": ("document", "at", "find", "session", "facet", "as", "page"),
    "commitments": ("id", "instrument", OUTLINE),
    "assess": ("set", "derived"),
    "matrix": ("set", "derived", "show"),
    "criterion": ("set", "criterion", "derived", "document", "at", "find", "show", "view", "as", "page"),
    "checks": ("set", "derived"),
    "changes": ("set", "policy", "derived"),
    "actions": ("set", "derived", "criterion"),
    "compare": ("set", "sets", "derived"),
    "report": ("set", "derived"),
    "brief": (BRIEF, "q"),
    "coding": ("session", "facet", "blind", "document", "n", "seed", "unsure", "at", "id"),
    "codebook": ("session", "facet"),
    "agreement": ("session",),
    "analysis": ("session", "document", "facet", "by", "side", "words"),
    "export": ("q", "mode", "what", "format", "layout", "set", "session", FACETS),
    "about": (),
    "audit": ("page",),
    "missing": ("page",),
}
"""Page to the query keys it reads. Any other key stops the page: a misspelt key must not change what is shown."""


def keys_of(name: str) -> list[str]:
    """Return the query keys that a page reads, with placeholders replaced by facets."""
    from kb.ui import resources

    roles = resources.roles()
    placeholders: dict[str, Callable[[], Iterable[str]]] = {
        FACETS: lambda: (facet.name for facet in resources.content().facets),
        OUTLINE: lambda: map(roles.facet_of, roles.outline),
        MAP: lambda: map(roles.facet_of, roles.map.filters),
        BRIEF: lambda: roles.brief,
    }
    return [each for key in KEYS[name] for each in (placeholders[key]() if key in placeholders else (key,))]


def _body(name: str, path: str | None = None, module: str = "") -> Callable[[], None]:
    """Return the function that runs the page `name` under the URL path `path` (default: `name`). The function imports
    `kb.ui.MODULE` (default: `name`) only when the page is opened, so that a page does not wait for modules of other
    pages."""

    def run() -> None:
        """Draw the sign-in if it is needed; otherwise check the address and draw the bar and the page."""
        from kb.ui import tray

        with shell.page(path or ""):
            if accounts.gate():
                return
            _follow()
            tray.follow()
            with shell.errors_shown():
                window.title(name)
                bar.show(name)
            try:
                address.refuse_strange(keys_of(name))
                _refuse_values(name)
            except KBError:
                st.title(places.name_of(name))
                raise
            importlib.import_module(f"kb.ui.{module or name}").page()
            conflicts.show_rest()

    path = name if path is None else path
    run.__name__ = name
    return run


def _refuse_values(name: str) -> None:
    """Check query values that pages pass on without a check of their own: the switch of the derived row (`derived`),
    the view as printed page (`as`), the criterion of an action, the session of counts or codes. Raises InputError or
    NotFound."""
    from kb.ui import resources

    address.yes("derived")
    if (to := address.value("as")) not in ("", "page"):
        raise InputError(
            t("The address has {key}={value}.", key="as", value=to), do=t("Give one of: {MODES}.", MODES="page")
        )
    for id in address.many("criterion") if name == "actions" else ():
        resources.framework().criterion(id)
    session = address.value("session") if name in ("codebook", "analysis") else ""
    if session not in ("", "-") and session not in (known := {one.id for one in sessions(resources.workspace())}):
        raise InputError(
            t("The address has {key}={value}.", key="session", value=session),
            do=t("Give one of: {MODES}.", MODES=", ".join(("-", *sorted(known)))),
        )


def _page(name: str, title: str) -> StreamlitPage:
    return st.Page(_body(name), title=title, url_path=name, visibility="hidden")


def _start() -> StreamlitPage:
    """Return the start page; it becomes the search if the address has query keys. It also has a page of its own at
    START, since Streamlit gives the default page no path."""
    return st.Page(
        _body("search", "", "start"), title=t("Social integration"), url_path=START, default=True, visibility="hidden"
    )


def navigation() -> StreamlitPage:
    """Register the pages with Streamlit; return the one that the address names."""
    pages = [_start(), *(_page(*row) for rows in SECTIONS.values() for row in rows)]
    return st.navigation(pages, position="hidden")


def _follow() -> None:
    """Open the page of a link that was clicked, without a reload of the app; an unknown page is ignored."""
    from kb.ui import browser

    wanted = browser.wanted()
    if wanted is None:
        return
    name, query = wanted
    if name in ("", START):
        st.switch_page(_start(), query_params=parse_qs(query))
    elif name in TITLES:
        st.switch_page(address_of(name), query_params=parse_qs(query))


def address_of(name: str) -> StreamlitPage:
    """Return the Streamlit page of that name, as a target of links."""
    return _page(name, TITLES[name])


def link(name: str, label: str, query: Mapping[str, str | list[str]] | None = None, *, icon: str | None = None) -> None:
    """Draw a link to a page with its query keys. The label is shown literally: Markdown in it is escaped."""
    st.page_link(
        address_of(name),
        label=markup.plain_label(label),
        icon=icon,
        query_params={k: v for k, v in (query or {}).items() if v},
    )
