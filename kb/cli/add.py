"""`kb add FILE`: an official text or a policy into the user's library."""
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.cli.output import echo_json
from kb.errors import InputError, RefusedError

if TYPE_CHECKING:
    from kb.sources.library import Record


@click.command("add", epilog="Example: kb add crpd.pdf --as crpd")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "source_id", metavar="ID", help="The official document that FILE is; kb sources lists them.")
@click.option("--policy", is_flag=True, help="FILE is a national policy or law; needs the four options below.")
@click.option("--country", default="", help="Three letters of ISO 3166-1.")
@click.option("--title", default="", help="Title of the policy.")
@click.option("--date", default="", help="Date of the policy: 2011, 2011-05 or 2011-05-30.")
@click.option("--status", default="", help="in-force, adopted, draft, repealed or unknown.")
@click.option("--language", default="", help="ISO 639-1 code; default: the document's own, else en.")
@click.option("--replace", is_flag=True, help="Put it in the place of the text that is there.")
@click.option("--anyway", is_flag=True, help="Add it although it does not look like the document.")
@click.option("--json", "as_json", is_flag=True, help="Print the record as JSON.")
def command(file: Path, source_id: str | None, policy: bool, country: str, title: str, date: str, status: str, language: str,
            replace: bool, anyway: bool, as_json: bool) -> None:
    """Copy FILE into the library with a record of what it is, after a check that it is that."""
    from kb.config import settings

    if bool(source_id) == policy:
        raise InputError("say what the file is.", where=str(file), do="Give either --as ID or --policy.")
    if policy:
        from kb.sources.library import add_policy

        record = add_policy(file, settings().library, country=country, title=title, date=date, status=status,
                            language=language or "en", replace=replace)
    else:
        record = add_official(file, source_id or "", language=language, replace=replace, anyway=anyway)
    if as_json:
        echo_json(record)
        return
    for warning in record.warnings:
        click.echo(f"! {warning}", err=True)
    click.echo(f"{record.id}: {record.file} ({record.bytes} bytes, sha256 {record.sha256[:16]}…)")
    click.echo("Search it: kb build" if policy else "Compare it with the register: kb verify --register. Search it: kb build")


def add_official(file: Path, source_id: str, *, language: str = "", replace: bool = False, anyway: bool = False,
                 origin: str = "") -> Record:
    """Check that a file is the document, then add it. Raises RefusedError with the reasons where it is not."""
    from kb.commitments.desk import claim_of
    from kb.config import settings
    from kb.sources.library import add_text
    from kb.sources.manifest import load_manifest

    now = settings()
    source = load_manifest(now.corpus).get(source_id)
    if not file.is_file():
        raise InputError("there is no such file.", where=str(file), do="Check the path.")
    claim = claim_of(now, file, source, language)
    if claim.verdict == "refused" and not anyway:
        raise RefusedError(f"it does not look like '{source_id}': {'; '.join(claim.reasons).rstrip('.?')}.", where=str(file),
                           do="Check the file; add --anyway if you are sure.")
    return add_text(file, source, now.library, origin=origin, language=language, warnings=claim.reasons, replace=replace)
