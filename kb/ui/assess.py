"""The page on which a self-assessment starts: a country, its policies, and the machine's proposals from them."""

from __future__ import annotations

from html import escape

import streamlit as st

from kb.assessment import policies
from kb.assessment.models import PolicySet
from kb.config import settings
from kb.errors import InputError
from kb.i18n import t
from kb.models import Standing
from kb.ui import accounts, address, desk, markup, places, resources, shell, work
from kb.ui.address import href
from kb.ui.bar import saved
from kb.ui.carry import show_in, show_out
from kb.ui.doubts import show_doubts
from kb.ui.dropped import show_dropped
from kb.ui.form import Form
from kb.ui.keeping import show_deleted
from kb.ui.overview import progress
from kb.ui.pages import address_of, link
from kb.ui.sets import countries, kept, new_set, show_details
from kb.ui.taking import take
from kb.workspace import sample

NEW = "-"
"""The choice "a new policy" in the form; no policy can have this id."""


def page() -> None:
    """Draw the documents of the assessment that the address names; without one, the list of assessments and the ways to
    begin one."""
    by = accounts.author()
    if address.value("set"):
        st.title(places.name_of("assess"))
        policy_set = desk.chosen_set()
        if policy_set:
            _set(policy_set, by)
        return
    st.title(places.name_of("assess"))
    st.markdown(
        t(
            "For each criterion of the framework the machine proposes the passages that bear on it, or "
            "says that it found no evidence in the supplied documents. You decide, with reasons. "
            "Framework: **{size_words}**, {criteria_count} criteria.",
            size_words=resources.framework().size_shown(),
            criteria_count=resources.framework().criteria_count,
        )
    )
    ws = resources.workspace()
    if not by:
        st.info(
            t("Write your name at the top right: what is begun and added here has an author."), icon=":material/person:"
        )
    if "dropped" in st.session_state:
        show_dropped(by)
    held = policies.policy_sets(ws)
    st.html(_list([one for one in held if not one.archived]))
    left, right = st.columns(2, gap="large")
    with left:
        st.header(t("A new assessment"))
        new_set(by)
    with right:
        st.header(t("The sample"))
        _sample(by)
        st.header(t("An assessment from another place"))
        show_in(by)
    if aside := [one for one in held if one.archived and one.id != sample.load_sample(settings().corpus).id]:
        st.header(t("Put aside"))
        for policy_set in aside:
            with st.expander(markup.plain_label(policy_set.title)):
                show_details(policy_set, by)
    show_deleted((kept(one, by) for one in policies.policy_sets(ws, removed=True)), by)


def _list(held: list[PolicySet]) -> str:
    """Return the assessments `held` as an HTML table with links and the number of decided criteria."""
    rows = []
    far, criteria = progress(), len(list(resources.framework().criteria()))
    for one in held:
        decided, last = far.get(one.id, (0, None))
        country = countries().get(one.country, one.country) or t("no country yet")
        rows.append(
            (
                one.title,
                [
                    escape(country),
                    t("{decided} of {criteria} decided", decided=decided, criteria=criteria),
                    str(len(one.policies)),
                    saved(last),
                    markup.anchor(href("matrix", {"set": one.id}), t("Open"))
                    + f'<span class="k-sr"> {escape(one.title)}</span>',
                ],
            )
        )
    if not rows:
        return f'<p class="k-quiet">{t("There is no assessment yet.")}</p>'
    return markup.grid(
        (t("Assessment"), t("Country"), t("Criteria"), t("Documents"), t("Last change"), t("Open")),
        rows,
        t("Assessments"),
    )


def _sample(by: str) -> None:
    """Draw the description of the sample and the button that adds or removes it."""
    made = sample.load_sample(settings().corpus)
    st.markdown(
        t(
            "An invented country with four short texts of our own. It shows every state of a finding, "
            "and can be removed again."
        )
    )
    there = sample.held(resources.workspace(), made)
    here = there is not None and not there.archived
    coming = work.sample_comes()
    part = here and not coming and sample.in_part(resources.workspace(), made)
    if coming:
        st.html(markup.line(t("It is being added. It opens from the line at the top when all of it is there.")))
    if part:
        st.html(markup.line(t("Its adding was interrupted: only a part of it is here.")))
    if here:
        link("matrix", t("Open the sample"), {"set": made.id})
        if st.button(t("Remove the sample"), key="sample-out"):
            with shell.errors_shown():
                sample.remove(resources.workspace(), made, by)
                st.rerun()
    if coming or (here and not part):
        return
    if st.button(t("Add the rest") if part else t("Add the sample"), key="sample-in"):
        with shell.errors_shown():
            work.ask("sample", "sample", {}, by=by)
            st.rerun()


