"""`kb sample`: draw passages to code, by facet and uncertainty; the same seed draws the same sample."""

from __future__ import annotations

import click

from kb.amounts import some
from kb.cli.output import counted, echo_json
from kb.cli.shared import document_option, known_document, known_facets, seed_option, wording_option


@click.command("sample", epilog="Example: kb sample 40 --facet group --uncertain --seed 7 --json")
@click.argument("size", type=int)
@click.option("--facet", default=None, help="Draw from the terms of this facet in turn, so that each is represented.")
@click.option("--uncertain", is_flag=True, help="Draw the passages whose machine tags are least certain first.")
@document_option
@wording_option
@seed_option("draws the same sample")
@click.option("--json", "as_json", is_flag=True, help="Print the sample as JSON.")
def command(
    size: int, facet: str | None, uncertain: bool, document: str | None, wording: str | None, seed: int, as_json: bool
) -> None:
    """Draw a random sample of passages for coding. Headings and tables of contents are left out. The sample is only
    printed; kb codes open draws one and keeps it."""
    from kb.coding.sample import draw
    from kb.export.collect import Bench

    store = Bench.here().store
    known_document(store, document)
    known_facets(store, facet)
    passages = (
        p
        for p in store.passages(document)
        if wording in (None, p.wording) and p.kind not in ("heading", "title", "contents")
    )
    found = draw(passages, size, facet=facet, by_uncertainty=uncertain, seed=seed)
    if as_json:
        echo_json(found)
        return
    click.echo(f"passage  {facet or 'drawn from'}  uncertainty of its tags (0 to 1)")
    for one in found.drawn:
        click.echo(f"{one.passage}  {one.stratum}  {one.uncertainty:.2f}")
    click.echo(
        f"Not kept: a sample that a study rests on is drawn with its session, kb codes open --sample {size}, which "
        f"the log holds.",
        err=True,
    )
    click.echo(
        f"{len(found.drawn)} of {some(found.population, 'passage')}, seed {seed} "
        f"(drawn: {counted(found.drawn_wordings)}; of: {counted(found.wordings)})"
    )
