"""kb policies: the policies of a country that are assessed together, and their versions."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.amounts import some
from kb.assessment.models import Policy
from kb.cli.output import echo_json, in_file
from kb.cli.shared import (
    PROPOSING,
    by_option,
    deciding,
    framework,
    json_option,
    no_build_option,
    reason_option,
    seen_option,
    workspace,
)
from kb.cli.telling import telling
from kb.errors import InputError, NotFound
from kb.files import readable
from kb.models import Standing

if TYPE_CHECKING:
    from kb.sources.library import LibraryRecord

_STANDING = click.Choice(Standing.values())


@click.group("policies", epilog='Example: kb policies create kenya "Kenya" --country KEN --by "A. Name"')
def command() -> None:
    """Manage assessments, each a set of policies of one country, and the versions of their policies. In every command
    SET is the id of an assessment, e.g. kenya."""


@command.command("list", epilog="Example: kb policies list")
@json_option
def list_(as_json: bool) -> None:
    """List all assessments with their policies."""
    from kb.assessment.policies import policy_sets

    with workspace() as ws:
        found = policy_sets(ws)
    if as_json:
        echo_json(found)
        return
    for one in found:
        click.echo(
            f"{one.id}: {one.title} {one.country}".rstrip()
            + (" (put aside)" if one.archived else "")
            + in_file(one.stated)
        )
        for policy in one.policies:
            _echo(policy)


def _echo(policy: Policy) -> None:
    from kb.config import settings

    now = policy.current
    away = (
        "" if (settings().library / now.file).is_file() else " (its file is not here: search does not find its words)"
    )
    click.echo(
        f"  {policy.id}: {policy.title}; version '{now.label}' of {len(policy.versions)}, {now.standing}, "
        f"dated {now.dated or 'not stated'}, {now.file}{away}{in_file(policy.stated)}"
    )


@command.command("create", epilog="Example: kb policies create kenya 'Kenya' --country KEN --by 'A. Name'")
@click.argument("id", metavar="SET")
@click.argument("title")
@click.option("--country", default="", help="Country: three letters of ISO 3166-1, e.g. KEN.")
@by_option
@json_option
def create(id: str, title: str, country: str, by: str, as_json: bool) -> None:
    """Create an assessment without policies. SET is a short name, e.g. kenya; TITLE is shown to readers."""
    from kb.assessment.policies import create_set

    with workspace() as ws:
        made = create_set(ws, id, title, country=country, by=by)
    echo_json(made) if as_json else click.echo(f"created {made.id}: {made.title}")


@command.command("change", epilog='Example: kb policies change kenya --title "Kenya, 2026" --by "A. Name"')
@click.argument("id", metavar="SET")
@click.option("--title", help="New title.")
@click.option("--country", help="New country: three letters of ISO 3166-1, e.g. KEN.")
@click.option(
    "--archive/--unarchive",
    "archived",
    default=None,
    help="Archive the assessment, or take it out of the archive; nothing is deleted.",
)
@by_option
@reason_option
@seen_option
@json_option
def change(
    id: str,
    title: str | None,
    country: str | None,
    archived: bool | None,
    by: str,
    reason: str,
    seen: int | None,
    as_json: bool,
) -> None:
    """Change the title or country of an assessment, or archive it. The log keeps the former values."""
    from kb.assessment.policies import change_set
    from kb.log.decisions import stream

    fields = {"title": title, "country": country, "archived": archived}
    given = {name: value for name, value in fields.items() if value is not None}
    if not given:
        raise InputError("It is not said what to change.", do="Give --title, --country, --archive or --unarchive.")
    with workspace() as ws:
        made = deciding(
            ws,
            stream("set", id),
            by,
            seen,
            lambda expected: change_set(ws, id, given, by=by, expected=expected, reason=reason),
        )
    echo_json(made) if as_json else click.echo(
        f"{made.id}: {made.title} {made.country}".rstrip() + (" (put aside)" if made.archived else "")
    )


@command.command("add", epilog="Example: kb policies add kenya act.pdf --standing in-force --date 2019 --by 'A. Name'")
@click.argument("policy_set", metavar="SET")
@click.argument("file", metavar="FILE")
@click.option("--id", "id_", default="", help="Id for the policy, e.g. ageing-policy; default: made from its title.")
@click.option(
    "--title", default="", help="Title of the policy; default: the name of FILE, or the title in the library."
)
@click.option(
    "--label",
    default="",
    help="Name of this version of the text, e.g. 2019; default: 1, or the date for a newer text of a policy.",
)
@click.option(
    "--standing",
    type=_STANDING,
    default=None,
    help="Legal status of the text; needed unless FILE is a policy of the library whose record has it.",
)
@click.option(
    "--date", "dated", help="Date of the text: 2011, 2011-05 or 2011-05-30; default: the date in the library."
)
@click.option(
    "--language", default="", help="Language of the text as an ISO 639-1 code, e.g. es; default: as recognised."
)
@click.option("--version-of", help="Id of the policy of which this is a newer text.")
@click.option(
    "--out-of-order", is_flag=True, help="Confirm that this text is older than the current text of the policy."
)
@no_build_option
@by_option
@reason_option
@json_option
def add(
    policy_set: str,
    file: str,
    id_: str,
    title: str,
    label: str,
    standing: Standing | None,
    dated: str | None,
    language: str,
    version_of: str | None,
    out_of_order: bool,
    no_build: bool,
    by: str,
    reason: str,
    as_json: bool,
) -> None:
    """Add a policy, or a newer text of one, to an assessment. FILE is a file, or the id of a policy in the library. A
    newer text keeps every decision.

    The file is read, checked, kept in the library and made searchable; if anything is refused, nothing is changed.
    """
    from kb.config import settings
    from kb.workspace.intake import Arrival, PolicyPlace, take
    from kb.workspace.shelf import Publishing

    config, file = settings(), _shipped(file)
    record = _record(file)
    if not (standing or (record and record.status)):
        raise InputError(
            "It is not said how the text stands.", do="Add --standing in-force, adopted, draft, repealed or unknown."
        )
    label = label or ((dated or (record.date if record else "") or "") if version_of else "1")
    if not label:
        raise InputError("A newer text needs a label or a date.", do="Add --label, e.g. 2024, or --date.")
    place = PolicyPlace(
        policy_set, by, id=id_, label=label, version_of=version_of or "", out_of_order=out_of_order, reason=reason
    )
    arrival = Arrival(
        Path(file), title=title, dated=dated or "", standing=standing or "", language=language, kept=record, place=place
    )
    with workspace() as ws, telling(not as_json) as (say, progress):
        taken = take(config, arrival, ws, Publishing(not no_build, say, progress))
    if as_json:
        policy = taken.policy.model_dump(mode="json") if taken.policy else {}
        echo_json({**policy, "searchable": taken.searchable, "note": taken.note})
        return
    if taken.policy:
        _echo(taken.policy)
    click.echo(taken.note or "It can be searched now.", err=True)


def _shipped(file: str) -> str:
    """Return the path of a shipped sample text if it is named as corpus/sample/NAME in a folder that has no such
    file; otherwise the path as given."""
    from kb.config import settings

    path = Path(file)
    shipped = settings().corpus / "sample" / path.name
    asked = path.parts == ("corpus", "sample", path.name) and not path.exists()
    return str(shipped) if asked and shipped.is_file() else file


def _record(file: str) -> LibraryRecord | None:
    """Return the library's record with that id; None for the path of a file. Raises NotFound for what is neither."""
    from kb.config import settings
    from kb.sources import library

    record = library.find(settings().library, file) if not os.path.lexists(file) else None
    if record is None and os.path.lexists(file):
        readable(Path(file))
        return None
    if record is None:
        raise NotFound(f"There is no file and no policy of the library called '{file}'.", do="Check the path.")
    return record


