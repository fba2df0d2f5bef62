"""Who promised what: a matrix of groups by instruments; each cell links to its entries."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from kb.commitments import browse
from kb.i18n import later, t, tn
from kb.ui import address, markup, places, resources
from kb.ui.widgets import choose

QUESTIONS = {"sectors": later("Only this sector")}
"""Field of an entry to the label of its filter; without one, the name of the facet is the label."""


def page() -> None:
    """Draw the page “Who promised what”: the matrix of groups by instruments."""
    st.title(places.name_of("promised"))
    register, labels = resources.register(), resources.labels()
    st.markdown(
        t(
            "How many entries of each instrument name a group. A number is a count of entries in this "
            "register, no measure of how strong or good a promise is; the force of each instrument "
            "stands in its column."
        )
    )
    roles, chosen = resources.roles(), dict[str, list[str]]()
    for field in roles.map.filters:
        facet = roles.facet_of(field)
        chosen[field] = choose(
            t(QUESTIONS[field]) if field in QUESTIONS else labels.facet(facet),
            facet,
            list(browse.choices(register, field)),
            partial(labels.term, facet),
            placeholder=t("any"),
        )
    row = roles.facet_of(roles.map.rows)
    table = browse.who_promised_what(register, chosen, roles.map.rows)
    narrowed = {roles.facet_of(field): terms for field, terms in chosen.items()}
    heads = [t("Group"), *(f"{one.title}\n{one.force.sign} {t(one.force.words)}" for one in register)]
    rows = [
        (labels.term(row, term), [_cell(one.id, cells.get(one.id, ()), {row: term, **narrowed}) for one in register])
        for term, cells in table.items()
    ]
    st.html(markup.grid(heads, rows, t("Entries by group and instrument")))
    st.caption(
        t(
            "A dash means: no entry of this register names the group. It does not mean that nothing was "
            "promised to it: entries that name no group address everyone."
        )
    )


def _cell(instrument: str, ids: tuple[str, ...], filters: Mapping[str, str | list[str]]) -> str:
    if not ids:
        return "–"
    words = tn("{n} entry", "{n} entries", len(ids))
    query: dict[str, str | list[str]] = {"instrument": instrument, **filters, "procedural": "no"}
    return markup.anchor(address.href("commitments", query), words)
