"""`kb verify`: prove that every stored passage is what our reader makes of its source, and compare a second reading."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from kb.amounts import some
from kb.cli.output import counted, echo_json
from kb.cli.shared import document_option, known_document
from kb.cli.telling import Progress, telling
from kb.config import settings
from kb.errors import DataError, KBError

if TYPE_CHECKING:
    from kb.commitments.against_text import RegisterComparison
    from kb.sources.compare import ReadingComparison
    from kb.sources.verify import Verification

Read = TypeVar("Read")
SHOWN = 20  # faults on one screen; --json has all


@click.command("verify", epilog="Example: kb verify")
@document_option
@click.option(
    "--register",
    "check_register",
    is_flag=True,
    help="Instead of passages, compare the register of commitments with the official texts in the "
    "library, in every language.",
)
@click.option(
    "--write", is_flag=True, help="With --register: mark entries that agree as verified, with the hash of the text."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option(
    "--second/--no-second",
    default=True,
    show_default=True,
    help="Whether to compare letters and figures with a second reading of the same files by another library.",
)
def command(document: str | None, check_register: bool, write: bool, as_json: bool, second: bool) -> None:
    """Prove that each passage of the index follows from its recorded file. Exit code 3 if there are faults; exit code 1
    if there are none, but a second reading differs.

    The files are read again by the same reader and compared. This does not show that the reader read the printed text
    rightly. Therefore a second library reads them too, letters and figures are compared, and where the two differ, both
    readings are shown.
    """
    if check_register or write:
        _register(document, write, as_json)
        return
    from kb.citing.installed import text_warnings
    from kb.search import live_searcher
    from kb.sources.compare import compare
    from kb.sources.second import second_reading_of
    from kb.sources.verify import decode, locator, verify

    config = settings()
    store = live_searcher().index.store
    known_document(store, document)
    locate = locator(config.corpus, config.library)
    files = len({head["place"]["file"] for head in store.documents() if document in (None, head["id"])})
    with telling(not as_json, f"reading {some(files, 'file')} again") as (say, progress):
        proof = verify(store.passages(document), locate, _counting(decode, "file", files, progress))
        if second:
            say("reading them with another library")
        read = _counting(second_reading_of, "file", files, progress)
        compared = compare(store.passages(document), locate, read) if second else None
    if as_json:
        echo_json(
            {
                **proof.model_dump(mode="json"),
                "second": compared.model_dump(mode="json") if compared else None,
                "texts": [{"document": text, "what": what} for text, what in text_warnings(config, document)],
            }
        )
    else:
        _show(proof)
        if compared:
            _compared(compared)
        _texts(document)
    if proof.faults:
        if not as_json:
            click.echo("Restore the sources or build again: kb build", err=True)
        sys.exit(DataError.exit_code)
    if compared and compared.differences:
        sys.exit(KBError.exit_code)


def _counting(read: Callable[[Path], Read], step: str, total: int, progress: Progress) -> Callable[[Path], Read]:
    """Return `read` wrapped so that it also reports the progress: the file's position among `total`, as a `step`."""
    number = count(1)

    def counted(path: Path) -> Read:
        """Report the position of the file, then read and return it."""
        at = next(number)
        progress(step, at, max(total, at))
        return read(path)

    return counted


_AS_RECORDED = (
    "passage is unchanged and stands where it was recorded in",
    "passages are unchanged and stand where they were recorded in",
)


def _show(proof: Verification) -> None:
    """Print the faults, the counts, and what the proof means."""
    for fault in proof.faults[:SHOWN]:
        click.echo(f"{fault.passage}: {fault.what}")
    if len(proof.faults) > SHOWN:
        click.echo(f"… and {len(proof.faults) - SHOWN} more; --json lists all")
    whose = counted({"verbatim": proof.passages - proof.own_words, "own-words": proof.own_words})
    click.echo(
        f"{proof.passages - len(proof.faults)} of {some(proof.passages, *_AS_RECORDED)} {some(proof.files, 'file')} "
        f"({f'of all: {whose}' if proof.faults else whose}), {some(len(proof.faults), 'fault')}"
    )
    click.echo(proof.means)


