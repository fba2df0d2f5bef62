"""The about page: what this is, a tour of five minutes, and the promises."""

from __future__ import annotations

from html import escape

import streamlit as st

from kb.config import settings
from kb.ui import markup, resources, sample
from kb.ui.address import href
from kb.ui.promises import show_promises


def page() -> None:
    """Draw the page."""
    st.title("About")
    names = [f"{one.title} ({one.adopted[:4]})" for one in resources.register()]
    st.markdown(
        f"A knowledge base of commitments on social integration: {markup.plain_markdown('; '.join(names))}; and a "
        f"background paper of "
        "2008. Search them, quote them, and set national policies beside them. Everything runs on this computer; "
        "nothing is sent away."
    )
    st.header("A tour of five minutes", anchor="tour")
    st.html(f'<ol class="k-tour k-dots">{"".join(f"<li>{step}</li>" for step in _steps())}</ol>')
    st.html(
        markup.line(
            "Keys are shown beside their buttons. What each page is called in its tab is also its name in this tour."
        )
    )
    show_promises()


def _steps() -> list[str]:
    """The steps, each with the link to where it is done."""
    made = sample.load_sample(settings().corpus)
    there = sample.held(resources.workspace(), made)
    ready = there is not None and not there.archived
    example = resources.content().examples[0].query
    query = {"set": made.id}

    def to(page: str, words: str, keys: dict[str, str | list[str]]) -> str:
        """A link."""
        return markup.anchor(href(page, keys), words)

    begin = "The sample is here." if ready else f"Add the sample under {to('assess', 'Assess', {})}."
    return [
        (
            f"<b>Find.</b> {to('search', example, {'q': example})}. What binds, what was promised and what was "
            f"recommended stand apart. Tick two "
            "passages and copy them with their citations."
        ),
        (
            f"<b>Read.</b> Press “Read on” at a passage, or open {to('read', 'a document', {'document': 'paper'})}. Every "
            f"passage has an address."
        ),
        f"<b>Assess.</b> {escape(begin)} Open its {to('matrix', 'Overview', query)}: each state of a criterion is "
        f"there once."
        if ready
        else f"<b>Assess.</b> {begin} Its Overview shows each state of a criterion once.",
        (
            f"<b>Decide.</b> Write your name at the top right. In "
            f"{to('criterion', 'Criteria', {**query, 'criterion': 'R3.d'})}, read the proposal, "
            "take it as evidence with 1 or 2, choose a status, write why, press Decide."
        ),
        (
            f"<b>Report.</b> Take the {to('report', 'Report', query)} as a Word file, or "
            f"{to('brief', 'a brief', {'group': 'older-persons'})} on one "
            "group of people."
        ),
    ]
