"""Findings: people's decisions on criteria, with evidence. The same rules apply to everyone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kb.assessment.evidence import complete
from kb.assessment.models import Changes, Evidence, Finding, Opinion
from kb.assessment.policies import read_set
from kb.assessment.rules import enforce
from kb.errors import InputError, NotFound, RefusedError
from kb.framework import Framework
from kb.log.decisions import Event, Origin, stream
from kb.log.fold import model_of, refuse_other_fields, validated
from kb.log.store import LogReader, LogWriter, StreamState, Workspace, refuse_nobody

CHANGEABLE = tuple(Changes.__annotations__)
"""Fields of a finding that a person may change."""
ON_A_SHEET = ("status", "rationale", "evidence")
"""Fields of one person's sheet in a double assessment."""


def finding(ws: Workspace, policy_set: str, criterion: str, *, until: datetime | int | None = None) -> Finding:
    """Return the finding on one criterion: now, or as it was at `until`, a time (UTC) or the sequence of an event.
    If nobody has decided yet, its status is 'not assessed'."""
    with ws.reading() as reader:
        return read_finding(reader, policy_set, criterion, until=until)


def findings(
    ws: Workspace, framework: Framework, policy_set: str, *, until: datetime | int | None = None
) -> list[Finding]:
    """Return one finding for each criterion of the framework, in the framework's order: now, or as of `until` (a UTC
    time or an event's sequence). Raises NotFound for an unknown set."""
    with ws.reading() as reader:
        read_set(reader, policy_set)
        held = {state.parts[1]: state for state in reader.states(stream("finding", policy_set), until=until)}
        return [
            as_finding(held[c.id]) if c.id in held else Finding(policy_set=policy_set, criterion=c.id)
            for c in framework.criteria()
        ]


def strays(ws: Workspace, framework: Framework, policy_set: str) -> list[Finding]:
    """Return the stored findings on criteria that this framework does not have; they were made under another version
    of it."""
    known = {criterion.id for criterion in framework.criteria()}
    return [as_finding(state) for state in ws.states(stream("finding", policy_set)) if state.parts[1] not in known]


def read_finding(reader: LogReader, policy_set: str, criterion: str, *, until: datetime | int | None = None) -> Finding:
    """Like `finding`, within the caller's transaction."""
    return as_finding(reader.state(stream("finding", policy_set, criterion), until=until))


def as_finding(state: StreamState) -> Finding:
    """Return the finding that the events of its stream add up to."""
    policy_set, criterion = state.parts
    found = model_of(
        Finding,
        state,
        policy_set=policy_set,
        criterion=criterion,
    )
    return _as_stated(found, state) if state.stated else found


def _as_stated(found: Finding, state: StreamState) -> Finding:
    """Return the finding with names marked that come from an imported file and were not entered in this workspace."""
    act = "decided_at" if found.decided_at else "status"  # the field that every decision writes
    return found.model_copy(
        update={
            "stated": state.stated_words(act),
            "decided_by": state.who(act, found.decided_by),
            "agreed_by": state.who("agreed_by", found.agreed_by),
            "settled_by": tuple(state.who("settled_by", name) for name in found.settled_by),
            "evidence": tuple(
                row.model_copy(update={"added_by": state.who("evidence", row.added_by)}) for row in found.evidence
            ),
        }
    )


def decide(
    ws: Workspace,
    framework: Framework,
    policy_set: str,
    criterion: str,
    changes: Changes,
    *,
    by: str,
    expected: int,
    reason: str = "",
    origin: Origin = "person",
) -> Finding:
    """Change a finding and return it.

    `changes` holds any of CHANGEABLE; `expected` is the version that the person saw. Raises RefusedError if somebody
    else changed it since, if a rule is broken (see rules.py), if the author is empty or a machine, or if a new status
    has no reason; InputError for an invalid value; NotFound for the set or the criterion.
    """
    with ws.writing() as writer:
        return change(
            writer, framework, policy_set, criterion, changes, by=by, expected=expected, reason=reason, origin=origin
        )


