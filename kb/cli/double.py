"""kb double: two people assess one criterion apart; a third act settles it."""

from __future__ import annotations

import click

from kb.assessment.models import STATUS_WORDS
from kb.cli.output import echo_json, in_file
from kb.cli.shared import by_option, changed, deciding, framework, json_option, reason_option, seen_option, workspace

_STATUS = click.Choice(tuple(STATUS_WORDS))


@click.group("double", epilog='Example: kb double open kenya R1.c "A. First" "B. Second" --by "C. Chair"')
def command() -> None:
    """Independent assessments of one criterion by two people."""


@command.command("open")
@click.argument("policy_set", metavar="SET")
@click.argument("criterion")
@click.argument("first")
@click.argument("second")
@click.option("--not-blind", is_flag=True, help="They may see each other's sheet before both are done.")
@by_option
@json_option
def open_(policy_set: str, criterion: str, first: str, second: str, not_blind: bool, by: str, as_json: bool) -> None:
    """Ask two people to assess a criterion apart."""
    from kb.assessment.double import open_double
    from kb.assessment.findings import finding

    with workspace() as ws:
        made = open_double(
            ws,
            framework(),
            policy_set,
            criterion,
            (first, second),
            by=by,
            blind=not not_blind,
            expected=finding(ws, policy_set, criterion).version,
        )
    echo_json(made) if as_json else click.echo(f"{criterion}: {first} and {second} assess it apart")


@command.command("say")
@click.argument("policy_set", metavar="SET")
@click.argument("criterion")
@click.option("--status", type=_STATUS)
@click.option("--rationale")
@click.option("--done", is_flag=True, help="Hand it in; it cannot be changed afterwards.")
@by_option
@json_option
def say(
    policy_set: str, criterion: str, status: str | None, rationale: str | None, done: bool, by: str, as_json: bool
) -> None:
    """Record one's own decision, which the other person does not see before both are done."""
    from kb.assessment.double import give_opinion, opinions

    with workspace() as ws:
        seen = [sheet.version for sheet in opinions(ws, policy_set, criterion, viewer=by) if sheet.by == by.strip()]
        made = give_opinion(
            ws,
            framework(),
            policy_set,
            criterion,
            changed(status=status, rationale=rationale),
            by=by,
            expected=seen[0] if seen else 0,
            done=done,
        )
    end = " (handed in)" if made.done else ""
    echo_json(made) if as_json else click.echo(f"{made.by}: {STATUS_WORDS[made.status]}{end}")


@command.command("show")
@click.argument("policy_set", metavar="SET")
@click.argument("criterion")
@click.option("--viewer", default="", help="Your name: while the round is blind you see only your own sheet.")
@json_option
def show(policy_set: str, criterion: str, viewer: str, as_json: bool) -> None:
    """The sheets that may be seen, and where they differ."""
    from kb.assessment.double import disagreements, opinions

    with workspace() as ws:
        sheets = opinions(ws, policy_set, criterion, viewer=viewer)
    if as_json:
        echo_json({"sheets": sheets, "disagreements": disagreements(sheets)})
        return
    for sheet in sheets:
        click.echo(f"{sheet.by}{in_file(sheet.stated, ', ')}: {STATUS_WORDS[sheet.status]}. {sheet.rationale}")
    for field, words in disagreements(sheets).items():
        click.echo(f"They differ in {field}: " + "; ".join(f"{name}: {value}" for name, value in words.items()))


@command.command("settle")
@click.argument("policy_set", metavar="SET")
@click.argument("criterion")
@click.option("--status", type=_STATUS, required=True)
@click.option("--rationale")
@click.option("--together", multiple=True, metavar="NAME", help="The other assessor, if both settle it together.")
@by_option
@reason_option
@seen_option
@json_option
def settle_(
    policy_set: str,
    criterion: str,
    status: str,
    rationale: str | None,
    together: tuple[str, ...],
    by: str,
    reason: str,
    seen: int | None,
    as_json: bool,
) -> None:
    """Decide between the two, with a reason: a third person, or both together."""
    from kb.assessment.double import settle, since_opened
    from kb.log.decisions import stream

    with workspace() as ws:
        made = deciding(
            ws,
            stream("finding", policy_set, criterion),
            by,
            since_opened(ws, policy_set, criterion, by) if seen is None else seen,
            lambda expected: settle(
                ws,
                framework(),
                policy_set,
                criterion,
                changed(status=status, rationale=rationale),
                by=by,
                expected=expected,
                reason=reason,
                together=together,
            ),
        )
    names = " and ".join(made.settled_by)
    echo_json(made) if as_json else click.echo(f"{criterion}: {STATUS_WORDS[made.status]}, settled by {names}")
