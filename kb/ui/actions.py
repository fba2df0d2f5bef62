"""Actions that serve findings and commitments: who does what by when, how it goes, and the calendar of it."""
from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import streamlit as st

from kb.errors import InputError
from kb.text import slug
from kb.ui import desk, indicator, markup, resources, shell
from kb.ui.content import plain
from kb.ui.measures import entries, show_measures
from kb.workspace import actions
from kb.workspace.ical import calendar_of
from kb.workspace.nouns import Action, PolicySet

STATUSES = get_args(Action.model_fields["status"].annotation)
REPEATS = get_args(Action.model_fields["repeat"].annotation)


def page() -> None:
    """Draw the actions of one assessment."""
    by = desk.author()
    st.title("Actions")
    whole = desk.chosen_set()
    if whole is None:
        return
    ws = resources.workspace()
    held = actions.actions(ws, policy_set=whole.id)
    late = {action.id for action in actions.overdue(ws, datetime.now(UTC).date())}
    if held:
        st.download_button("Calendar file (iCalendar)", calendar_of(held), f"{whole.id}-actions.ics", "text/calendar",
                           icon=":material/calendar_month:")
    else:
        st.markdown("No action is recorded for this assessment.")
    for action in held:
        _one(action, action.id in late, by)
    st.header("A new action")
    _new(whole, by)
    show_measures(whole, by)


def _one(action: Action, late: bool, by: str) -> None:
    st.header(action.title)
    if late:
        st.badge("Overdue", icon=":material/schedule:", color="orange")
    serves = [f"{ref.policy_set} {ref.criterion}" for ref in action.findings] + list(action.commitments)
    st.html(markup.facts([("Status", plain(action.status)), ("Body", action.body), ("Owner", action.owner),
                          ("Start", str(action.start or "")), ("Due", str(action.due or "")),
                          ("Repeats", action.repeat),
                          ("Serves", ", ".join(serves)), *indicator.facts(action.indicator)])
            + "".join(markup.line(f"{note.at:%Y-%m-%d}, {note.by}: {note.text}") for note in action.notes))
    with st.expander(f"Progress of “{action.title}”"):
        _progress(action, by)
        indicator.show_reading(action, by)


def _progress(action: Action, by: str) -> None:
    with st.form(f"progress-{action.id}", border=False):
        status = st.selectbox("Status", STATUSES, STATUSES.index(action.status), format_func=plain)
        note = st.text_area("Note")
        if st.form_submit_button("Record", disabled=not by):
            with shell.told():
                _record(action, status, note, by)
                st.rerun()


def _record(action: Action, status: str, note: str, by: str) -> None:
    if status != action.status:
        actions.update_action(resources.workspace(), action.id, {"status": status}, by=by, expected=action.version,
                              reason=note)
    if note.strip():
        actions.add_note(resources.workspace(), action.id, note, by=by)


def _new(whole: PolicySet, by: str) -> None:
    criteria = {one.id: f"{one.id} {one.element}" for one in resources.framework().criteria()}
    known = entries()
    with st.form("new-action"):
        title = st.text_input("What is to be done")
        serves = st.multiselect("Criteria it serves", list(criteria), format_func=criteria.__getitem__,
                                filter_mode="contains", select_all=False)
        commitments = st.multiselect("Commitments it serves", list(known), format_func=known.__getitem__,
                                     filter_mode="contains", select_all=False)
        left, right = st.columns(2)
        fields = {"title": title, "body": left.text_input("Responsible body"), "owner": right.text_input("Owner"),
                  "start": left.date_input("Start", value=None), "due": right.date_input("Due", value=None),
                  "repeat": left.selectbox("Repeats", REPEATS, format_func=lambda value: value or "once"),
                  "findings": [{"policy_set": whole.id, "criterion": id} for id in serves], "commitments": commitments}
        measured = indicator.asked()
        fields |= {"indicator": measured} if measured else {}
        if st.form_submit_button("Record", type="primary", disabled=not by):
            with shell.told():
                if not serves:
                    raise InputError("The action serves no criterion of this assessment.", do="Choose at least one.")
                actions.create_action(resources.workspace(), _id(whole, title), fields, by=by)
                st.rerun()


def _id(whole: PolicySet, title: str) -> str:
    """An id from set and title, numbered where it is taken."""
    known = {action.id for action in actions.actions(resources.workspace())}
    first = slug(f"{whole.id} {title}", words=10)
    return next(id for id in [first, *(f"{first}-{n}" for n in range(2, len(known) + 3))] if id not in known)
