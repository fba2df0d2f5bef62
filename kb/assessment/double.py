"""Double assessment: two people assess one criterion independently, their disagreements are shown, and a third
person, or both together, then decide."""

from __future__ import annotations

from kb.assessment.findings import ON_A_SHEET, as_finding, change, checked, read_finding, reason_of
from kb.assessment.models import Changes, Double, Finding, Opinion
from kb.assessment.policies import read_set
from kb.assessment.rules import enforce
from kb.errors import RefusedError
from kb.framework import Framework
from kb.log.decisions import stream
from kb.log.fold import model_of, validated
from kb.log.store import LogReader, LogWriter, StreamState, Workspace


def open_double(
    ws: Workspace,
    framework: Framework,
    policy_set: str,
    criterion: str,
    assessors: tuple[str, str],
    *,
    by: str,
    expected: int,
    blind: bool = True,
    reason: str = "",
) -> Finding:
    """Start a double assessment by the two people `assessors` and return the finding. Until it is settled, status,
    workflow and evidence of the finding can only be changed by `settle`. If `blind`, each of the two sees only
    their own sheet until both have submitted.

    Raises RefusedError if the two people are the same, or if a double assessment is already open.
    """
    first, second = (name.strip() for name in assessors)
    if not first or not second or first.casefold() == second.casefold():
        raise RefusedError("Two independent assessments need two different people.", do="Name two people.")
    framework.criterion(criterion)
    with ws.writing() as writer:
        read_set(writer, policy_set)
        old = read_finding(writer, policy_set, criterion)
        if old.double and old.double.open:
            raise RefusedError(f"{' and '.join(old.double.assessors)} already assess it.", do="Settle that first.")
        double = {"assessors": [first, second], "blind": blind, "open": True}
        writer.append(
            stream("finding", policy_set, criterion),
            "finding.double-opened",
            {"double": double, "settled_by": [], "opinions": []},
            author=by,
            reason=reason,
            expected=expected,
        )
        for name in (first, second):
            _clear(writer, policy_set, criterion, name, by)
        return read_finding(writer, policy_set, criterion)


def _clear(writer: LogWriter, policy_set: str, criterion: str, name: str, by: str) -> None:
    """Reset the sheet of assessor `name` for a new round, as an event of `by`; former sheets stay in the log."""
    sheet = stream("opinion", policy_set, criterion, name)
    writer.append(
        sheet,
        "opinion.opened",
        {"status": "not-assessed", "rationale": "", "evidence": [], "done": False},
        author=by,
        reason="a new round",  # an untouched sheet of a former round has nothing to be cleared
    )


def give_opinion(
    ws: Workspace,
    framework: Framework,
    policy_set: str,
    criterion: str,
    changes: Changes,
    *,
    by: str,
    expected: int,
    done: bool = False,
    reason: str = "",
) -> Opinion:
    """Change the sheet of `by` (status, rationale, evidence) and return it; the rules of findings apply. `done`
    submits the sheet.

    Raises RefusedError if `by` is not one of the two assessors, or if the sheet is already submitted.
    """
    with ws.writing() as writer:
        _, double = _open(writer, policy_set, criterion)
        if by.strip() not in double.assessors:
            raise RefusedError(
                f"{by} is not one of the assessors ({', '.join(double.assessors)}).",
                do="Only they write on these sheets.",
            )
        sheet = stream("opinion", policy_set, criterion, by.strip())
        old = as_opinion(writer.state(sheet))
        if old.done:
            raise RefusedError("This assessment was handed in.", do="What differs is settled by a third act.")
        wanted = checked(writer, old, changes, by, writer.clock())
        new = _as_finding(old, wanted)
        enforce(new, framework.criterion(criterion))
        data = new.model_dump(mode="json", include=set(wanted)) | {"done": done}
        why = reason_of(reason, old.rationale, new.rationale)
        writer.append(sheet, "opinion.given", data, author=by, reason=why, expected=expected)
        return as_opinion(writer.state(sheet))


def _as_finding(old: Opinion, wanted: dict[str, object]) -> Finding:
    """Return the sheet `old`, updated with the fields `wanted`, as a Finding, so that the rules of findings can be
    applied to it."""
    data = old.model_dump(include={"policy_set", "criterion", *ON_A_SHEET})
    return validated(Finding, {**data, **wanted, "decided_by": old.by})


def opinions(ws: Workspace, policy_set: str, criterion: str, *, viewer: str) -> list[Opinion]:
    """Return the sheets of the current round that `viewer` may see: both if both are submitted or the round is not
    blind; otherwise only their own. Empty if no double assessment was opened."""
    with ws.reading() as reader:
        finding = read_finding(reader, policy_set, criterion)
        if finding.double is None:
            return []
        sheets = _sheets(reader, finding, finding.double)
        return [sheet for sheet in sheets if _visible(finding.double, sheets, sheet.by, viewer)]


