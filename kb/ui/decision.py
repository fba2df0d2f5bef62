"""Decision and history of a finding. A status is set by a named person, with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast, get_args

import streamlit as st

from kb.assessment.findings import decide, timeline
from kb.assessment.models import STATUS_WORDS, Changes, Confidence, Workflow
from kb.assessment.review import Review
from kb.errors import InputError
from kb.framework import Criterion
from kb.i18n import clock, day, t, tn
from kb.report.history import WORDS, sentence
from kb.ui import markup, resources
from kb.ui.content import plain
from kb.ui.form import Form


def decision_form(seen: Review, criterion: Criterion, by: str) -> Form:
    """The fields of the decision. What the rules refuse is shown in words, and nothing is saved then."""
    finding = seen.finding
    now = {name: getattr(finding, name) for name in ("status", "rationale", "gap", "next_step", "body", "workflow")}
    form = Form(
        f"finding/{finding.policy_set}/{finding.criterion}",
        {**now, "confidence": finding.confidence or ""},
        by=by,
        version=finding.version,
        who=changed(finding.changed_by, finding.changed_at),
    )
    if finding.decided_by and finding.decided_by != by:
        st.html(
            markup.line(
                t(
                    "{person} decided “{status}”. A change is recorded under your name, and the history keeps both.",
                    person=finding.decided_by,
                    status=WORDS[finding.status],
                )
            )
        )
    form.radio("status", t("Status"), tuple(STATUS_WORDS), WORDS.__getitem__, captions=_counts(criterion))
    form.area(
        "rationale",
        t("Rationale"),
        height=100,
        placeholder=t("Why, in a sentence: each status needs it"),
        help=t("Why; it stands beside the status in every export."),
    )
    form.area("gap", t("Gap"), height=68, placeholder=t("What is missing, in a sentence"))
    form.area("next_step", t("Next step"), height=68)
    with st.expander(t("Who is responsible, how sure, state of work")):
        form.line("body", t("Responsible body"))
        form.select("confidence", t("How sure you are"), ["", *get_args(Confidence)], lambda v: v or t("not said"))
        form.radio("workflow", t("Work"), get_args(Workflow), plain, horizontal=True)
    return form


def _counts(criterion: Criterion) -> list[str]:
    """What counts as each status, in the order of Status."""
    words = {
        "met": criterion.met,
        "partial": criterion.partial,
        "commitment-only": t("an aim or promise without a measure"),
        "contrary": t("a rule or practice that works against it"),
        "no-evidence-found": t("in the documents supplied"),
    }
    return [words.get(status, "") for status in tuple(STATUS_WORDS)]


def show_decide(seen: Review, form: Form, by: str, next_one: str, then: Callable[[str], None]) -> None:
    """The button that decides and what it will do; `then` goes on after the act with the words of what was done."""
    status = form.value("status")
    words = t("Decide") if status in (None, seen.finding.status) else t("Decide: {status}", status=WORDS[status])
    words += t(", go to {next_one}", next_one=next_one) if next_one and next_one != seen.finding.criterion else ""
    if form.submit(words, type="primary", width="stretch", disabled=not by, shortcut="Ctrl+Enter"):
        with form.recording(
            lambda: then(
                t("{criterion} is recorded: {status}.", criterion=seen.finding.criterion, status=WORDS[status])
            )
        ):
            _decide(seen, form.values(), by)


def changed(by: str, at: datetime | None) -> str:
    """Who wrote last, and when."""
    return t("{by} on {at} UTC", by=by, at=f"{day(at)} {clock(at)}") if by and at else by


def _decide(seen: Review, given: dict[str, Any], by: str) -> None:
    """Keep only what was changed, so that what follows from a change follows. Raises InputError, in the words of the
    form, for a status without a reason."""
    if given["status"] not in (None, seen.finding.status, "not-assessed") and not given["rationale"].strip():
        raise InputError(
            t("“{status}” needs a rationale: nothing is recorded yet.", status=WORDS[given["status"]]),
            do=t("Write in a sentence why. It stands beside the status in every export."),
        )
    given = {**given, "confidence": given["confidence"] or None}
    wanted = cast("Changes", {key: value for key, value in given.items() if value != getattr(seen.finding, key)})
    if not wanted and seen.finding.decided_by:
        return  # it stands as it is shown: the person goes on, and the history gets no empty entry
    decide(
        resources.workspace(),
        resources.framework(),
        seen.whole.id,
        seen.finding.criterion,
        wanted,
        by=by,
        expected=seen.finding.version,
    )


def show_history(policy_set: str, criterion: str) -> None:
    """Every change in a sentence, newest first."""
    events = timeline(resources.workspace(), policy_set, criterion)
    with st.expander(tn("History ({n} change)", "History ({n} changes)", len(events))):
        st.html(
            "".join(markup.line(sentence(event)) for event in reversed(events))
            or markup.line(t("Nothing was changed yet."))
        )
