"""Actions that serve findings and commitments: who does what by when, their progress, and their calendar."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import streamlit as st

from kb.assessment.findings import finding
from kb.assessment.models import PolicySet
from kb.errors import InputError
from kb.i18n import TranslatedLabels, day, t
from kb.log.anchor import anchor
from kb.log.decisions import shown_name
from kb.plan import actions
from kb.plan.ical import calendar_of
from kb.plan.models import Action, ActionStatus
from kb.ui import accounts, address, desk, drafts, indicator, markup, resources, serving
from kb.ui.content import plain
from kb.ui.form import Form
from kb.ui.keeping import Kept, is_asked, show_deleted, show_keeping
from kb.ui.measures import entries, identifier, show_measures
from kb.ui.pages import link
from kb.ui.shell import wrong
from kb.ui.versions import LastWrite
from kb.ui.widgets import download

STATUSES = TranslatedLabels({status.value: status.words for status in ActionStatus})
REPEATS = get_args(Action.model_fields["repeat"].annotation)


def page() -> None:
    """Draw the actions page of one assessment: its actions with their calendar file, a form for a new action, the
    archived and deleted actions, and the national measures."""
    by = accounts.author()
    policy_set = desk.opened("actions")
    if policy_set is None:
        return
    ws = resources.workspace()
    every = actions.actions(ws, policy_set=policy_set.id)
    held, aside = [one for one in every if not one.archived], [one for one in every if one.archived]
    late = {action.id for action in actions.overdue(ws, datetime.now(UTC).date())}
    if held:
        download(
            t("Calendar file (iCalendar)"),
            calendar_of(held, anchor(ws).mark),
            f"{policy_set.id}-actions.ics",
            "text/calendar",
            icon=":material/calendar_month:",
        )
    else:
        st.markdown(t("No action is recorded for this assessment."))
    for action in held:
        _one(action, action.id in late, by)
    st.header(t("A new action"))
    if did := st.session_state.pop("kb-did", ""):
        st.success(did, icon=":material/check:")
    for id in _asked():
        link("criterion", t("Back to {id}", id=id), desk.keys(policy_set, criterion=id), icon=":material/arrow_back:")
    _new(policy_set, by)
    if aside:
        kept = [_kept(action, by) for action in aside]
        with st.expander(t("Put aside ({count})", count=len(aside)), expanded=any(map(is_asked, kept))):
            for one in kept:
                st.markdown(markup.plain_markdown(one.title))
                show_keeping(one, by)
    show_deleted((_kept(one, by) for one in actions.actions(ws, policy_set=policy_set.id, removed=True)), by)
    show_measures(policy_set, by)


def _one(action: Action, late: bool, by: str) -> None:
    st.header(markup.plain_label(action.title))
    if late:
        st.badge(t("Overdue"), icon=":material/schedule:", color="orange")
    here = address.value("set")
    serves = [
        ref.criterion if ref.policy_set == here else f"{ref.policy_set} {ref.criterion}" for ref in action.findings
    ]
    serves += [identifier(id) for id in action.commitments]
    st.html(
        markup.facts(
            [
                (t("Status"), STATUSES[action.status]),
                (t("Body"), action.body),
                (t("Owner"), action.owner),
                (t("Start"), day(action.start) if action.start else ""),
                (t("Due"), day(action.due) if action.due else ""),
                (t("Repeats"), plain(action.repeat) if action.repeat else ""),
                (t("Serves"), ", ".join(serves)),
                (t("Stated in a file"), action.stated),
                *indicator.facts(action.indicator),
            ]
        )
        + "".join(markup.line(f"{day(note.at)}, {shown_name(note.by)}: {note.text}") for note in action.notes)
    )
    _progress(action, by)
    _change(action, by)


def _change(action: Action, by: str) -> None:
    """Draw the form for title, body, owner and dates of an action, and the button to delete it. `by` is the person's
    name.

    The expander's title contains the title of the action. When somebody else changes that title, Streamlit draws a
    new expander; it is open if the form has unsaved input or a conflict to decide.
    """
    now = {name: getattr(action, name) for name in ("title", "body", "owner", "start", "due")}
    form = Form(
        f"action-as-such/{action.id}",
        now,
        by=by,
        version=action.version,
        last=LastWrite(action.changed_by, action.changed_at),
    )
    kept, words = _kept(action, by), t("Change or delete “{title}”", title=markup.plain_label(action.title))
    with st.expander(words, expanded=bool(form.touched) or is_asked(kept)):
        form.line("title", t("What is to be done"))
        left, right = st.columns(2)
        form.line("body", t("Responsible body"), left)
        form.line("owner", t("Owner"), right)
        form.day("start", t("Start"), left)
        form.day("due", t("Due"), right)
        if form.submit(t("Change the action"), disabled=not by):
            with form.recording():
                fields = {name: value for name, value in form.values().items() if value != now[name]}
                if not fields:
                    raise InputError(t("There is nothing to record."), do=t("Change a field."))
                actions.update_action(resources.workspace(), action.id, fields, by=by, expected=action.version)
        show_keeping(kept, by)


def _kept(action: Action, by: str) -> Kept:
    """Return the action as a `Kept` object, which the archive and delete buttons work on; `by` is the name of the
    person."""

    def change(fields: dict[str, bool], expected: int) -> object:
        """Record `fields` of the action (`archived` or `removed`), which archives, deletes or restores it. Raises
        ConflictError if its version is no longer `expected`."""
        return actions.update_action(resources.workspace(), action.id, dict(fields), by=by, expected=expected)

    return Kept(action.title, f"action/{action.id}", action.version, change, action.archived)


def _progress(action: Action, by: str) -> None:
    """Draw the form for the status with a note, and a reading of the indicator. The expander is open if it holds
    unsaved input."""
    form = Form(
        f"progress/{action.id}",
        {"status": action.status, "note": ""},
        by=by,
        version=action.version,
        last=LastWrite(action.changed_by, action.changed_at),
    )
    reading = indicator.reading(action, by)
    touched = [*form.touched, *(reading.touched if reading else ())]
    with st.expander(t("Progress of “{title}”", title=markup.plain_label(action.title)), expanded=bool(touched)):
        status = form.select("status", t("Status"), tuple(STATUSES), STATUSES.__getitem__)
        note = form.area("note", t("Note"))
        if form.submit(t("Record"), disabled=not by):
            with form.recording():
                _record(action, status or action.status, note, by)
        if reading:
            indicator.show_reading(action, reading, by)


def _record(action: Action, status: str, note: str, by: str) -> None:
    if status == action.status and not note.strip():
        raise InputError(t("There is nothing to record."), do=t("Change the status or write a note."))
    if status != action.status:
        actions.update_action(
            resources.workspace(), action.id, {"status": status}, by=by, expected=action.version, reason=note
        )
    if note.strip():
        actions.add_note(resources.workspace(), action.id, note, by=by)


def _new(policy_set: PolicySet, by: str) -> None:
    criteria = {one.id: f"{one.id} {one.element}" for one in resources.framework().criteria()}
    known = entries()
    asked = _asked()
    form = Form(
        f"action/{policy_set.id}/{asked[0]}" if asked else f"action/{policy_set.id}",
        {
            "title": _next_step(policy_set, asked[0], by) if asked else "",
            "serves": asked,
            "commitments": [],
            "body": "",
            "owner": "",
            "start": None,
            "due": None,
            "repeat": "",
            **indicator.ASKED,
        },
        by=by,
    )
    title = form.line("title", t("What is to be done"))
    serves = form.many("serves", t("Criteria it serves"), list(criteria), criteria.__getitem__)
    commitments = form.many("commitments", t("Commitments it serves"), list(known), known.__getitem__)
    left, right = st.columns(2)
    fields = {
        "title": title,
        "body": form.line("body", t("Responsible body"), left),
        "owner": form.line("owner", t("Owner"), right),
        "start": form.day("start", t("Start"), left),
        "due": form.day("due", t("Due"), right),
        "repeat": form.select("repeat", t("Repeats"), REPEATS, lambda value: plain(value or "once"), left),
        "findings": [{"policy_set": policy_set.id, "criterion": id} for id in serves],
        "commitments": commitments,
    }
    measured = indicator.asked(form)
    fields |= {"indicator": measured} if measured else {}
    if form.submit(t("Record"), type="primary", disabled=not by):
        message = t("The action is recorded: {title}", title=markup.plain_label(title))
        with form.recording(lambda: st.session_state.update({"kb-did": message})):
            if not title.strip():
                raise wrong("title", InputError(t("It is not said what is to be done."), do=t("Write it here.")))
            if not serves:
                what = t("The action serves no criterion of this assessment.")
                raise wrong("serves", InputError(what, do=t("Choose at least one.")))
            actions.create_action(resources.workspace(), serving.id_for(policy_set, title), fields, by=by)


def _asked() -> list[str]:
    """Return the criteria that the address names and that the framework has."""
    known = {one.id for one in resources.framework().criteria()}
    return [id for id in address.many("criterion") if id in known]


def _next_step(policy_set: PolicySet, criterion: str, by: str) -> str:
    """Return the "next step" of the finding, as a first title for a new action: from the person's draft if there is
    one, otherwise from the finding."""
    place = f"finding/{policy_set.id}/{criterion}"
    typed = next(
        (one.fields["next_step"] for one in drafts.of(by) if one.form == place and "next_step" in one.fields), ""
    )
    return str(typed or finding(resources.workspace(), policy_set.id, criterion).next_step)
