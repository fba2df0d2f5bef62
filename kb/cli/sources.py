"""`kb sources`: list every official document, its address, and which of its texts are here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kb.amounts import some
from kb.cli.output import echo_json
from kb.cli.screen import styled
from kb.cli.shared import warn_of_changes

if TYPE_CHECKING:
    from kb.citing.installed import SourceState, TextState


@click.command("sources", epilog="Example: kb sources")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def command(as_json: bool) -> None:
    """List the official documents: address, whether the text is in the library, its hash, and how much of the register
    is verified."""
    from kb.citing.installed import states
    from kb.config import settings

    warn_of_changes("sources.yaml", "commitments/")
    found = states(settings())
    if as_json:
        echo_json([{**state.model_dump(mode="json"), "official_url": state.url} for state in found])
        return
    for state in found:
        _show(state)


def _show(state: SourceState) -> None:
    """Print one source of the corpus in a few lines."""
    mark = "here" if state.here else "not here"
    click.echo(f"{styled(state.id, 'bold')}  {state.title}{f' ({state.symbol})' if state.symbol else ''}: {mark}")
    click.echo(f"   {state.url}{'' if state.url_verified else '  (address unverified)'}")
    if state.sha256:
        origin = f" · from {state.origin}, {state.added[:10]}" if state.origin and state.added else ""
        click.echo(
            f"   sha256 {state.sha256[:16]}… · {state.language}{origin}"
            + (f"; also in {', '.join(state.others)}" if state.others else "")
        )
    if state.fault:
        click.echo(f"   ! {state.fault}")
    if state.entries:
        counts = ", ".join(f"{count} {name}" for name, count in sorted(state.verified.items()))
        by_project = "; checked by the project against its own file, which may be another than the one here"
        held = some(state.entries, "entry")
        click.echo(f"   register: {held} ({counts})" + (by_project if _is_another(state) else ""))
    for text in state.texts:
        click.echo(f"   {text.language}: {_words(text)}")
    for warning in state.warnings:
        click.echo(f"   ! the file that is here: {warning}")
    for note in state.notes:
        click.echo(f"   ! {note}")
    if not state.here:
        click.echo(f"   get it: kb fetch {state.id}, or kb add FILE --as {state.id}")


def _is_another(state: SourceState) -> bool:
    """Return whether the library has a text of this source which is not the file that the register was checked
    against."""
    return any(text.here and not text.same for text in state.texts)


def _words(text: TextState) -> str:
    """Describe one language of a source: what is here, what was checked, what is missing."""
    if text.same:
        return f"here, the file that the register was checked against ({text.what})"
    if text.here and text.checked:
        return "here, another file than the one that the register was checked against; compare: kb verify --register"
    if text.here:
        return "here, not yet compared with the register by the project; compare: kb verify --register"
    if text.checked:
        return f"not here; the register was checked against it: sha256 {(text.sha256 or '')[:16]}…, {text.what}"
    return "not here, and no text in this language was read for the register"
