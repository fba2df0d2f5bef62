"""Blocks shown beside a passage or an entry: what the background paper writes about it, and passages with nearly the
same words."""

from __future__ import annotations

import streamlit as st

from kb.citing.about import SimilarPassage, alike
from kb.commitments.account import Account
from kb.i18n import TranslatedLabels, line_span, percent, t, tn
from kb.index.alike import near_in_words
from kb.ui import markup, resources
from kb.ui.address import href
from kb.ui.hit import force_line
from kb.ui.pages import link

NEAREST = 10
"""How many near-duplicates are shown in full. The rest are listed by citation: a text in many editions has hundreds."""
LABELS = TranslatedLabels({"near-duplicate": "Near-duplicate", "shared-wording": "Shared wording"})


def show_account(accounts: tuple[Account, ...], *, open_lines: bool = True) -> None:
    """Draw what the background paper writes about an entry, with a note where it is imprecise. With `open_lines`
    each has a link to the lines of the paper."""
    for one in accounts:
        st.markdown(
            t(
                "The paper, {lines}: {says}",
                lines=line_span(one.lines),
                says=markup.plain_markdown(one.says),
            )
        )
        st.html(markup.notes([one.note]))
        passage = resources.passage_at("paper", one.lines) if open_lines else None
        if passage:
            link("passage", t("Open {citation}", citation=passage.citation), {"id": passage.id}, icon=":material/link:")


# what the people at one server look at in turn
@st.cache_data(max_entries=200, show_spinner=False)
def _alike(index: str, id: str) -> tuple[SimilarPassage, ...]:
    held = resources.searcher().index
    passage = held.store.get(id)
    return alike(passage, near_in_words(held, passage)) if passage else ()


def show_alike(id: str) -> None:
    """Draw the passages of other documents that have nearly the same words as the passage `id`, each with its own
    force; nothing if there are none."""
    found = _alike(resources.index_mark(), id)
    if not found:
        return
    st.header(t("Nearly the same words"))
    st.markdown(
        t("Found by the words alone. It does not say which text came first, and like words may differ in force.")
    )
    for one in found[:NEAREST]:
        st.html(
            f'<div class="kb-head">{force_line(one.force)}</div>'
            + markup.line(
                t(
                    "{label}, {containment} of the wording of the shorter one",
                    label=LABELS[one.label],
                    containment=percent(one.containment),
                )
            )
            + markup.line(one.citation, "cite")
        )
        link("passage", t("Open {id}", id=one.id), {"id": one.id}, icon=":material/link:")
    if rest := found[NEAREST:]:
        words = tn("{n} more, less alike", "{n} more, less alike", len(rest))
        items = "".join(f"<li>{markup.anchor(href('passage', {'id': one.id}), one.citation)}</li>" for one in rest)
        st.html(f'<details class="k-fold"><summary>{words}</summary><ul>{items}</ul></details>')
