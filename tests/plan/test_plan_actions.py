"""Actions, their due dates, their calendar; measures and the commitments that they relate to."""

from __future__ import annotations

from datetime import date

import pytest
from icalendar import Calendar
from workspace_toys import LAW

from kb.errors import InputError, NotFound, RefusedError
from kb.plan.actions import (
    action,
    actions,
    add_note,
    add_reading,
    create_action,
    next_due,
    occurrence,
    overdue,
    update_action,
)
from kb.plan.ical import calendar_of
from kb.plan.measures import commitment_table, measures, record_measure
from kb.plan.models import Action

FIELDS = {
    "title": "Register the unregistered",
    "body": "Ministry of the Interior",
    "owner": "Registrar",
    "start": "2026-01-01",
    "due": "2026-06-30",
    "indicator": {"name": "births registered", "unit": "%", "baseline": 71, "target": 95},
    "findings": [{"policy_set": "land", "criterion": "R2.a"}, {"policy_set": "land", "criterion": "R3.d"}],
    "commitments": ["crpd/art18/2", "wssd/c4/b"],
}


@pytest.fixture
def act(land):
    """Create one action that serves two findings and two commitments."""
    create_action(land, "register", FIELDS, by="Ana")
    return land


def test_one_action_serves_many_findings_and_commitments(act):
    assert [a.id for a in actions(act, policy_set="land", criterion="R3.d")] == ["register"]
    assert actions(act, policy_set="land", criterion="R2.b") == [] and len(action(act, "register").commitments) == 2


def test_actions_and_measures_that_differ_in_capitals_only_are_one(act):
    with pytest.raises(RefusedError, match="already an action 'register'"):
        create_action(act, "Register", FIELDS, by="Ben")
    record_measure(act, "land", "id-card", {"title": "Identity card"}, by="Ana", expected=0)
    with pytest.raises(RefusedError, match="already a measure 'id-card'"):
        record_measure(act, "land", "ID-card", {"title": "Another"}, by="Ben", expected=0)


def test_readings_are_in_order_and_one_a_day(act):
    add_reading(act, "register", date(2026, 5, 1), 80, by="Ben", source="Registry report")
    made = add_reading(act, "register", date(2026, 3, 1), 75, by="Ana")
    assert [reading.value for reading in made.indicator.readings] == [75, 80]
    with pytest.raises(RefusedError, match="already a reading of 2026-03-01"):
        add_reading(act, "register", date(2026, 3, 1), 99, by="Ana")


def test_notes_keep_who_and_when(act):
    made = add_note(act, "register", "Two offices opened.", by="Ben")
    assert (made.notes[0].text, made.notes[0].by) == ("Two offices opened.", "Ben") and made.notes[0].at
    with pytest.raises(InputError, match="empty"):
        add_note(act, "register", " ", by="Ben")


def test_second_officer_does_not_overwrite_the_first(act):
    update_action(act, "register", {"owner": "Deputy"}, by="Ana", expected=1)
    with pytest.raises(RefusedError, match="by Ana.*owner was changed from Registrar to Deputy"):
        update_action(act, "register", {"owner": "Nobody"}, by="Ben", expected=1)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"due": "2025-01-01"}, "before it starts"),
        ({"colour": "red"}, "colour"),
        ({"title": " "}, "title"),
        ({"due": "soon"}, "due"),
    ],
)
def test_impossible_fields_are_named(act, fields, wrong):
    with pytest.raises(InputError, match=wrong):
        update_action(act, "register", fields, by="Ana", expected=1)


def test_unknown_action_set_and_indicator(act):
    with pytest.raises(NotFound):
        action(act, "none")
    with pytest.raises(NotFound):
        create_action(act, "x", {"title": "x", "findings": [{"policy_set": "sea", "criterion": "R2.a"}]}, by="Ana")
    create_action(act, "bare", {"title": "bare"}, by="Ana")
    with pytest.raises(RefusedError, match="no indicator"):
        add_reading(act, "bare", date(2026, 1, 1), 1, by="Ana")
    with pytest.raises(RefusedError, match="already an action"):
        create_action(act, "bare", {"title": "again"}, by="Ana")


def test_overdue_begins_the_day_after(act):
    assert overdue(act, date(2026, 6, 30)) == []
    assert [a.id for a in overdue(act, date(2026, 7, 1))] == ["register"]
    update_action(act, "register", {"status": "done"}, by="Ana", expected=1)
    assert overdue(act, date(2027, 1, 1)) == []


