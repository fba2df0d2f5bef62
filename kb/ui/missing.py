"""The page for an address that no page has: what was asked for, similar pages, and all pages."""

from __future__ import annotations

from difflib import get_close_matches
from html import escape

import streamlit as st

from kb.i18n import t
from kb.ui import address, markup, places
from kb.ui.address import href

LONGEST = 100
"""Maximum characters of the address that are shown; no page has a longer name."""
MEANT = 3
"""Maximum number of similar pages."""


def page() -> None:
    """Draw the page for an unknown address."""
    st.title(places.name_of("missing"))
    asked = address.value("page")[:LONGEST]
    if asked:
        st.html(markup.line(t("The address names “{asked}”, and no page here is called so.", asked=asked), "cite"))
    if meant := meant_by(asked):
        links = ", ".join(markup.anchor(href(name, {}), places.name_of(name)) for name in meant)
        st.html(f"<p>{t('Perhaps you look for:')} {links}</p>")
    st.html(f'<nav aria-label="{escape(t("All pages"), quote=True)}">{"".join(map(_door, places.SECTIONS))}</nav>')


def meant_by(asked: str) -> list[str]:
    """Return the pages whose address, name or section (in English or in the reader's language) is similar to
    `asked`, the unknown address."""
    names: dict[str, str] = {}
    for door, rows in places.SECTIONS.items():
        for called in (door, t(door)):
            names.setdefault(called.casefold(), rows[0][0])
        for name, title in rows:
            if name not in places.UNLISTED:
                names |= {called.casefold(): name for called in (name, title, t(title))}
    # the library's own least likeness of .6: "serach" is found, "xyz" is like nothing
    close = get_close_matches(asked.casefold(), names, n=MEANT)
    return list(dict.fromkeys(names[one] for one in close))


def _door(door: str) -> str:
    """Return a section of the app as HTML: its title and links to its pages."""
    rows = [(name, title) for name, title in places.SECTIONS[door] if name not in places.UNLISTED]
    links = "".join(f"<li>{markup.anchor(href(name, {}), t(title))}</li>" for name, title in rows)
    return f"<h2>{escape(t(door))}</h2><ul>{links}</ul>"
