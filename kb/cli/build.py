"""kb build: build the index from the corpus and the library."""

from __future__ import annotations

from dataclasses import replace

import click

from kb.amounts import some
from kb.cli.output import echo_json
from kb.cli.telling import telling
from kb.config import settings


@click.command("build", epilog="Example: kb build --if-stale")
@click.option("--if-stale", is_flag=True, help="Do nothing if the index is up to date.")
@click.option(
    "--from-scratch",
    is_flag=True,
    help="Read, tag and embed everything again, without results that earlier builds kept.",
)
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="Address of a Dask scheduler, e.g. tcp://host:8786; its machines read and embed. Default: KB_DASK.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the manifest of the new index as JSON.")
def command(if_stale: bool, from_scratch: bool, dask: str | None, as_json: bool) -> None:
    """Build the index from the corpus and the library. Searches use the old index until the new one is complete and
    checked. Files of the library that cannot be read are left out and named."""
    from kb.build import pipeline
    from kb.index import live
    from kb.workspace import shelf

    config = replace(settings(), dask=dask) if dask else settings()
    shelf.settle(config)
    if if_stale and not pipeline.needs_build(config):
        click.echo("==> the index is up to date", err=True)
        made = live.open_index(config.indexes, config.corpus).manifest
        for file, words in made.left_out.items():
            click.echo(f"! left out: library/{file}: {words}", err=True)
        if as_json:
            echo_json(made)
        return
    with telling(begin="building the index") as (say, progress):
        made = pipeline.run(config, say, progress, from_scratch=from_scratch)
    if from_scratch:
        click.echo(f"==> {pipeline.prove_shipped(config)}", err=True)
    if as_json:
        echo_json(made)
    else:
        total = sum(made.seconds.values()) or 1.0
        for step, seconds in made.seconds.items():
            click.echo(f"{step:8} {seconds:8.1f} s  {seconds / total:5.0%}")
        ready = some(len(made.documents), "document")
        click.echo(f"==> {some(made.passages, 'passage')} of {ready} are ready to search")
    if made.left_out:
        click.echo(
            f"! {some(len(made.left_out), 'file')} of the library could not be read: left out; kb doctor says which",
            err=True,
        )
