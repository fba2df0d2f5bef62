"""kb findings quote, accept, reject, requote, unquote: add evidence to a criterion, and remove it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypedDict, TypeVar, Unpack, get_args

import click

from kb.assessment.models import EvidenceLevel, EvidenceRole, EvidenceType, Stance
from kb.cli.output import echo_finding, echo_json
from kb.cli.shared import (
    adding,
    by_option,
    day,
    deciding,
    framework,
    given,
    json_option,
    on_finding,
    reason_option,
    seen_option,
    workspace,
)
from kb.errors import NotFound
from kb.models import Standing

if TYPE_CHECKING:
    from datetime import date

    from kb.assessment.models import Finding
    from kb.log import Workspace


class Accepting(TypedDict):
    """What a person states when they accept a proposal as evidence."""

    role: EvidenceRole
    stance: Stance
    level: EvidenceLevel | None
    effective: date | None
    quotation: str | None
    reason: str


Made = TypeVar("Made")
"""Type of the result that a command gets for a proposal."""

ROLE = (
    "instrument: words of a law, regulation or policy (“law in force” in the app); operation: words that show how "
    "the law is applied (“law at work”)."
)


_ROLE = click.option("--role", type=click.Choice(EvidenceRole.values()), required=True, help=ROLE)
_STANCE = click.option(
    "--stance",
    type=click.Choice(get_args(Stance)),
    default="supports",
    show_default=True,
    help="Whether the words support the criterion, contradict it, or only give context.",
)
_TYPE = click.option(
    "--type",
    "type_",
    type=click.Choice(get_args(EvidenceType)),
    help="What the evidence is about, in your judgement: law and structure, process, or outcome.",
)
_LEVEL = click.option(
    "--level",
    type=click.Choice(EvidenceLevel.values()),
    help="Whether the words are a measure, or only state an aim or principle.",
)
"""Option --level. Type and level of evidence stay empty until a person gives them."""


def _on_a_proposal(run: Callable[..., None]) -> Callable[..., None]:
    """Decorate a command with the arguments and options that name one proposed passage: by its number, as `kb findings
    show` and the app give it, or by run and rank, as in a file of proposals."""
    options = [
        click.argument("policy_set", metavar="SET"),
        click.argument("criterion"),
        click.argument("proposal", metavar="NUMBER"),
        click.argument("rank", type=int, required=False, metavar="[RANK]"),
        by_option,
        reason_option,
        click.option(
            "--seen-verdict",
            type=int,
            default=None,
            metavar="VERSION",
            help="Version of the last answer to this proposal (accepted or rejected) that you looked at. If somebody "
            "answered since, nothing is replaced without your answer.",
        ),
        json_option,
    ]
    for option in reversed(options):
        run = option(run)
    return run


@click.command(
    "quote",
    epilog="Example: kb findings quote kenya R1.c 'Every child is named' --source act --role instrument --by 'A. Name'",
)
@click.argument("policy_set", metavar="SET")
@click.argument("criterion")
@click.argument("quotation")
@click.option("--source", required=True, help="Id of a policy of the assessment, or the name of a source outside it.")
@_ROLE
@_STANCE
@_TYPE
@_LEVEL
@click.option(
    "--standing", type=click.Choice(Standing.values()), help="Legal status of a source outside the assessment."
)
@click.option(
    "--locator",
    default="",
    help="Article, paragraph or page of the words; found by the program for a policy of the assessment.",
)
@click.option("--effective", help="Day on which the law took effect, or day of the figures, e.g. 2026-11-30.")
@by_option
@reason_option
@seen_option
@json_option
def quote(
    policy_set: str,
    criterion: str,
    quotation: str,
    type_: EvidenceType | None,
    effective: str | None,
    by: str,
    reason: str,
    seen: int | None,
    as_json: bool,
    **fields: object,
) -> None:
    """Add a verbatim quotation as evidence for a criterion. QUOTATION must occur in the policy word for word."""
    from kb.assessment.findings import add_evidence

    row = given(quotation=quotation, type=type_, effective=day(effective), **fields)
    with workspace() as ws:
        made = adding(
            ws,
            policy_set,
            criterion,
            by,
            seen,
            lambda expected: add_evidence(
                ws, framework(), policy_set, criterion, row, by=by, expected=expected, reason=reason
            ),
        )
    echo_json(made) if as_json else echo_finding(made)


def _run_and_rank(ws: Workspace, policy_set: str, criterion: str, proposal: str, rank: int | None) -> tuple[str, int]:
    """Return run and rank of a proposal. Raises NotFound for a number that the criterion does not have."""
    from kb.assessment.review import numbered

    if rank is not None:
        return proposal, rank
    found = numbered(ws, policy_set, criterion)
    at = int(proposal) if proposal.isascii() and proposal.isdigit() and len(proposal) < 7 else 0
    if not 1 <= at <= len(found):
        raise NotFound(
            f"{criterion} has no proposal '{proposal}'; it has {len(found)}.",
            do=f"Look at them: kb findings show {policy_set} {criterion}",
        )
    return found[at - 1].run, found[at - 1].rank


def _judged(
    policy_set: str,
    criterion: str,
    proposal: str,
    rank: int | None,
    by: str,
    seen: int | None,
    write: Callable[[Workspace, str, int, int], Made],
) -> Made:
    """Call `write(workspace, run, rank, version)` for the proposal that a person named, and return its result.
    `version` is that of the verdict that the person saw."""
    from kb.assessment.proposals import one_proposal, verdict_stream

    with workspace() as ws:
        run, at = _run_and_rank(ws, policy_set, criterion, proposal, rank)
        with ws.reading() as reader:
            verdict = verdict_stream(policy_set, one_proposal(reader, policy_set, criterion, run, at))
        return deciding(ws, verdict, by, seen, lambda expected: write(ws, run, at, expected))


@click.command("accept", epilog="Example: kb findings accept kenya R1.c 1 --role instrument --by 'A. Name'")
@_on_a_proposal
@_ROLE
@_STANCE
@_TYPE
@_LEVEL
@click.option("--quotation", help="Words to quote, a part of the passage; default: the complete passage.")
@seen_option
def accept_(
    policy_set: str,
    criterion: str,
    proposal: str,
    rank: int | None,
    by: str,
    seen: int | None,
    seen_verdict: int | None,
    type_: EvidenceType | None,
    as_json: bool,
    **how: Unpack[Accepting],
) -> None:
    """Accept a proposed passage as evidence. The status of the criterion does not change. NUMBER is the one that kb
    findings show prints. Instead, a proposal can be named by its run (in the place of NUMBER) and RANK, which --json
    prints there."""
    from kb.assessment.proposals import accept

    def take(ws: Workspace, run: str, at: int, verdict_seen: int) -> Finding:
        """Accept the proposal with this run and rank (`at`), on the versions of the finding and of the verdict that
        were seen."""
        write = lambda expected: accept(
            ws,
            framework(),
            policy_set,
            criterion,
            run,
            at,
            by=by,
            expected=expected,
            verdict_seen=verdict_seen,
            **how,
        )
        return adding(ws, policy_set, criterion, by, seen, write)

    made = _judged(policy_set, criterion, proposal, rank, by, seen_verdict, take)
    echo_json(made) if as_json else echo_finding(made)


@click.command("reject", epilog="Example: kb findings reject kenya R1.c 2 --reason 'Another subject' --by 'A. Name'")
@_on_a_proposal
def reject_(
    policy_set: str,
    criterion: str,
    proposal: str,
    rank: int | None,
    by: str,
    reason: str,
    seen_verdict: int | None,
    as_json: bool,
) -> None:
    """Record that a proposed passage is not evidence for the criterion. NUMBER is the one that kb findings show prints.
    Instead, a proposal can be named by its run (in the place of NUMBER) and RANK, which --json prints there."""
    from kb.assessment.proposals import reject

    made = _judged(
        policy_set,
        criterion,
        proposal,
        rank,
        by,
        seen_verdict,
        lambda ws, run, at, expected: reject(
            ws, policy_set, criterion, run, at, by=by, reason=reason, expected=expected
        ),
    )
    echo_json(made) if as_json else click.echo(f"rejected by {made.verdict_by}: {made.text}")


@click.command("unquote", epilog="Example: kb findings unquote kenya R1.c ROW --reason 'Wrong article' --by 'A. Name'")
@click.argument("policy_set", metavar="SET")
@click.argument("criterion")
@click.argument("evidence", metavar="ROW")
@by_option
@reason_option
@seen_option
@json_option
def unquote(
    policy_set: str, criterion: str, evidence: str, by: str, reason: str, seen: int | None, as_json: bool
) -> None:
    """Remove a row of evidence from a finding. ROW is the id that kb findings show prints before it. The history keeps
    the row."""
    from kb.assessment.findings import remove_evidence

    made = on_finding(
        policy_set,
        criterion,
        by,
        seen,
        lambda ws, expected: remove_evidence(
            ws, framework(), policy_set, criterion, evidence, by=by, expected=expected, reason=reason
        ),
    )
    echo_json(made) if as_json else echo_finding(made)


@click.command("requote", epilog="Example: kb findings requote kenya R1.c ROW --by 'A. Name'")
@click.argument("policy_set", metavar="SET")
@click.argument("criterion")
@click.argument("evidence", metavar="ROW")
@click.option(
    "--quotation", help="Words to quote from the current text; default: the same words, searched in the current text."
)
@by_option
@click.option("--reason", default="quoted from the current version", show_default=True, help="Kept in the history.")
@seen_option
@json_option
def requote_(
    policy_set: str,
    criterion: str,
    evidence: str,
    quotation: str | None,
    by: str,
    reason: str,
    seen: int | None,
    as_json: bool,
) -> None:
    """Quote a row of evidence again, from the current text of its policy. ROW is the id that kb findings show prints
    before it. kb policies changes lists the rows that need this."""
    from kb.assessment.change import requote

    made = on_finding(
        policy_set,
        criterion,
        by,
        seen,
        lambda ws, expected: requote(
            ws,
            framework(),
            policy_set,
            criterion,
            evidence,
            by=by,
            expected=expected,
            quotation=quotation,
            reason=reason,
        ),
    )
    echo_json(made) if as_json else echo_finding(made)
