"""kb assessment: export a complete assessment to one file, and import it."""

from __future__ import annotations

from pathlib import Path

import click

from kb.amounts import some
from kb.cli.output import echo_json
from kb.cli.shared import OutputPath, by_option, json_option, workspace


@click.group("assessment", epilog="Example: kb assessment export kenya kenya.json")
def command() -> None:
    """Exchange an assessment with another workspace, as one file with its complete history. SET is its id, e.g.
    kenya."""


@command.command("export", epilog="Example: kb assessment export kenya kenya.json")
@click.argument("policy_set", metavar="SET")
@click.argument("file", type=OutputPath())
@json_option
def export(policy_set: str, file: Path, as_json: bool) -> None:
    """Write an assessment to FILE: findings, evidence, texts, proposals, measures, actions and history."""
    from kb.workspace.exchange import write_assessment

    with workspace() as ws:
        content = write_assessment(ws, policy_set, file)
    summary = {
        "file": str(file),
        "policy_set": policy_set,
        "events": len(content["events"]),
        "kept_back": content["kept_back"],
        "sha256": content["sha256"],
    }
    events = some(len(content["events"]), "event")
    echo_json(summary) if as_json else click.echo(f"{file}: {events}, sha256 {summary['sha256']}")
    if content["kept_back"]:
        click.echo(
            f"Not in the file, since the other person has not handed in: sheets of {'; '.join(content['kept_back'])}. "
            "Export again when both have.",
            err=True,
        )


@command.command("import", epilog="Example: kb assessment import kenya.json --as kenya-2 --by 'A. Name'")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--as",
    "as_set",
    default=None,
    metavar="SET",
    help="Id of the assessment in this workspace; needed if the id in FILE is taken here.",
)
@by_option
@json_option
def import_(file: Path, as_set: str | None, by: str, as_json: bool) -> None:
    """Import an assessment from FILE, with the authors and times it states. Then run: kb checks SET."""
    from kb.workspace.exchange import import_assessment, read_assessment

    content = read_assessment(file)
    with workspace() as ws:
        brought = import_assessment(ws, content, by=by, as_set=as_set)
    if as_json:
        echo_json(brought)
    else:
        click.echo(
            f"{brought.policy_set}: {some(brought.findings, 'finding')}, {some(brought.events, 'event')}. "
            f"Now: kb checks {brought.policy_set}"
        )
        _print_missing(brought.policy_set)


def _print_missing(policy_set: str) -> None:
    """Name the policies whose words came with the assessment but whose files did not."""
    from kb.assessment.policies import policy_set as read_policy_set
    from kb.config import settings

    with workspace() as ws:
        policies = read_policy_set(ws, policy_set).policies
    away = [each.title for each in policies if not (settings().library / each.current.file).is_file()]
    if away:
        click.echo(
            f"Their texts are in the assessment, and their files are not in the library: {'; '.join(away)}. Search "
            f"does "
            "not find their words. To search them: kb add FILE --policy",
            err=True,
        )
