"""`kb counts`: passages by code, with their denominators; by group; codes together; as a table or a plot."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from kb.amounts import some
from kb.cli.output import echo_json, echo_jsonl
from kb.cli.shared import (
    OutputPath,
    command_again,
    document_option,
    json_option,
    known_document,
    known_facets,
    report_sealed,
    wording_option,
)

if TYPE_CHECKING:
    from kb.coding.analysis import Count, Side, Together
    from kb.export.collect import Bench
    from kb.models import Passage


@click.command("counts", epilog="Example: kb counts group --by document --plot groups.vl.json")
@click.argument("facet")
@click.option(
    "--by",
    default=None,
    help="Count separately for each value of: document, force, kind, language, part, wording, "
    "verified; another facet, e.g. country; or a fact about the source: source.country, "
    "source.year, source.body, or an attribute, e.g. source.Region.",
)
@click.option(
    "--with",
    "other",
    default=None,
    help="Count pairs of codes on the same passage: a code of FACET and a code of this facet.",
)
@click.option(
    "--within",
    type=click.Choice(["passage", "span"]),
    default="passage",
    show_default=True,
    help="With --with: count pairs on the same passage, or only on overlapping words (span). A code "
    "without a span is on all words of its passage.",
)
@click.option(
    "--side",
    type=click.Choice(["either", "machine", "person"]),
    default="either",
    show_default=True,
    help="Whose codes count. Codes of the machine and of people are added up only with 'either'.",
)
@document_option
@wording_option
@click.option(
    "--plot", type=OutputPath(), help="Also write a plot (Vega-Lite) to FILE, with the numbers and how they were made."
)
@click.option(
    "--table",
    type=OutputPath(),
    help="Also write the numbers as a CSV table to FILE; a file FILE-metadata.json beside it says how they were made.",
)
@click.option("--jsonl", is_flag=True, help="Print one JSON object per line.")
@json_option
def command(
    facet: str,
    by: str | None,
    other: str | None,
    within: Literal["passage", "span"],
    side: Side,
    document: str | None,
    wording: str | None,
    plot: Path | None,
    table: Path | None,
    jsonl: bool,
    as_json: bool,
) -> None:
    """Count passages by the codes of FACET, a facet such as group. The figures say how many passages have a code; they
    do not measure a country or a text."""
    from kb.coding import plots
    from kb.coding.analysis import Count, Together, by_group, counts, together
    from kb.export.collect import Bench, with_codes
    from kb.export.tables import made_by, write_table

    bench = Bench.here()
    known_document(bench.store, document)
    passages = [
        with_codes(p, bench.codings.get(p.id, ()))
        for p in bench.store.passages(document)
        if wording in (None, p.wording)
    ]
    if of_documents := sum(
        c.of_document for own in bench.codings.values() for c in own if document in (None, c.passage)
    ):
        codes_on_documents = some(of_documents, "code stands", "codes stand")
        click.echo(f"note: {codes_on_documents} on documents as a whole; no passage counts for them", err=True)
    if side != "machine":
        report_sealed(bench.sealed())
    attribute = by if by and by.startswith("source.") else None
    coded = {tag.facet for p in passages for tag in p.tags}
    known_facets(bench.store, facet, None if attribute else by, other, coded=coded)
    title = facet + (f" by {by}" if by else f" with {other}" if other else "")
    found: Sequence[Count | Together]
    if other:
        found = pairs = together(passages, facet, other, side=side, within=within)
        draw = partial(plots.pairs, pairs, title)
    else:
        groups = _of_source(bench, attribute) if attribute else None
        single = by_group(passages, facet, by, side=side, groups=groups) if by else counts(passages, facet, side=side)
        found, draw = single, partial(plots.grid if by else plots.bars, single, title)
    if plot:
        _write(plot, {**draw().spec, "usermeta": made_by(bench, command_again()).model_dump(mode="json")})
    if table:
        names = list((Together if other else Count).model_fields)
        write_table(bench, table, names, ([getattr(one, name) for name in names] for one in found), command_again())
    if jsonl or as_json:
        echo_json(list(found)) if as_json else echo_jsonl(found)
        return
    for one in found:
        click.echo(_together(one) if isinstance(one, Together) else _count(one))


def _of_source(bench: Bench, attribute: str) -> Callable[[Passage], list[str]]:
    """Return a function that groups passages by an attribute of their source. Raises InputError for an attribute that
    no source has."""
    from kb.errors import InputError
    from kb.export.cases import VARIABLES, values_of

    name = attribute.removeprefix("source.")
    given = {each.name for source in bench.sources.values() for each in source.attributes}
    if name.casefold() not in {each.casefold() for each in (*VARIABLES, *given)}:
        known = ", ".join(f"source.{each}" for each in (*map(str.lower, VARIABLES), *sorted(given)))
        raise InputError(f"sources have no '{attribute}'.", do=f"Attributes are: {known}.")
    return lambda passage: values_of(bench.source_of(passage.document), name) or ["(none)"]


def _count(one: Count) -> str:
    return (
        f"{one.group + '  ' if one.group else ''}{one.code}: {one.n} of {one.of} ({one.share:.1%}; {one.of_coded} "
        f"coded){_words(one)}"
    )


def _together(one: Together) -> str:
    return (
        f"{one.a} + {one.b}: {one.n} of {one.of} (alone {one.n_a} and {one.n_b}; Jaccard "
        f"{one.jaccard:.2f}){_words(one)}"
    )


def _words(one: Count | Together) -> str:
    """Return numerator and denominator separately for verbatim passages and for passages in this project's own words;
    '' when all are verbatim."""
    if not one.of_own_words:
        return ""
    return f" · verbatim {one.n_verbatim} of {one.of_verbatim}, own words {one.n_own_words} of {one.of_own_words}"


def _write(path: Path, spec: dict) -> None:
    from kb.files import written

    with written(path) as beside:
        beside.write_text(json.dumps(spec, ensure_ascii=False, indent=1), encoding="utf-8")
