"""`kb export KIND`: search results, passages, codes, commitments, findings and actions in the formats of other
tools."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack, cast

import click

from kb.cli.output import echo_json
from kb.cli.shared import Target, day, warn_of_changes
from kb.cli.telling import telling
from kb.errors import InputError

if TYPE_CHECKING:
    from kb.export.request import Kind


class _Asked(TypedDict):
    """The options that `Request` takes unchanged."""

    query: str
    mode: str
    fusion: str
    language: str
    limit: int | None
    per_force: int | None
    policy_set: str | None
    session: str | None


_READ = ("commitments/", "framework/", "links/", "sources.yaml", "taxonomy/")
"""Beginnings of the names of the files that rows are made from, besides the index."""
KINDS = ("results", "passages", "codes", "commitments", "findings", "actions")


@click.command("export", epilog="Example: kb export results --query 'older persons' --format xlsx --out older.xlsx")
@click.argument("kind", type=click.Choice(KINDS))
@click.option(
    "--format",
    "format",
    default=None,
    help="csv, xlsx, jsonl, parquet, markdown, html, docx, bibtex, ris, csl-json, web-annotation or qdpx; else by "
    "the ending of --out, or csv.",
)
@click.option("--query", default="", help="What to search for; results need it, or a facet.")
@click.option("--mode", default="hybrid", show_default=True, help="As in search: hybrid, lexical or semantic.")
@click.option("--fusion", default="convex", show_default=True, help="As in search: convex or rrf.")
@click.option("--document", default=None, help="Only this document, as in search.")
@click.option(
    "--facet", "facets", multiple=True, metavar="NAME=VALUE", help="Only rows with this facet; may be repeated."
)
@click.option("--language", default="", help="Only passages in this language, e.g. es.")
@click.option(
    "--layout",
    default=None,
    help="rows, reading, page, long, wide (one 0/1 column a tag) or implementation; of documents also book; of "
    "references: instruments.",
)
@click.option(
    "--limit", type=click.IntRange(min=1), default=None, help="At most so many rows; the file says of how many."
)
@click.option(
    "--per-force",
    type=click.IntRange(min=1),
    default=None,
    help="Results: so many of each force, as search shows ten; else all that match.",
)
@click.option("--set", "policy_set", default=None, help="The policy set: needed for findings, a filter for actions.")
@click.option("--session", default=None, help="Codes of this coding session only.")
@click.option("--viewer", default="", help="Name of the coder who asks: blind codes of others stay hidden.")
@click.option("--date", default="", help="Date to print, ISO; else the date of the index.")
@click.option("--out", type=Target(), default=None, help="File to write; folders that are missing are made.")
@click.option(
    "--preview", "first", type=click.IntRange(min=1), default=None, help="Show so many first rows and write nothing."
)
def command(
    kind: str,
    format: str | None,
    facets: tuple[str, ...],
    document: str | None,
    layout: str | None,
    viewer: str,
    date: str,
    out: Path | None,
    first: int | None,
    **asked: Unpack[_Asked],
) -> None:
    """Write rows with text, whose words it is, citation, place, hash, force and tags; the file says how it was made."""
    from kb.export import format_named, format_of, sidecar_of
    from kb.export.collect import Bench
    from kb.export.request import CODED, Request, preview, write
    from kb.search.filters import read_filter

    if viewer and kind not in CODED:
        raise InputError(f"{kind.capitalize()} carry no codes, so nobody's are hidden.", do="Leave --viewer out.")
    format = format_of(out, format)
    suffix = format_named(format).suffix
    day(date)
    warn_of_changes(*_READ)
    filters = [*([("document", document)] if document else []), *map(read_filter, facets)]
    bench = Bench.here(viewer)
    request = Request(kind=cast("Kind", kind), filters=tuple(filters), date=date, **asked)
    if first:
        echo_json([row.model_dump(mode="json") for row in preview(bench, request, first)])
        return
    out = out or Path(f"{kind}{suffix}")
    with telling(begin=f"writing {out.name}", late=True) as (_, progress):
        path = write(bench, request, format, out, layout=layout, progress=progress)
    beside = sidecar_of(path, format)
    click.echo(f"{path}" + (f" and {beside.name}" if beside else ""))
