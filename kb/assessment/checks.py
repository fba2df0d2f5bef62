"""Checks of the findings of an assessment: each returns remarks, as a spell checker does, and changes nothing.

Checks of single rows of evidence are in row_checks.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from kb.assessment import row_checks
from kb.assessment.checking import Assessment, Found, Remark, Severity, check
from kb.assessment.evidence import doubt_now, standing_now
from kb.assessment.findings import findings, strays
from kb.assessment.models import Evidence, Finding, PolicySet
from kb.assessment.policies import document_of, read_set
from kb.assessment.proposals import read_proposals
from kb.assessment.quoting import SearchedText
from kb.assessment.rules import broken_rules
from kb.errors import InputError
from kb.framework import Framework
from kb.i18n import t, tn
from kb.log.decisions import bare_name, stream
from kb.log.store import LogReader, Workspace

CHECKS = row_checks.CHECKS
"""Check id to severity and function, for rows and findings."""


def run_checks(
    ws: Workspace, framework: Framework, policy_set: str, *, today: date | None = None, only: tuple[str, ...] = ()
) -> list[Remark]:
    """Run the checks on one policy set and return all remarks, sorted by severity (errors first), then in the order
    of the framework's criteria. `only` selects checks by id (empty: all); `today` is the day from which ages are
    counted.

    Raises NotFound for an unknown set, InputError for an unknown check.
    """
    if unknown := [name for name in only if name not in CHECKS]:
        raise InputError(f"There is no check '{unknown[0]}'.", do=f"Checks are: {', '.join(CHECKS)}.")
    assessment = _read(ws, framework, policy_set, today or datetime.now(UTC).date())
    order = {criterion.id: n for n, criterion in enumerate(framework.criteria())}
    remarks = [
        _remark(id, severity, *found)
        for id, (severity, function) in CHECKS.items()
        if not only or id in only
        for found in function(assessment)
    ]
    ranks = ("error", "warning", "note")
    return sorted(
        remarks,
        key=lambda remark: (ranks.index(remark.severity), order.get(remark.criterion, len(order)), remark.check),
    )


def _remark(id: str, severity: Severity, finding: Finding, row: Evidence | None, message: str) -> Remark:
    return Remark(
        check=id,
        severity=severity,
        message=message,
        policy_set=finding.policy_set,
        criterion=finding.criterion,
        evidence=row.id if row else None,
        link=stream("finding", finding.policy_set, finding.criterion),
    )


def _read(ws: Workspace, framework: Framework, policy_set: str, today: date) -> Assessment:
    held = tuple(findings(ws, framework, policy_set))
    rows = [row for finding in held for row in finding.evidence]
    with ws.reading() as reader:
        stored = read_set(reader, policy_set)
        known = {criterion.id for criterion in framework.criteria()}
        proposals = tuple(one for one in read_proposals(reader, policy_set) if one.criterion in known)
        return Assessment(
            framework,
            stored,
            held,
            tuple(strays(ws, framework, policy_set)),
            proposals,
            today=today,
            missing=_missing(reader, stored, rows),
            standings={row.id: standing_now(reader, stored, row) for row in rows},
            doubts={row.id: doubt_now(stored, row) for row in rows},
        )


def _missing(reader: LogReader, policy_set: PolicySet, rows: list[Evidence]) -> frozenset[str]:
    """Return the ids of evidence whose quotation is not in the current text of its policy."""
    cited = {row.source for row in rows}
    texts = {
        policy.id: SearchedText(document_of(reader, policy.current))
        for policy in policy_set.policies
        if policy.id in cited
    }
    return frozenset(row.id for row in rows if row.source in texts and not texts[row.source].find(row.quotation))


@check("rule-broken", "error")
def rule_broken(a: Assessment) -> Found:
    """Find findings that break a rule today: they were imported with the error, or a text they quote has been
    repealed since."""
    for finding in a.findings:
        now = tuple(
            row.model_copy(update={"standing": a.standings[row.id], "doubt": a.doubts[row.id]})
            for row in finding.evidence
        )
        for message in broken_rules(finding.model_copy(update={"evidence": now}), a.criterion(finding)):
            yield finding, None, message + "."


@check("partial-without-evidence", "error")
def partial_without_evidence(a: Assessment) -> Found:
    """Find findings that lack the evidence of their status: "partial" and "commitment only" need supporting
    evidence, "contrary" needs contradicting evidence."""
    for finding in a.findings:
        stance = {"partial": "supports", "commitment-only": "supports", "contrary": "contradicts"}.get(finding.status)
        if stance and not any(row.stance == stance for row in finding.evidence):
            words = (
                t("Marked '{status}' without evidence that contradicts it.", status=finding.status)
                if stance == "contradicts"
                else t("Marked '{status}' without evidence that supports it.", status=finding.status)
            )
            yield finding, None, words


@check("silence-with-evidence", "error")
def silence_with_evidence(a: Assessment) -> Found:
    """Find findings with status 'no evidence found' that list supporting evidence."""
    for finding in a.findings:
        if finding.status == "no-evidence-found" and any(row.stance == "supports" for row in finding.evidence):
            yield finding, None, t("Says that no evidence was found, but lists supporting evidence.")


@check("principle-only", "warning")
def principle_only(a: Assessment) -> Found:
    """Find findings with status partial or met whose supporting evidence consists only of aims and principles. The
    level that a person set counts; where none is set, the machine's guess counts."""
    for finding in a.findings:
        rows = [row for row in finding.evidence if row.stance == "supports"]
        if finding.status not in ("partial", "met") or not rows:
            continue
        if all(row.level == "principle" for row in rows):
            yield (
                finding,
                None,
                t("'{status}' rests on principles and aims only; no measure is quoted.", status=finding.status),
            )
        elif all((row.level or row.machine_level) == "principle" for row in rows):
            yield (
                finding,
                None,
                t(
                    "'{status}' rests on what the machine takes for principles and aims only, and nobody has said yet "
                    "whether a measure is among them.",
                    status=finding.status,
                ),
            )


