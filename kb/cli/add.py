"""`kb add FILE`: add an official text or a policy to the user's library."""

from __future__ import annotations

from pathlib import Path

import click

from kb.amounts import some
from kb.cli.output import echo_json
from kb.cli.shared import no_build_option
from kb.cli.telling import telling
from kb.errors import InputError, NotFound
from kb.files import readable


@click.command("add", epilog="Example: kb add crpd.pdf --as crpd")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "source_id", metavar="ID", help="FILE is this official document; kb sources lists the ids.")
@click.option(
    "--policy",
    is_flag=True,
    help="FILE is a national policy or law. Then --country, --title, --date and --status are needed.",
)
@click.option("--country", default="", help="Country of the policy: three letters of ISO 3166-1, e.g. KEN.")
@click.option("--title", default="", help="Title of the policy.")
@click.option("--date", default="", help="Date of the policy: 2011, 2011-05 or 2011-05-30.")
@click.option("--status", default="", help="Legal status of the policy: in-force, adopted, draft, repealed or unknown.")
@click.option(
    "--language",
    default="",
    help="Language of FILE as an ISO 639-1 code, e.g. es; default: as the document states it, otherwise en.",
)
@click.option("--replace", is_flag=True, help="If the library has this document already, replace it by FILE.")
@click.option(
    "--anyway", is_flag=True, help="Add FILE although its text does not look like the document that you named."
)
@no_build_option
@click.option("--json", "as_json", is_flag=True, help="Print the record of the new document as JSON.")
def command(
    file: Path,
    source_id: str | None,
    policy: bool,
    country: str,
    title: str,
    date: str,
    status: str,
    language: str,
    replace: bool,
    anyway: bool,
    no_build: bool,
    as_json: bool,
) -> None:
    """Add FILE to the library, after a check that it is the document you name, and make it searchable. If anything is
    refused, nothing is added."""
    from kb.config import settings
    from kb.workspace.intake import Arrival, take
    from kb.workspace.shelf import Publishing

    readable(file, missing=NotFound)
    if bool(source_id) == policy:
        raise InputError("say what the file is.", where=str(file), do="Give either --as ID or --policy.")
    arrival = Arrival(
        file,
        official=source_id or "",
        country=country,
        title=title,
        dated=date,
        standing=status,
        language=language,
        replace=replace,
        anyway=anyway,
    )
    if policy:
        _need(country=country, title=title, date=date, status=status)
    with telling(not as_json) as (say, progress):
        taken = take(settings(), arrival, publishing=Publishing(not no_build, say, progress))
    record = taken.record
    if as_json:
        echo_json({**record.model_dump(mode="json"), "searchable": taken.searchable, "note": taken.note})
        return
    for warning in record.warnings:
        click.echo(f"! {warning}", err=True)
    click.echo(f"{record.id}: {record.file} ({some(record.bytes, 'byte')}, sha256 {record.sha256[:16]}…)")
    click.echo(
        ("" if policy else "Compare it with the register: kb verify --register. ")
        + (taken.note or "It can be searched now.")
    )


def _need(**options: str) -> None:
    """Raise InputError when one of `options` (option name to value), which a policy needs, is empty."""
    for name, value in options.items():
        if not value.strip():
            raise InputError(f"a policy needs --{name}.", do="Give --country, --title, --date and --status.")
