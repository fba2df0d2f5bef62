"""`kb show ID`: one passage in its context."""
from __future__ import annotations

import click

from kb.cli.output import echo_json
from kb.models import FORCE_WORDS


@click.command("show", epilog="Example: kb show paper/r5")
@click.argument("id")
@click.option("--around", default=1, show_default=True, type=click.IntRange(0, 50), help="Passages before and after.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(id: str, around: int, as_json: bool) -> None:
    """Show a passage with its section, citation, force, place, tags and neighbours."""
    from kb.search import passage_row, searcher
    from kb.search.context import in_context

    found = in_context(searcher().index.store, id, around)
    if as_json:
        echo_json({**passage_row(found.passage), "before": [passage_row(p) for p in found.before],
                   "after": [passage_row(p) for p in found.after], "parts": [passage_row(p) for p in found.parts]})
        return
    _show(found)


def _show(found) -> None:
    passage, place = found.passage, found.passage.place
    click.echo(click.style(" › ".join(passage.section) or passage.document, dim=True) + "\n")
    for other in found.before:
        click.echo(click.style(f"   {other.text}\n", dim=True))
    click.echo(click.style(f"{passage.id}", bold=True) + f"  [{passage.kind}]\n   {passage.text}\n")
    for other in found.after:
        click.echo(click.style(f"   {other.text}\n", dim=True))
    click.echo(f"Citation  {passage.citation}")
    click.echo(f"Force     {FORCE_WORDS[passage.force]}")
    where = [f"lines {place.lines[0]}–{place.lines[1]}" if place.lines else "", f"page {place.page}" if place.page else "",
             f"characters {place.chars[0]}–{place.chars[1]}" if place.chars else ""]
    click.echo(f"Place     {place.file}, {', '.join(w for w in where if w)}, sha256 {place.sha256[:12]}…")
    for label, values in _lines(found):
        click.echo(f"{label:9} {values}")


def _lines(found):
    """(label, values) of part, duty-bearer, tags by facet, mentions, notes and parts, where there are any."""
    passage = found.passage
    if passage.part:
        yield "Part", passage.part
    if passage.duty_bearer:
        yield "Duty", passage.duty_bearer
    facets: dict[str, list[str]] = {}
    for tag in passage.tags:
        facets.setdefault(tag.facet, []).append(tag.id if tag.state == "proposed" else f"{tag.id} ({tag.state})")
    for facet, terms in facets.items():
        yield "Tag", f"{facet}: {', '.join(dict.fromkeys(terms))}"
    for mention in passage.mentions:
        yield "Mention", f"{mention.kind}: {mention.text}"
    for note in passage.notes:
        yield "Note", note
    if found.parts:
        yield "Parts", ", ".join(part.id for part in found.parts)
