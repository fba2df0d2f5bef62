"""Taking a document into an assessment: what is asked is checked here, the work is done beside the app."""

from __future__ import annotations

from typing import Any

from kb.assessment.models import PolicySet
from kb.errors import InputError
from kb.i18n import t
from kb.jobs.models import Given
from kb.models import Standing
from kb.sources.facts import check_policy
from kb.ui import work


def take(
    policy_set: PolicySet,
    by: str,
    given: Any,
    of: str,
    title: str,
    standing: Standing | None,
    dated: str,
    label: str,
    *,
    begun: bool = False,
) -> None:
    """Hand the file in, to be read and looked through by the machine. `given` is an upload, `of` the policy whose newer
    text it is or '', `begun` says that the assessment was begun for this file.

    Raises InputError for what is missing."""
    if given is None or standing is None:
        raise InputError(
            t("The document or its legal status is missing."), do=t("Choose a file and say how it stands.")
        )
    if not given.getvalue():
        raise InputError(t("The file is empty (0 bytes)."), do=t("Get it again from its source."))
    check_policy(policy_set.country, title, dated, standing)
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
