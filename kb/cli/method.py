"""`kb method`: the method statement of a study, ready for an appendix."""

from __future__ import annotations

from pathlib import Path

import click

from kb.cli.shared import Target


@click.command("method", epilog="Example: kb method --session pilot --eval eval.json --out method.md")
@click.option("--session", default=None, help="Only this coding session.")
@click.option("--eval", "figures", type=click.Path(dir_okay=False, path_type=Path), help="What kb eval --json printed.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the bootstrap.")
@click.option("--out", type=Target(), help="File to write; else it is printed.")
def command(session: str | None, figures: Path | None, seed: int, out: Path | None) -> None:
    """Sources with hashes, versions, codebook, coders, agreement and known error rates, as Markdown."""
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
