"""`kb reproduce`: make an export, a table, a plot or a report again from its description, and say what differs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.cli.output import echo_json
from kb.cli.shared import json_option
from kb.errors import KBError
from kb.files import readable

if TYPE_CHECKING:
    from kb.export.reproduce import Reproduced

SHOWN = 10  # identifiers on one line; --json has all


@click.command("reproduce", epilog="Example: kb reproduce older.jsonl.provenance.json")
@click.argument("description", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--template",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    help="Word template that the report was made with, if it had one.",
)
@json_option
def command(description: Path, template: Path | None, as_json: bool) -> None:
    """Make an export, table, plot or report again and compare it with the file that exists. Exit code 1 if they differ.
    Nothing is overwritten.

    DESCRIPTION is the file that describes an export or a table (ending in .provenance.json or -metadata.json); or a
    plot, a report or an export that contains its own description.
    """
    readable(description)
    found = _made_again(description, template)
    between = " | " if found.of == "lines" else ", "
    if as_json:
        echo_json(found)
    else:
        click.echo(_outcome(found))
        click.echo(f"described  sha256 {found.described}\nmade now   sha256 {found.made}")
        if found.beside:
            click.echo(f"! {found.beside}")
        for name, (then, now) in found.differs.items():
            click.echo(f"{name:10} then {then}\n{'':10} now  {now}")
        for name, ids in (("gone", found.gone), ("new", found.new), ("changed", found.changed)):
            if ids:
                rest = " …" if len(ids) > SHOWN else ""
                click.echo(f"{len(ids)} {found.of} {name}: {between.join(ids[:SHOWN])}{rest}")
    if not (found.same or found.packed_anew) or found.beside_changed:
        sys.exit(KBError.exit_code)


def _outcome(found: Reproduced) -> str:
    """Return the first line of the answer: whether making the file again gave the same bytes."""
    if found.packed_anew:
        return "The same contents, byte for byte; another program packed them anew."
    return "The same bytes." if found.same else "It differs."


def _made_again(description: Path, template: Path | None) -> Reproduced:
    """Make a file again and compare it. `description` is an export or report that contains its own description, or a
    separate description file."""
    from kb.export.reproduce import reproduce
    from kb.export.stated import AGAIN, reproduce_stated, stated
    from kb.report.made import FORMATS
    from kb.report.reproduce import reproduce_report

    if AGAIN in (method := stated(description)):
        return reproduce_stated(description, method, _run)
    if description.suffix.lower() in FORMATS:
        return reproduce_report(description, _run_report, template)
    return reproduce(description, _run)


_FILES = ("--out", "--table", "--plot")
"""Options that name a file to write. All these files are made again in one folder, under their own names."""


def _run(words: Sequence[str], path: Path) -> None:
    """Run a command with these arguments, writing into the folder of `path` without printing to standard output."""
    from kb.cli.main import root

    context, command = click.Context(root, info_name="kb"), root.get_command(click.Context(root), words[0])
    placed = [
        str(path.with_name(Path(word).name or path.name)) if before in _FILES else word
        for before, word in zip(("", *words), words, strict=False)
    ][1:]
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=words[0], parent=context)
        command, placed = command.get_command(context, words[1]), placed[1:]
    assert command is not None  # one of COMMANDS
    _silently(command, [*placed, *(["--out", str(path)] if words[0] == "export" else [])], context)


def _run_report(words: Sequence[str], path: Path) -> None:
    """Run `kb report` with these arguments, writing to `path` without printing to standard output."""
    from kb.cli.report import command as report

    _silently(report, [*words, "--out", str(path)])


def _silently(command: click.Command, words: Sequence[str], under: click.Context | None = None) -> None:
    from contextlib import redirect_stdout
    from io import StringIO

    with redirect_stdout(StringIO()):
        command.main([*words], prog_name=command.name, standalone_mode=False, parent=under)
