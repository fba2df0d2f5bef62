"""`kb migrate`: copy the index to an engine on other machines, and compare both."""

from __future__ import annotations

import sys

import click

from kb.amounts import some
from kb.cli.output import echo_json
from kb.cli.telling import telling
from kb.config import settings
from kb.errors import InputError, KBError


@click.command("migrate", epilog="Example: kb migrate --to milvus://localhost:19530")
@click.option("--to", "address", help="Address of the other engine, e.g. milvus://localhost:19530; default: KB_ENGINE.")
@click.option(
    "--sample", type=click.IntRange(1, 10_000), default=50, show_default=True, help="Number of passages to compare."
)
@click.option("--only-compare", is_flag=True, help="Compare the two, but write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
def command(address: str | None, sample: int, only_compare: bool, as_json: bool) -> None:
    """Copy the index to a search engine on other machines, beside the index that is there, and compare the copy with
    this one. Exit code 1 if they differ.

    Texts and vectors are sent to the address that you give, and nowhere else.
    """
    from kb.build.migrate import compare, fill
    from kb.engine.milvus import MilvusEngine, MilvusWriter
    from kb.index.live import open_index

    config = settings()
    wanted = address or config.engine
    if not wanted:
        raise InputError("no engine is named.", do="Give --to milvus://host:19530 or --to milvus:///folder/kb.db")
    index = open_index(config.indexes, config.corpus)
    with telling(not as_json) as (say, progress):
        if not only_compare:
            say(f"writing {some(index.store.size, 'passage')}")
            writer = MilvusWriter(wanted, index.engine_here.spaces, build=index.folder.name)
            fill(index, writer, (lambda line: None) if as_json else click.echo)
        say("comparing what answers there with what answers here")
        found = compare(index, MilvusEngine(wanted, build=index.folder.name), sample, progress)
    if as_json:
        echo_json({**vars(found), "same": found.is_same})
    else:
        there = some(found.passages, "passage")
        click.echo(f"{there} there; {found.sampled} compared, the nearest of each: {found.near:.3f}.")
        for line in found.differs:
            click.echo(f"! {line}")
        click.echo("Both answer alike." if found.is_same else f"{len(found.differs)} differ.")
    if not found.is_same:
        sys.exit(KBError.exit_code)
