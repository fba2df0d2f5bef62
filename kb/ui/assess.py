"""The start of a self-assessment: a country, its policies, and what the machine proposes from them."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import streamlit as st

from kb.assessment import policies
from kb.assessment.models import PolicySet, Standing
from kb.config import settings
from kb.errors import InputError
from kb.files import scratch
from kb.ui import desk, markup, resources, shell
from kb.ui.carry import show_in, show_out
from kb.ui.content import plain
from kb.ui.form import Form
from kb.ui.pages import address_of, link
from kb.ui.sets import countries, new_set, show_details
from kb.workspace import intake
from kb.workspace.shelf import Publishing

TYPES = ["pdf", "docx", "odt", "rtf", "html", "htm", "md", "txt", "epub", "json"]
NEW = "-"
"""A document that is no newer text of another: no id of a policy is called so."""


def page() -> None:
    """Draw the page."""
    by = desk.author()
    st.title("Assess a country's policies")
    st.markdown(
        "Load the policies of a country. For each criterion of the framework the machine proposes the "
        "passages that bear on it, or says that it found no evidence in the supplied documents. You decide, "
        "with reasons. "
        f"Framework: **{resources.framework().size_words()}**, {resources.framework().criteria_count} criteria."
    )
    ws = resources.workspace()
    if not by:
        st.info(
            "Write your name in the side bar: what is begun and added here has an author.", icon=":material/person:"
        )
    held = policies.policy_sets(ws)
    for whole in (one for one in held if not one.archived):
        _set(whole, by)
    st.header("A new assessment")
    new_set(by)
    if aside := [one for one in held if one.archived]:
        st.header("Put aside")
        for whole in aside:
            with st.expander(markup.plain_label(whole.title)):
                show_details(whole, by)
    st.header("An assessment from another place")
    show_in(by)


def _set(whole: PolicySet, by: str) -> None:
    """One assessment with its documents, and the form for another document."""
    st.header(markup.plain_label(whole.title))
    st.caption(
        f"Country: {countries().get(whole.country, whole.country)}." if whole.country else "No country is given yet."
    )
    desk.show_standings(whole)
    with st.container(horizontal=True):
        link("matrix", "Open the matrix", {"set": whole.id}, icon=":material/table:")
        link("checks", "Checks", {"set": whole.id}, icon=":material/spellcheck:")
        link("export", "Take the findings away", {"what": "findings", "set": whole.id}, icon=":material/download:")
        show_out(whole)
    with st.expander(
        "Add a document, or a newer text of one", expanded=not whole.policies, icon=":material/upload_file:"
    ):
        _upload(whole, by)
    if whole.policies:
        with st.expander("A text came into force, or was repealed", icon=":material/gavel:"):
            _standing(whole, by)
        with st.expander("Let the machine look again", icon=":material/refresh:"):
            _again(whole)
    with st.expander("Title, country, put aside", icon=":material/edit:"):
        show_details(whole, by)


def _upload(whole: PolicySet, by: str) -> None:
    known = {policy.id: policy.title for policy in whole.policies}
    form = Form(f"upload/{whole.id}", {"of": None, "title": "", "standing": None, "dated": "", "label": "1"}, by=by)
    given = st.file_uploader("Document", type=TYPES, key=f"file-{whole.id}", help="It stays on this computer.")
    of = (
        form.select(
            "of",
            "This is",
            [NEW, *known],
            lambda id: f"A newer text of: {known[id]}" if id in known else "A new policy",
        )
        if known
        else NEW
    )
    title = form.line("title", "Title of the document", placeholder="as printed on it")
    left, middle, right = st.columns(3)
    standing = form.select("standing", "Standing", get_args(Standing), plain, left)
    dated = form.line("dated", "Date of the text", middle, placeholder="2019, 2019-05 or 2019-05-30")
    label = form.line("label", "Name of this version", right)
    if form.submit("Add and look through it", type="primary", disabled=not by):
        with shell.told():
            if of is None:
                raise InputError(
                    "It is not clear whether this is a new policy or a newer text of one.", do="Choose it above."
                )
            newer = "" if of == NEW else of
            _take(whole, by, given, newer, title or known.get(newer, ""), standing, dated, label)
            form.recorded()
            st.switch_page(
                address_of("changes" if newer else "matrix"),
                query_params={"set": whole.id, **({"policy": newer} if newer else {})},
            )


def _take(
    whole: PolicySet, by: str, given, of: str, title: str, standing: Standing | None, dated: str, label: str
) -> None:
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
            bar.progress(
                0.2 + 0.75 * done / max(1, total), text=f"{done} of {total} clauses compared with the criteria"
            )

        file = folder / (Path(given.name).name or "policy")
        file.write_bytes(given.getbuffer())
        taken = intake.take_in(
            resources.workspace(),
            settings(),
            whole.id,
            file,
            title=title,
            by=by,
            label=label,
            standing=standing,
            dated=dated,
            version_of=of,
            publishing=Publishing(say=say),
        )
        intake.look_through(
            resources.workspace(), resources.framework(), whole.id, taken.policy.id, say=say, progress=compared
        )
        bar.progress(1.0, text="done")
        status.update(label=f"{given.name} is in, and the machine has looked through it", state="complete")


def _again(whole: PolicySet) -> None:
    """A new run over each document; what people said of a passage stays with its words."""
    for policy in whole.policies:
        if st.button(f"Look through {markup.plain_label(policy.title)} again", key=f"again-{whole.id}-{policy.id}"):
            with shell.told(), st.spinner(f"Looking through {policy.title}…"):
                intake.look_through(resources.workspace(), resources.framework(), whole.id, policy.id)
                st.success("Done. No decision was changed.")


def _standing(whole: PolicySet, by: str) -> None:
    known = {policy.id: policy for policy in whole.policies}
    form = Form(
        f"standing/{whole.id}",
        {"document": None, "standing": None, "reason": ""},
        by=by,
        version=tuple(policy.version for policy in whole.policies),
    )
    id = form.select("document", "Document", list(known), lambda id: known[id].title)
    standing = form.select("standing", "It is now", get_args(Standing), plain)
    reason = form.line("reason", "Reason", placeholder="the gazette or act, and its date")
    if form.submit("Record", disabled=not by):
        with form.recording():
            if id is None or standing is None:
                raise InputError("The document or its new standing is missing.", do="Choose both.")
            policies.set_standing(
                resources.workspace(), whole.id, id, standing, by=by, reason=reason, expected=known[id].version
            )
