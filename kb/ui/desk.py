"""Functions that the pages of a self-assessment share: choice of the assessment, legal status of its documents, and
the switch for the derived recommendation."""

from __future__ import annotations

import streamlit as st

from kb.assessment.models import PolicySet
from kb.assessment.policies import policy_sets
from kb.assessment.review import by_standing
from kb.errors import InputError
from kb.i18n import t
from kb.report.legal import LEGAL
from kb.ui import address, markup, places, resources, work
from kb.ui.pages import link
from kb.ui.widgets import pick


def chosen_set() -> PolicySet | None:
    """Return the policy set that the address names; without one, draw a choice. If no set exists, draw a link to begin
    one and return None."""
    every = {one.id: one for one in policy_sets(resources.workspace())}
    sets = {id: one for id, one in every.items() if not one.archived or id == address.value("set")}
    if not every:
        st.info(t("There is no assessment yet."), icon=":material/info:")
        link("assess", t("Begin with a country and its policies"), icon=":material/flag:")
        return None
    id = address.value("set")
    if id not in sets:
        id = pick(t("Assessment"), "set", list(sets), lambda id: sets[id].title)
    if sets[id].archived:
        st.warning(t("This assessment was put aside. It can be taken back under Documents."), icon=":material/archive:")
    return sets[id]


def opened(page: str) -> PolicySet | None:
    """Draw the title of a page about one assessment and return its policy set; None as in `chosen_set`."""
    st.title(places.name_of(page))
    return chosen_set()


def show_standings(policy_set: PolicySet) -> None:
    """Draw each document with its legal status; a draft is marked."""
    if not policy_set.policies:
        none = t("No document is loaded. Every criterion is without evidence for that reason only.")
        st.warning(work.none_loaded(policy_set.id, none), icon=":material/warning:")
    for policy in by_standing(policy_set.policies):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(
                t(policy.current.standing.brief)
                if policy.current.standing == "draft"
                else status_in_words(policy.current.standing),
                icon=":material/edit_note:" if policy.current.standing == "draft" else ":material/description:",
                color="orange" if policy.current.standing == "draft" else "gray",
            )
            st.markdown(
                t(
                    "**{title}**, version “{label}”, dated {dated}",
                    title=markup.plain_markdown(policy.title),
                    label=markup.plain_markdown(policy.current.label),
                    dated=policy.current.dated or t("not stated"),
                )
            )
    if any(policy.current.standing == "draft" for policy in policy_set.policies):
        st.caption(t("A document here is a draft. A draft cannot carry the status “met”."))


def status_in_words(standing: str) -> str:
    """Return a legal status in words with a capital letter, for the beginning of a line."""
    words = LEGAL[standing]
    return words[:1].upper() + words[1:]


def derived_on() -> bool:
    """Return whether criteria of the derived recommendation are shown. Raises InputError if the address has a value
    other than yes and no."""
    value = address.value("derived")
    if value not in ("", "yes", "no"):
        raise InputError(t("The address has derived={value}.", value=value), do=t("Give yes or no."))
    return value != "no"


def switch_derived() -> None:
    """Draw the switch that shows or hides the criteria of the derived recommendation."""
    st.session_state["switch-derived"] = derived_on()
    st.toggle(
        t("Show our addition ({size_words})", size_words=resources.framework().size_shown()),
        key="switch-derived",
        on_change=_put_derived,
        help=t(resources.framework().notice),
    )


def _put_derived() -> None:
    address.put("derived", "" if st.session_state["switch-derived"] else "no")


def keys(policy_set: PolicySet, **more: str) -> dict[str, str]:
    """Return the query keys of links between the pages of an assessment, with `more` added."""
    return {"set": policy_set.id, "derived": "" if derived_on() else "no", **more}
