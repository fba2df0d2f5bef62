"""`kb remove ID`: remove a document from the library."""

from __future__ import annotations

import sys

import click

from kb.cli.output import echo_json
from kb.cli.shared import json_option, no_build_option
from kb.cli.telling import confirm, telling
from kb.errors import RefusedError


@click.command("remove", epilog="Example: kb remove ken-ageing-policy --yes")
@click.argument("id", metavar="ID")
@click.option(
    "--language", default="", help="Remove only the text in this language, if an official document is here in several."
)
@click.option("--yes", is_flag=True, help="Remove without a question.")
@no_build_option
@json_option
def command(id: str, language: str, yes: bool, no_build: bool, as_json: bool) -> None:
    """Remove a document that was added, from the library and from search. This also works for a file that can no longer
    be read.

    A policy that an assessment uses, and a text with passages that people coded, cannot be removed, so that no decision
    loses its text.
    """
    from kb.config import settings
    from kb.sources.library import LibraryRecord
    from kb.workspace.shelf import Publishing, remove, to_remove

    config = settings()
    found = to_remove(config.library, id, language)
    title = found.title if isinstance(found, LibraryRecord) else found.what
    if not yes:
        if not sys.stdin.isatty():
            raise RefusedError(
                f"'{id}' ({title}) would be deleted.", where=found.file, do="Add --yes if that is meant."
            )
        confirm(f"Delete '{title}' (library/{found.file})?", abort=True, err=True)
    with telling(not as_json) as (say, progress):
        note = remove(config, found, Publishing(not no_build, say, progress))
    if as_json:
        echo_json({"id": found.id, "file": found.file, "removed": True, "note": note})
        return
    click.echo(
        f"{found.id}: library/{found.file} is removed. "
        + (note.replace("To search it", "To bring it up to date") or "It is no longer found.")
    )