@command.command("propose", epilog="Example: kb policies propose kenya ageing-policy")
@click.argument("policy_set", metavar="SET")
@click.argument("policy")
@json_option
def propose_(policy_set: str, policy: str, as_json: bool) -> None:
    """Let the machine propose passages of a policy's current text as evidence. The proposals are stored; no status is
    set. POLICY is an id that kb policies list shows."""
    from kb.assessment.proposals import machine_states
    from kb.workspace.intake import look_through

    rules = framework(*PROPOSING)
    with workspace() as ws:
        with telling(not as_json, f"looking through {policy}") as (_, progress):
            run = look_through(ws, rules, policy_set, policy, progress=partial(progress, "clauses"))
        states = machine_states(ws, policy_set, rules)
    if as_json:
        echo_json({"run": run, "machine": states})
        return
    click.echo(f"run {run}")
    for criterion, state in states.items():
        click.echo(f"{criterion:6} machine: {state}")


@command.command(
    "standing",
    epilog="Example: kb policies standing kenya ageing-policy in-force --reason 'Gazette 12 of 2026' --by 'A. Name'",
)
@click.argument("policy_set", metavar="SET")
@click.argument("policy")
@click.argument("standing", type=_STANDING)
@click.option("--label", default="", help="Name of the version whose status changed; default: the current version.")
@by_option
@click.option(
    "--reason", required=True, help="Where this is published: gazette or act, and its date; kept in the history."
)
@seen_option
@json_option
def standing_(
    policy_set: str, policy: str, standing: Standing, label: str, by: str, reason: str, seen: int | None, as_json: bool
) -> None:
    """Record a new legal status of a policy's text, for example that it came into force or was repealed."""
    from kb.assessment.policies import set_standing
    from kb.log.decisions import stream

    with workspace() as ws:
        made = deciding(
            ws,
            stream("policy", policy_set, policy),
            by,
            seen,
            lambda expected: set_standing(
                ws, policy_set, policy, standing, by=by, reason=reason, label=label, expected=expected
            ),
        )
    echo_json(made) if as_json else _echo(made)


@command.command("changes", epilog="Example: kb policies changes kenya ageing-policy")
@click.argument("policy_set", metavar="SET")
@click.argument("policy")
@json_option
def changes_(policy_set: str, policy: str, as_json: bool) -> None:
    """Show what the current text of a policy means for decisions on earlier texts: quotations that are kept, moved or
    gone, and new proposals."""
    from kb.assessment.change import changes

    with workspace() as ws:
        report = changes(ws, framework(), policy_set, policy)
    if as_json:
        echo_json(report)
        return
    click.echo(
        f"'{report.before}' to '{report.after}': {some(len(report.kept), 'decision')} kept, "
        f"{some(len(report.new), 'new proposal')}"
    )
    for one in report.evidence:
        click.echo(f'{one.criterion:6} {one.outcome}: "{one.quotation}" ({one.was} -> {one.now})')
        if one.outcome in ("moved", "reprinted", "altered"):
            click.echo(
                f"       to quote it from the current text: kb findings requote {policy_set} {one.criterion} "
                f"{one.evidence}"
            )
