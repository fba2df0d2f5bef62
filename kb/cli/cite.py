"""`kb cite`: from a citation as typed to the commitment and its verbatim text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kb.citing.printed import LEFT_OUT, printed
from kb.cli.output import echo_json, location, wording_words
from kb.cli.screen import styled
from kb.cli.shared import warn_of_changes
from kb.models import FORCE_WORDS

if TYPE_CHECKING:
    from kb.citing.cited import Cited
    from kb.models import Passage

_FORMATS = ("plain", "oscola", "apa", "chicago", "bibtex", "ris", "csl-json")


@click.command("cite", epilog='Example: kb cite "CRPD art. 33(2)" --format oscola')
@click.argument("citation", nargs=-1, required=True)
@click.option("--format", "style", type=click.Choice(_FORMATS), help="Print only the citation, in this style.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def command(citation: tuple[str, ...], style: str | None, as_json: bool) -> None:
    """Find the text that a citation such as "CRPD art. 33(2)" names, in the register and in the official texts.

    Several places in one citation ("CRPD arts. 19 and 28", "BPfA paras 58-60") are all answered. If a word names a
    document that is not known here, the citation is refused.
    """
    from kb.citing.installed import open_citations
    from kb.config import settings

    warn_of_changes()
    found = open_citations(settings()).resolve(" ".join(citation))
    if as_json:
        echo_json(_answer(found))
    elif style:
        from kb.citing.styles import format_citations

        click.echo(format_citations((found, *found.also), style))
    else:
        _show(found)
        for each in found.also:
            click.echo()
            _show(each)


def _answer(found: Cited) -> dict[str, object]:
    """Return the answer as JSON values. `record` and each of `passages` have the fields of `kb.api.Record`, as in other
    commands; `also` has the answers for further places of the same citation. Needs no index."""
    from kb.api.records import record_of
    from kb.citing.reference import pinpoint_in, place_of
    from kb.config import settings
    from kb.sources.manifest import load_manifest

    names = {source.id: source.cite_as for source in load_manifest(settings().corpus).sources}

    def record(passage: Passage) -> dict[str, object]:
        """Return the record of a passage, ready for JSON."""
        pinpoint = pinpoint_in(passage, names.get(found.instrument, ""))
        return record_of(passage, found.url, pinpoint).model_dump(mode="json")

    entry = _entry_of(found)
    return {
        **found.model_dump(mode="json", exclude={"passages", "also"}),
        "citation": found.identifier,
        "pinpoint": place_of(found),
        "official_url": found.url,
        "record": record(entry) if entry else None,
        "passages": [record(each) for each in found.passages],
        "also": [_answer(each) for each in found.also],
    }


def _entry_of(found: Cited) -> Passage | None:
    """Return the register's statement of the cited place, as a passage; None if the register has no entry for the
    place."""
    from kb.commitments.documents import register_document
    from kb.config import settings

    if not found.entry:
        return None
    corpus = settings().corpus
    register = register_document(corpus / "commitments" / f"{found.instrument}.yaml", corpus)
    return next(passage for passage in register.passages if passage.id == found.entry.id)


def _show(found: Cited) -> None:
    """Print the answer for people: the identifier, the official text, this project's own statement, and notes."""
    click.echo(f"{styled(found.identifier, 'bold')}  {found.title}{f' ({found.symbol})' if found.symbol else ''}")
    click.echo(f"{FORCE_WORDS[found.force]} · {found.id}")
    if found.passages:
        place, where = found.passages[0].place, location(*(passage.place for passage in found.passages))
        head = (
            ("Official text, word for word" if found.entry else "Word for word")
            if found.may_quote
            else "Not to be quoted"
        )
        if found.missing:
            head += f", not whole: {', '.join(found.missing[:3])}{' …' if len(found.missing) > 3 else ''} missing"
        click.echo(f"\n{head} ({place.file}, {where}, sha256 {place.sha256[:12]}…)")
    left_out = False
    for passage, text in printed(found.passages):
        heading = passage is not None and passage.kind == "heading"
        click.echo(f"\n  {styled(text, 'bold')}" if heading else f"  {text}")
        left_out |= passage is None
    if left_out:
        click.echo(
            f"! {LEFT_OUT}: the text has words there that belong to no paragraph (a heading, the head of a page)"
        )
    if found.entry:
        click.echo(f"\nIn our words: {' '.join(found.entry.statement.split())}")
        click.echo(f"({wording_words(found.entry)})")
        if found.entry.scope:
            click.echo(f"Scope: {' '.join(found.entry.scope.split())}")
    for note in found.notes:
        click.echo(f"! {note}")
    if found.url:
        click.echo(found.url)
