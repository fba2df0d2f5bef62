"""kb restore: replace the workspace by a backup."""

from __future__ import annotations

from pathlib import Path

import click

from kb.amounts import some
from kb.cli.output import echo_json
from kb.cli.shared import json_option
from kb.cli.telling import telling
from kb.errors import KBError


@click.command("restore", epilog="Example: kb restore monday.kb.zip")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace a workspace that is not empty.")
@click.option("--no-build", is_flag=True, help="Do not update the index now; run kb build later.")
@json_option
def command(file: Path, force: bool, no_build: bool, as_json: bool) -> None:
    """Replace the workspace by the backup in FILE, database and library together or not at all. FILE is checked
    completely first. What was there before is saved as a backup beside it."""
    from kb.config import settings
    from kb.log.restore import restore

    config = settings()
    with telling(not as_json, f"checking {file.name}, and putting it in the place of the workspace"):
        proof = restore(
            config.database_url, file, library=config.library, force=force, say=lambda line: click.echo(line, err=True)
        )
    left = _publish(no_build, not as_json)
    if as_json:
        echo_json({**proof.model_dump(mode="json"), "whole": proof.is_complete})
        return
    click.echo(
        f"restored {some(proof.events, 'event')}; "
        + ("the log is whole" if proof.is_complete else "; ".join(proof.problems))
    )
    if left:
        click.echo(left, err=True)


def _publish(no_build: bool, shows: bool) -> str:
    """Update the index for the library that came back. Returns what is left to do, or ''. An error of the build does
    not undo the restore."""
    from kb.build import pipeline
    from kb.config import settings
    from kb.workspace.shelf import LATER, has_index

    later = LATER.replace("it", "what came back")
    if no_build or not has_index(settings()):
        return f"The index was not brought up to date. {later}"
    try:
        with telling(shows, "bringing the index to what came back") as (say, progress):
            pipeline.run(settings(), say, progress)
    except KBError as error:
        return f"Everything is restored, but the index is as it was before: {error} {later}"
    return ""
