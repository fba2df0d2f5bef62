"""`kb documents`: what is in the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kb.amounts import some
from kb.cli.output import counted, echo_json
from kb.cli.screen import styled
from kb.models import FORCE_WORDS

if TYPE_CHECKING:
    from kb.api import DocumentInfo
    from kb.engine.local.passage_store import Head


@click.command("documents", epilog="Example: kb documents")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def command(as_json: bool) -> None:
    """List the documents of the index with their force, number of passages and source file.

    A passage "within another" is a part of it, such as a letter of a recommendation: searches show and
    count only the complete passage.
    """
    from kb import api
    from kb.search import live_searcher

    store = live_searcher().index.store
    heads = {head["id"]: head for head in store.documents()}
    rows = [_row(document, heads[document.id]) for document in api.documents()]
    if as_json:
        echo_json(rows)
        return
    for row in rows:
        click.echo(f"{styled(row['id'], 'bold')}  {row['title']}")
        click.echo(
            f"   {FORCE_WORDS[row['force']]} · "
            f"{some(row['passages'], 'passage')} ({counted(row['wording'])}){_within(row['parts'])} · "
            f"{some(row['sections'], 'heading')} · "
            f"{row['language']} · {row['source']['file']}"
        )


def _within(parts: int) -> str:
    """Return the words for passages that searches show within another: ', 4 within another'; '' for none."""
    return f", {parts} within another" if parts else ""


def _row(document: DocumentInfo, head: Head) -> dict:
    """Return a document as `kb.documents()` gives it, with the numbers of its headings and leftovers."""
    return {
        **document.model_dump(mode="json"),
        "wording": {"verbatim": document.verbatim, "own-words": document.own_words},
        "sections": len(head["sections"]),
        "leftovers": len(head["leftovers"]),
    }
