"""`kb reproduce`: make an export again from its description, and say what differs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from kb.cli.output import echo_json
from kb.cli.shared import json_option
from kb.errors import KBError

SHOWN = 10  # identifiers on one line; --json has all


@click.command("reproduce", epilog="Example: kb reproduce older.jsonl.provenance.json")
@click.argument("description", type=click.Path(dir_okay=False, path_type=Path))
@json_option
def command(description: Path, as_json: bool) -> None:
    """Make the export that DESCRIPTION describes again and compare it; exit code 1 when it differs, or when the file
    beside the description was changed. Nothing is written over."""
    from kb.export.reproduce import reproduce

    found = reproduce(description, _run)
    if as_json:
        echo_json(found)
    else:
        click.echo("The same bytes." if found.same else "It differs.")
        click.echo(f"described  sha256 {found.described}\nmade now   sha256 {found.made}")
        if found.beside:
            click.echo(f"! {found.beside}")
        for name, (then, now) in found.differs.items():
            click.echo(f"{name:10} then {then}\n{'':10} now  {now}")
        for name, ids in (("gone", found.gone), ("new", found.new), ("changed", found.changed)):
            if ids:
                click.echo(f"{len(ids)} rows {name}: {', '.join(ids[:SHOWN])}{' …' if len(ids) > SHOWN else ''}")
    if not found.same or found.beside_changed:
        sys.exit(KBError.exit_code)


def _run(words: Sequence[str], path: Path) -> None:
    """`kb export` with those words, into `path`, without a word on standard output."""
    from contextlib import redirect_stdout
    from io import StringIO

    from kb.cli.export import command as export

    with redirect_stdout(StringIO()):
        export.main([*words, "--out", str(path)], standalone_mode=False)
