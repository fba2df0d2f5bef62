"""`kb codes`: people's codes in from another program, and the list of those that are there."""
from __future__ import annotations

from pathlib import Path

import click

from kb.cli.output import echo_jsonl

_FORMATS = {".qdpx": "qdpx", ".csv": "csv", ".jsonl": "jsonl", ".jsonld": "web-annotation"}


@click.group("codes")
def command() -> None:
    """List people's codes, and take codes in from REFI-QDA, CSV, JSON lines or Web Annotation files."""


@command.command("import", epilog="Example: kb codes import project.qdpx")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Add the codes that people gave in FILE; machine tags in it are left out, and nothing is written over."""
    from kb.cli.shared import workspace
    from kb.errors import InputError
    from kb.export import import_rows
    from kb.export.codes_in import take_codes
    from kb.export.collect import Bench

    if file.suffix.lower() not in _FORMATS:
        raise InputError(f"'{file.suffix}' is no ending for codes.", where=str(file), do=f"Endings: {', '.join(_FORMATS)}.")
    rows = list(import_rows(_FORMATS[file.suffix.lower()], file))
    with workspace() as opened:
        taken = take_codes(Bench.here(), rows, opened, source=file)
    for line in taken.refused:
        click.echo(f"not taken: {line}", err=True)
    click.echo(f"{taken.added} codes added, {taken.known} known already, {len(taken.refused)} not taken")


@command.command("list", epilog="Example: kb codes list --viewer 'A. Coder'")
@click.option("--session", default=None, help="Only this coding session.")
@click.option("--viewer", default="", help="Name of the coder who asks: blind codes of others stay hidden.")
def list_(session: str | None, viewer: str) -> None:
    """Every code that people gave, one JSON object a line."""
    from kb.export.collect import Bench

    found = Bench.here(viewer).codings
    echo_jsonl(one for id in sorted(found) for one in found[id] if session in (None, one.session))
