"""`kb documents`: what is in the index."""

from __future__ import annotations

import click

from kb.cli.output import counted, echo_json
from kb.cli.screen import styled
from kb.models import FORCE_WORDS


@click.command("documents", epilog="Example: kb documents")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(as_json: bool) -> None:
    """List the documents of the index with their force, number of passages and source file."""
    from kb.search import searcher

    store = searcher().index.store
    wordings = store.wordings()
    rows = [_row(head, wordings[head["id"]]) for head in store.documents()]
    if as_json:
        echo_json(rows)
        return
    for row in rows:
        click.echo(f"{styled(row['id'], 'bold')}  {row['title']}")
        click.echo(
            f"   {FORCE_WORDS[row['force']]} · {row['passages']} passages ({counted(row['wording'])}) · "
            f"{row['sections']} headings · "
            f"{row['language']} · {row['source']['file']}"
        )


def _row(head: dict, wording: dict[str, int]) -> dict:
    """A document without the texts of its headings and leftovers."""
    return {
        "id": head["id"],
        "title": head["title"],
        "force": head["force"],
        "language": head["language"],
        "passages": head["passages"],
        "wording": wording,
        "sections": len(head["sections"]),
        "leftovers": len(head["leftovers"]),
        "source": head["place"],
    }
