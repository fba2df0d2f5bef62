"""`kb learn`: let people's decisions change the order of later proposals; examples are exported as places, hashes and
vectors, without text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.amounts import some
from kb.cli.output import echo_json
from kb.cli.shared import OutputPath, json_option, workspace
from kb.errors import InputError
from kb.extras import install
from kb.languages import MAIN

if TYPE_CHECKING:
    from kb.assess.examples import Examples


@click.group("learn", epilog="Example: kb learn export examples.json")
def command() -> None:
    """Let decisions of people change the order of later proposals: passages like accepted ones move up, those like
    rejected ones down."""


def _decisions() -> Examples | None:
    """Return the decisions of this workspace, whether learning is on or off; None if there are none. Raises
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


@command.command("show", epilog="Example: kb learn show")
@json_option
def show_(as_json: bool) -> None:
    """Show whether learning is on, and how many decided passages it uses: accepted, rejected, imported."""
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


@command.command("on", epilog="Example: kb learn on")
def on_() -> None:
    """Turn learning on: decisions of people change the order of what is proposed next."""
    from kb.learning import switch

    switch(True)
    click.echo("Learning is on: the next proposals follow what was decided.")


@command.command("off", epilog="Example: kb learn off")
def off_() -> None:
    """Turn learning off: proposals come in their usual order. Decisions stay as they are."""
    from kb.learning import switch

    switch(False)
    click.echo("Learning is off: the next proposals do not look at decisions.")


@command.command("export", epilog="Example: kb learn export examples.json")
@click.argument("file", type=OutputPath())
@click.option("--names", is_flag=True, help="Keep the names of the people who decided; default: leave them out.")
def export_(file: Path, names: bool) -> None:
    """Write decided passages as examples for other workspaces: place, hash, grade and vector of each, but no text."""
    from kb.learning import export_examples

    own = _decisions()
    if own is None:
        raise InputError("nothing was decided in this workspace yet", do="Confirm or reject a proposal first.")
    click.echo(f"{some(export_examples(own, file, names=names), 'example')} written to {file}")


@command.command("import", epilog="Example: kb learn import examples.json")
@click.argument("file", type=click.Path(path_type=Path))
def import_(file: Path) -> None:
    """Import examples that another workspace exported. They change the order of proposals like decisions made here."""
    from kb.learning import import_examples

    click.echo(f"{some(import_examples(file), 'example')} taken")
