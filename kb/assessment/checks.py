"""Checks over an assessment, like a spell checker: each points at a place and says what a reader would object to.
A check changes nothing; each is one function."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from pydantic import Field

from kb.assessment.evidence import standing_now
from kb.assessment.findings import findings, strays
from kb.assessment.models import Evidence, Finding, PolicySet, Proposal
from kb.assessment.policies import document_of, read_set
from kb.assessment.proposals import read_proposals
from kb.assessment.quoting import Text, mark
from kb.assessment.rules import broken_rules
from kb.errors import InputError
from kb.framework import Criterion, Framework
from kb.i18n import Words, t
from kb.log.decisions import bare_name, stream
from kb.log.store import Reader, Workspace
from kb.models import Model

Severity = Literal["error", "warning", "note"]
STALE_YEARS = 5  # a project's choice, not a rule of the paper: census and survey rounds are five to ten years apart
STANDINGS = Words({"repealed": "repealed", "draft": "draft"})
"""How a text stands that carries nothing, in words."""
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_FIGURE = re.compile(r"\d")


class Remark(Model):
    """One thing that a check found."""

    check: str = Field(description="id of the check")
    severity: Severity
    message: str
    policy_set: str
    criterion: str
    evidence: str | None = Field(None, description="id of the evidence row, if it is about one")
    link: str = Field(description="stream of the finding: what the app opens")


@dataclass(frozen=True)
class Assessment:
    """Everything a check may look at, read at one moment."""

    framework: Framework
    policy_set: PolicySet
    findings: tuple[Finding, ...]
    strays: tuple[Finding, ...]  # on criteria that the framework does not have
    proposals: tuple[Proposal, ...]
    standings: dict[str, str]  # evidence id to its source's force today
    missing: frozenset[str]  # ids of evidence that the current text of its policy does not hold
    today: date

    def criterion(self, finding: Finding) -> Criterion:
        """The criterion that a finding is about."""
        return self.framework.criterion(finding.criterion)


Found = Iterator[tuple[Finding, Evidence | None, str]]
Check = Callable[[Assessment], Found]
CHECKS: dict[str, tuple[Severity, Check]] = {}


def check(id: str, severity: Severity) -> Callable[[Check], Check]:
    """Register a check under an id."""

    def register(function: Check) -> Check:
        """Keep the function under the id."""
        CHECKS[id] = (severity, function)
        return function

    return register


def run_checks(
    ws: Workspace, framework: Framework, policy_set: str, *, today: date | None = None, only: tuple[str, ...] = ()
) -> list[Remark]:
    """All remarks on an assessment, errors first, then in the framework's order; `only` names some of the checks.

    Raises NotFound for the set, InputError for the name of a check that there is none of.
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
        )


def _missing(reader: Reader, policy_set: PolicySet, rows: list[Evidence]) -> frozenset[str]:
    """Evidence whose words the current text of its policy no longer holds."""
    cited = {row.source for row in rows}
    texts = {
        policy.id: Text(document_of(reader, policy.current)) for policy in policy_set.policies if policy.id in cited
    }
    return frozenset(row.id for row in rows if row.source in texts and not texts[row.source].find(row.quotation))


@check("rule-broken", "error")
def rule_broken(a: Assessment) -> Found:
    """A status that the rules would refuse today: imported from elsewhere, or the law was repealed since."""
    for finding in a.findings:
        now = tuple(row.model_copy(update={"standing": a.standings[row.id]}) for row in finding.evidence)
        for message in broken_rules(finding.model_copy(update={"evidence": now}), a.criterion(finding)):
            yield finding, None, message + "."


@check("partial-without-evidence", "error")
def partial_without_evidence(a: Assessment) -> Found:
    """Partial, or contrary, with nothing to show for it."""
    for finding in a.findings:
        stance = {"partial": "supports", "commitment-only": "supports", "contrary": "contradicts"}.get(finding.status)
        if stance and not any(row.stance == stance for row in finding.evidence):
            words = (
                t("Marked '{status}' without evidence that contradicts it.", status=finding.status)
                if stance == "contradicts"
                else t("Marked '{status}' without evidence that supports it.", status=finding.status)
            )
            yield finding, None, words


@check("no-force", "error")
def evidence_without_force(a: Assessment) -> Found:
    """Supporting evidence from a repealed or draft text."""
    for finding, row in _rows(a):
        standing = a.standings[row.id]
        if row.stance == "supports" and standing in ("repealed", "draft"):
            yield (
                finding,
                row,
                t(
                    "Supporting evidence from a text that is {standing}: {place}.",
                    standing=STANDINGS[standing],
                    place=row.locator or row.source,
                ),
            )


@check("silence-with-evidence", "error")
def silence_with_evidence(a: Assessment) -> Found:
    """'No evidence found' beside supporting evidence."""
    for finding in a.findings:
        if finding.status == "no-evidence-found" and any(row.stance == "supports" for row in finding.evidence):
            yield finding, None, t("Says that no evidence was found, but lists supporting evidence.")


@check("counted-twice", "warning")
def counted_twice(a: Assessment) -> Found:
    """The same passage under two rows that the framework says to count once (D7.f quotes a line of R2)."""
    for finding, row in _rows(a):
        twin = a.criterion(finding).counted_with
        if not twin:
            continue
        group = a.framework.recommendation(twin).id
        others = sorted(
            {
                other.criterion
                for other, held in _rows(a)
                if other.criterion.partition(".")[0] == group and _same_passage(row, held)
            }
        )
        if others:
            yield (
                finding,
                row,
                t(
                    "The same passage serves {others} and {criterion}: count it once.",
                    others=", ".join(others),
                    criterion=finding.criterion,
                ),
            )


