"""`kb fetch [ID…]`: download official texts that are missing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.amounts import some
from kb.cli.output import bar_console, echo_json
from kb.cli.screen import plain
from kb.cli.shared import no_build_option
from kb.cli.telling import telling
from kb.errors import InputError, KBError

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb.sources.fetch import Rules
    from kb.sources.library import LibraryRecord


@click.command("fetch", epilog="Example: kb fetch crpd")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--url", default="", help="Download from this address instead of the listed one; only with one ID.")
@click.option("--replace", is_flag=True, help="Also download texts that the library has already, and replace them.")
@click.option("--anyway", is_flag=True, help="Keep a file although its text does not look like the document.")
@click.option("--allow-http", is_flag=True, help="Also accept addresses without encryption (http).")
@no_build_option
@click.option("--json", "as_json", is_flag=True, help="Print the records of the new texts as JSON.")
def command(
    ids: tuple[str, ...], url: str, replace: bool, anyway: bool, allow_http: bool, no_build: bool, as_json: bool
) -> None:
    """Download the missing official texts from their listed addresses, add them to the library and update the index.
    With IDs, download only these."""
    from kb.citing.installed import states
    from kb.config import settings
    from kb.sources.manifest import load_manifest

    if url and len(ids) != 1:
        raise InputError("--url goes with one ID.", do="Give the ID of the document that the address holds.")
    here = {state.id: state for state in states(settings()) if state.url}
    wanted = ids or tuple(id for id, state in here.items() if not state.here)
    records, there, failed, code = [], [], [], 0
    for id in wanted:
        try:
            address = url or load_manifest(settings().corpus).get(id).url
            if id in here and here[id].here and not replace:
                there.append(id)
                click.echo(f"{id}: is here already; --replace fetches it again", err=True)
                continue
            records.append(_one(id, address, replace, anyway, allow_http, not as_json))
        except KBError as error:
            click.echo(f"{id}: {error}", err=True)
            failed.append(id)
            code = error.exit_code
    if as_json:
        echo_json(records)
    click.echo(
        f"{len(records)} fetched, {len(there)} here already, {len(failed)} failed"
        + (f": {', '.join(failed)}" if failed else ""),
        err=True,
    )
    if records:
        _publish(no_build, not as_json)
    sys.exit(code)


def _publish(no_build: bool, shows: bool) -> None:
    """Update the index once for all texts that were added; print the progress if `shows`. Without an index, or with
    `no_build`, only print how to update it later."""
    from kb.build import pipeline
    from kb.config import settings
    from kb.workspace.shelf import LATER, has_index

    if no_build or not has_index(settings()):
        click.echo(LATER.replace("it", "them"), err=True)
        return
    with telling(shows, "bringing the index up to date") as (say, progress):
        pipeline.run(settings(), say, progress)
    click.echo("They can be searched now.", err=True)


def _one(id: str, url: str, replace: bool, anyway: bool, allow_http: bool, shows: bool) -> LibraryRecord:
    """Fetch, check and add one text, and return its record. The download is kept in a folder of its own until it is
    accepted."""
    from kb.config import settings
    from kb.sources.fetch import fetch
    from kb.workspace.intake import Arrival, take
    from kb.workspace.shelf import Publishing

    incoming = settings().library / ".incoming"
    with _bar(id) as progress:
        got = fetch(url, incoming, id, rules=rules_for(allow_http), progress=progress)
    file = incoming / got.file
    try:
        with telling(shows) as (say, progress):
            taken = take(
                settings(),
                Arrival(file, official=id, replace=replace, anyway=anyway, origin=got.final_url),
                publishing=Publishing(now=False, say=say, progress=progress),
            )
    except KBError:
        click.echo(f"{id}: the download is kept at {_shown(file)}", err=True)
        raise
    file.unlink()
    record = taken.record
    click.echo(
        f"{id}: {record.file} ({some(got.bytes, 'byte')} from {', '.join(got.hosts)}, sha256 {got.sha256[:16]}…)",
        err=True,
    )
    return record


def rules_for(allow_http: bool) -> Rules:
    """Return the rules of a download; addresses without encryption are allowed only where a person said so."""
    from kb.sources.fetch import Rules

    return Rules(schemes=("https", "http") if allow_http else ("https",))


def _shown(file: Path) -> str:
    """Return a path, relative to the working folder if it is below that."""
    return str(file.relative_to(Path.cwd())) if file.is_relative_to(Path.cwd()) else str(file)


class _bar:
    """Context manager for a progress bar on stderr, with the time left. Its value is a function `(bytes received, bytes
    in all)` that updates the bar."""

    def __init__(self, id: str) -> None:
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

        self.bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
            console=bar_console(),
            transient=True,
        )
        self.task = self.bar.add_task(plain(id), total=None)

    def __enter__(self) -> Callable[[int, int | None], None]:
        self.bar.start()
        return lambda here, total: self.bar.update(self.task, completed=here, total=total)

    def __exit__(self, *_: object) -> None:
        self.bar.stop()