def change(
    writer: LogWriter,
    framework: Framework,
    policy_set: str,
    criterion: str,
    changes: Changes,
    *,
    by: str,
    expected: int,
    reason: str = "",
    origin: Origin = "person",
    kind: str = "finding.decided",
) -> Finding:
    """Change a finding within the caller's transaction, and return it; `kind` is the kind of the event that is
    written. Otherwise like `decide`, with the same errors."""
    refuse_nobody(by, origin)
    if origin != "person":
        raise RefusedError("The machine proposes; only a person decides.", do="Record the decision of a person.")
    row = framework.criterion(criterion)
    old = read_finding(writer, policy_set, criterion)
    # Told before anything else: what else is wrong may come from the other person's change.
    writer.refuse_stale(stream("finding", policy_set, criterion), expected, {**changes})
    if not changes:
        raise InputError(
            "Nothing was given to decide.", where=f"{policy_set} {criterion}", do="Give a status, or words."
        )
    if kind != "finding.settled":
        _refuse_while_double(old, changes)
    time = writer.clock()
    wanted = _consequences(old, changes, by, time) | checked(writer, old, changes, by, time)
    wanted["framework"] = f"{framework.id} {framework.version}"
    new = validated(Finding, {**old.model_dump(), **wanted})
    if new.status != old.status:
        _refuse_without_reason(reason or new.rationale, new)
    enforce(new, row)
    data = new.model_dump(mode="json", include=set(wanted))
    writer.append(
        stream("finding", policy_set, criterion),
        kind,
        data,
        author=by,
        expected=expected,
        reason=reason_of(reason, old.rationale, new.rationale),
        at=time,
    )
    return read_finding(writer, policy_set, criterion)


def reason_of(reason: str, old: str, new: str) -> str:
    """Return the reason to store with the event: `reason`, or if it is empty the rationale `new` if it differs from
    `old`, otherwise ''."""
    return reason or (new if new != old else "")


def checked(writer: LogWriter, old: Finding | Opinion, changes: Changes, by: str, time: datetime) -> dict[str, object]:
    """Return the `changes` of a finding or a sheet, with all evidence verified and its legal status updated.

    Raises InputError for an unknown field, and what `evidence.complete` raises.
    """
    known, what = (CHANGEABLE, "A finding") if isinstance(old, Finding) else (ON_A_SHEET, "An assessment")
    refuse_other_fields(changes, known, what)
    policy_set = read_set(writer, old.policy_set)
    rows = changes.get("evidence", old.evidence)
    return {**changes, "evidence": complete(writer, policy_set, rows, old.evidence, by=by, time=time)}


def _consequences(old: Finding, changes: Changes, by: str, time: datetime) -> dict[str, object]:
    """Return the changes with the fields that follow from them: a new status sets `decided_by` and `decided_at`, the
    workflow "agreed" sets `agreed_by`, and a change of status, evidence or rationale moves the workflow from "to
    do" or "agreed" to "in work"."""
    wanted: dict[str, object] = {**changes}
    if "status" in changes and (changes["status"] != old.status or not old.decided_by or old.stated):
        wanted |= {"decided_by": by.strip(), "decided_at": time}
    touched = bool({"status", "evidence", "rationale"} & set(changes))
    if touched and "workflow" not in changes and old.workflow in ("to-do", "agreed"):
        wanted["workflow"] = "draft"
    if "workflow" in wanted:
        wanted["agreed_by"] = by.strip() if wanted["workflow"] == "agreed" else ""
    return wanted


def _refuse_without_reason(reason: str, new: Finding) -> None:
    if not reason.strip():
        raise RefusedError(
            f"The status '{new.status}' needs a reason.",
            where=f"{new.policy_set} {new.criterion}",
            do="Give a rationale or a reason.",
        )


def _refuse_while_double(old: Finding, changes: Changes) -> None:
    if old.double and old.double.open and {"status", "workflow", "evidence"} & set(changes):
        raise RefusedError(
            f"{' and '.join(old.double.assessors)} assess it apart; it is settled, not changed.",
            where=f"{old.policy_set} {old.criterion}",
            do="Settle it when both are done.",
        )


def add_evidence(
    ws: Workspace,
    framework: Framework,
    policy_set: str,
    criterion: str,
    row: Evidence | Mapping[str, object],
    *,
    by: str,
    expected: int,
    reason: str = "",
) -> Finding:
    """Add one row of evidence to a finding, and return the finding. Raises what `decide` raises, and RefusedError for a
    quotation that the source does not contain."""
    with ws.writing() as writer:
        old = read_finding(writer, policy_set, criterion)
        return change(
            writer,
            framework,
            policy_set,
            criterion,
            {"evidence": [*old.evidence, row]},
            by=by,
            expected=expected,
            reason=reason,
        )


def remove_evidence(
    ws: Workspace,
    framework: Framework,
    policy_set: str,
    criterion: str,
    id: str,
    *,
    by: str,
    expected: int,
    reason: str,
) -> Finding:
    """Remove one evidence row from the finding; the history keeps it. Raises NotFound for an unknown row."""
    with ws.writing() as writer:
        old = read_finding(writer, policy_set, criterion)
        rest = [row for row in old.evidence if row.id != id]
        if len(rest) == len(old.evidence):
            raise NotFound(f"{criterion} has no evidence row '{id}'.", do="See: kb findings show")
        return change(
            writer, framework, policy_set, criterion, {"evidence": rest}, by=by, expected=expected, reason=reason
        )


def timeline(ws: Workspace, policy_set: str, criterion: str) -> list[Event]:
    """Return the events of one finding, oldest first."""
    return ws.events(stream("finding", policy_set, criterion))
