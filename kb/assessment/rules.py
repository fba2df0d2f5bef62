"""Rules that every finding must satisfy, whether it is entered in the app, the command line or a script.

"Met" follows the general evidence rule of the framework: an instrument in force covers the criterion, and there is
evidence of operation (budget, institution at work, data). Each rule returns an error message, or None if the finding
satisfies it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kb.assessment.models import Evidence, Finding
from kb.assessment.quoting import fingerprint
from kb.errors import RefusedError
from kb.framework import Criterion
from kb.i18n import t

Rule = Callable[[Finding, Criterion], str | None]


def supporting(finding: Finding, role: str) -> list[Evidence]:
    """Return the supporting evidence of a finding with that role, "instrument" or "operation"."""
    return [row for row in finding.evidence if row.stance == "supports" and row.role == role]


def needs_person(finding: Finding, _criterion: Criterion) -> str | None:
    """Return an error if the status is not "not assessed" and no named person set it; None otherwise."""
    if finding.status != "not-assessed" and not finding.decided_by.strip():
        return t("A status is set by a named person")
    return None


def needs_instrument(finding: Finding, _criterion: Criterion) -> str | None:
    """Return an error for "met" without an instrument in force; None otherwise. Drafts, repealed texts, texts not
    yet in force and texts of doubtful status do not count."""
    rows = supporting(finding, "instrument")
    in_force = [row for row in rows if row.standing == "in-force"]
    if finding.status != "met" or any(not row.doubt for row in in_force):
        return None
    if in_force:
        return t(
            "'Met' needs law in force; the text it quotes is recorded as in force and calls itself “{words}”, and "
            "nobody has said yet why it is in force",
            words=in_force[0].doubt,
        )
    standings = sorted({row.standing for row in rows})
    if standings:
        return t(
            "'Met' needs supporting evidence of law in force; the law it quotes is: {standings}",
            standings=", ".join(t(each.brief) for each in standings),
        )
    return t("'Met' needs supporting evidence of law in force; it has none")


def needs_operation(finding: Finding, criterion: Criterion) -> str | None:
    """Return an error for "met" without evidence of operation; None otherwise. That evidence must quote other words
    than the evidence of the instrument, and its source must not be a draft or repealed."""
    if finding.status != "met":
        return None
    instruments = {fingerprint(row.quotation) for row in supporting(finding, "instrument")}
    rows = [
        row
        for row in supporting(finding, "operation")
        if row.standing not in ("draft", "repealed") and fingerprint(row.quotation) not in instruments
    ]
    if not rows:
        return t("'Met' needs supporting evidence at work (budget, institution at work, data); it has none")
    shown = {row.type for row in rows}
    if criterion.assessability == "needs-outcome-evidence" and not shown & {"process", "outcome"}:
        if None in shown:
            return t(
                "'{criterion}' is met by process or outcome evidence only, and nobody has said yet which of them its "
                "evidence at work is",
                criterion=criterion.id,
            )
        return t(
            "'{criterion}' is met by process or outcome evidence only; a law alone never shows it",
            criterion=criterion.id,
        )
    return None


def needs_reason(finding: Finding, _criterion: Criterion) -> str | None:
    """Return an error for "not applicable" without a reason; None otherwise."""
    if finding.status == "not-applicable" and not finding.rationale.strip():
        return t("'Not applicable' needs a reason in the rationale")
    return None


def agreed_is_decided(finding: Finding, _criterion: Criterion) -> str | None:
    """Return an error if workflow is "agreed" but the status is still "not assessed"; None otherwise."""
    if finding.workflow == "agreed" and finding.status == "not-assessed":
        return t("A finding that is not assessed cannot be agreed")
    return None


RULES: tuple[Rule, ...] = (needs_person, needs_instrument, needs_operation, needs_reason, agreed_is_decided)


def broken_rules(finding: Finding, criterion: Criterion) -> Iterator[str]:
    """Yield one sentence for each rule that the finding breaks."""
    for rule in RULES:
        message = rule(finding, criterion)
        if message:
            yield message


def enforce(finding: Finding, criterion: Criterion) -> None:
    """Raise RefusedError that lists all broken rules; return nothing if none is broken."""
    wrong = list(broken_rules(finding, criterion))
    if wrong:
        raise RefusedError(
            ". ".join(wrong) + ".",
            where=f"{finding.policy_set} {finding.criterion}",
            do=t("Add what is missing, or choose another status."),
        )