def test_repeated_action_is_late_until_something_is_noted(land, clock):
    create_action(land, "report", {"title": "Report", "due": "2026-01-31", "repeat": "monthly"}, by="Ana")
    assert [a.id for a in overdue(land, date(2026, 3, 1))] == ["report"]
    add_note(land, "report", "February report sent.", by="Ana")  # the clock stands on 1 March
    assert overdue(land, date(2026, 3, 31)) == []
    assert [a.id for a in overdue(land, date(2026, 4, 1))] == ["report"]


@pytest.mark.parametrize(
    ("repeat", "count", "day"),
    [
        ("weekly", 2, date(2024, 2, 14)),
        ("monthly", 1, date(2024, 2, 29)),
        ("monthly", 2, date(2024, 3, 31)),
        ("quarterly", 1, date(2024, 4, 30)),
        ("yearly", 2, date(2026, 1, 31)),
    ],
)
def test_last_day_of_a_month_stays_the_last_day(repeat, count, day):
    assert occurrence(date(2024, 1, 31), repeat, count) == day


def test_next_due_is_the_occurrence_that_counts():
    monthly = Action(id="a", title="a", due=date(2026, 1, 31), repeat="monthly")
    assert next_due(monthly, date(2026, 1, 1)) == date(2026, 1, 31)
    assert next_due(monthly, date(2026, 3, 30)) == date(2026, 2, 28)


def test_calendar_is_read_by_another_program(act):
    create_action(act, "report", {"title": "Rapport, été; 1/2", "due": "2026-01-31", "repeat": "quarterly"}, by="Ana")
    create_action(act, "never", {"title": "No date"}, by="Ana")
    data = calendar_of(actions(act))
    entries = {str(e["summary"]): e for e in Calendar.from_ical(data).walk("VEVENT")}
    assert set(entries) == {"Due: Register the unregistered", "Due: Rapport, été; 1/2"}
    assert entries["Due: Register the unregistered"].decoded("dtstart") == date(2026, 6, 30)
    assert entries["Due: Rapport, été; 1/2"]["rrule"]["INTERVAL"] == [3]
    assert data == calendar_of(actions(act))


def test_table_of_commitments_measures_evidence_and_status(act):
    record_measure(
        act,
        "land",
        "pension",
        {
            "title": "Basic pension",
            "status": "in-force",
            "body": "Pension Board",
            "evidence": [LAW],
            "commitments": [{"commitment": "crpd/art28/2/e", "relation": "supports"}],
        },
        by="Ana",
        expected=0,
    )
    table = commitment_table(act, "land", ["crpd/art28/2/e", "crpd/art18/2", "beijing/para58"])
    pension, action_only, nothing = table
    assert (pension.measure, pension.status, pension.linked_by) == ("pension", "in-force", "Ana")
    assert pension.evidence[0].verified
    assert (action_only.measure, action_only.actions) == (None, ("register",))
    assert nothing.status == "no measure recorded" and nothing.actions == ()
    assert [row.commitment for row in commitment_table(act, "land")] == ["crpd/art18/2", "crpd/art28/2/e", "wssd/c4/b"]


def test_link_keeps_who_made_it(land):
    link = {"commitment": "crpd/art28/2/e", "relation": "supports"}
    record_measure(land, "land", "pension", {"title": "Pension", "commitments": [link]}, by="Ana", expected=0)
    more = [link, {"commitment": "mipaa/I.6", "relation": "same subject"}]
    made = record_measure(land, "land", "pension", {"commitments": more}, by="Ben", expected=1)
    assert [(one.commitment, one.by) for one in made.commitments] == [("crpd/art28/2/e", "Ana"), ("mipaa/I.6", "Ben")]
    with pytest.raises(RefusedError, match="by Ben"):
        record_measure(land, "land", "pension", {"status": "repealed"}, by="Ana", expected=1)
    assert measures(land, "land")[0].status == "planned"


def test_measure_with_a_false_quotation_is_refused(land):
    with pytest.raises(RefusedError, match="does not stand"):
        record_measure(
            land, "land", "x", {"title": "x", "evidence": [{**LAW, "quotation": "Nothing."}]}, by="Ana", expected=0
        )
