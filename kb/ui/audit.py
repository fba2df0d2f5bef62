"""The log of decisions: who recorded what and when, newest first, and the anchor of its last entry."""

from __future__ import annotations

import re
from urllib.parse import unquote

import streamlit as st

from kb.i18n import TranslatedLabels, clock, day, number, t
from kb.log.anchor import anchor
from kb.log.decisions import Event, broken
from kb.report.history import doing
from kb.ui import accounts, address, markup, places, resources
from kb.ui.pages import link
from kb.workspace.blind import blind_to

SIZE = 50
"""Entries per page."""
TOPICS = TranslatedLabels(
    {
        "set": "Assessment",
        "policy": "Document",
        "finding": "Criterion",
        "run": "Proposals",
        "verdict": "Proposal",
        "opinion": "Second opinion",
        "measure": "Measure",
        "action": "Action",
        "coding": "Code",
        "unit": "Passage looked at",
        "session": "Coding project",
    }
)


def page() -> None:
    """Draw the end of the log and a page of its entries."""
    st.title(places.name_of("audit"))
    st.markdown(
        t("Everything that was recorded. Nothing is changed or taken out later: what was wrong gets a new entry.")
    )
    by = accounts.author()
    ws = resources.workspace()
    end = anchor(ws)
    st.header(t("The end of the log"))
    st.code(end.mark, language=None, wrap_lines=True)
    st.caption(
        t(
            "Keep this line elsewhere, in a letter or a mail. Whoever changes an old entry can no longer reach this "
            "line."
        )
    )
    if not accounts.on() or accounts.person().everywhere:
        _check()
    st.header(t("Entries"))
    pages = max(1, -(-end.sequence // SIZE))
    at = address.integer("page", 1, 1, pages)
    last = end.sequence - (at - 1) * SIZE
    with ws.reading() as reader:
        found = list(reader.events(since=max(last - SIZE, 0), until=last)) if last > 0 else []
        kept_from = blind_to(reader, by)
    rows = [_row(event, kept_from(event)) for event in reversed(found)]
    with st.container(key="kb-entries"):
        st.html(
            markup.table(
                (t("Number"), t("When"), t("Who"), t("About"), t("What")),
                rows,
                t("Page {at} of {pages}, the newest first", at=at, pages=pages),
            )
            if rows
            else markup.line(
                t("No entry of this page is for you to see.") if end.sequence else t("Nothing is recorded yet.")
            )
        )
    with st.container(horizontal=True):
        if at > 1:
            link("audit", t("Newer entries"), {"page": str(at - 1)})
        if at < pages:
            link("audit", t("Older entries"), {"page": str(at + 1)})


def _check() -> None:
    """Draw the button that verifies the chain of the log, and the result."""
    if st.button(t("Check the whole log")):
        faults = broken(resources.workspace().events())
        if faults:
            st.error("\n".join(markup.plain_markdown(one) for one in faults[:10]), icon=":material/error:")
        else:
            st.success(t("Every entry is as it was written, and none is missing."), icon=":material/check:")


def _named(part: str) -> bool:
    """Return whether a part of a stream's name is readable for people; the hash of a quotation is not."""
    return not re.fullmatch(r"[0-9a-f]{32,}", part)


def _part(part: str) -> str:
    """Return a part of a stream's name, URL-decoded."""
    return unquote(unquote(part))  # a code of one's own is encoded once itself


def _who(author: str) -> str:
    """Return who wrote an entry: a person by name, the machine with its version."""
    kind, _, version = author.partition(":")
    return t("the machine ({version})", version=version.partition(",")[0]) if kind == "model" else author


def _row(event: Event, blind: bool) -> tuple[str, ...]:
    """Return one event as a row of the table. For a `blind` event the row hides what it is about."""
    topic, _, rest = event.stream.partition("/")
    what = t("Not shown yet: people work apart") if blind else doing(event)
    rest = "" if blind else rest
    return (
        number(event.sequence),
        f"{day(event.at)} {clock(event.at)} UTC",
        _who(event.author),
        " ".join(filter(None, (TOPICS.get(topic, topic), *map(_part, filter(_named, rest.split("/")))))),
        what,
    )
