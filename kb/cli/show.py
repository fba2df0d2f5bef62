"""`kb show ID`: one passage in its context."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from kb.amounts import of_lines
from kb.citing.printed import printed
from kb.cli.output import as_record, echo_json, location, wording_words
from kb.cli.screen import styled
from kb.commitments.links import KIND_WORDS
from kb.errors import KBError, NotFound
from kb.models import FORCE_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.citing.about import About
    from kb.search.context import PassageContext


@click.command("show", epilog="Example: kb show paper/r5")
@click.argument("id")
@click.option(
    "--around",
    default=1,
    show_default=True,
    type=click.IntRange(0, 50),
    help="Number of passages to show before and after it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the passage as JSON.")
def command(id: str, around: int, as_json: bool) -> None:
    """Show one passage with its section, citation, force, place, tags and neighbours."""
    from kb.citing.about import about
    from kb.config import settings
    from kb.index.alike import near_in_words
    from kb.search import live_searcher
    from kb.search.context import in_context

    index = live_searcher().index
    if index.store.get(id) is None and (other := _other(id, index.store.get)):
        raise other
    found = in_context(index.engine, id, around)
    beside = about(found.passage, near_in_words(index, found.passage), settings())
    if as_json:
        echo_json(_answer(found, beside))
        return
    _show(found, beside)
    _beside(beside)


def _other(id: str, holds: Callable[[str], object]) -> KBError | None:
    """Return the error for the identifier of a recommendation or a criterion, which `kb show` does not show; None for
    any other identifier. `holds` returns whether a passage exists."""
    from kb.api.other_names import other_name
    from kb.config import settings
    from kb.framework import load

    known = [each.id for one in load(settings().corpus / "framework").recommendations for each in one.criteria]
    if id in known:
        return NotFound(f"'{id}' is a criterion, no passage.", do=f"See it in a policy set: kb findings show SET {id}")
    return other_name(id, known, holds=holds)


def _answer(found: PassageContext, beside: About) -> dict[str, object]:
    """Return the passage as a record as in every other answer, with records of what belongs to it (`beside`)."""
    return {
        **as_record(found.passage),
        "before": [as_record(p) for p in found.before],
        "after": [as_record(p) for p in found.after],
        "parts": [as_record(p) for p in found.parts],
        "about": {
            **beside.model_dump(mode="json", exclude={"official"}),
            "official": [as_record(p) for p in beside.official],
        },
    }


def _show(found: PassageContext, beside: About) -> None:
    passage, place = found.passage, found.passage.place
    click.echo(styled(" › ".join(passage.section) or passage.document, "dim") + "\n")
    for other in found.before:
        click.echo(styled(f"   {other.shown}\n", "dim"))
    click.echo(styled(f"{passage.id}", "bold") + f"  [{passage.kind}]\n   {passage.shown}\n")
    for other in found.after:
        click.echo(styled(f"   {other.shown}\n", "dim"))
    click.echo(f"Citation  {passage.citation}")
    click.echo(f"Force     {FORCE_WORDS[passage.force]}")
    click.echo(f"Wording   {wording_words(passage)}")
    click.echo(f"Place     {place.file}, {location(place)}, sha256 {place.sha256[:12]}…")
    _official(beside)
    for label, values in _lines(found):
        click.echo(f"{label:9} {values}")


def _official(beside: About) -> None:
    """Print an entry's official text, or what is missing of it, before the entry's own statement."""
    if beside.official:
        place, where = beside.official[0].place, location(*(passage.place for passage in beside.official))
        head = "Official text, word for word" + (", not whole" if beside.missing else "")
        click.echo(f"\n{head} ({place.file}, {where}, sha256 {place.sha256[:12]}…)")
        for _, text in printed(beside.official):
            click.echo(f"   {text}")
        click.echo()
    if beside.missing:
        click.echo(f"Official  {beside.missing}")


def _beside(beside: About) -> None:
    """Print links, what the background paper says, and passages with nearly the same words, if there are any."""
    if beside.entry:
        click.echo(f"Entry     {beside.entry}: the register's statement of it in our words")
    if beside.links:
        click.echo("\nLinks")
    for one in beside.links:
        lines = f" {of_lines(one.lines)}" if one.lines else ""
        click.echo(
            f"   {one.source}{lines} {KIND_WORDS[one.type]} {one.target} ({one.sign}, {one.state}, by {one.origin})"
        )
        click.echo(styled(f"      {one.rationale}{f' Note: {one.note}' if one.note else ''}", "dim"))
    if beside.account:
        click.echo("\nThe background paper on it (what it says, in this project's words)")
    for account in beside.account:
        click.echo(f"   {of_lines(account.lines)} ({', '.join(account.entries) or 'no entry'}): {account.says}")
        click.echo(styled(f"      Note: {account.note.strip()}", "dim"))
    if beside.alike:
        click.echo("\nNearly the same words")
    for other in beside.alike:
        click.echo(
            f"   {other.label}, {other.containment:.0%} of the wording: {other.id}, {other.citation} · "
            f"{FORCE_WORDS[other.force]}"
        )


def _lines(found: PassageContext) -> Iterator[tuple[str, str]]:
    """Yield label and value of part, duty-bearer, tags by facet, mentions, notes and parts, if there are any."""
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
