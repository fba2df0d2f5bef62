"""Build the row of a register entry, or of a finding with its evidence."""

from __future__ import annotations

from collections.abc import Iterable

from typing_extensions import TypedDict

from kb.amounts import run_of
from kb.assessment.models import STATUS_WORDS, Evidence, Finding
from kb.citing.reference import pinpoint_of
from kb.commitments.documents import OWN_WORDS
from kb.commitments.register import Entry, Instrument
from kb.export.rows import Row, Scalar
from kb.models import Checked, Passage, Place, Tag, Wording
from kb.plan.models import Action


class Whose(TypedDict, total=False):
    """The fields of a row that say whose words its text is."""

    wording: Wording
    verified: Checked
    may_quote: bool


def unspanned(tags: Iterable[Tag]) -> tuple[Tag, ...]:
    """Return the tags without spans, for a row whose text is not the one they were found in."""
    return tuple(tag.model_copy(update={"span": None}) for tag in tags)


def commitment_row(instrument: Instrument, entry: Entry, passage: Passage | None, official: Passage | None) -> Row:
    """Return the row of a register entry; `passage` is its statement in the index, `official` its official text if
    that was added."""
    ranged = ""
    if entry.range:
        ranged = f"{entry.range.of} {run_of(entry.range.first, entry.range.last)}"
    if entry.range and not entry.range.verified:
        ranged += " (unverified)"
    held = official or passage
    return Row(
        id=entry.id,
        document=instrument.id,
        title=instrument.title,
        citation=held.citation if held else entry.identifier,
        text=official.text if official else "",
        statement=entry.statement,
        wording=official.wording if official else entry.wording,
        verified=official.verified if official else entry.verified,
        may_quote=bool(official and official.may_quote),
        force=entry.force,
        section=held.section if held else (),
        number=entry.identifier,
        pinpoint=pinpoint_of(entry.id, entry.identifier),
        url=instrument.url,
        place=held.place if held else None,
        tags=unspanned(passage.tags) if passage else (),
        notes=tuple(note for note in passage.notes if not (official and note == OWN_WORDS)) if passage else (),
        fields={
            "identifier": entry.identifier,
            "heading": entry.heading,
            "kind": entry.kind,
            "duty_bearer": ", ".join(entry.duty_bearers),
            "scope": entry.scope,
            "range": ranged,
            "deadline": entry.deadline,
            "verified": entry.verified,
        },
    )


def finding_row(
    finding: Finding, evidence: Evidence | None, serving: list[Action], about: dict[str, Scalar], whose: Whose
) -> Row:
    """Return the row of one piece of evidence of a finding, or of the finding itself if `evidence` is None.

    `serving` are the actions that serve the finding, `about` holds country and criterion, `whose` the wording of the
    quotation.
    """
    due = sorted(action.due.isoformat() for action in serving if action.due)
    fields: dict[str, Scalar] = {
        **about,
        "body": finding.body,
        "gap": finding.gap,
        "next_step": finding.next_step,
        "workflow": finding.workflow.value,
        "agreed_by": finding.agreed_by,
        "settled_by": ", ".join(finding.settled_by),
        "changed_by": finding.changed_by,
        "changed_at": finding.changed_at.isoformat() if finding.changed_at else "",
        "action": "; ".join(action.title for action in serving),
        "deadline": ", ".join(due),
        "indicator": "; ".join(a.indicator.name for a in serving if a.indicator),
        "status": STATUS_WORDS[finding.status],
        "confidence": finding.confidence,
        "rationale": finding.rationale,
        "author": finding.decided_by,
        "at": finding.decided_at.isoformat() if finding.decided_at else "",
    }
    id = f"{finding.policy_set}/{finding.criterion}"
    if evidence is None:
        return Row(id=id, document=finding.policy_set, citation=finding.criterion, fields=fields)
    place = Place(file=evidence.source, sha256=evidence.source_sha256) if evidence.source_sha256 else None
    unproved: tuple[str, ...] = () if evidence.verified else ("Quotation not found in a stored text: unverified.",)
    unproved += ("Read from a picture by a machine: compare it with the page.",) if evidence.recognised else ()
    if evidence.earlier_type and not evidence.type:
        unproved += (f"Kind “{evidence.earlier_type}”: an earlier version did not note who said so.",)
    return Row(
        id=f"{id}/{evidence.id[:12]}",
        document=evidence.source,
        text=evidence.quotation,
        place=place,
        **whose,
        citation=", ".join(filter(None, (evidence.source, evidence.locator))),
        force="national-measure",
        pinpoint=evidence.locator,
        notes=(", ".join(filter(None, (evidence.stance, evidence.role, evidence.type, evidence.standing))), *unproved),
        fields={
            **fields,
            "source": ", ".join(filter(None, (evidence.source, evidence.locator))),
            **_of_evidence(evidence),
        },
    )


def _of_evidence(evidence: Evidence) -> dict[str, Scalar]:
    """Return the columns of a piece of evidence; the machine's classification has columns of its own."""
    return {
        "evidence_role": evidence.role.value,
        "evidence_stance": evidence.stance,
        "evidence_type": evidence.type,
        "evidence_level": evidence.level and evidence.level.value,
        "evidence_machine_type": evidence.machine_type,
        "evidence_machine_level": evidence.machine_level and evidence.machine_level.value,
        "evidence_standing": evidence.standing.value,
        "evidence_passage": evidence.passage,
        "evidence_effective": evidence.effective.isoformat() if evidence.effective else "",
        "evidence_from": evidence.from_proposal,
        "evidence_by": evidence.added_by,
        "evidence_at": evidence.added_at.isoformat() if evidence.added_at else "",
    }
