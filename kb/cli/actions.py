"""kb actions: plan who does what by when, for which findings and commitments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict, TypeVar, Unpack

import click

from kb.amounts import some
from kb.cli.output import echo_json, in_file
from kb.cli.shared import (
    OutputPath,
    by_option,
    day,
    deciding,
    framework,
    given,
    json_option,
    known_commitment,
    reason_option,
    seen_option,
    workspace,
)
from kb.errors import InputError
from kb.files import written
from kb.plan.models import Action, ActionStatus

_Command = TypeVar("_Command", bound=Callable[..., None])


@click.group(
    "actions",
    epilog='Example: kb actions add register "Register all births" '
    '--due 2027-06-30 --finding kenya:R1.c --by "A. Name"',
)
def command() -> None:
    """Plan and follow actions: who does what by when, for which findings and commitments."""


def _fields(function: _Command) -> _Command:
    """Decorate a command with the options that describe an action."""
    for option in reversed(
        [
            click.option("--description", help="What is to be done, in more words than the title."),
            click.option("--body", help="Public body that is responsible."),
            click.option("--owner", help="Person or office that answers for the action."),
            click.option("--start", help="Day on which the action begins, e.g. 2027-01-31."),
            click.option("--due", help="Day by which the action is to be done, e.g. 2027-06-30."),
            click.option(
                "--repeat",
                type=click.Choice(["", "weekly", "monthly", "quarterly", "yearly"]),
                help="How often the action is due again; an empty text ('') means once.",
            ),
            click.option(
                "--status",
                type=click.Choice(ActionStatus.values()),
                help="State of the action; a new action is 'planned'.",
            ),
            click.option(
                "--indicator",
                help="What measures the progress: NAME, or NAME,UNIT,BASELINE,TARGET, e.g. 'Births "
                "registered,percent,76,95'.",
            ),
            click.option(
                "--finding",
                "findings",
                multiple=True,
                metavar="SET:CRITERION",
                help="Finding that the action serves, e.g. kenya:R1.c; may be repeated. In an update the list "
                "replaces the earlier one.",
            ),
            click.option(
                "--commitment",
                "commitments",
                multiple=True,
                metavar="ID",
                help="Commitment that the action serves, e.g. crpd/art28/2; may be repeated. In an update the list "
                "replaces the earlier one.",
            ),
        ]
    ):
        function = option(function)
    return function


class _Options(TypedDict, total=False):
    """The options that describe an action, as `_fields` adds them."""

    description: str | None
    body: str | None
    owner: str | None
    start: str | None
    due: str | None
    repeat: str | None
    status: str | None
    indicator: str | None
    findings: tuple[str, ...]
    commitments: tuple[str, ...]


class _Changed(_Options, total=False):
    """The options of the command that changes an action."""

    title: str | None


def _read(fields: _Options) -> dict[str, object]:
    """Return the values of the options as fields of an action; options that were not given are left out."""
    refs, commitments, indicator = fields["findings"], fields["commitments"], fields["indicator"]
    apart = ("findings", "commitments", "indicator")
    return given(
        **{name: value for name, value in fields.items() if name not in apart},
        findings=[_ref(ref) for ref in refs] or None,
        commitments=list(map(known_commitment, commitments)) or None,
        indicator=_indicator(indicator) if indicator else None,
    )


def _ref(text: str) -> dict[str, str]:
    policy_set, sign, criterion = text.rpartition(":")
    if not sign or not policy_set or not criterion:
        raise InputError(f"'{text}' names no finding.", do="Write it as SET:CRITERION, e.g. kenya:R1.c.")
    return {"policy_set": policy_set, "criterion": framework().criterion(criterion).id}


def _indicator(text: str) -> dict[str, object]:
    parts = [part.strip() for part in text.split(",")]
    return {name: value for name, value in zip(("name", "unit", "baseline", "target"), parts, strict=False) if value}


def _echo(action: Action) -> None:
    serves = ", ".join([f"{ref.policy_set}:{ref.criterion}" for ref in action.findings] + list(action.commitments))
    due = f"due {action.due or '-'} {action.repeat}".strip()
    click.echo(
        f"{action.id}: {action.title} ({action.status}) {due}; {action.body}; serves {serves or '-'}"
        + in_file(action.stated)
    )


@command.command("list", epilog="Example: kb actions list --set kenya --overdue")
@click.option("--set", "policy_set", help="Only actions that serve findings of this assessment.")
@click.option("--overdue", "late", is_flag=True, help="Only actions whose due date is past.")
@click.option(
    "--on", default=None, help="With --overdue: the day on which they are late, e.g. 2027-06-30; default: today."
)
@json_option
def list_(policy_set: str | None, late: bool, on: str | None, as_json: bool) -> None:
    """List actions, the earliest due date first."""
    from kb.plan.actions import actions, overdue

    with workspace() as ws:
        found = actions(ws, policy_set=policy_set)
        if late:
            names = {action.id for action in overdue(ws, day(on) or datetime.now(UTC).date())}
            found = [action for action in found if action.id in names]
    if as_json:
        echo_json(found)
        return
    for action in found:
        _echo(action)


@command.command(
    "add",
    epilog="Example: kb actions add register 'Register births' --due 2027-06-30 --finding kenya:R1.c --by 'A. Name'",
)
@click.argument("id")
@click.argument("title")
@_fields
@by_option
@reason_option
@json_option
def add(id: str, title: str, by: str, reason: str, as_json: bool, **fields: Unpack[_Options]) -> None:
    """Record a new action. ID is a short name for it, e.g. register; TITLE says what is to be done."""
    from kb.plan.actions import create_action

    with workspace() as ws:
        made = create_action(ws, id, {"title": title, **_read(fields)}, by=by, reason=reason)
    echo_json(made) if as_json else _echo(made)


@command.command("update", epilog="Example: kb actions update register --status under-way --by 'A. Name'")
@click.argument("id")
@click.option("--title", help="New title.")
@_fields
@by_option
@reason_option
@seen_option
@json_option
def update(id: str, by: str, reason: str, seen: int | None, as_json: bool, **fields: Unpack[_Changed]) -> None:
    """Change an action. Fields whose option is not given stay as they are."""
    from kb.log.decisions import stream
    from kb.plan.actions import update_action

    wanted = _read(fields)
    with workspace() as ws:
        made = deciding(
            ws,
            stream("action", id),
            by,
            seen,
            lambda expected: update_action(ws, id, wanted, by=by, expected=expected, reason=reason),
        )
    echo_json(made) if as_json else _echo(made)


@command.command("note", epilog="Example: kb actions note register 'Ministry asked' --by 'A. Name'")
@click.argument("id")
@click.argument("text")
@by_option
def note(id: str, text: str, by: str) -> None:
    """Add a note on the progress of an action. TEXT is the note."""
    from kb.plan.actions import add_note

    with workspace() as ws:
        _echo(add_note(ws, id, text, by=by))


@command.command(
    "measure", epilog="Example: kb actions measure register 2027-05-31 82.5 --source Census --by 'A. Name'"
)
@click.argument("id")
@click.argument("on")
@click.argument("value", type=float)
@click.option("--source", default="", help="Where the value comes from, e.g. the name of a statistic.")
@by_option
def measure(id: str, on: str, value: float, source: str, by: str) -> None:
    """Record a measured value of the indicator of action ID. ON is the day of measurement, e.g. 2027-05-31; VALUE is a
    number."""
    from kb.errors import InputError
    from kb.plan.actions import add_reading

    when = day(on)
    if when is None:
        raise InputError("A measured value needs its day.", do="Write it as 2026-03-01.")
    with workspace() as ws:
        _echo(add_reading(ws, id, when, value, by=by, source=source))


@command.command("calendar", epilog="Example: kb actions calendar actions.ics --set kenya")
@click.argument("file", type=OutputPath())
@click.option("--set", "policy_set", help="Only actions that serve findings of this assessment.")
def calendar(file: Path, policy_set: str | None) -> None:
    """Write the due dates of actions to FILE, for a calendar program (iCalendar)."""
    from kb.log.anchor import anchor
    from kb.plan.actions import actions
    from kb.plan.ical import calendar_of

    with workspace() as ws:
        data = calendar_of(actions(ws, policy_set=policy_set), anchor(ws).mark)
    with written(file) as beside:
        beside.write_bytes(data)
    click.echo(f"{file}: {some(data.count(b'BEGIN:VEVENT'), 'due date')}")


@command.command("table", epilog="Example: kb actions table kenya crpd/art28/2")
@click.argument("policy_set", metavar="SET")
@click.argument("commitments", nargs=-1)
@json_option
def table(policy_set: str, commitments: tuple[str, ...], as_json: bool) -> None:
    """Print, for each commitment, the national measures of an assessment with their evidence and status. COMMITMENTS
    are ids of the register, e.g. crpd/art28/2; default: those that its measures and actions name."""
    from kb.plan.measures import commitment_table

    with workspace() as ws:
        rows = commitment_table(ws, policy_set, commitments)
    if as_json:
        echo_json(rows)
        return
    for row in rows:
        quoted = "; ".join(evidence.locator or evidence.source for evidence in row.evidence)
        click.echo(
            "\t".join([row.commitment, row.title or "-", row.relation, quoted, row.status, ", ".join(row.actions)])
            + in_file(row.stated, "\t")
        )
