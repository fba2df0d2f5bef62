"""`kb verify`: prove that every stored quotation stands in its source."""
from __future__ import annotations

import sys

import click

from kb.cli.output import echo_json
from kb.cli.shared import known_document
from kb.config import settings
from kb.errors import DataError, KBError

SHOWN = 20


@click.command("verify", epilog="Example: kb verify")
@click.option("--document", default=None, help="Only this document, e.g. paper.")
@click.option("--register", "check_register", is_flag=True, help="Compare the register with the official texts that are here, in any language.")
@click.option("--write", is_flag=True, help="With --register: mark entries that agree as verified, with the text's hash.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(document: str | None, check_register: bool, write: bool, as_json: bool) -> None:
    """Read every source again and find each stored passage at its recorded place; faults end with exit code 3."""
    if check_register or write:
        _register(document, write, as_json)
        return
    from kb.search import searcher
    from kb.sources.verify import decode, locator, verify

    now = settings()
    store = searcher().index.store
    known_document(store, document)
    proof = verify(store.passages(document), locator(now.corpus, now.library), decode)
    if as_json:
        echo_json(proof)
    else:
        for fault in proof.faults[:SHOWN]:
            click.echo(f"{fault.passage}: {fault.what}")
        if len(proof.faults) > SHOWN:
            click.echo(f"… and {len(proof.faults) - SHOWN} more; --json lists all")
        click.echo(f"{proof.passages - len(proof.faults)} of {proof.passages} passages proved in {proof.files} files, "
                   f"{len(proof.faults)} faults")
    if proof.faults:
        if not as_json:
            click.echo("Restore the sources or build again: kb build", err=True)
        sys.exit(DataError.exit_code)


def _register(instrument: str | None, write: bool, as_json: bool) -> None:
    """Compare the register with the official texts; write the marks where that is asked for."""
    from kb.commitments.check import upgrade
    from kb.commitments.desk import check_register

    now, code, written = settings(), 0, set()
    reports = check_register(now, instrument=instrument)
    if as_json:
        echo_json(reports)
    for report in reports:
        if not as_json:
            _report(report)
        if not write or report.instrument in written:  # the first text of each, the English one where it is here
            continue
        written.add(report.instrument)
        try:
            changed = upgrade(now.corpus / "commitments" / f"{report.instrument}.yaml", report)
            click.echo(f"{report.instrument}: {changed} entries marked as verified against {report.sha256[:16]}…", err=True)
        except KBError as error:  # one text that is not whole keeps no other from being written down
            click.echo(f"{report.instrument}: {error}", err=True)
            code = error.exit_code
    sys.exit(code or (DataError.exit_code if any(report.agreeing < report.entries for report in reports) else 0))


def _report(report) -> None:
    """One comparison: disagreements first, then what is worth a look, then the count."""
    from kb.commitments.check import LANGUAGE

    for finding in report.findings:
        for problem in finding.problems:
            click.echo(f"{finding.id}: {problem}")
    for finding in report.findings:
        for remark in finding.remarks:
            click.echo(f"{finding.id} (look): {remark}")
    words = (f"its own passage is the nearest of all to {report.first} statements" if report.language == LANGUAGE
             else "compared by identifiers, paragraph numbers and letters, not by words")
    click.echo(f"{report.instrument}: {report.agreeing} of {report.entries} entries agree with the text in "
               f"'{report.language}'; {words}")
