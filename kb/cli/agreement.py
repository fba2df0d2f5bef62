"""`kb agreement`: measure how far coders agree, and the machine with each of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.cli.output import counted, echo_json
from kb.cli.screen import styled
from kb.cli.shared import OutputPath, command_again, report_sealed, seed_option, viewer_option

if TYPE_CHECKING:
    from kb.coding.agreement import AgreementReport
    from kb.export.collect import Bench


@click.command("agreement", epilog="Example: kb agreement --session pilot --facet group")
@click.option("--session", default=None, help="Only codes of this coding session.")
@click.option("--facet", "facets", multiple=True, help="Only this group of codes, e.g. group; may be repeated.")
@viewer_option
@seed_option("gives the same intervals (bootstrap)")
@click.option(
    "--draws",
    type=click.IntRange(min=10),
    default=1000,
    show_default=True,
    help="Number of bootstrap samples for the confidence intervals.",
)
@click.option(
    "--table",
    type=OutputPath(),
    help="Write no figures, but the ratings behind them as a CSV table to FILE: unit, facet, code, "
    "coder, given (1 or 0).",
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def command(
    session: str | None, facets: tuple[str, ...], viewer: str, seed: int, draws: int, table: Path | None, as_json: bool
) -> None:
    """Compute how far coders agree: alpha, kappa, F1 and percent agreement, each with its n, prevalence and confidence
    interval. The machine is compared with each person separately. Disagreements that are not settled are listed."""
    from kb.export.collect import Bench
    from kb.export.study import reports

    if table:
        click.echo(_write_ratings(table, Bench.here(viewer), session, facets))
        return
    bench = Bench.here(viewer)
    people, machine = reports(bench, session, facets, seed, draws)
    sealed = bench.sealed(session)
    report_sealed(sealed)
    if as_json:
        echo_json(
            {"people": people.model_dump(mode="json"), "machine": [one.model_dump(mode="json") for one in machine]}
        )
        return
    for title, report in [("Among people", people), *((f"Machine against {one.person}", one) for one in machine)]:
        click.echo(styled(title, "bold"))
        _show(report, is_complete=not sealed)


def _write_ratings(path: Path, bench: Bench, session: str | None, facets: tuple[str, ...]) -> Path:
    from kb.export.study import RATINGS, ratings_table
    from kb.export.tables import write_table

    return write_table(bench, path, RATINGS, ratings_table(bench, session, facets), command_again())


def _show(report: AgreementReport, *, is_complete: bool) -> None:
    from kb.coding.method import number

    if report.wordings:
        click.echo(f"  units that both coded: {counted(report.wordings)}")
    for one in (*report.facets, *report.codes):
        prevalence = "–" if one.prevalence is None else f"{one.prevalence:.3f}"
        click.echo(
            f"  {one.facet}:{one.code or '(sets, MASI)'}  n {one.n}  prevalence {prevalence}  "
            f"agree {number(one.percent)}  alpha {number(one.alpha)}"
        )
        for pair in one.pairs:
            click.echo(f"    {pair.a} – {pair.b}: n {pair.n}  kappa {number(pair.kappa)}  F1 {number(pair.f1)}")
    for item in report.disagreements:
        click.echo(
            f"  settle: {item.unit}  {item.facet}:{item.code}  gave: {', '.join(item.gave)}; "
            f"did not: {', '.join(item.gave_not)}"
        )
    if not report.facets:
        click.echo("  nothing was coded by two people" if is_complete else "  nothing can be measured of what is shown")
