"""`kb reproduce`: make an export or a report again from its description, and say what differs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from kb.cli.output import echo_json
from kb.cli.shared import json_option
from kb.errors import InputError, KBError

SHOWN = 10  # identifiers on one line; --json has all


@click.command("reproduce", epilog="Example: kb reproduce older.jsonl.provenance.json")
@click.argument("description", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--template",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    help="The Word file that a report was made with.",
)
@json_option
def command(description: Path, template: Path | None, as_json: bool) -> None:
    """Make the export that DESCRIPTION describes again, or the report that DESCRIPTION is, and compare it; exit code 1
    when it differs, or when the file was changed. Nothing is written over."""
    from kb.export.reproduce import reproduce
    from kb.report.made import FORMATS
    from kb.report.reproduce import reproduce_report

    if not description.exists():
        raise InputError("there is no such file.", where=str(description), do="Check the path.")
    report = description.suffix.lower() in FORMATS
    found = reproduce_report(description, _run_report, template) if report else reproduce(description, _run)
    what, between = ("lines", " | ") if report else ("rows", ", ")
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
                click.echo(f"{len(ids)} {what} {name}: {between.join(ids[:SHOWN])}{' …' if len(ids) > SHOWN else ''}")
    if not found.same or found.beside_changed:
        sys.exit(KBError.exit_code)


def _run(words: Sequence[str], path: Path) -> None:
    """`kb export` with those words, into `path`, without a word on standard output."""
    from kb.cli.export import command as export

    _silently(export, words, path)


def _run_report(words: Sequence[str], path: Path) -> None:
    """`kb report` with those words, in the same way."""
    from kb.cli.report import command as report

    _silently(report, words, path)


def _silently(command: click.Command, words: Sequence[str], path: Path) -> None:
    from contextlib import redirect_stdout
    from io import StringIO

    with redirect_stdout(StringIO()):
        command.main([*words, "--out", str(path)], standalone_mode=False)
