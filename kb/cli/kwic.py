"""`kb kwic WORDS`: every occurrence of words in its context."""

from __future__ import annotations

from collections import Counter

import click

from kb.amounts import some
from kb.cli.output import counted, echo_json, echo_jsonl, wording_words
from kb.cli.shared import document_option, json_option, known_document, wording_option


@click.command("kwic", epilog="Example: kb kwic 'older person*' --sort right")
@click.argument("words")
@document_option
@wording_option
@click.option(
    "--width",
    type=click.IntRange(1, 500),
    default=50,
    show_default=True,
    help="Number of characters to show on each side.",
)
@click.option(
    "--sort",
    "order",
    default=None,
    help="Sort by the words on the left, by those on the right, or by the words found (hit); default: "
    "order of the sources.",
)
@click.option("--jsonl", is_flag=True, help="Print one JSON object per line.")
@json_option
def command(
    words: str, document: str | None, wording: str | None, width: int, order: str | None, jsonl: bool, as_json: bool
) -> None:
    """Show every occurrence of WORDS with the text around it (a concordance). '*' stands for the rest of a word. Lines
    from this project's own statements are marked."""
    from kb.coding.analysis import concordance, kwic
    from kb.export.collect import Bench

    store = Bench.here().store
    known_document(store, document)
    chosen = (passage for passage in store.passages(document) if wording in (None, passage.wording))
    lines = list(kwic(chosen, words, width=width))
    if order:
        lines = concordance(lines, order)
    if jsonl or as_json:
        echo_json(lines) if as_json else echo_jsonl(lines)
        return
    for line in lines:
        left, right = (" ".join(part.split()) for part in (line.left, line.right))
        click.echo(
            f"{left[-width:]:>{width}} [{line.hit}] {right[:width]:<{width}}  {line.passage}  [{wording_words(line)}]"
        )
    click.echo(
        f"{counted(Counter(line.wording for line in lines))}: {some(len(lines), 'occurrence')} in "
        f"{some(len({line.passage for line in lines}), 'passage')}"
    )
