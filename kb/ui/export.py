"""Taking things away: what, in which format, the first rows, and the file."""
from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import streamlit as st

from kb.coding.from_taxonomy import codebook_here
from kb.config import settings
from kb.export import FORMATS, LAYOUT_NAMES
from kb.export.collect import Bench
from kb.export.download import KINDS, name_of, packed, rows_of
from kb.export.rows import Row
from kb.ui import address, markup, resources
from kb.ui.desk import author
from kb.ui.search import MODE_WORDS
from kb.ui.widgets import pick
from kb.workspace.codes import sessions
from kb.workspace.policies import policy_sets

KIND_WORDS = {"results": "Search results", "passages": "Passages", "codes": "Passages that people coded",
              "commitments": "Commitments", "findings": "Findings of an assessment", "actions": "Actions"}
PREVIEW = 5


def page() -> None:
    """Draw the page."""
    viewer = author()
    st.title("Take away")
    st.markdown("Every row has its text, citation, place, hash, force and tags with their origin and state. The file "
                "says how it was made: query, filters, versions, date and licence.")
    query, mode = address.one("q"), _mode()
    filters = address.filters(facet.name for facet in resources.content().facets)
    kinds = [kind for kind in KINDS if query or kind != "results"]
    kind = pick("What", "what", kinds, KIND_WORDS.__getitem__)
    chosen = _which(kind)
    _said(kind, query, filters)
    format = pick("Format", "format", list(FORMATS), lambda name: FORMATS[name].about)
    layout = pick("Columns", "layout", ["", *LAYOUT_NAMES], lambda name: name or "as usual for the format") \
        if FORMATS[format].layouts else ""
    pairs = [(name, term) for name, terms in filters.items() for term in terms]
    bench = Bench.here(viewer)

    def rows() -> Iterator[Row]:
        """The rows to export, found anew each time."""
        return rows_of(bench, kind, query=query, filters=pairs, mode=mode, **chosen)

    _preview(list(islice(rows(), PREVIEW)))
    provenance = bench.provenance(kind, query if kind == "results" else "", pairs)
    with st.expander("What the file says about itself"):
        st.html(markup.facts(provenance.lines()))
    book = codebook_here(settings().corpus) if format == "qdpx" else None
    st.download_button("Download", lambda: packed(rows(), kind, format, provenance, layout=layout or None,
                                                  text_of=bench.text_of, codebook=book),
                       file_name=name_of(kind, format), type="primary", icon=":material/download:")


def _mode() -> str:
    """The mode of the search, as the search page writes it into the address."""
    words = {label: mode for mode, label in MODE_WORDS.items()}
    return words.get(address.one("mode"), "hybrid")


def _which(kind: str) -> dict[str, str | None]:
    """The assessment or coding session that a kind of rows belongs to."""
    if kind in ("findings", "actions"):
        sets = {one.id: one.title for one in policy_sets(resources.workspace())}
        every = ["", *sets] if kind == "actions" else list(sets)
        return {"policy_set": pick("Assessment", "set", every, lambda id: sets.get(id, "All")) if every else None}
    if kind == "codes":
        ids = ["", *(one.id for one in sessions(resources.workspace()))]
        return {"session": pick("Coding session", "session", ids, lambda id: id or "All") or None}
    return {}


def _said(kind: str, query: str, filters: dict[str, list[str]]) -> None:
    labels = resources.labels()
    only = [(labels.facet(name), ", ".join(labels.term(name, term) for term in terms))
            for name, terms in filters.items()]
    st.html(markup.facts([("Query", query if kind == "results" else ""), *only]))


def _preview(rows: list[Row]) -> None:
    st.header("First rows")
    if not rows:
        st.markdown("There are no rows.")
        return
    cells = [(row.citation or row.id, row.force_words, row.text[:300] + ("…" if len(row.text) > 300 else ""), row.where,
              str(len(row.tags)), " ".join(row.notes)) for row in rows]
    st.html(markup.table(("Citation", "Force", "Text", "Place", "Tags", "Notes"), cells,
                         f"The first {len(rows)} rows; the file holds all, "
                                                                               "with whole texts"))
