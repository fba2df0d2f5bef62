"""The register of commitments: an outline with filters for each instrument, and a page for one entry."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from html import escape

import streamlit as st

from kb.commitments import browse
from kb.commitments.register import Instrument
from kb.i18n import later, t
from kb.models import marked as shown
from kb.report.blocks import SCOPE
from kb.ui import address, markup, places, resources, window
from kb.ui.content import ScreenLabels
from kb.ui.entry import show_entry
from kb.ui.hit import force_line
from kb.ui.widgets import choose, pick

QUESTIONS = {
    "groups": later("For which groups"),
    "sectors": later("Sector"),
    "duty_bearers": later("Who must act"),
    "force": later("Force"),
    "verified": later("Checked"),
    "procedural": later("Kind of entry"),
}
"""Field of an entry to the label of its filter; without one, the name of the facet is the label."""
ALL = "all"


def page() -> None:
    """Draw the page of the register: the entry that the address names, otherwise the outline of each instrument."""
    register = resources.register()
    id = address.value("id")
    if id:
        instrument, entry = browse.find(register, id)
        window.title("commitments", entry.identifier)
        show_entry(instrument, entry)
        return
    st.title(places.name_of("commitments"))
    st.markdown(
        t(
            "Every entry has a statement in this project's own words, with what is checked and what is "
            "not. The official text is what counts."
        )
    )
    titles = {instrument.id: instrument.title for instrument in register}
    every = t("All {count} instruments", count=len(titles))
    chosen = pick(t("Instrument"), "instrument", [ALL, *titles], lambda id: titles.get(id, every), default=ALL)
    filters = _filters(register)
    shown = 0
    for instrument in register:
        if chosen in (ALL, instrument.id):
            shown += _outline(instrument, filters, folded=chosen == ALL)
    if not shown:
        st.info(t("No entry passes these filters. Let go of one of them."), icon=":material/info:")


def _filters(register: tuple[Instrument, ...]) -> dict[str, list[str]]:
    """Draw a choice for each filter; return field to the chosen values."""
    labels = resources.labels()
    roles, chosen = resources.roles(), dict[str, list[str]]()
    for column, field in zip(st.columns(len(roles.outline)), roles.outline, strict=True):
        facet, counts = roles.facet_of(field), browse.choices(register, field)
        with column:
            chosen[field] = choose(
                t(QUESTIONS[field]) if field in QUESTIONS else labels.facet(facet),
                facet,
                list(counts),
                partial(_with_count, labels, facet, counts),
                placeholder=t("any"),
            )
    return chosen


def _with_count(labels: ScreenLabels, facet: str, counts: Mapping[str, int], term: str) -> str:
    return f"{labels.term(facet, term)} ({counts[term]})"


def _outline(instrument: Instrument, filters: dict[str, list[str]], *, folded: bool) -> int:
    """Draw the outline of one instrument; return how many entries pass `filters` (field to values). `folded` closes it
    at first."""
    lines = browse.outline(instrument, filters)
    count = sum(line.wanted for line in lines)
    if not count:
        return 0
    filtered = any(filters.values())
    st.header(f"{instrument.title}")
    st.html(
        f'<div class="kb-head">{force_line(instrument.force)}</div>'
        + markup.line(markup.InEnglish(instrument.force_note))
        + markup.line(
            t(
                "{symbol}, adopted {adopted}. {count} of {count2} entries.",
                symbol=instrument.symbol,
                adopted=instrument.adopted,
                count=count,
                count2=len(instrument.entries),
            )
        )
        + (markup.notes([instrument.note]) if instrument.note else "")
    )
    rows = [(line.depth, _row(line)) for line in lines]
    st.html(markup.outline(rows, open=filtered or not folded))
    return count


def _row(line: browse.OutlineLine) -> str:
    """Return one entry of the outline as HTML: link, mark for a verified text, and statement. An entry that is shown
    only because an entry below it matches is grey."""
    entry = line.entry
    head = markup.anchor(
        address.href("commitments", {"id": entry.id}), markup.InEnglish(f"{entry.identifier}: {entry.heading}")
    )
    if not line.wanted:
        return f'<span class="kb-faint">{head}</span>'
    mark = resources.labels().term("verified", entry.verified)
    limits = [
        escape(mark),
        *([escape(t("procedural"))] if entry.procedural else []),
        *([markup.noted(f"{SCOPE}{entry.scope}")] if entry.scope else []),
    ]
    statement = markup.spoken(markup.InEnglish(shown(entry.statement, entry.wording)))
    return f'{head}<p data-wording="own-words">{statement}</p><p><em>{"; ".join(limits)}</em></p>'
