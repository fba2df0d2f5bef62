"""Decision and history of a finding. A status is set by a named person, with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast, get_args

import streamlit as st
from typing_extensions import TypedDict

from kb.assessment import proposals
from kb.assessment.findings import decide, timeline
from kb.assessment.models import Changes, Confidence, Proposal, Status, Workflow
from kb.assessment.review import Review, suggested
from kb.errors import InputError
from kb.framework import Criterion
from kb.i18n import later, t, tn
from kb.log.decisions import shown_name
from kb.report.history import WORDS, WORK, sentence
from kb.ui import markup, resources, serving
from kb.ui.form import Form
from kb.ui.markup import InEnglish
from kb.ui.proposal import ROLES
from kb.ui.shell import wrong
from kb.ui.versions import LastWrite

OFFERED = (
    Status.MET,
    Status.PARTIAL,
    Status.COMMITMENT_ONLY,
    Status.CONTRARY,
    Status.NO_EVIDENCE_FOUND,
    Status.NOT_APPLICABLE,
)
"""The answers, from the fullest to none; each is a button that records the decision."""
FIRST_KEY, LAST_KEY = 4, 9
"""The digit keys of the first answer and of the last one that can have a key. 1 and 2 take evidence; 3 is unused, to
separate the two groups of keys."""
RESTS = frozenset({Status.MET, Status.PARTIAL, Status.COMMITMENT_ONLY, Status.CONTRARY})
"""Answers that need evidence from a document."""
MORE = later("Who is responsible, how sure, state of work")
"""Title of the expander that holds the workflow state of a finding."""
ALONG = "kb-along"
"""Session key: whether a decision also accepts the proposal in the middle. Ticked by the person, for one decision."""
USED = "kb-along-used"
"""Session key: whether a decision was recorded since. If so, the tick is cleared, since the next proposal was not read
yet."""


class _Typed(TypedDict):
    """The values in the fields of the form."""

    status: str
    rationale: str
    gap: str
    next_step: str
    body: str
    workflow: str
    confidence: str | None


def decision_form(seen: Review, by: str) -> Form:
    """Draw the fields of the decision and return their form. A refusal by the rules is shown and nothing is saved."""
    finding = seen.finding
    now = {name: getattr(finding, name) for name in ("status", "rationale", "gap", "next_step", "body", "workflow")}
    form = Form(
        f"finding/{finding.policy_set}/{finding.criterion}",
        {**now, "confidence": finding.confidence or ""},
        by=by,
        version=finding.version,
        last=LastWrite(finding.changed_by, finding.changed_at),
    )
    if finding.decided_by and finding.decided_by != by:
        st.html(
            markup.line(
                t(
                    "{person} decided “{status}”. A change is recorded under your name, and the history keeps both.",
                    person=shown_name(finding.decided_by),
                    status=WORDS[finding.status],
                )
            )
        )
    form.by_buttons("status", t("Status"), WORDS.__getitem__)
    form.area(
        "rationale",
        t("Rationale"),
        height=100,
        placeholder=t("Why, in a sentence: each status needs it"),
        help=t("Why; it stands beside the status in every export."),
    )
    # 68 pixels: two lines, the least that Streamlit takes
    form.area("gap", t("Gap"), height=68, placeholder=t("What is missing, in a sentence"))
    form.area("next_step", t("Next step"), height=68)  # as above
    st.checkbox(t("Record the next step as an action too"), key=_also(seen), disabled=not by)
    with st.expander(t(MORE)):
        form.line("body", t("Responsible body"))
        form.select("confidence", t("How sure you are"), ["", *get_args(Confidence)], lambda v: v or t("not said"))
        form.radio(
            "workflow",
            t("Work"),
            Workflow.values(),
            WORK.__getitem__,
            horizontal=True,
            help=t("What is begun or decided is “in work” by itself. A second person who agrees chooses “agreed”."),
        )
    if finding.decided_by and finding.workflow != "agreed":
        st.caption(
            t(
                "Decided. Nobody else has agreed yet: a second person who agrees chooses “agreed” under “{where}”.",
                where=t(MORE),
            )
        )
    return form


def _also(seen: Review) -> str:
    """Return the key of the checkbox that records the next step as an action."""
    return f"also-{seen.policy_set.id}-{seen.finding.criterion}"


def shortcut_of(key: int) -> str | None:
    """Return the digit key `key` of an answer as Streamlit takes it; None above 9, since there is no such key.

    >>> shortcut_of(9), shortcut_of(10)
    ('9', None)
    """
    return str(key) if key <= LAST_KEY else None


def counts(criterion: Criterion) -> list[tuple[str, str]]:
    """Return (answer, explanation of what counts as that answer) for each answer. They are drawn in the page, since
    a tooltip would cover the form."""
    return [
        (WORDS[Status.MET], InEnglish(criterion.met)),
        (WORDS[Status.PARTIAL], InEnglish(criterion.partial)),
        (WORDS[Status.COMMITMENT_ONLY], t("an aim or promise without a measure")),
        (WORDS[Status.CONTRARY], t("a rule or practice that works against it")),
    ]


def show_decide(
    seen: Review,
    form: Form,
    by: str,
    next_one: str,
    then: Callable[[str], None],
    along: tuple[int, Proposal] | None,
) -> None:
    """Draw a button for each answer, which records the decision.

    `next_one` is the criterion that opens afterwards ('' for none). `then` is called after recording with the message
    to show. `along` is the number and the proposal shown in the middle, if it can be accepted together with the
    decision.
    """
    taken = _along(*along) if along and by else None
    typed = cast(_Typed, form.values())
    now = typed["status"]
    with st.container(horizontal=True, key="kb-answers", gap="small"):
        for key, one in enumerate(OFFERED, FIRST_KEY):
            st.button(
                WORDS[one],
                key=f"decide-{one}",
                type="primary" if one == now else "secondary",
                disabled=not by,
                shortcut=shortcut_of(key),
                on_click=form.choose,
                args=("status", one.value),
            )
    if form.touched or seen.finding.status != Status.NOT_ASSESSED:
        st.button(
            t("Leave it undecided, and record what is written")
            if seen.finding.status == Status.NOT_ASSESSED
            else t("Take the decision back: not assessed"),
            key="decide-not-assessed",
            type="tertiary",
            disabled=not by,
            on_click=form.choose,
            args=("status", Status.NOT_ASSESSED.value),
        )
    if next_one and next_one != seen.finding.criterion:
        st.caption(t("Each answer is recorded, and {next_one} opens.", next_one=next_one))
    if form.send(form.chosen(), WORDS[now], far=True):
        done: list[str] = []

        def go_on() -> None:
            """Clear the checkbox that accepts a proposal, since nobody has read the next proposal yet, and call `then`
            with the message."""
            st.session_state[USED] = True
            then(" ".join(done))

        with form.recording(go_on):
            done += _decide(seen, typed, by, taken if now in RESTS else None)


def _along(n: int, found: Proposal) -> Proposal | None:
    """Draw the checkbox that accepts proposal number `n`, shown in the middle, together with a decision; return the
    proposal if it is ticked, otherwise None."""
    role, stance = suggested(found)
    against = t(", against it") if stance == "contradicts" else ""
    if st.session_state.pop(USED, False):
        st.session_state[ALONG] = False
    ticked = st.checkbox(
        t("Take proposal {n} along as {role}", n=n, role=ROLES[role] + against),
        key=ALONG,
        persist_state="session",
        help=t(
            "While this is ticked, a decision that rests on evidence takes the passage in the middle as its evidence, "
            "where none was taken yet. Read it first."
        ),
    )
    return found if ticked else None


def _decide(seen: Review, given: _Typed, by: str, found: Proposal | None) -> list[str]:
    """Record the changed fields of `given` and, if it is ticked, accept the proposal `found`; return the message to
    show. Raises InputError at its field for a status without a rationale or an action without words."""
    finding, status = seen.finding, given["status"]
    if status not in (None, finding.status, "not-assessed") and not given["rationale"].strip():
        error = InputError(
            t("“{status}” needs a rationale: nothing is recorded yet.", status=WORDS[status]),
            do=t("Write in a sentence why. It stands beside the status in every export."),
        )
        raise wrong("rationale", error)
    also = bool(st.session_state.get(_also(seen)))
    if also and not given["next_step"].strip():
        error = InputError(t("The action has no words: nothing is recorded yet."), do=t("Write the next step."))
        raise wrong("next_step", error)
    given = {**given, "confidence": given["confidence"] or None}
    wanted = cast("Changes", {key: value for key, value in given.items() if value != getattr(finding, key)})
    ws, framework, here = resources.workspace(), resources.framework(), (seen.policy_set.id, finding.criterion)
    done = t("{criterion} is recorded: {status}.", criterion=finding.criterion, status=WORDS[status])
    if found:
        role, stance = suggested(found)
        proposals.accept(
            ws,
            framework,
            *here,
            found.run,
            found.rank,
            by=by,
            expected=finding.version,
            role=role,
            stance=stance,
            verdict_seen=found.verdict_version,
            changes=wanted,
        )
        done += " " + t("Its evidence is: {citation}, as {role}.", citation=found.citation, role=ROLES[role])
    elif wanted or (status != Status.NOT_ASSESSED and not finding.decided_by):
        decide(ws, framework, *here, wanted or {"status": status}, by=by, expected=finding.version)
    elif not also and not finding.decided_by:  # no empty entry in the log if nothing changed
        raise InputError(t("There is nothing to record."), do=t("Change a field."))
    if also:
        serving.record(seen.policy_set, finding.criterion, given["next_step"], given["body"], by)
        done += " " + t("Its next step is recorded as an action, without a date yet.")
    return [done]


def show_history(policy_set: str, criterion: str) -> None:
    """Draw every change of the finding as a sentence, newest first."""
    events = timeline(resources.workspace(), policy_set, criterion)
    with st.expander(tn("History ({n} change)", "History ({n} changes)", len(events))):
        st.html(
            "".join(markup.line(sentence(event)) for event in reversed(events))
            or markup.line(t("Nothing was changed yet."))
        )