@check("no-rationale", "warning")
def no_rationale(a: Assessment) -> Found:
    """Find decided findings without a rationale."""
    for finding in a.findings:
        if finding.status != "not-assessed" and not finding.rationale.strip():
            yield finding, None, t("The rationale is empty.")


@check("policy-changed", "warning")
def policy_changed(a: Assessment) -> Found:
    """Find findings that were last changed before a policy of the set was changed."""
    for finding in a.findings:
        newer = sorted(one.title or one.id for one in a.policy_set.policies if one.sequence > finding.sequence)
        if finding.status != "not-assessed" and newer:
            yield finding, None, t("Untouched since the policy changed: {newer}.", newer=", ".join(newer))


@check("framework-changed", "warning")
def framework_changed(a: Assessment) -> Found:
    """Find findings made under another version of the framework, and findings on a criterion that the current
    version does not have."""
    now = f"{a.framework.id} {a.framework.version}"
    for finding in a.findings:
        if finding.status != "not-assessed" and finding.framework != now:
            yield (
                finding,
                None,
                t(
                    "Decided under framework {framework}; this is {now}.",
                    framework=finding.framework or t("not stated"),
                    now=now,
                ),
            )
    for finding in a.strays:
        yield (
            finding,
            None,
            t(
                "Decided under framework {framework}; {now} has no such criterion. It is kept.",
                framework=finding.framework,
                now=now,
            ),
        )


@check("contradiction", "warning")
def contradiction(a: Assessment) -> Found:
    """Find findings with status met that list contradicting evidence."""
    for finding in a.findings:
        if finding.status == "met" and any(row.stance == "contradicts" for row in finding.evidence):
            yield finding, None, t("Marked 'met' beside contradicting evidence; the rationale must answer it.")


@check("agreed-alone", "warning")
def agreed_alone(a: Assessment) -> Found:
    """Find findings for which the same person set the status and gave the agreement."""
    for finding in a.findings:
        if finding.workflow == "agreed" and bare_name(finding.agreed_by) == bare_name(finding.decided_by):
            yield (
                finding,
                None,
                t("{person} decided and agreed; a second person should review it.", person=finding.agreed_by),
            )


@check("unsettled", "warning")
def unsettled(a: Assessment) -> Found:
    """Find findings whose double assessment is not settled."""
    for finding in a.findings:
        if finding.double and finding.double.open:
            yield (
                finding,
                None,
                t("{people} assess it apart; it is not settled.", people=t(" and ").join(finding.double.assessors)),
            )


@check("proposal-unanswered", "note")
def proposal_unanswered(a: Assessment) -> Found:
    """Find findings with status 'no evidence found' although a proposal of grade "direct" was neither accepted nor
    rejected."""
    for finding in a.findings:
        open_ones = [
            one
            for one in a.proposals
            if one.criterion == finding.criterion and one.grade == "direct" and one.verdict is None
        ]
        if finding.status == "no-evidence-found" and open_ones:
            yield (
                finding,
                None,
                tn(
                    "{n} proposed passage was neither accepted nor rejected.",
                    "{n} proposed passages were neither accepted nor rejected.",
                    len(open_ones),
                ),
            )
