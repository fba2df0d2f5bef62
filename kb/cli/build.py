"""kb build: make the index from the corpus and the library."""
from __future__ import annotations

import click

from kb.cli.output import bar_console, echo_json
from kb.cli.screen import plain
from kb.config import settings


@click.command("build")
@click.option("--if-stale", is_flag=True, help="Do nothing when the index is up to date.")
@click.option("--json", "as_json", is_flag=True, help="Print the manifest as JSON.")
def command(if_stale: bool, as_json: bool) -> None:
    """Build the index beside the live one, check it, and switch to it."""
    from kb.index import live, pipeline

    now = settings()
    if if_stale and not pipeline.needs_build(now):
        click.echo("==> the index is up to date", err=True)
        if as_json:
            echo_json(live.open_index(now.indexes, now.corpus).manifest)
        return
    click.echo("==> building the index", err=True)
    made = _run(now)
    if as_json:
        echo_json(made)
    else:
        total = sum(made.seconds.values()) or 1.0
        for step, seconds in made.seconds.items():
            click.echo(f"{step:8} {seconds:8.1f} s  {seconds / total:5.0%}")
        click.echo(f"==> {made.passages} passages of {len(made.documents)} documents are ready to search")


def _run(now):
    """Build with a progress bar on stderr that shows the time left."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from kb.index import pipeline

    console = bar_console()
    columns = (TextColumn("{task.description:22}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=not console.is_terminal) as bar:
        tasks: dict[str, int] = {}

        def progress(step: str, done: int, total: int) -> None:
            """Move the bar of a step, new ones at the end."""
            if step not in tasks:
                tasks[step] = bar.add_task(plain(step), total=total)
            bar.update(tasks[step], completed=done, total=total)

        return pipeline.run(now, lambda line: console.print(plain(line), highlight=False, markup=False), progress)
