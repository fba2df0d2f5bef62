"""kb backup: save the complete workspace in one file."""

from __future__ import annotations

from pathlib import Path

import click

from kb.amounts import some
from kb.cli.output import echo_json
from kb.cli.shared import OutputPath, json_option, workspace
from kb.cli.telling import telling


@click.command("backup", epilog="Example: kb backup monday.kb.zip")
@click.argument("file", type=OutputPath())
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@json_option
def command(file: Path, force: bool, as_json: bool) -> None:
    """Save the complete workspace in FILE: decisions, history, texts and added files, with checksums."""
    from kb.config import settings
    from kb.log.backup import backup
    from kb.sources.library import ASIDE, unreadable
    from kb.workspace import shelf

    shelf.settle(settings())
    with workspace() as ws, telling(not as_json, f"writing {file.name}"):
        manifest = backup(ws, file, library=settings().library, force=force)
    for fault in unreadable(settings().library):
        held = "" if fault.file.startswith(f"{ASIDE}/") else "; the backup holds it as it is"
        click.echo(f"warning: library/{fault.file} {fault.what}{held}", err=True)
    if as_json:
        echo_json(manifest)
    else:
        click.echo(f"{file}: {some(manifest['head']['sequence'], 'event')}, {some(len(manifest['files']), 'file')}")
