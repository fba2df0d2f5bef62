"""`kb passages`: every passage of the index, or of one document, with its place and tags."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import click

from kb.amounts import some
from kb.cli.output import as_record, counted, echo_jsonl, wording_words
from kb.cli.screen import styled
from kb.cli.shared import document_option, known_document, wording_option

if TYPE_CHECKING:
    from collections.abc import Iterable


@click.command("passages", epilog="Example: kb passages --document paper --jsonl")
@document_option
@wording_option
@click.option("--jsonl", is_flag=True, help="Print one JSON object per line.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
def command(document: str | None, wording: str | None, jsonl: bool, as_json: bool) -> None:
    """Print the passages of the index, or of one document, in the order of their source."""
    from kb.search import live_searcher

    store = live_searcher().index.store
    known_document(store, document)
    chosen = (passage for passage in store.passages(document) if wording in (None, passage.wording))
    rows = (as_record(passage) for passage in chosen)
    if jsonl:
        echo_jsonl(rows)
    elif as_json:
        _echo_list(rows)
    else:
        count: Counter[str] = Counter()
        for passage in chosen:
            count[passage.wording] += 1
            click.echo(
                f"{styled(passage.id, 'bold')}  [{passage.kind} · {wording_words(passage)}]\n"
                f"   {passage.shown}\n   — {passage.citation}"
            )
        click.echo(f"{some(count.total(), 'passage')}: {counted(count)}")


def _echo_list(rows: Iterable[dict[str, object]]) -> None:
    """Print a JSON list item by item, so that a large index is never held in memory."""
    click.echo("[", nl=False)
    for i, row in enumerate(rows):
        click.echo(("," if i else "") + "\n " + json.dumps(row, ensure_ascii=False), nl=False)
    click.echo("\n]")
