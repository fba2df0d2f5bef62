"""kb measures: record national measures and the commitments that they relate to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kb.cli.output import echo_json, in_file
from kb.cli.shared import (
    by_option,
    deciding,
    given,
    json_option,
    known_commitment,
    reason_option,
    seen_option,
    workspace,
)
from kb.errors import InputError
from kb.plan.models import MeasureStatus

_RELATIONS = ("same subject", "broader", "narrower", "supports", "conflicts")


if TYPE_CHECKING:
    from kb.plan.models import Measure


@click.group(
    "measures",
    epilog='Example: kb measures record kenya pension --title "Basic pension" --commitment crpd/art28/2 --by "A. Name"',
)
def command() -> None:
    """Record national measures, with their evidence and the commitments that they relate to. SET is the id of an
    assessment, e.g. kenya."""


@command.command("list", epilog="Example: kb measures list kenya")
@click.argument("policy_set", metavar="SET")
@json_option
def list_(policy_set: str, as_json: bool) -> None:
    """List the national measures of an assessment."""
    from kb.plan.measures import measures

    with workspace() as ws:
        found = measures(ws, policy_set)
    if as_json:
        echo_json(found)
        return
    for one in found:
        links = ", ".join(f"{link.commitment} ({link.relation})" for link in one.commitments)
        click.echo(f"{one.id}: {one.title} ({one.status}); {one.body}; bears on {links or '-'}{in_file(one.stated)}")


@command.command(
    "record",
    epilog="Example: kb measures record kenya pension --title Pension --commitment crpd/art28/2 --by 'A. Name'",
)
@click.argument("policy_set", metavar="SET")
@click.argument("id")
@click.option("--title", help="Title of the measure; needed for a new one.")
@click.option("--body", help="Public body that is responsible.")
@click.option(
    "--status", type=click.Choice(MeasureStatus.values()), help="State of the measure; a new measure is 'planned'."
)
@click.option(
    "--commitment",
    "links",
    multiple=True,
    metavar="ID[=RELATION]",
    help=f"Commitment that the measure relates to, and how, e.g. crpd/art28/2=supports; may be "
    f"repeated. Relations: {', '.join(_RELATIONS)}; default: supports.",
)
@click.option(
    "--quote",
    "quotes",
    multiple=True,
    metavar="SOURCE=QUOTATION",
    help="Quotation as evidence: the id of a policy or the name of another source, then the words; may "
    "be repeated. Earlier evidence stays.",
)
@click.option(
    "--action",
    "actions",
    multiple=True,
    help="Id of an action that belongs to the measure; may be repeated. The list replaces the earlier one.",
)
@by_option
@reason_option
@seen_option
@json_option
def record(
    policy_set: str,
    id: str,
    links: tuple[str, ...],
    quotes: tuple[str, ...],
    actions: tuple[str, ...],
    by: str,
    reason: str,
    seen: int | None,
    as_json: bool,
    **fields: object,
) -> None:
    """Record a national measure, or change it. ID is a short name, e.g. pension. Fields whose option is not given stay
    as they are; commitments and quotations are added to the earlier ones."""
    from kb.log.decisions import stream
    from kb.plan.measures import measures, record_measure

    with workspace() as ws:
        old = next((one for one in measures(ws, policy_set) if one.id == id), None)
        wanted = given(**fields, actions=list(actions) or None)
        if links:
            wanted["commitments"] = _links(old, links)
        if quotes:
            wanted["evidence"] = [*(old.evidence if old else ()), *map(_quote, quotes)]
        made = deciding(
            ws,
            stream("measure", policy_set, id),
            by,
            seen,
            lambda expected: record_measure(ws, policy_set, id, wanted, by=by, expected=expected, reason=reason),
        )
    echo_json(made) if as_json else click.echo(f"{made.id}: {made.title} ({made.status})")


def _links(old: Measure | None, links: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the earlier links and the new ones; a new relation to the same commitment replaces the earlier one."""
    found = {
        link.commitment: {"commitment": link.commitment, "relation": link.relation}
        for link in (old.commitments if old else ())
    }
    for text in links:
        commitment, _, relation = text.partition("=")
        if relation and relation not in _RELATIONS:
            raise InputError(f"'{relation}' is no relation.", do=f"Relations are: {', '.join(_RELATIONS)}.")
        found[known_commitment(commitment)] = {"commitment": commitment, "relation": relation or "supports"}
    return list(found.values())


def _quote(text: str) -> dict[str, str]:
    source, sign, quotation = text.partition("=")
    if not sign:
        raise InputError(f"'{text[:40]}' is no quotation.", do="Write it as SOURCE=QUOTATION.")
    return {"source": source, "quotation": quotation}
