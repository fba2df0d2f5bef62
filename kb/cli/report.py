"""kb report: a self-assessment, a brief or a comparison as a file for people."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from kb.cli.shared import Target, framework, moment, workspace
from kb.errors import InputError
from kb.report.blocks import Report
from kb.text import slug

FORMATS = ("docx", "html", "pdf")
format_option = click.option(
    "--format",
    "format",
    type=click.Choice(FORMATS),
    default=None,
    help="Default: the ending of --out, else docx. pdf needs LibreOffice.",
)
out_option = click.option("--out", type=Target(), default=None, help="File to write.")
template_option = click.option(
    "--template",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    help="A Word file whose styles are used.",
)
derived_option = click.option("--without-derived", is_flag=True, help="Leave out the row that this project derived.")


@click.group("report", epilog="Example: kb report assessment kenya --format docx --out kenya.docx")
def command() -> None:
    """Write a report for people: Word, one-file HTML or PDF; no score and no ranking."""


@command.command("assessment", epilog="Example: kb report assessment kenya --format pdf")
@click.argument("policy_set", metavar="SET")
@format_option
@out_option
@template_option
@derived_option
def assessment(
    policy_set: str, format: str | None, out: Path | None, template: Path | None, without_derived: bool
) -> None:
    """A self-assessment: summary, method, findings with quotations, actions, history, evidence and hashes."""
    from kb.report.assessment import self_assessment

    with workspace() as ws:
        made = self_assessment(ws, framework(), policy_set, on=datetime.now(UTC), derived=not without_derived)
    _write(made, *_file(out, format, f"{policy_set}-report"), template)


@command.command("brief", epilog="Example: kb report brief --group older-persons --title 'Older persons'")
@click.option("--query", default="", help="What the brief is about, as in search.")
@click.option(
    "--group", "groups", multiple=True, help="A group of people, e.g. older-persons. Two: what is about both."
)
@click.option("--sector", "sectors", multiple=True, help="A sector, e.g. health. Two: what is about both.")
@click.option("--title", default="", help="Title of the brief.")
@format_option
@out_option
@template_option
def brief(
    query: str,
    groups: tuple[str, ...],
    sectors: tuple[str, ...],
    title: str,
    format: str | None,
    out: Path | None,
    template: Path | None,
) -> None:
    """A brief of two pages: what binds, what was promised, what was recommended, each with citation and legal
    status."""
    from kb.export.collect import Bench
    from kb.report.brief import brief as made_of
    from kb.search import live_searcher

    filters = [*(("group", one) for one in groups), *(("sector", one) for one in sectors)]
    named = " · ".join(one.replace("-", " ") for _, one in filters)
    name = title or (f"{query} ({named})" if query and named else query or named)
    _write(
        made_of(
            live_searcher(),
            name or "Brief",
            query,
            filters,
            on=datetime.now(UTC).date(),
            addresses={document: note.url for document, note in Bench.here().sources.items()},
        ),
        *_file(out, format, f"brief-{slug(name)}" if name else "brief"),
        template,
    )


@command.command("compare", epilog="Example: kb report compare kenya kenya@2025-12-31")
@click.argument("columns", nargs=-1, required=True, metavar="SET[@MOMENT]...")
@format_option
@out_option
@template_option
@derived_option
def compare(
    columns: tuple[str, ...], format: str | None, out: Path | None, template: Path | None, without_derived: bool
) -> None:
    """Assessments, or moments of one, side by side in the order given."""
    from kb.assessment.compare import Column
    from kb.report.comparison import comparison

    if len(columns) < 2:
        raise InputError(
            "A comparison needs two assessments, or two moments of one.", do="Give both, e.g. kenya ghana."
        )
    asked: list[Column | str] = [
        Column(policy_set=name, until=moment(at or None)) for name, _, at in (one.partition("@") for one in columns)
    ]
    with workspace() as ws:
        made = comparison(ws, framework(), asked, on=datetime.now(UTC).date(), derived=not without_derived)
    _write(made, *_file(out, format, "comparison"), template)


def _file(out: Path | None, format: str | None, name: str) -> tuple[Path, str]:
    """The file to write and its format, which is that of its ending. Raises InputError where the two disagree."""
    ending = out.suffix[1:].lower() if out else ""
    if out and ending not in (FORMATS if format is None else (format,)):
        raise InputError(
            f"A report is no '.{ending}' file." if format is None else f"A {format} report is no '.{ending}' file.",
            where=str(out),
            do=f"End the name with one of: {', '.join(f'.{each}' for each in FORMATS)}; or leave --format out.",
        )
    chosen = format or ending or FORMATS[0]
    return out or Path(f"{name}.{chosen}"), chosen


def _write(made: Report, out: Path, format: str, template: Path | None) -> None:
    from kb.report.writing import write

    click.echo(write(made, out, format, template, datetime.now(UTC)))