def _set(policy_set: PolicySet, by: str) -> None:
    """Draw the documents of one assessment, and the form for another document."""
    st.caption(
        t("Country: {country}.", country=countries().get(policy_set.country, policy_set.country))
        if policy_set.country
        else t("No country is given yet.")
    )
    desk.show_standings(policy_set)
    show_doubts(policy_set, {policy.id for policy in policy_set.policies}, by)
    with st.container(horizontal=True):
        link("export", t("Export the findings"), {"what": "findings", "set": policy_set.id}, icon=":material/download:")
        show_out(policy_set)
    with st.expander(
        t("Add a document, or a newer text of one"), expanded=not policy_set.policies, icon=":material/upload_file:"
    ):
        _upload(policy_set, by)
    if policy_set.policies:
        with st.expander(t("A text came into force, or was repealed"), icon=":material/gavel:"):
            _standing(policy_set, by)
        with st.expander(t("Let the machine look again"), icon=":material/refresh:"):
            _again(policy_set, by)
    with st.expander(t("Title, country, put aside, delete"), icon=":material/edit:"):
        show_details(policy_set, by)


def _upload(policy_set: PolicySet, by: str) -> None:
    known = {policy.id: policy.title for policy in policy_set.policies}
    form = Form(
        f"upload/{policy_set.id}", {"of": None, "title": "", "standing": None, "dated": "", "label": "1"}, by=by
    )
    given = st.file_uploader(
        t("Document"), type=list(resources.UPLOADS), key=f"file-{policy_set.id}", help=t("It stays on this computer.")
    )
    shell.show_wrong(f"file-{policy_set.id}")
    of = (
        form.select(
            "of",
            t("This is"),
            [NEW, *known],
            lambda id: t("A newer text of: {id}", id=known[id]) if id in known else t("A new policy"),
        )
        if known
        else NEW
    )
    title = form.line("title", t("Title of the document"), placeholder=t("as printed on it"))
    left, middle, right = st.columns(3)
    standing = form.select("standing", t("Legal status"), Standing.values(), desk.status_in_words, left)
    dated = form.line("dated", t("Date of the text"), middle, placeholder=t("2019, 2019-05 or 2019-05-30"))
    label = form.line("label", t("Name of this version"), right)
    if form.submit(t("Add and look through it"), type="primary", disabled=not by):
        with shell.errors_shown({**{name: form.key(name) for name in form.now}, "file": f"file-{policy_set.id}"}):
            with shell.at("of"):
                if of is None:
                    raise InputError(
                        t("It is not clear whether this is a new policy or a newer text of one."), do=t("Choose one.")
                    )
            newer = "" if of == NEW else of
            take(
                policy_set,
                by,
                given,
                newer,
                title or known.get(newer, ""),
                Standing(standing) if standing else None,
                dated,
                label,
            )
            form.recorded()
            st.switch_page(
                address_of("changes" if newer else "matrix"),
                query_params={"set": policy_set.id, **({"policy": newer} if newer else {})},
            )


def _again(policy_set: PolicySet, by: str) -> None:
    """Draw, for each document, a button that starts a new run of proposals. Verdicts are kept for passages whose
    words did not change."""
    for policy in policy_set.policies:
        if st.button(
            t("Look through {title} again", title=markup.plain_label(policy.title)),
            key=f"again-{policy_set.id}-{policy.id}",
        ):
            with shell.errors_shown():
                work.ask("look-again", policy.title, {"set": policy_set.id, "policy": policy.id}, by=by)
                st.rerun()


def _standing(policy_set: PolicySet, by: str) -> None:
    known = {policy.id: policy for policy in policy_set.policies}
    form = Form(
        f"standing/{policy_set.id}",
        {"document": None, "standing": None, "reason": ""},
        by=by,
        version=tuple(policy.version for policy in policy_set.policies),
    )
    id = form.select("document", t("Document"), list(known), lambda id: known[id].title)
    standing = form.select("standing", t("It is now"), Standing.values(), desk.status_in_words)
    reason = form.line("reason", t("Reason"), placeholder=t("the gazette or act, and its date"))
    if form.submit(t("Record"), disabled=not by):
        with form.recording():
            for field, chosen in (("document", id), ("standing", standing)):
                with shell.at(field):
                    if chosen is None:
                        raise InputError(t("Nothing is chosen here."), do=t("Choose one."))
            assert id is not None and standing is not None  # one of them would have been refused
            policies.set_standing(
                resources.workspace(),
                policy_set.id,
                id,
                Standing(standing),
                by=by,
                reason=reason,
                expected=known[id].version,
            )
