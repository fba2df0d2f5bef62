"""Texts that are recorded as in force but call themselves a bill or a draft: a warning, and a person's answer."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from kb.assessment.models import Policy, PolicySet
from kb.assessment.policies import set_standing
from kb.errors import InputError
from kb.i18n import t
from kb.log.decisions import stream
from kb.models import Standing
from kb.ui import markup, resources
from kb.ui.form import Form
from kb.ui.shell import wrong
from kb.ui.versions import last_write


def doubted(title: str, words: str) -> str:
    """Return the warning that the text `title` is recorded as in force although it contains `words`, which mark a
    bill."""
    return t(
        "“{title}” is recorded as in force, but calls itself “{words}”. Until someone says why it is in force, it "
        "cannot carry “met”.",
        title=title,
        words=words,
    )


def show_doubts(policy_set: PolicySet, ids: Collection[str], by: str) -> None:
    """Draw a warning for each of the documents `ids` whose words contradict its legal status, with a form to answer."""
    for policy in policy_set.policies:
        if policy.id in ids and policy.current.doubt:
            with st.container(key=f"kb-doubt-{policy.id}", gap="small"):
                st.warning(markup.plain_markdown(doubted(policy.title, policy.current.doubt)), icon=":material/gavel:")
                with st.popover(t("State its legal status")):
                    _answer(policy_set, policy, by)


def _answer(policy_set: PolicySet, policy: Policy, by: str) -> None:
    """Draw the form with two answers: in force, with a reason; or a draft."""
    form = Form(
        f"doubt/{policy_set.id}/{policy.id}",
        {"reason": ""},
        by=by,
        version=policy.version,
        last=last_write(stream("policy", policy_set.id, policy.id)),
    )
    reason = form.line("reason", t("Why is it in force?"), placeholder=t("the gazette or act, and its date"))
    if form.submit(t("It is in force, for this reason"), disabled=not by):
        with form.recording():
            if not reason.strip():
                error = InputError(
                    t("The reason is missing: nothing is recorded yet."), do=t("Name the gazette or act, and its date.")
                )
                raise wrong("reason", error)
            _record(policy_set, policy, Standing.IN_FORCE, reason, by)
    if st.button(t("It is a draft or bill"), key=f"draft-{policy_set.id}-{policy.id}", disabled=not by):
        with form.recording():
            words = t("it calls itself “{words}”", words=policy.current.doubt)
            _record(policy_set, policy, Standing.DRAFT, reason.strip() or words, by)
    if not by:
        st.caption(t("Write your name at the top right: a status is set only by a named person."))


def _record(policy_set: PolicySet, policy: Policy, standing: Standing, reason: str, by: str) -> None:
    set_standing(
        resources.workspace(), policy_set.id, policy.id, standing, by=by, reason=reason, expected=policy.version
    )
