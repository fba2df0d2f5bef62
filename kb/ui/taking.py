"""Add a document to an assessment: the form's values are checked here; a job in a worker process does the rest."""

from __future__ import annotations

from typing import Protocol

from kb.assessment.models import PolicySet
from kb.errors import InputError
from kb.i18n import t
from kb.jobs.models import Given
from kb.models import Standing
from kb.sources.facts import check_policy
from kb.ui import work
from kb.ui.shell import at


class HandedIn(Protocol):
    """A file from the browser: an upload of Streamlit, or a file dropped on the start page."""

    @property
    def name(self) -> str:
        """The file's name with its extension."""

    def getvalue(self) -> bytes:
        """Return the content of the file."""


def check_upload(given: HandedIn | None) -> None:
    """Raise InputError, at the field of the file, if the uploaded file is missing or empty."""
    with at("file"):
        if given is None:
            raise InputError(t("There is no file."), do=t("Choose one."))
        if not given.getvalue():
            raise InputError(t("The file is empty (0 bytes)."), do=t("Get it again from its source."))


def check_facts(country: str, title: str, dated: str, standing: Standing | None) -> None:
    """Raise InputError, at its field, for an invalid title, legal status or date."""
    with at("standing"):
        if standing is None:
            raise InputError(t("The legal status is missing."), do=t("Say how the text stands."))
    with at("title"):
        check_policy(country, title, "", standing)
    with at("dated"):
        check_policy(country, title, dated, standing)


def take(
    policy_set: PolicySet,
    by: str,
    given: HandedIn | None,
    of: str,
    title: str,
    standing: Standing | None,
    dated: str,
    label: str,
    *,
    begun: bool = False,
) -> None:
    """Submit the uploaded file `given` as a job that reads it and looks for proposals. Raises InputError, at its field,
    for missing or wrong input.

    `of` is the id of the policy of which the file is a newer text, or ''; `standing` is the legal status, `dated` the
    date of the text, `label` the name of this version (e.g. 2019); `begun` is true if the assessment was created for
    this file.
    """
    check_upload(given)
    check_facts(policy_set.country, title, dated, standing)
    assert given is not None and standing is not None  # they were checked
    with at("label"):
        if not label.strip():
            raise InputError(t("The version has no name."), do=t("Give one, e.g. 2019."))
    facts: Given = {
        "set": policy_set.id,
        "of": of,
        "title": title,
        "standing": standing,
        "dated": dated,
        "label": label,
    }
    work.ask("take-in", given.name, {**facts, "begun": begun}, by=by, file=(given.name, given.getvalue()))
