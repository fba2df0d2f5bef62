"""kb restore: a backup in the place of the workspace."""

from __future__ import annotations

from pathlib import Path

import click

from kb.cli.output import echo_json
from kb.cli.shared import json_option


@click.command("restore", epilog="Example: kb restore monday.kb.zip")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace a workspace that holds something.")
@json_option
def command(file: Path, force: bool, as_json: bool) -> None:
    """Check FILE whole, then put it in the place of the workspace, database and library together or not at all. What
    was there before is kept in a backup beside it."""
    from kb.config import settings
    from kb.log.restore import restore

    now = settings()
    proof = restore(
        now.database_url, file, library=now.library, force=force, say=lambda line: click.echo(line, err=True)
    )
    if as_json:
        echo_json({**proof.model_dump(mode="json"), "whole": proof.whole})
        return
    click.echo(f"restored {proof.events} events; " + ("the log is whole" if proof.whole else "; ".join(proof.problems)))
