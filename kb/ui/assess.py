"""The start of a self-assessment: a country, its policies, and what the machine proposes from them."""
from __future__ import annotations

from pathlib import Path
from typing import get_args

import streamlit as st

from kb.config import settings
from kb.errors import InputError
from kb.files import scratch
from kb.text import slug
from kb.ui import desk, resources, shell
from kb.ui.carry import show_in, show_out
from kb.ui.content import plain
from kb.ui.pages import address_of, link
from kb.workspace import intake, policies
from kb.workspace.nouns import PolicySet, Standing
from kb.workspace.shelf import Publishing

TYPES = ["pdf", "docx", "odt", "rtf", "html", "htm", "md", "txt", "epub", "json"]
NEW = "A new policy"


def page() -> None:
    """Draw the page."""
    by = desk.author()
    st.title("Assess a country's policies")
    st.markdown("Load the policies of a country. For each criterion of the framework the machine proposes the "
                "passages that bear on it, or says that it found no evidence in the supplied documents. You decide, "
                "with reasons. "
                f"Framework: **{resources.framework().size_words()}**, {resources.framework().criteria_count} criteria.")
    ws = resources.workspace()
    for whole in policies.policy_sets(ws):
        _set(whole, by)
    st.header("A new assessment")
    _new_set(by)
    st.header("An assessment from another place")
    show_in(by)


def _set(whole: PolicySet, by: str) -> None:
    """One assessment with its documents, and the form for another document."""
    st.header(whole.title)
    desk.show_standings(whole)
    with st.container(horizontal=True):
        link("matrix", "Open the matrix", {"set": whole.id}, icon=":material/table:")
        link("checks", "Checks", {"set": whole.id}, icon=":material/spellcheck:")
        link("export", "Take the findings away", {"what": "findings", "set": whole.id}, icon=":material/download:")
        show_out(whole)
    with st.expander("Add a document, or a newer text of one", expanded=not whole.policies,
                     icon=":material/upload_file:"):
        _upload(whole, by)
    if whole.policies:
        with st.expander("A text came into force, or was repealed", icon=":material/gavel:"):
            _standing(whole, by)
        with st.expander("Let the machine look again", icon=":material/refresh:"):
            _again(whole)


def _new_set(by: str) -> None:
    countries = {term.id: term.labels["en"].preferred for term in resources.taxonomy().facet("country").terms}
    with st.form("new-set", border=True):
        country = st.selectbox("Country", list(countries), index=None, format_func=countries.__getitem__,
                               placeholder="Choose or type", filter_mode="contains",
                               help="It can also be given later.")
        title = st.text_input("Title", placeholder="e.g. Social policies of 2026")
        if st.form_submit_button("Begin", type="primary"):
            with shell.told():
                name = countries.get(country or "", country or "")
                made = policies.create_set(resources.workspace(), slug(f"{country or ''} {title}", words=8),
                                           title or name, country=(country or "").upper(), by=by)
                st.success(f"“{made.title}” is begun. Add its first document above.")
                st.rerun()


def _upload(whole: PolicySet, by: str) -> None:
    known = {policy.id: policy.title for policy in whole.policies}
    with st.form(f"upload-{whole.id}", border=False):
        given = st.file_uploader("Document", type=TYPES, help="It stays on this computer.")
        of = st.selectbox("This is", ["", *known],
                          format_func=lambda id: f"A newer text of: {known[id]}" if id else NEW)
        title = st.text_input("Title of the document", placeholder="as printed on it")
        left, middle, right = st.columns(3)
        standing = left.selectbox("Standing", get_args(Standing), index=None, format_func=plain, placeholder="Choose")
        dated = middle.text_input("Date of the text", placeholder="2019, 2019-05 or 2019-05-30")
        label = right.text_input("Name of this version", value="1")
        sent = st.form_submit_button("Add and look through it", type="primary")
    if sent:
        with shell.told():
            _take(whole, by, given, of, title or known.get(of, ""), standing, dated, label)


def _take(whole: PolicySet, by: str, given, of: str, title: str, standing: Standing | None, dated: str,
          label: str) -> None:
    """Take the file in and let the machine look, saying how far it is."""
    if given is None or standing is None:
        raise InputError("The document or its standing is missing.", do="Choose a file and say how it stands.")
    with st.status(f"Taking in {given.name}", expanded=True) as status, scratch("upload") as folder:
        bar, steps = st.progress(0.0), iter((0.05, 0.1, 0.15, 0.2))

        def say(text: str) -> None:
            """Move the bar by a step."""
            bar.progress(next(steps, 0.2), text=text)

        def compared(done: int, total: int) -> None:
            """Move the bar with the clauses that are done."""
            bar.progress(0.2 + 0.75 * done / max(1, total), text=f"{done} of {total} clauses compared with the criteria")

        file = folder / (Path(given.name).name or "policy")
        file.write_bytes(given.getbuffer())
        taken = intake.take_in(resources.workspace(), settings(), whole.id, file, title=title, by=by, label=label,
                               standing=standing, dated=dated, version_of=of, publishing=Publishing(say=say))
        intake.look_through(resources.workspace(), resources.framework(), whole.id, taken.policy.id, say=say,
                            progress=compared)
        bar.progress(1.0, text="done")
        status.update(label=f"{given.name} is in, and the machine has looked through it", state="complete")
    st.switch_page(address_of("changes" if of else "matrix"),
                   query_params={"set": whole.id, **({"policy": of} if of else {})})


def _again(whole: PolicySet) -> None:
    """A new run over each document; what people said of a passage stays with its words."""
    for policy in whole.policies:
        if st.button(f"Look through {policy.title} again", key=f"again-{whole.id}-{policy.id}"):
            with shell.told(), st.spinner(f"Looking through {policy.title}…"):
                intake.look_through(resources.workspace(), resources.framework(), whole.id, policy.id)
                st.success("Done. No decision was changed.")


def _standing(whole: PolicySet, by: str) -> None:
    known = {policy.id: policy for policy in whole.policies}
    with st.form(f"standing-{whole.id}", border=False):
        id = st.selectbox("Document", list(known), format_func=lambda id: known[id].title)
        standing = st.selectbox("It is now", get_args(Standing), format_func=plain)
        reason = st.text_input("Reason", placeholder="the gazette or act, and its date")
        if st.form_submit_button("Record"):
            with shell.told():
                policies.set_standing(resources.workspace(), whole.id, id, standing, by=by, reason=reason,
                                      expected=known[id].version)
                st.rerun()
