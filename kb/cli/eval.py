"""`kb eval`: figures on judged sets."""

from __future__ import annotations

from pathlib import Path

import click

from kb.cli.output import echo_json
from kb.cli.telling import telling
from kb.config import settings

_SETS = ("search", "tags", "commitments", "mapping")


@click.command("eval", epilog="Example: kb eval --set search")
@click.option(
    "--set",
    "sets",
    multiple=True,
    type=click.Choice(_SETS),
    help="Measure only this set; may be repeated. Default: search, tags and commitments. mapping measures "
    "proposals of evidence.",
)
@click.option(
    "--judged",
    type=click.Path(path_type=Path),
    help="Folder with the judgements, or one file together with --set; default: ../shared/data/judged, "
    "and for commitments the project's own questions.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def command(sets: tuple[str, ...], judged: Path | None, as_json: bool) -> None:
    """Measure search, tags and answers on commitments against judgements of people, in each search mode. A set without
    a file of judgements is named and left out."""
    from kb.errors import InputError
    from kb.evaluation.run import SETS, judged_file
    from kb.search import live_searcher

    found = []
    for name in sets or _SETS[:3]:
        try:
            file = judged_file(name, judged or _default(name))
            with telling(not as_json, f"measuring {name}"):
                found.append(SETS[name](live_searcher(), file))
        except InputError as error:
            if sets:
                raise
            click.echo(f"{name}: {error}", err=True)
    if not found:
        raise InputError(
            "nothing was measured: no set of judgements is there.",
            where=str(judged or "../shared/data/judged"),
            do="Give the folder that holds them: kb eval --judged FOLDER",
        )
    if as_json:
        echo_json([row for rows in found for row in rows])
        return
    for rows in found:
        _table(rows)


def _default(name: str) -> Path:
    """Return the default folder of the judgements: for `commitments` the project's own questions, else the shared
    folder beside the project."""
    home = settings().home
    return home / "tests" / "relevance" if name == "commitments" else home.parent / "shared" / "data" / "judged"


def _table(rows: list[dict]) -> None:
    """Print rows in columns, each as wide as its longest value."""
    names = list(rows[0])
    lines = [names, *([str(row.get(name, "")) for name in names] for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(names))]
    for line in lines:
        click.echo("  ".join(value.ljust(width) for value, width in zip(line, widths)).rstrip())
    click.echo()
