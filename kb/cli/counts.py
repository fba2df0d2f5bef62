"""`kb counts`: passages by code, with their denominators; by group; codes together; as a table or a plot."""

from __future__ import annotations

import json
from pathlib import Path

import click

from kb.cli.output import echo_jsonl
from kb.cli.shared import known_document, known_facets, wording_option


@click.command("counts", epilog="Example: kb counts group --by document --plot groups.vl.json")
@click.argument("facet")
@click.option(
    "--by",
    default=None,
    help="document, force, kind, language, part, wording, verified, or another facet, e.g. country.",
)
@click.option("--with", "other", default=None, help="Codes on the same passage: this facet's, or another's.")
@click.option(
    "--side",
    type=click.Choice(["either", "machine", "person"]),
    default="either",
    show_default=True,
    help="Whose tags count; machine and person are never added up but in 'either'.",
)
@click.option("--document", default=None, help="Only this document.")
@wording_option
@click.option(
    "--plot", type=click.Path(dir_okay=False, path_type=Path), help="Also write a Vega-Lite plot with the numbers."
)
@click.option("--jsonl", is_flag=True, help="One JSON object a line.")
def command(
    facet: str,
    by: str | None,
    other: str | None,
    side: str,
    document: str | None,
    wording: str | None,
    plot: Path | None,
    jsonl: bool,
) -> None:
    """Count passages that carry the codes of FACET. Counts are of passages: no measure of a country or a text."""
    from kb.coding import plots
    from kb.coding.analysis import by_group, counts, together
    from kb.export.collect import Bench, with_codes

    bench = Bench.here()
    known_document(bench.store, document)
    passages = [
        with_codes(p, bench.codings.get(p.id, ()))
        for p in bench.store.passages(document)
        if wording in (None, p.wording)
    ]
    known_facets(bench.store, facet, by, other, coded={tag.facet for p in passages for tag in p.tags})
    if other:
        found, draw = together(passages, facet, other, side=side), plots.pairs
    elif by:
        found, draw = by_group(passages, facet, by, side=side), plots.grid
    else:
        found, draw = counts(passages, facet, side=side), plots.bars
    if plot:
        _write(plot, draw(found, f"{facet}" + (f" by {by}" if by else f" with {other}" if other else "")).spec)
    if jsonl:
        echo_jsonl(found)
        return
    for one in found:
        click.echo(_together(one) if other else _count(one))


def _count(one) -> str:
    return f"{one.group + '  ' if one.group else ''}{one.code}: {one.n} of {one.of} ({one.share:.1%}; {one.of_coded} coded){_words(one)}"


def _together(one) -> str:
    return f"{one.a} + {one.b}: {one.n} of {one.of} (alone {one.n_a} and {one.n_b}; Jaccard {one.jaccard:.2f}){_words(one)}"


def _words(one) -> str:
    """Numerator and denominator by whose words the passages are; nothing where all are verbatim."""
    if not one.of_own_words:
        return ""
    return f" · verbatim {one.n_verbatim} of {one.of_verbatim}, own words {one.n_own_words} of {one.of_own_words}"


def _write(path: Path, spec: dict) -> None:
    from kb.files import replacing

    with replacing(path) as beside:
        beside.write_text(json.dumps(spec, ensure_ascii=False, indent=1), encoding="utf-8")
