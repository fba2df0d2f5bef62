"""kb double: two people assess one criterion independently; a third step settles it."""

from __future__ import annotations

import click

from kb.assessment.models import STATUS_WORDS
from kb.cli.output import echo_json, in_file
from kb.cli.shared import by_option, changed, deciding, framework, json_option, reason_option, seen_option, workspace

_STATUS = click.Choice(tuple(STATUS_WORDS))


@click.group("double", epilog='Example: kb double open kenya R1.c "A. First" "B. Second" --by "C. Chair"')
def command() -> None:
    """Let two people assess one criterion independently, then settle the decision. SET is the id of an assessment, e.g.
    kenya; CRITERION the id of a criterion, e.g. R1.c."""


@command.command("open", epilog="Example: kb double open kenya R1.c 'A. First' 'B. Second' --by 'C. Chair'")
@click.argument("policy_set", metavar="SET")
@click.argument("criterion")
@click.argument("first")
@click.argument("second")
@click.option(
    "--not-blind", is_flag=True, help="Let the two people see each other's sheet before both have handed theirs in."
)
@by_option
@json_option
def open_(policy_set: str, criterion: str, first: str, second: str, not_blind: bool, by: str, as_json: bool) -> None:
    """Ask two people, FIRST and SECOND, to assess a criterion independently. CRITERION is an id such as R1.c."""
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


@command.command(
    "say", epilog="Example: kb double say kenya R1.c --status partial --rationale '...' --done --by 'A. First'"
)
@click.argument("policy_set", metavar="SET")
@click.argument("criterion")
@click.option("--status", type=_STATUS, help="Your own decision on the criterion.")
@click.option("--rationale", help="Reasons for your decision.")
@click.option("--done", is_flag=True, help="Hand the sheet in; it cannot be changed afterwards.")
@by_option
@json_option
def say(
    policy_set: str, criterion: str, status: str | None, rationale: str | None, done: bool, by: str, as_json: bool
) -> None:
    """Record your own decision on your sheet. In a blind round the other person sees it when both sheets are handed
    in."""
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


@command.command("show", epilog="Example: kb double show kenya R1.c --viewer 'A. First'")
@click.argument("policy_set", metavar="SET")
@click.argument("criterion")
@click.option(
    "--viewer", default="", help="Your name. In a blind round you see only your own sheet until both are handed in."
)
@json_option
def show(policy_set: str, criterion: str, viewer: str, as_json: bool) -> None:
    """Show the sheets that you may see, and where they differ."""
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


@command.command(
    "settle", epilog="Example: kb double settle kenya R1.c --status partial --reason '...' --by 'C. Chair'"
)
@click.argument("policy_set", metavar="SET")
@click.argument("criterion")
@click.option("--status", type=_STATUS, required=True, help="The decision on the criterion.")
@click.option("--rationale", help="Reasons for the decision.")
@click.option(
    "--together", multiple=True, metavar="NAME", help="Name of the other assessor, if both settle it together."
)
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
    """Settle the decision after both sheets are handed in: by a third person, or by both assessors together."""
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