def _texts(document: str | None) -> None:
    """Print what is missing from the official texts, and which text in them is outside all paragraphs, so that no
    passage holds it."""
    from kb.citing.installed import text_warnings

    for text, warning in text_warnings(settings(), document):
        click.echo(f"{text}: {warning}")


def _compared(found: ReadingComparison) -> None:
    """Print where a second reading differs from ours, and what was not compared."""
    for one in found.differences[:SHOWN]:
        click.echo(
            f"{one.passage} ({f'page {one.page}, ' if one.page else ''}{one.kind}): our reader “{one.first}”, "
            f"{one.by} “{one.second}”"
        )
    if len(found.differences) > SHOWN:
        click.echo(f"… and {len(found.differences) - SHOWN} more; --json lists all")
    by = ", ".join(f"{n} with {name}" for name, n in sorted(found.readers.items())) or "none"
    passages = len({one.passage for one in found.differences})
    click.echo(
        f"Second reading: {some(found.compared, 'passage')} compared ({by}); {passages} of them "
        f"{'differs' if passages == 1 else 'differ'} in letters or figures"
        + (": look at these pages" if passages else "")
    )
    for what, why in sorted(found.left_out.items())[:SHOWN]:
        click.echo(f"not compared: {what}: {why}")


def _register(instrument: str | None, write: bool, as_json: bool) -> None:
    """Compare the register with the official texts, and record the result in it if `write` is set. Ends the command
    with its exit code."""
    from kb.citing.installed import check_register
    from kb.commitments.against_text import upgrade
    from kb.commitments.register import load_register

    config, code, written = settings(), 0, set()
    with telling(not as_json, "comparing the register with the official texts"):
        reports = check_register(config, instrument=instrument)
    if as_json:
        echo_json(reports)
    for report in reports:
        if not as_json:
            _report(report)
        if not write or report.instrument in written:  # the first text of each, the English one where it is here
            continue
        written.add(report.instrument)
        try:
            changed = upgrade(config.corpus / "commitments" / f"{report.instrument}.yaml", report)
            click.echo(
                f"{report.instrument}: {some(changed, 'entry')} marked as verified against {report.sha256[:16]}…",
                err=True,
            )
        except KBError as error:  # an incomplete text does not stop the others
            click.echo(f"{report.instrument}: {error}", err=True)
            code = error.exit_code
    if not instrument and not as_json:
        compared = {report.instrument for report in reports}
        for each in load_register(config.corpus / "commitments"):
            if each.id not in compared:
                click.echo(f"{each.id}: not compared, no official text of it is here: kb sources")
    faults = any(report.agreeing < report.entries or report.absent for report in reports)
    sys.exit(code or (DataError.exit_code if faults else 0))


def _report(report: RegisterComparison) -> None:
    """Print the comparison of a register with a text: first where they disagree, then remarks, then the counts."""
    from kb.commitments.against_text import LANGUAGE, cut_out

    if report.absent:
        click.echo(f"{report.instrument}: {cut_out(report.absent)}")
    for finding in report.findings:
        for problem in finding.problems:
            click.echo(f"{finding.id}: {problem}")
    for finding in report.findings:
        for remark in finding.remarks:
            click.echo(f"{finding.id} (look): {remark}")
    words = (
        f"the passage nearest to a statement is its own for {report.first}, the heading above it or a part of it for "
        f"{report.near}, another for {report.entries - report.first - report.near}"
        if report.language == LANGUAGE
        else "compared by identifiers, paragraph numbers and letters, not by words"
    )
    click.echo(
        f"{report.instrument}: {report.agreeing} of {some(report.entries, 'entry agrees', 'entries agree')} "
        f"with the text in '{report.language}'; {words}"
    )
