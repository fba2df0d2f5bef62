"""`kb codebook`: export the taxonomy as a codebook for other programs, import and check codebooks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.amounts import some
from kb.cli.output import echo_json
from kb.cli.shared import OutputPath, json_option, warn_of_changes
from kb.errors import InputError
from kb.files import fault_of

if TYPE_CHECKING:
    from kb.coding.codebook import Codebook

_ENDINGS = {"turtle": ".ttl", "jsonld": ".jsonld", "qdc": ".qdc", "csv": ".csv", "yaml": ".yaml", "two-columns": ".csv"}


@click.group("codebook")
def command() -> None:
    """Export, import and check codebooks: SKOS (Turtle, JSON-LD), REFI-QDA .qdc, CSV, two columns, YAML with
    history."""


def _writers() -> dict[str, Callable]:
    from kb.coding import codebook, codebook_csv, codebook_qdc, codebook_skos

    return {
        "turtle": codebook_skos.write_skos,
        "qdc": codebook_qdc.write_qdc,
        "csv": codebook_csv.write_csv,
        "jsonld": lambda book, path: codebook_skos.write_skos(book, path, "jsonld"),
        "yaml": codebook.save,
        "two-columns": codebook_csv.write_two_columns,
    }


def _read(path: Path) -> Codebook:
    from kb.coding import codebook, codebook_csv, codebook_qdc, codebook_skos_read

    readers = {
        ".ttl": codebook_skos_read.read_skos,
        ".jsonld": codebook_skos_read.read_skos,
        ".qdc": codebook_qdc.read_qdc,
        ".csv": codebook_csv.read_csv,
        ".yaml": codebook.load,
    }
    if path.suffix.lower() not in readers:
        raise InputError(
            f"'{path.suffix}' is no ending for a codebook.", where=str(path), do=f"Endings are: {', '.join(readers)}."
        )
    with fault_of(path, "no codebook can be read from it", "Export it again from the program that made it."):
        return readers[path.suffix.lower()](path)


def _here() -> Codebook:
    from kb.coding.from_taxonomy import codebook_here
    from kb.config import settings

    warn_of_changes("taxonomy/", "codes.yaml", "vocabularies.yaml")
    return codebook_here(settings().corpus)


@command.command("export", epilog="Example: kb codebook export --format qdc --out codes.qdc")
@click.option(
    "--format",
    "format",
    type=click.Choice(list(_ENDINGS)),
    default="qdc",
    show_default=True,
    help="Format of the new file.",
)
@click.option(
    "--from",
    "source",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Codebook file to convert; default: the taxonomy of this project.",
)
@click.option(
    "--out",
    type=OutputPath(),
    help="File to write; default: codebook with the ending of the format, in the working folder.",
)
def export_(format: str, source: Path | None, out: Path | None) -> None:
    """Convert the taxonomy of this project, or a codebook file, to another format."""
    from kb.coding.codebook_mark import write_marked
    from kb.export.collect import Bench
    from kb.log.noted import own_mark

    path = out or Path(f"codebook{_ENDINGS[format]}")
    book = _read(source) if source else _here()
    click.echo(write_marked(_writers()[format], book, path, own_mark(Bench.here().log_mark)))


@command.command(
    "import", epilog="Example: kb codebook import codes.qdc --out codebook.yaml --by 'A. Coder' --version 2"
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--out",
    type=OutputPath(),
    required=True,
    help="YAML file to write. If it exists, FILE becomes its next version, and its history records what changed.",
)
@click.option("--version", default="", help="Version number of the codebook that FILE holds.")
@click.option("--by", default="", help="Name of the person who revised the codebook.")
@click.option("--date", default="", help="Day of the revision, e.g. 2026-11-30.")
@click.option("--note", default="", help="Reason for the revision.")
def import_(file: Path, out: Path, version: str, by: str, date: str, note: str) -> None:
    """Convert a codebook file of any known format to YAML, as a new codebook or as the next version of an existing
    one."""
    from kb.coding.codebook import load, revise, save

    book = _read(file)
    for code in book.codes:
        if code.source.startswith("called '"):  # the reader's word on two codes of one name
            click.echo(f"{code.name}: {code.source}", err=True)
    if not out.exists():
        save(book, out)
        click.echo(f"{out}: {some(len(book.codes), 'code')}, version {book.version}")
        return
    if not (version and by and date):
        raise InputError(
            "A revision needs its version, author and date.", where=str(out), do="Give --version, --by and --date."
        )
    new = revise(load(out), book.codes, version=version, by=by, date=date, note=note)
    save(new, out)
    for change in new.history[-1].changes:
        click.echo(f"{change.kind} {change.code}" + (f" ({', '.join(change.fields)})" if change.fields else ""))
    click.echo(f"{out}: {some(len(new.codes), 'code')}, version {new.version}")


@command.command("mappings", epilog="Example: kb codebook mappings --table mappings.csv")
@click.option("--table", type=OutputPath(), help="Also write the list to FILE as a CSV table.")
@json_option
def mappings_(table: Path | None, as_json: bool) -> None:
    """List which codes correspond to terms of other vocabularies (SDG targets, UNBIS, EuroVoc), with the page where
    each correspondence was read."""
    from kb.coding.cells import write_table
    from kb.coding.vocabularies import Mapping, load_vocabularies, mappings
    from kb.config import settings

    held = load_vocabularies(settings().corpus)
    found = list(mappings(held))
    if table:
        names = list(Mapping.model_fields)
        write_table(table, names, ([getattr(one, name) for name in names] for one in found))
    if as_json:
        echo_json(found)
        return
    for one in found:
        label = f" {one.label}" if one.label else ""
        click.echo(f"{one.code}  {one.vocabulary} {one.identifier}{label}  {one.address or '(address not read)'}")
    for of in held.vocabularies:
        how = "read in a publication of its keeper" if of.verified else "not verified: read in a copy"
        click.echo(f"{of.id}: {of.title}; {how}: {of.read_in}")
    click.echo("That a code belongs to one of these is this project's judgement.")


@command.command("check", epilog="Example: kb codebook check codes.ttl")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def check(file: Path | None) -> None:
    """Check FILE, or the taxonomy without FILE: no code is above itself, one preferred label for each language, SKOS
    rules."""
    from kb.coding.codebook_skos import to_graph
    from kb.coding.skos_check import check_skos

    book = _read(file) if file else _here()
    problems = check_skos(to_graph(book))
    for problem in problems:
        click.echo(problem)
    if problems:
        broken = some(len(problems), "rule is broken", "rules are broken")
        raise InputError(f"{broken}.", where=str(file or "taxonomy"), do="Mend them.")
    lacking = sum(1 for code in book.codes if code.codable and not code.definition)
    given = sum(code.codable for code in book.codes)  # as kb method counts them: a group is no code that one gives
    groups = some(len(book.codes) - given, "group")
    click.echo(f"{some(given, 'code')} in {groups}, version {book.version}: sound; {lacking} without a definition")
