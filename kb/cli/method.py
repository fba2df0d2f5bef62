"""`kb method`: the method statement of a study, ready for an appendix."""

from __future__ import annotations

from pathlib import Path

import click

from kb.cli.shared import OutputPath, seed_option


@click.command("method", epilog="Example: kb method --session pilot --eval eval.json --out method.md")
@click.option("--session", default=None, help="Only this coding session.")
@click.option(
    "--eval",
    "figures",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File with the output of kb eval --json, for the section on error rates.",
)
@seed_option("gives the same intervals (bootstrap)")
@click.option("--out", type=OutputPath(), help="File to write; default: print the statement.")
def command(session: str | None, figures: Path | None, seed: int, out: Path | None) -> None:
    """Write the method statement of a study as Markdown: sources with hashes, versions, codebook, coders, agreement and
    known error rates."""
    from kb.coding.method import statement
    from kb.export.collect import Bench
    from kb.export.study import facts
    from kb.files import written

    text = statement(facts(Bench.here(), session, figures=figures, seed=seed))
    if out is None:
        click.echo(text)
        return
    with written(out) as beside:
        beside.write_text(text, encoding="utf-8")
    click.echo(out)
