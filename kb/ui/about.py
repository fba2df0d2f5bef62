"""The about page: what the project is, a tour of five minutes, and its promises to users."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st

from kb.config import settings
from kb.i18n import later, t
from kb.ui import markup, places, resources
from kb.ui.address import href
from kb.ui.promises import show_promises
from kb.workspace import sample


def page() -> None:
    """Draw the about page: what the app is, the tour, and the promises."""
    st.title(places.name_of("about"))
    names = [f"{one.title} ({one.adopted[:4]})" for one in resources.register()]
    st.markdown(
        t(
            "A knowledge base of commitments on social integration: {names}; and a background paper of "
            "2008. Search them, quote them, and set national policies beside them. Everything runs on "
            "this computer; nothing is sent away.",
            names=markup.plain_markdown("; ".join(names)),
        )
    )
    st.header(t("A tour of five minutes"), anchor="tour")
    st.html(f'<ol class="k-tour k-dots">{"".join(f"<li>{step}</li>" for step in _steps())}</ol>')
    st.html(
        markup.line(
            t("Keys are shown beside their buttons. What each page is called in its tab is also its name in this tour.")
        )
    )
    show_promises()


def _steps() -> list[str]:
    """Return the steps of the tour as HTML; each links to the page where it is done."""
    made = sample.load_sample(settings().corpus)
    there = sample.held(resources.workspace(), made)
    ready = there is not None and not there.archived
    example = t(resources.content().examples[0].query)
    query = {"set": made.id}

    def to(page: str, words: str, keys: Mapping[str, str | list[str]]) -> str:
        """Return an HTML link to `page` with the query `keys`; `words` is the link text, translated here."""
        return markup.anchor(href(page, keys), t(words))

    begin = t("The sample is here.") if ready else t("Add the sample under {to}.", to=to("assess", later("Assess"), {}))
    find = t(
        "{example}. What binds, what was promised and what was recommended stand apart. Tick two passages and copy "
        "them with their citations.",
        example=to("search", example, {"q": example}),
    )
    read = t(
        "Press “Read on” at a passage, or open {to}. Every passage has an address.",
        to=to("read", later("a document"), {"document": "paper"}),
    )
    assess = (
        t(
            "{begin} Open its {query}: each state of a criterion is there once.",
            begin=escape(begin),
            query=to("matrix", later("Overview"), query),
        )
        if ready
        else t("{begin} Its Overview shows each state of a criterion once.", begin=begin)
    )
    decide = t(
        "Open {query} and write your name at the top right. Read the proposal, take it as evidence with 1 or 2, write "
        "why, and press your answer: it is recorded, and the next criterion opens.",
        query=to("criterion", later("Criteria"), {**query, "criterion": "R3.d"}),
    )
    report = t(
        "Take the {query} as a Word file, or {to} on one group of people.",
        query=to("report", later("Report"), query),
        to=to("brief", later("a brief"), {"group": "older-persons"}),
    )
    steps = [(t("Find."), find), (t("Read."), read), (t("Assess."), assess), (t("Decide."), decide)]
    return [f"<b>{name}</b> {words}" for name, words in [*steps, (t("Report."), report)]]
