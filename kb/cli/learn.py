"""`kb learn`: what people decided here moves what is proposed next; shared as places, hashes and vectors, without
text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.amounts import some
from kb.cli.output import echo_json
from kb.cli.shared import Target, json_option, workspace
from kb.errors import InputError
from kb.extras import install
from kb.languages import MAIN

if TYPE_CHECKING:
    from kb.assess.examples import Examples


@click.group("learn", epilog="Example: kb learn export examples.json")
def command() -> None:
    """Learning from decisions: confirmed clauses move like ones up, rejected ones down; only the order changes."""


def _decisions() -> Examples | None:
    """Return the decisions of this workspace, whether learning is on or off; None where there are none. Raises
    InputError without an embedding model."""
    from kb.assess.encoding import vectors_for
    from kb.assess.examples import together
    from kb.learning.decisions import decided

    vectors = vectors_for(MAIN, None, None)
    if vectors is None:
        raise InputError("the embedding model is not installed", do=f"To install it: {install('build')}")
    with workspace() as ws:
        parts = list(decided(ws, vectors))
    return together(parts) if parts else None


@command.command("show")
@json_option
def show_(as_json: bool) -> None:
    """Whether learning is on, and how many clauses it knows: confirmed, rejected, brought in."""
    from kb.learning import imported, is_on

    own = _decisions()
    grades = [grade for one in (own.clauses if own else ()) for grade in one.grades.values()]
    row = {
        "learning": "on" if is_on() else "off",
        "confirmed": sum(grade == 2 for grade in grades),
        "rejected": sum(grade == 0 for grade in grades),
        "brought_in": sum(map(len, imported())),
    }
    if as_json:
        echo_json(row)
        return
    for name, value in row.items():
        click.echo(f"{name.replace('_', ' '):10} {value}")


@command.command("on")
def on_() -> None:
    """Turn learning on: decisions of people change what is proposed next."""
    from kb.learning import switch

    switch(True)
    click.echo("Learning is on: the next proposals follow what was decided.")


@command.command("off")
def off_() -> None:
    """Propose as if nothing had been decided; decisions stay as they are."""
    from kb.learning import switch

    switch(False)
    click.echo("Learning is off: the next proposals do not look at decisions.")


@command.command("export")
@click.argument("file", type=Target())
@click.option("--names", is_flag=True, help="Keep the names of those who decided.")
def export_(file: Path, names: bool) -> None:
    """Write the decided clauses as examples for others: place, hash, grade and vector of each, no text."""
    from kb.learning import export_examples

    own = _decisions()
    if own is None:
        raise InputError("nothing was decided in this workspace yet", do="Confirm or reject a proposal first.")
    click.echo(f"{some(export_examples(own, file, names=names), 'example')} written to {file}")


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_(file: Path) -> None:
    """Take the examples of others into this workspace; they move the order as decisions made here do."""
    from kb.learning import import_examples

    click.echo(f"{some(import_examples(file), 'example')} taken")
