"""kb findings quote, accept, reject, unquote: words set beside a criterion, and taken out again."""

from __future__ import annotations

from typing import Any, get_args

import click

from kb.assessment.models import EvidenceType, Level, Role, Stance, Standing
from kb.cli.output import echo_finding, echo_json
from kb.cli.shared import (
    adding,
    by_option,
    day,
    deciding,
    framework,
    given,
    json_option,
    reason_option,
    seen_option,
    workspace,
)

_verdict_option = click.option(
    "--seen-verdict",
    type=int,
    default=None,
    metavar="VERSION",
    help="Version of the verdict on the passage that you looked at.",
)


@click.command("quote")
@click.argument("policy_set", metavar="SET")
@click.argument("criterion")
@click.argument("quotation")
@click.option("--source", required=True, help="Policy of the set, or the name of an outside source.")
@click.option("--role", type=click.Choice(get_args(Role)), required=True)
@click.option("--stance", type=click.Choice(get_args(Stance)), default="supports", show_default=True)
@click.option("--type", "type_", type=click.Choice(get_args(EvidenceType)), default="structural", show_default=True)
@click.option("--level", type=click.Choice(get_args(Level)), help="A measure, or a principle only.")
@click.option("--standing", type=click.Choice(get_args(Standing)), help="Force of an outside source.")
@click.option("--locator", default="", help="Article, paragraph or page; found by itself for a policy of the set.")
@click.option("--effective", help="Day it took effect, or of its figures.")
@by_option
@reason_option
@seen_option
@json_option
def quote(
    policy_set: str,
    criterion: str,
    quotation: str,
    type_: str,
    effective: str | None,
    by: str,
    reason: str,
    seen: int | None,
    as_json: bool,
    **fields: Any,
) -> None:
    """Set a verbatim quotation beside a criterion; it must stand in the policy word for word."""
    from kb.assessment.findings import add_evidence

    row = given(quotation=quotation, type=type_, effective=day(effective), **fields)
    with workspace() as ws:
        made = adding(
            ws,
            policy_set,
            criterion,
            by,
            seen,
            lambda expected: add_evidence(
                ws, framework(), policy_set, criterion, row, by=by, expected=expected, reason=reason
            ),
        )
    echo_json(made) if as_json else echo_finding(made)


@click.command("accept")
@click.argument("policy_set", metavar="SET")
@click.argument("criterion")
@click.argument("run")
@click.argument("rank", type=int)
@click.option("--role", type=click.Choice(get_args(Role)), required=True)
@click.option("--stance", type=click.Choice(get_args(Stance)), default="supports", show_default=True)
@click.option("--quotation", help="A part of the passage; default: all of it.")
@by_option
@reason_option
@seen_option
@_verdict_option
@json_option
def accept_(
    policy_set: str,
    criterion: str,
    run: str,
    rank: int,
    by: str,
    seen: int | None,
    seen_verdict: int | None,
    as_json: bool,
    **how: Any,
) -> None:
    """Take a proposed passage as evidence; the status stays as it is."""
    from kb.assessment.proposals import accept, one_proposal, verdict_stream

    with workspace() as ws:
        with ws.reading() as reader:
            verdict = verdict_stream(policy_set, one_proposal(reader, policy_set, criterion, run, rank))
        made = deciding(
            ws,
            verdict,
            by,
            seen_verdict,
            lambda verdict_seen: adding(
                ws,
                policy_set,
                criterion,
                by,
                seen,
                lambda expected: accept(
                    ws,
                    framework(),
                    policy_set,
                    criterion,
                    run,
                    rank,
                    by=by,
                    expected=expected,
                    verdict_seen=verdict_seen,
                    **how,
                ),
            ),
        )
    echo_json(made) if as_json else echo_finding(made)


@click.command("reject")
@click.argument("policy_set", metavar="SET")
@click.argument("criterion")
@click.argument("run")
@click.argument("rank", type=int)
@by_option
@reason_option
@_verdict_option
@json_option
def reject_(
    policy_set: str, criterion: str, run: str, rank: int, by: str, reason: str, seen_verdict: int | None, as_json: bool
) -> None:
    """Say that a proposed passage does not bear on the criterion."""
    from kb.assessment.proposals import one_proposal, reject, verdict_stream

    with workspace() as ws:
        with ws.reading() as reader:
            verdict = verdict_stream(policy_set, one_proposal(reader, policy_set, criterion, run, rank))
        made = deciding(
            ws,
            verdict,
            by,
            seen_verdict,
            lambda expected: reject(ws, policy_set, criterion, run, rank, by=by, reason=reason, expected=expected),
        )
    echo_json(made) if as_json else click.echo(f"rejected by {made.verdict_by}: {made.text}")


@click.command("unquote")
@click.argument("policy_set", metavar="SET")
@click.argument("criterion")
@click.argument("evidence", metavar="ROW")
@by_option
@reason_option
@seen_option
@json_option
def unquote(
    policy_set: str, criterion: str, evidence: str, by: str, reason: str, seen: int | None, as_json: bool
) -> None:
    """Take an evidence row out, by the id that kb findings show prints before it; the history keeps it."""
    from kb.assessment.findings import remove_evidence
    from kb.log.decisions import stream

    with workspace() as ws:
        made = deciding(
            ws,
            stream("finding", policy_set, criterion),
            by,
            seen,
            lambda expected: remove_evidence(
                ws, framework(), policy_set, criterion, evidence, by=by, expected=expected, reason=reason
            ),
        )
    echo_json(made) if as_json else echo_finding(made)
