"""Create an assessment, change its title and country, archive and delete it."""

from __future__ import annotations

import re

import streamlit as st

from kb.assessment import policies
from kb.assessment.models import PolicySet
from kb.errors import InputError
from kb.i18n import language, t
from kb.languages import of_interface
from kb.tagging.country_names import countries as named
from kb.text import slug
from kb.ui import resources
from kb.ui.fields import Where
from kb.ui.form import Form
from kb.ui.keeping import Kept, show_keeping
from kb.ui.shell import wrong
from kb.ui.versions import LastWrite


def countries() -> dict[str, str]:
    """Return country code (ISO 3166-1 alpha-3) to name for every present-day country, sorted by name. The command
    line accepts the same codes."""
    return named(resources.taxonomy(), language())


def title_names_country(title: str, code: str) -> bool:
    """Return whether `title` contains the country's name in any language of the interface; the title may have been
    written in another language than the reader's."""
    names = {named(resources.taxonomy(), each).get(code, code) for each in of_interface()}
    return any(re.search(rf"\b{re.escape(name)}\b", title, re.IGNORECASE) for name in names)


def _country(form: Form, where: Where = st) -> str:
    names = countries()
    return (
        form.select(
            "country",
            t("Country"),
            list(names),
            names.__getitem__,
            where,
            help=t("Type the beginning of its name. It can also be given later."),
            filter_mode="fuzzy",  # names that begin with the typed text come first
        )
        or ""
    )


def new_set(by: str) -> None:
    """Draw the form that begins an assessment."""
    form = Form("new-set", {"country": None, "title": ""}, by=by)
    country = _country(form)
    title = form.line("title", t("Title"), placeholder=t("e.g. Social policies of 2026"))
    if form.submit(t("Begin"), type="primary", disabled=not by):
        id = id_for(f"{country} {title}")
        with form.recording(lambda: st.query_params.from_dict({"set": id})):
            name = countries().get(country, "")
            if not (title.strip() or name):
                error = InputError(
                    t("The assessment has neither a country nor a title."), do=t("Choose a country or write a title.")
                )
                raise wrong("title", error)
            policies.create_set(resources.workspace(), id, title.strip() or name, country=country, by=by)


def id_for(words: str) -> str:
    """Return a new id of an assessment, made from `words` (country and title); a number is added if it is taken."""
    held = {one.id for one in policies.policy_sets(resources.workspace())}
    first = slug(words, words=8) or "assessment"
    return next(id for id in [first, *(f"{first}-{n}" for n in range(2, len(held) + 3))] if id not in held)


def show_details(policy_set: PolicySet, by: str) -> None:
    """Draw the form for title and country, and the buttons to archive or delete the assessment."""
    form = Form(
        f"set/{policy_set.id}",
        {"title": policy_set.title, "country": policy_set.country or None, "reason": ""},
        by=by,
        version=policy_set.version,
        last=LastWrite(policy_set.changed_by, policy_set.changed_at),
    )
    title = form.line("title", t("Title of the assessment"))
    country = _country(form)
    reason = form.line("reason", t("Reason"), placeholder=t("optional"))
    if form.submit(t("Change title or country"), disabled=not by):
        with form.recording(at="title"):
            policies.change_set(
                resources.workspace(),
                policy_set.id,
                {"title": title.strip(), "country": country},
                by=by,
                expected=policy_set.version,
                reason=reason,
            )
    show_keeping(kept(policy_set, by), by)


def kept(policy_set: PolicySet, by: str) -> Kept:
    """Return the assessment as the object that the archive and delete buttons take."""

    def change(fields: dict[str, bool], expected: int) -> object:
        """Archive, delete or restore the assessment."""
        return policies.change_set(resources.workspace(), policy_set.id, dict(fields), by=by, expected=expected)

    return Kept(policy_set.title, f"set/{policy_set.id}", policy_set.version, change, policy_set.archived, ("set",))
