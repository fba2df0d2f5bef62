"""`kb verify`: prove that every stored quotation stands in its source."""
from __future__ import annotations

import sys

import click

from kb.cli.output import echo_json
from kb.config import settings
from kb.errors import DataError

SHOWN = 20


@click.command("verify", epilog="Example: kb verify")
@click.option("--document", default=None, help="Only this document, e.g. paper.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(document: str | None, as_json: bool) -> None:
    """Read every source again and find each stored passage at its recorded place; faults end with exit code 3."""
    from kb.search import searcher
    from kb.sources.verify import decode, locator, verify

    now = settings()
    proof = verify(searcher().index.store.passages(document), locator(now.corpus, now.library), decode)
    if as_json:
        echo_json(proof)
    else:
        for fault in proof.faults[:SHOWN]:
            click.echo(f"{fault.passage}: {fault.what}")
        if len(proof.faults) > SHOWN:
            click.echo(f"… and {len(proof.faults) - SHOWN} more; --json lists all")
        click.echo(f"{proof.passages - len(proof.faults)} of {proof.passages} passages proved in {proof.files} files, "
                   f"{len(proof.faults)} faults")
    if proof.faults:
        if not as_json:
            click.echo("Restore the sources or build again: kb build", err=True)
        sys.exit(DataError.exit_code)
