"""kb checks: report what a reader would object to in an assessment."""

from __future__ import annotations

import click

from kb.amounts import some
from kb.cli.output import echo_json
from kb.cli.shared import day, framework, json_option, workspace


@click.command("checks", epilog="Example: kb checks kenya")
@click.argument("policy_set", metavar="SET")
@click.option(
    "--only",
    multiple=True,
    metavar="CHECK",
    help="Only this check, e.g. principle-only; may be repeated. The name of a check is printed after each remark.",
)
@click.option(
    "--today", default=None, help="Day on which figures are judged to be too old, e.g. 2026-12-31; default: today."
)
@json_option
def command(policy_set: str, only: tuple[str, ...], today: str | None, as_json: bool) -> None:
    """Check an assessment for gaps and contradictions, and print remarks. SET is the id of the assessment, e.g. kenya.
    Nothing is changed."""
    from kb.assessment.checks import run_checks

    with workspace() as ws:
        remarks = run_checks(ws, framework("bills.yaml"), policy_set, today=day(today), only=only)
    if as_json:
        echo_json(remarks)
        return
    for remark in remarks:
        click.echo(f"{remark.severity:8}{remark.criterion:6} {remark.message} [{remark.check}]")
    click.echo(f"{some(len(remarks), 'remark')}")
