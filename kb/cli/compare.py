"""kb compare: policy sets, or moments of one, side by side; no score and no ranking."""

from __future__ import annotations

import click

from kb.cli.output import echo_json, in_file
from kb.cli.shared import framework, json_option, moment, workspace


@click.command("compare", epilog="Example: kb compare kenya kenya@2025-12-31 ghana")
@click.argument("columns", nargs=-1, required=True, metavar="SET[@MOMENT]...")
@click.option("--without-derived", is_flag=True, help="Leave out the row of criteria that this project added itself.")
@json_option
def command(columns: tuple[str, ...], without_derived: bool, as_json: bool) -> None:
    """Compare assessments side by side, in the order given: states and counts of evidence for each criterion.
    SET@MOMENT shows an assessment as it was on a day, e.g. kenya@2025-12-31. There is no score and no ranking."""
    from kb.assessment.compare import ComparedSet, Totals, matrix

    asked = [
        ComparedSet(policy_set=name, until=moment(at or None))
        for name, _, at in (column.partition("@") for column in columns)
    ]
    with workspace() as ws:
        found = matrix(ws, framework(), asked, derived=not without_derived)
    if as_json:
        echo_json(found)
        return
    click.echo(f"{found.size}. {found.notice}")
    for column in found.columns:
        if column.doubt:
            click.echo(f"{column.title}: {column.doubt}")
    click.echo("\t".join(["", *(column.title for column in found.columns)]))
    for line in found.lines:
        click.echo(
            "\t".join(
                [
                    line.criterion,
                    *(
                        f"{cell.status} ({cell.supports}+ {cell.contradicts}-{in_file(cell.stated)})"
                        for cell in line.cells
                    ),
                ]
            )
        )

    def words(totals: Totals) -> str:
        """Return the counts of one column as a text."""
        counts = ", ".join(f"{count} {status}" for status, count in sorted(totals.statuses.items()))
        return counts + (f"; {totals.in_files} of these only stated in a file" if totals.in_files else "")

    click.echo("\t".join(["stated", *map(words, found.stated)]))
    if found.derived:
        click.echo("\t".join(["derived", *map(words, found.derived)]))
