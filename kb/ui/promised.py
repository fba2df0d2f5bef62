"""Who promised what: groups by instruments; each cell opens its entries."""

from __future__ import annotations

import streamlit as st

from kb.commitments import browse
from kb.i18n import t, tn
from kb.ui import address, markup, places, resources
from kb.ui.widgets import choose


def page() -> None:
    """Draw the matrix."""
    st.title(places.name_of("promised"))
    register, labels = resources.register(), resources.labels()
    st.markdown(
        t(
            "How many entries of each instrument name a group. A number is a count of entries in this "
            "register, no measure of how strong or good a promise is; the force of each instrument "
            "stands in its column."
        )
    )
    sectors = choose(
        t("Only this sector"),
        "sector",
        list(browse.choices(register, "sectors")),
        lambda term: labels.term("sector", term),
        placeholder="any",
    )
    table = browse.who_promised_what(register, {"sectors": sectors})
    content = resources.content()
    heads = [t("Group"), *(f"{one.title}\n{content.force(one.force).words}" for one in register)]
    rows = [
        (_name(group), [_cell(group, one.id, cells.get(one.id, ()), sectors) for one in register])
        for group, cells in table.items()
    ]
    st.html(markup.grid(heads, rows, t("Entries by group and instrument")))
    st.caption(
        t(
            "A dash means: no entry of this register names the group. It does not mean that nothing was "
            "promised to it: entries that name no group address everyone."
        )
    )


def _name(group: str) -> str:
    return resources.labels().term("group", group)


def _cell(group: str, instrument: str, ids: tuple[str, ...], sectors: list[str]) -> str:
    if not ids:
        return "–"
    words = tn("{n} entry", "{n} entries", len(ids))
    query: dict[str, str | list[str]] = {
        "instrument": instrument,
        "group": group,
        "sector": sectors,
        "procedural": "no",
    }
    return markup.anchor(address.href("commitments", query), words)
