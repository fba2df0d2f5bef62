"""kb report: a self-assessment, a brief or a comparison as a file for people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from kb.cli.shared import OutputPath, day, framework, moment, workspace
from kb.errors import InputError, NotFound
from kb.i18n import speaking
from kb.languages import MAIN, of_interface
from kb.report.blocks import Report
from kb.text import slug

if TYPE_CHECKING:
    from kb.export.collect import Bench
    from kb.models import Passage

FORMATS = ("docx", "html", "pdf")
derived_option = click.option(
    "--without-derived", is_flag=True, help="Leave out the row of criteria that this project added itself."
)


class _File(TypedDict):
    """The options for the file of a report, as `_file_options` adds them."""

    out: Path | None
    format: str | None
    template: Path | None
    language: str
    on: str | None


def _file_options(run: Callable[..., None]) -> Callable[..., None]:
    """Add the options that every report has: file, format, template, language and day."""
    options = [
        click.option(
            "--format",
            "format",
            type=click.Choice(FORMATS),
            default=None,
            help="Format of the report; default: the ending of --out, otherwise docx. pdf needs LibreOffice.",
        ),
        click.option(
            "--out", type=OutputPath(), default=None, help="File to write; default: a file in the working folder."
        ),
        click.option(
            "--template",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            default=None,
            help="Word file whose styles and page layout the report uses.",
        ),
        click.option(
            "--language",
            type=click.Choice(tuple(of_interface())),
            default=MAIN,
            help="Language of the report's own text; quotations stay in their language.",
        ),
        click.option("--on", default=None, metavar="DAY", help="Day of the report, e.g. 2026-03-01; default: today."),
    ]
    for option in reversed(options):
        run = option(run)
    return run


@click.group("report", epilog="Example: kb report assessment kenya --format docx --out kenya.docx")
def command() -> None:
    """Write a report for people as Word, HTML (one file) or PDF. It has no score and no ranking."""


@command.command("assessment", epilog="Example: kb report assessment kenya --format pdf")
@click.argument("policy_set", metavar="SET")
@_file_options
@derived_option
def assessment(policy_set: str, without_derived: bool, **file: Unpack[_File]) -> None:
    """Write the self-assessment of a country: summary, method, findings with quotations, actions, history, evidence and
    hashes."""
    from kb.assessment.policies import policy_set as stored
    from kb.report.assessment import self_assessment
    from kb.report.made import assessment_words

    def made(on: date) -> Report:
        """Make the report from the present state of the log."""
        with workspace() as ws:
            country = _country(stored(ws, policy_set).country)
            return self_assessment(ws, framework(), policy_set, on=on, country=country, derived=not without_derived)

    _write(made, assessment_words(policy_set, not without_derived), f"{policy_set}-report", **file)


@command.command("brief", epilog="Example: kb report brief --group older-persons --title 'Older persons'")
@click.option("--query", default="", help="What the brief is about: words, as in kb search.")
@click.option(
    "--group",
    "groups",
    multiple=True,
    help="Group of people, e.g. older-persons. Repeat it for passages about two groups together.",
)
@click.option(
    "--sector", "sectors", multiple=True, help="Sector, e.g. health. Repeat it for passages about two sectors together."
)
@click.option(
    "--passage",
    "passages",
    multiple=True,
    metavar="ID",
    help="Id of a passage; repeat it. The brief then has only these passages, in this order.",
)
@click.option(
    "--more",
    type=click.IntRange(1, 4),
    default=1,
    help="Length of the brief: 1 is about two pages; 2 to 4 take that many times the passages.",
)
@click.option("--title", default="", help="Title of the brief.")
@_file_options
def brief(
    query: str,
    groups: tuple[str, ...],
    sectors: tuple[str, ...],
    passages: tuple[str, ...],
    more: int,
    title: str,
    **file: Unpack[_File],
) -> None:
    """Write a brief of two pages: what binds, what was promised and what was recommended, each with citation and legal
    status. Give --query, --group, --sector or --passage."""
    from kb.export.collect import Bench
    from kb.log.noted import own_mark
    from kb.report.brief import brief as made_of
    from kb.report.made import brief_words
    from kb.search import live_searcher

    filters = [*(("group", one) for one in groups), *(("sector", one) for one in sectors)]
    named = " · ".join(one.replace("-", " ") for _, one in filters)
    given = title or (f"{query} ({named})" if query and named else query or named)
    name = given or "Brief"

    def made(on: date) -> Report:
        """Make the brief of the passages that the index has now."""
        bench = Bench.here()
        addresses = {document: note.url for document, note in bench.sources.items()}
        picked = [_passage(bench, id) for id in passages]
        found = made_of(live_searcher(), name, query, filters, on=on, picked=picked, more=more, addresses=addresses)
        return found.model_copy(update={"log": own_mark(bench.log_mark)})

    words = brief_words(name, query, filters, passages, more)
    _write(made, words, f"brief-{slug(given)}" if given else "brief", **file)


@command.command("compare", epilog="Example: kb report compare kenya kenya@2025-12-31")
@click.argument("columns", nargs=-1, required=True, metavar="SET[@MOMENT]...")
@_file_options
@derived_option
def compare(columns: tuple[str, ...], without_derived: bool, **file: Unpack[_File]) -> None:
    """Write a comparison of assessments side by side, in the order given. SET@MOMENT shows an assessment as it was on a
    day."""
    from kb.assessment.compare import ComparedSet
    from kb.report.comparison import comparison
    from kb.report.made import comparison_words

    if len(columns) < 2:
        raise InputError(
            "A comparison needs two assessments, or two moments of one.", do="Give both, e.g. kenya ghana."
        )
    asked: list[ComparedSet | str] = [
        ComparedSet(policy_set=name, until=moment(at or None))
        for name, _, at in (one.partition("@") for one in columns)
    ]

    def made(on: date) -> Report:
        """Make the comparison from the present state of the log."""
        with workspace() as ws:
            return comparison(ws, framework(), asked, on=on, derived=not without_derived)

    _write(made, comparison_words(columns, not without_derived), "comparison", **file)


def _country(code: str) -> str:
    """Return the name of a country in the language of the report."""
    from kb.config import settings
    from kb.i18n import language
    from kb.tagging.country_names import countries
    from kb.tagging.taxonomy import load

    return countries(load(settings().corpus / "taxonomy"), language()).get(code, code)


def _passage(bench: Bench, id: str) -> Passage:
    """Return a passage that was chosen by its id. Raises NotFound."""
    found = bench.store.get(id)
    if found is None:
        raise NotFound(f"no passage '{id}'.", do="Find it with kb search.")
    return found


def _file(out: Path | None, format: str | None, name: str) -> tuple[Path, str]:
    """Return the file to write and its format, taken from its ending. Raises InputError if the ending does not
    fit."""
    ending = out.suffix[1:].lower() if out else ""
    if out and ending not in (FORMATS if format is None else (format,)):
        raise InputError(
            f"A report is no '.{ending}' file." if format is None else f"A {format} report is no '.{ending}' file.",
            where=str(out),
            do=f"End the name with one of: {', '.join(f'.{each}' for each in FORMATS)}; or leave --format out.",
        )
    chosen = format or ending or FORMATS[0]
    return out or Path(f"{name}.{chosen}"), chosen


def _write(
    made: Callable[[date], Report],
    words: Sequence[str],
    name: str,
    *,
    out: Path | None,
    format: str | None,
    template: Path | None,
    language: str,
    on: str | None,
) -> None:
    """Write the report that `made` returns for a day, and put into it the command that makes it again."""
    from kb.export.collect import Bench
    from kb.report.made import asked
    from kb.report.writing import write

    path, chosen = _file(out, format, name)
    today = day(on) or datetime.now(UTC).date()
    with speaking(language):
        report = asked(made(today), words, today, Bench.here())
        click.echo(write(report, path, chosen, template, datetime.combine(today, time(), UTC)))
