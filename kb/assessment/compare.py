"""Compare policy sets, or one set at several times: a table of statuses and counts of evidence. It has no score,
ranking or average; columns are in the order requested."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import Field

from kb.assessment.findings import findings
from kb.assessment.history import doubt
from kb.assessment.models import Finding, Status, Workflow
from kb.assessment.policies import policy_set
from kb.assessment.proposals import MachineState, machine_states
from kb.assessment.quoting import fingerprint
from kb.framework import Framework
from kb.log.store import Workspace
from kb.models import Model


class ComparedSet(Model):
    """One column of the comparison: a policy set, now or at an earlier time (`until`)."""

    policy_set: str
    until: datetime | int | None = Field(None, description="moment (UTC) or sequence; None for now")
    title: str = ""
    doubt: str = Field("", description="of a past moment: how many changes may have been there, since clocks differ")


class SetFinding(Model):
    """The finding of one policy set on one criterion, as a cell of the comparison, with numbers of evidence rows by
    stance."""

    status: Status
    workflow: Workflow
    supports: int
    contradicts: int
    context: int
    machine: MachineState | None = Field(
        None, description="what the machine says now; never a status; None for the past"
    )
    stated: str = Field("", description="as in Finding: whose file states the status; empty for one decided here")
    version: int


class CriterionLine(Model):
    """One row of the comparison: a criterion with its finding in each policy set."""

    criterion: str
    element: str
    kind: str = Field(description="'stated' or 'derived'")
    cells: tuple[SetFinding, ...]


class Totals(Model):
    """Counts over one column: criteria by status, and different quotations that support them."""

    statuses: dict[str, int]
    criteria: int
    in_files: int = Field(0, description="of the decided criteria, those whose status only an imported file states")
    quotations: int = Field(
        description="different supporting quotations: one used twice is counted once, with the "
        "stated row if it supports both"
    )


class Matrix(Model):
    """A comparison of policy sets: one line per criterion, one cell per column. Lines of stated criteria come first;
    totals of derived criteria are separate."""

    framework: str
    size: str = Field(description="'6 stated + 1 derived'")
    notice: str
    columns: tuple[ComparedSet, ...]
    lines: tuple[CriterionLine, ...]
    stated: tuple[Totals, ...] = Field(description="one per column, without the derived row")
    derived: tuple[Totals, ...] = Field(description="one per column, the derived row alone")


def matrix(
    ws: Workspace, framework: Framework, columns: Sequence[ComparedSet | str], *, derived: bool = True
) -> Matrix:
    """Return the table of criteria (lines) by policy sets (columns), columns in the order given. A string is the id
    of a set as it is now. With `derived` False, criteria of the derived recommendation are left out. Raises
    NotFound for an unknown set."""
    titled = tuple(_titled(ws, column) for column in columns)
    read = [_read(ws, framework, column) for column in titled]
    kinds = {c.id: r.kind for r in framework.recommendations for c in r.criteria}
    lines = tuple(
        CriterionLine(
            criterion=c.id,
            element=c.element,
            kind=kinds[c.id],
            cells=tuple(_cell(held[c.id], machine.get(c.id)) for held, machine in read),
        )
        for c in framework.criteria(derived=derived)
    )
    return Matrix(
        framework=f"{framework.id} {framework.version}",
        size=framework.size_words(),
        notice=framework.notice,
        columns=titled,
        lines=lines,
        stated=tuple(_totals(held, kinds, "stated") for held, _ in read),
        derived=tuple(_totals(held, kinds, "derived") for held, _ in read) if derived else (),
    )


def _titled(ws: Workspace, column: ComparedSet | str) -> ComparedSet:
    column = ComparedSet(policy_set=column) if isinstance(column, str) else column
    title = policy_set(ws, column.policy_set).title
    when = f" ({'event ' if isinstance(column.until, int) else ''}{column.until})" if column.until is not None else ""
    unsure = doubt(ws, column.policy_set, column.until)
    return column.model_copy(update={"title": column.title or title + when, "doubt": unsure})


def _read(
    ws: Workspace, framework: Framework, column: ComparedSet
) -> tuple[dict[str, Finding], dict[str, MachineState]]:
    """Return the findings of a column by criterion id, and the machine's states by criterion id (empty for a past
    time)."""
    held = {f.criterion: f for f in findings(ws, framework, column.policy_set, until=column.until)}
    return held, machine_states(ws, column.policy_set, framework) if column.until is None else {}


def _cell(finding: Finding, machine: MachineState | None) -> SetFinding:
    stances = Counter(row.stance for row in finding.evidence)
    return SetFinding(
        status=finding.status,
        workflow=finding.workflow,
        supports=stances["supports"],
        machine=machine,
        contradicts=stances["contradicts"],
        context=stances["context"],
        stated=finding.stated,
        version=finding.version,
    )


def _totals(held: Mapping[str, Finding], kinds: Mapping[str, str], kind: str) -> Totals:
    """Return the totals of one column for criteria of one `kind`, "stated" or "derived". `held` maps criterion ids
    to findings, `kinds` maps them to kinds. A quotation that supports criteria of both kinds is counted for the
    stated ones only."""
    own = [finding for id, finding in held.items() if kinds[id] == kind]
    rest = [finding for id, finding in held.items() if kinds[id] != kind and kind == "derived"]
    return Totals(
        statuses=dict(Counter(finding.status for finding in own)),
        criteria=len(own),
        in_files=sum(bool(finding.stated) and finding.status != "not-assessed" for finding in own),
        quotations=len(_quotations(own) - _quotations(rest)),
    )


def _quotations(held: list[Finding]) -> set[tuple[str, str]]:
    """Return `(source, fingerprint)` of every supporting quotation of the findings."""
    return {
        (row.source, fingerprint(row.quotation))
        for finding in held
        for row in finding.evidence
        if row.stance == "supports"
    }
