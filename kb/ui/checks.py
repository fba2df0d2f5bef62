"""Remarks of the checks on an assessment, each with a link to its criterion."""

from __future__ import annotations

import re

import streamlit as st

from kb.assessment.checks import Remark, run_checks
from kb.assessment.models import STATUS_WORDS
from kb.i18n import TranslatedLabels, t
from kb.ui import desk, markup, resources
from kb.ui.pages import link

HEADS = TranslatedLabels({"error": "✕ Must be mended", "warning": "! Should be looked at", "note": "i To know"})


def page() -> None:
    """Draw the page of checks: the remarks on one assessment, most severe first."""
    policy_set = desk.opened("checks")
    if policy_set is None:
        return
    st.markdown(t("Like a spell checker: a check points at a place and changes nothing."))
    remarks = run_checks(resources.workspace(), resources.framework(), policy_set.id)
    if not remarks:
        st.markdown(t("The checks have nothing to say about this assessment. That is no judgement of the policies."))
    for severity, head in HEADS.items():
        found = [remark for remark in remarks if remark.severity == severity]
        if found:
            st.header(f"{head} ({len(found)})")
        for n, remark in enumerate(found):
            _one(remark)


def _words(message: str) -> str:
    """Replace the keys of statuses in a remark by their words, in the quotation marks of the language."""
    keys = "|".join(map(re.escape, sorted(STATUS_WORDS, key=len, reverse=True)))
    message = re.sub(rf"'({keys})'", r"“\1”", message)
    return re.sub(rf"(?<=[“«])(\s?)({keys})(?=\s?[”»])", lambda key: key[1] + t(STATUS_WORDS[key[2]]), message)


def _one(remark: Remark) -> None:
    element = resources.framework().criterion(remark.criterion).element
    with st.container(border=True):
        st.html(markup.line(_words(remark.message), "cite"))
        link(
            "criterion",
            f"{remark.criterion} {element}",
            {"set": remark.policy_set, "criterion": remark.criterion},
            icon=":material/arrow_forward:",
        )
