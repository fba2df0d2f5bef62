"""`kb codes import`: codes that people gave in another program, added to the workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from kb.export.project import NotTaken, OfProject
    from kb.export.rows import Row

from kb.amounts import some
from kb.cli.shared import OutputPath

_FORMATS = {".qdpx": "qdpx", ".csv": "csv", ".jsonl": "jsonl", ".jsonld": "web-annotation"}


@click.command("import", epilog="Example: kb codes import project.qdpx --user 'jd=J. Doe'")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--user",
    "users",
    multiple=True,
    metavar="THEIRS=OURS",
    help="Name of a user in FILE, and the name of that coder here; may be repeated.",
)
@click.option(
    "--save-sources",
    "folder",
    type=OutputPath(folder=True),
    help="Write the texts of FILE that are not in the library here as files into this folder, so that "
    "you can add them.",
)
@click.option("--by", default="", help="Your name, for attributes of cases: FILE does not say who gave them.")
def import_(file: Path, users: tuple[str, ...], folder: Path | None, by: str) -> None:
    """Import the codes that people gave in another program, and attributes of its cases, from FILE.

    Codes of words and of complete sources are added; nothing is overwritten. Machine tags in FILE are left out. What
    cannot be imported is counted, with the reason.
    """
    from kb.cli.shared import workspace
    from kb.errors import InputError
    from kb.export.codes_in import save_texts, take_codes
    from kb.export.collect import Bench
    from kb.files import fault_of

    if file.suffix.lower() not in _FORMATS:
        raise InputError(
            f"'{file.suffix}' is no ending for codes.", where=str(file), do=f"Endings: {', '.join(_FORMATS)}."
        )
    pairs = [each.partition("=") for each in users]
    if any(not sign or not ours.strip() for _, sign, ours in pairs):
        raise InputError("a user is given without a name here.", do="Write --user 'name in the file=name here'.")
    with fault_of(file, "no codes can be read from it", "Export it again from the program that made it."):
        rows, left, of_project, names = _read_codes(file)
    with workspace() as opened:
        coders = {theirs.strip(): ours.strip() for theirs, _, ours in pairs}
        taken = take_codes(Bench.here(), rows, opened, source=file, users=coders, by=by, **of_project)
    for line in taken.refused:
        click.echo(f"not taken: {line}", err=True)
    for each in left:
        counted = f"{each.codings} {each.what}: " if each.codings else ""
        click.echo(f"not taken: {each.where}: {counted}{each.why}", err=True)
    missed = len(taken.refused) + sum(each.codings for each in left)
    machine = f"; {some(taken.machine, 'machine tag')} left out" if taken.machine else ""
    cases = ""
    if of_project.get("attributes"):
        cases = f"; {some(taken.attributes, 'attribute')} of sources added, {taken.attributes_known} known already"
    click.echo(f"{some(taken.added, 'code')} added, {taken.known} known already, {missed} not taken{machine}{cases}")
    if folder:
        for path in save_texts(folder, [(names[sha], of_project["texts"][sha]) for sha in taken.strange]):
            click.echo(f"{path} (add it: kb policies add SET {path.name})")


def _read_codes(file: Path) -> tuple[list[Row], list[NotTaken], OfProject, dict[str, str]]:
    """Read a file of codes. Returns its rows, the codes that cannot be imported, the texts, memos and attributes of its
    sources, and the names of the sources. Only the rows can be non-empty unless the file is a .qdpx project."""
    from kb.export import import_rows
    from kb.export.importing_qdpx import read_project

    format = _FORMATS[file.suffix.lower()]
    if format != "qdpx":
        return list(import_rows(format, file)), [], {}, {}
    project = read_project(file)
    held: OfProject = {"texts": project.texts, "memos": project.memos, "attributes": project.attributes}
    return project.rows, project.not_taken, held, project.names
