"""`kb export KIND`: search results, passages, codes, commitments, findings and actions in the formats of other
tools."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack, cast

import click

from kb.cli.output import echo_json
from kb.cli.shared import (
    OutputPath,
    day,
    document_option,
    facets_option,
    fusion_option,
    mode_option,
    viewer_option,
    warn_of_changes,
)
from kb.cli.telling import telling
from kb.errors import InputError

if TYPE_CHECKING:
    from kb.export.request import RowKind


class _RequestOptions(TypedDict):
    """The options that are passed on unchanged as fields of `Request`."""

    query: str
    mode: str
    fusion: str
    language: str
    limit: int | None
    per_force: int | None
    policy_set: str | None
    session: str | None


_READ = ("commitments/", "framework/", "links/", "sources.yaml", "taxonomy/")
"""Beginnings of the names of the corpus files from which rows are made, in addition to the index."""
KINDS = ("results", "passages", "codes", "commitments", "findings", "actions")


@click.command("export", epilog="Example: kb export results --query 'older persons' --format xlsx --out older.xlsx")
@click.argument("kind", type=click.Choice(KINDS))
@click.option(
    "--format",
    "format",
    default=None,
    help="Format of the file: csv, xlsx, jsonl, parquet, markdown, html, docx, bibtex, ris, csl-json, "
    "web-annotation or qdpx. Default: the ending of --out, otherwise csv.",
)
@click.option(
    "--query", default="", help="For results: what to search for, as in kb search. Results need a query or a --facet."
)
@mode_option
@fusion_option
@document_option
@facets_option("Only rows with this value of a facet, e.g. group=older-persons; may be repeated.")
@click.option("--language", default="", help="Only passages in this language, e.g. es.")
@click.option(
    "--layout",
    default=None,
    help="Layout of a table: rows (every field; can be read back), reading (for people), page (fits "
    "paper), long (one line per tag), wide (one 0/1 column per tag) or implementation (with "
    "responsible body, deadline and status, as governments follow up recommendations). For docx and html also book "
    "(quotations to read); for bibtex, ris and csl-json also instruments (one reference for each).",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=None,
    help="Write at most this number of rows; the file says how many there are in all.",
)
@click.option(
    "--per-force",
    type=click.IntRange(min=1),
    default=None,
    help="For results: only this number of passages of each force (kb search shows ten); default: all that match.",
)
@click.option(
    "--set",
    "policy_set",
    default=None,
    help="Id of an assessment: needed for findings; for actions, only those that serve it.",
)
@click.option("--session", default=None, help="For codes: only those of this coding session.")
@viewer_option
@click.option("--date", default="", help="Date to print in the file, e.g. 2026-11-30; default: the date of the index.")
@click.option(
    "--out",
    type=OutputPath(),
    default=None,
    help="File to write; missing folders are created. Default: a file in the working folder.",
)
@click.option(
    "--preview",
    "first",
    type=click.IntRange(min=1),
    default=None,
    help="Print this number of first rows and write no file.",
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
    **asked: Unpack[_RequestOptions],
) -> None:
    """Write passages, codes, commitments, findings or actions to a file for other programs. Each row has text, whose
    words it is, citation, place, hash, force and tags; the file says how it was made."""
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
    request = Request(kind=cast("RowKind", kind), filters=tuple(filters), date=date, **asked)
    if first:
        echo_json([row.model_dump(mode="json") for row in preview(bench, request, first)])
        return
    out = out or Path(f"{kind}{suffix}")
    with telling(begin=f"writing {out.name}", late=True) as (_, progress):
        path = write(bench, request, format, out, layout=layout, progress=progress)
    beside = sidecar_of(path, format)
    click.echo(f"{path}" + (f" and {beside.name}" if beside else ""))
