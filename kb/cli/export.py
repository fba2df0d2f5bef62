"""`kb export KIND`: search results, passages, codes, commitments, findings and actions in the formats of other tools."""
from __future__ import annotations

from itertools import islice
from pathlib import Path

import click

from kb.cli.output import echo_json
from kb.cli.shared import day
from kb.errors import InputError

KINDS = ("results", "passages", "codes", "commitments", "findings", "actions")


@click.command("export", epilog="Example: kb export results --query 'older persons' --format xlsx --out older.xlsx")
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--format", "format", default="csv", show_default=True, help="A format; --formats lists them.")
@click.option("--query", default="", help="What to search for; needed for results.")
@click.option("--facet", "facets", multiple=True, metavar="NAME=VALUE", help="Only rows with this facet; may be repeated.")
@click.option("--layout", default=None, help="rows, reading, page, long, wide (one 0/1 column a tag) or implementation.")
@click.option("--limit", type=click.IntRange(min=1), default=None, help="At most so many rows.")
@click.option("--set", "policy_set", default=None, help="The policy set: needed for findings, a filter for actions.")
@click.option("--session", default=None, help="Codes of this coding session only.")
@click.option("--viewer", default="", help="Name of the coder who asks: blind codes of others stay hidden.")
@click.option("--date", default="", help="Date to print, ISO; else the date of the index.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=None, help="File to write.")
@click.option("--preview", type=click.IntRange(min=1), default=None, help="Show so many first rows and write nothing.")
def command(kind: str, format: str, query: str, facets: tuple[str, ...], layout: str | None, limit: int | None,
            policy_set: str | None, session: str | None, viewer: str, date: str, out: Path | None,
            preview: int | None) -> None:
    """Write rows with text, citation, place, hash, force and tags; the file says how it was made."""
    from kb.export import export, format_named, sidecar_of
    from kb.export.collect import Bench
    from kb.export.download import rows_of

    chosen = format_named(format)
    bench, filters = Bench.here(viewer), [_pair(facet) for facet in facets]
    if query and kind != "results":
        raise InputError(f"A query finds results, not {kind}.", do="Export results, or filter with --facet.")
    found = rows_of(bench, kind, query=query, filters=filters, policy_set=policy_set, session=session)
    rows = islice(found, preview or limit)
    if preview:
        echo_json([row.model_dump(mode="json") for row in rows])
        return
    day(date)
    path = out or Path(f"{kind}{chosen.suffix}")
    export(rows, format, path, bench.provenance(kind, query, filters, date), layout=layout, text_of=bench.text_of,
           codebook=_codebook(bench) if format == "qdpx" else None)
    beside = sidecar_of(path, format)
    click.echo(f"{path}" + (f" and {beside.name}" if beside else ""))


def _codebook(bench):
    from kb.coding.from_taxonomy import codebook_here

    return codebook_here(bench.now.corpus)


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not value:
        raise InputError(f"'{text}' is no facet filter.", do="Write it as NAME=VALUE, e.g. group=older-persons.")
    return name, value
