"""What stands beside a passage or an entry: the paper's account and passages in nearly the same words."""

from __future__ import annotations

import streamlit as st

from kb.citing.about import Alike
from kb.commitments.account import Account
from kb.i18n import Words, line_span, t
from kb.ui import markup, resources
from kb.ui.hit import force_line
from kb.ui.pages import link

LABELS = Words({"near-duplicate": "Near-duplicate", "shared-wording": "Shared wording"})


def show_account(accounts: tuple[Account, ...], *, open_lines: bool = True) -> None:
    """What the background paper says, with the note on where it is loose; `open_lines` adds a link to its lines."""
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


def show_alike(found: tuple[Alike, ...]) -> None:
    """Passages of other documents in nearly the same words, each under its own force; nothing where there are none."""
    if not found:
        return
    st.header(t("Nearly the same words"))
    st.markdown(
        t("Found by the words alone. It does not say which text came first, and like words may differ in force.")
    )
    for one in found:
        st.html(
            f'<div class="kb-head">{force_line(one.force)}</div>'
            + markup.line(
                t(
                    "{label}, {containment} of the wording of the shorter one",
                    label=LABELS[one.label],
                    containment=f"{one.containment:.0%}",
                )
            )
            + markup.line(one.citation, "cite")
        )
        link("passage", t("Open {id}", id=one.id), {"id": one.id}, icon=":material/link:")