def sealed(reader: LogReader, viewer: str = "", policy_set: str = "") -> dict[int, tuple[str, str]]:
    """Return the events that `viewer` may not see yet, as event sequence to `(criterion, assessor)`. Without
    `viewer` ('') every sheet of an open blind round counts as hidden.

    Hidden are changes of the other person's sheet in an open blind round until both sheets are submitted; earlier
    rounds are visible. `policy_set` limits the answer to one set ('' for all).
    """
    found: dict[int, tuple[str, str]] = {}
    for state in reader.states(stream("finding", *filter(None, [policy_set]))):
        finding = as_finding(state)
        if not finding.double or not finding.double.open:
            continue
        sheets = _sheets(reader, finding, finding.double)
        hidden = [one.by for one in sheets if not _visible(finding.double, sheets, one.by, viewer)]
        opened = max(one.sequence for one in reader.events(state.stream) if one.kind == "finding.double-opened")
        for by in hidden:
            sheet = stream("opinion", finding.policy_set, finding.criterion, by)
            written = (one for one in reader.events(sheet, since=opened) if one.kind == "opinion.given")
            found |= {one.sequence: (finding.criterion, by) for one in written}
    return found


def _visible(double: Double, sheets: list[Opinion], by: str, viewer: str) -> bool:
    """Return whether `viewer` may see the sheet of `by`. In an open blind round in which a sheet is not yet
    submitted, people see only their own."""
    hidden = double.blind and double.open and not all(sheet.done for sheet in sheets)
    return not hidden or by == viewer.strip()


def disagreements(sheets: list[Opinion]) -> dict[str, dict[str, object]]:
    """Return field name to `{assessor: value}` for each field in which two sheets differ: status, and the ids of
    evidence. Empty if they agree."""
    if len(sheets) < 2:
        return {}
    by_person = {
        sheet.by: {"status": sheet.status, "evidence": sorted(row.id for row in sheet.evidence)} for sheet in sheets
    }
    return {
        field: {by: words[field] for by, words in by_person.items()}
        for field in ("status", "evidence")
        if len({str(words[field]) for words in by_person.values()}) > 1
    }


def settle(
    ws: Workspace,
    framework: Framework,
    policy_set: str,
    criterion: str,
    changes: Changes,
    *,
    by: str,
    expected: int,
    reason: str,
    together: tuple[str, ...] = (),
) -> Finding:
    """Close the round with a final decision and return the finding: decided by a third person `by`, or by both
    assessors (`together` names them).

    Raises RefusedError if a sheet is not submitted, if one assessor settles alone, or if the reason is empty.
    """
    if not reason.strip():
        raise RefusedError("Settling needs a reason.", do="Say why this and not the other.")
    with ws.writing() as writer:
        writer.refuse_stale(stream("finding", policy_set, criterion), expected, {**changes})
        finding, double = _open(writer, policy_set, criterion)
        sheets = _sheets(writer, finding, double)
        waiting = [sheet.by for sheet in sheets if not sheet.done]
        if waiting:
            raise RefusedError(f"{' and '.join(waiting)} did not hand in yet.", do="Wait for both.")
        names = _settlers(double, by.strip(), together)
        new = change(
            writer,
            framework,
            policy_set,
            criterion,
            changes,
            by=by,
            expected=expected,
            reason=reason,
            kind="finding.settled",
        )
        closed = {
            "double": {**double.model_dump(mode="json"), "open": False},
            "settled_by": names,
            "opinions": [sheet.sequence for sheet in sheets],
        }
        writer.append(
            stream("finding", policy_set, criterion),
            "finding.double-closed",
            closed,
            author=by,
            reason=reason,
            expected=new.version,
        )
        return read_finding(writer, policy_set, criterion)


def since_opened(ws: Workspace, policy_set: str, criterion: str, by: str) -> int:
    """Return the version of the finding to expect when `by` settles: the current one if nobody else changed the
    finding since the round was opened, otherwise the version at that time, so that the change is reported as a
    conflict."""
    name = stream("finding", policy_set, criterion)
    events = [event for event in ws.events(name) if event.stream == name]
    opened = max((event.version for event in events if event.kind == "finding.double-opened"), default=0)
    others = [event for event in events if event.version > opened and event.author != by.strip()]
    return opened if others else len(events)


def _settlers(double: Double, by: str, together: tuple[str, ...]) -> list[str]:
    """Return the names of the people who settle: the third person, or both assessors. Raises RefusedError for one
    assessor alone."""
    both = set(double.assessors)
    if by not in both:
        return [by]
    if {by, *(name.strip() for name in together)} >= both:
        return sorted(both)
    raise RefusedError(f"{by} is one of the two assessors.", do="A third person settles it, or both together.")


def _open(reader: LogReader, policy_set: str, criterion: str) -> tuple[Finding, Double]:
    """Return the finding and its open double assessment. Raises RefusedError if none is open."""
    finding = read_finding(reader, policy_set, criterion)
    if not finding.double or not finding.double.open:
        raise RefusedError(
            "Nobody assesses this finding apart.",
            where=f"{policy_set} {criterion}",
            do="Open a double assessment first.",
        )
    return finding, finding.double


def _sheets(reader: LogReader, finding: Finding, double: Double) -> list[Opinion]:
    return [
        as_opinion(reader.state(stream("opinion", finding.policy_set, finding.criterion, name)))
        for name in double.assessors
    ]


def as_opinion(state: StreamState) -> Opinion:
    """Return the sheet (Opinion) that the events of its stream add up to."""
    policy_set, criterion, by = state.parts
    return model_of(
        Opinion,
        state,
        policy_set=policy_set,
        criterion=criterion,
        by=by,
        stated=state.stated_words("status"),
    )