@check("principle-only", "warning")
def principle_only(a: Assessment) -> Found:
    """A partial or met finding that rests on aims and mentions alone."""
    for finding in a.findings:
        rows = [row for row in finding.evidence if row.stance == "supports"]
        if finding.status in ("partial", "met") and rows and all(row.level == "principle" for row in rows):
            yield (
                finding,
                None,
                t("'{status}' rests on principles and aims only; no measure is quoted.", status=finding.status),
            )


@check("old-figure", "warning")
def old_figure(a: Assessment) -> Found:
    """A figure older than STALE_YEARS without a word that it is old."""
    for finding, row in _rows(a):
        year = _year_of_figure(row)
        if year and a.today.year - year > STALE_YEARS and str(year) not in finding.rationale:
            yield finding, row, t("The figure is of {year}; say so in the rationale, or give a newer one.", year=year)


@check("undated-figure", "note")
def undated_figure(a: Assessment) -> Found:
    """An outcome figure without a date cannot be known to be current."""
    for finding, row in _rows(a):
        if row.type == "outcome" and _FIGURE.search(row.quotation) and _year_of_figure(row) is None:
            yield finding, row, t("The figure has no date; give the date it is of.")


@check("no-rationale", "warning")
def no_rationale(a: Assessment) -> Found:
    """A decided status without a rationale."""
    for finding in a.findings:
        if finding.status != "not-assessed" and not finding.rationale.strip():
            yield finding, None, t("The rationale is empty.")


@check("policy-changed", "warning")
def policy_changed(a: Assessment) -> Found:
    """A decision older than the last change of a policy of the set."""
    for finding in a.findings:
        newer = sorted(policy.id for policy in a.policy_set.policies if policy.sequence > finding.sequence)
        if finding.status != "not-assessed" and newer:
            yield finding, None, t("Untouched since the policy changed: {newer}.", newer=", ".join(newer))


@check("framework-changed", "warning")
def framework_changed(a: Assessment) -> Found:
    """A decision under another version of the framework, or on a criterion that this one does not have."""
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


@check("words-gone", "warning")
def words_gone(a: Assessment) -> Found:
    """A quotation that the current text of its policy does not hold."""
    for finding, row in _rows(a):
        if row.id in a.missing:
            yield finding, row, t("The quotation no longer stands in the current text of {source}.", source=row.source)


@check("contradiction", "warning")
def contradiction(a: Assessment) -> Found:
    """Met although contradicting evidence is listed."""
    for finding in a.findings:
        if finding.status == "met" and any(row.stance == "contradicts" for row in finding.evidence):
            yield finding, None, t("Marked 'met' beside contradicting evidence; the rationale must answer it.")


@check("agreed-alone", "warning")
def agreed_alone(a: Assessment) -> Found:
    """Agreed by the person who decided."""
    for finding in a.findings:
        if finding.workflow == "agreed" and bare_name(finding.agreed_by) == bare_name(finding.decided_by):
            yield (
                finding,
                None,
                t("{person} decided and agreed; a second person should review it.", person=finding.agreed_by),
            )


@check("unsettled", "warning")
def unsettled(a: Assessment) -> Found:
    """Two people assess it apart and nobody has settled it."""
    for finding in a.findings:
        if finding.double and finding.double.open:
            yield (
                finding,
                None,
                t("{people} assess it apart; it is not settled.", people=t(" and ").join(finding.double.assessors)),
            )


@check("proposal-unanswered", "note")
def proposal_unanswered(a: Assessment) -> Found:
    """'No evidence found' although a direct proposal was neither accepted nor rejected."""
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
                t("{count} proposed passages were neither accepted nor rejected.", count=len(open_ones)),
            )


@check("unproved", "note")
def unproved(a: Assessment) -> Found:
    """A quotation from a source whose text is not in the set."""
    for finding, row in _rows(a):
        if not row.verified:
            yield (
                finding,
                row,
                t("The quotation from '{source}' could not be proved: its text is not in the set.", source=row.source),
            )


@check("recognised", "note")
def recognised(a: Assessment) -> Found:
    """A quotation that a machine read from a picture."""
    for finding, row in _rows(a):
        if row.verified and row.recognised:
            yield (
                finding,
                row,
                t(
                    "The quotation from '{source}' was read from a picture: compare it with the page.",
                    source=row.source,
                ),
            )


def _rows(a: Assessment) -> Iterator[tuple[Finding, Evidence]]:
    return ((finding, row) for finding in a.findings for row in finding.evidence)


def _same_passage(one: Evidence, other: Evidence) -> bool:
    """The same passage of the same source, or the same words."""
    same_place = one.passage is not None and (one.source, one.passage) == (other.source, other.passage)
    return same_place or mark(one.quotation) == mark(other.quotation)


def _year_of_figure(row: Evidence) -> int | None:
    """The year of a figure: the row's date, else the last year named in the quotation; None if it is no figure."""
    if row.type == "structural" or not _FIGURE.search(row.quotation):
        return None
    if row.effective:
        return row.effective.year
    years = [int(year) for year in _YEAR.findall(row.quotation)]
    return max(years) if years else None
