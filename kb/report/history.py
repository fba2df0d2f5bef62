"""An entry of the log as a sentence: who did what, when and why, without field names."""

from __future__ import annotations

from collections.abc import Mapping

from kb.assessment.models import EvidenceLevel, Status, Workflow, as_read
from kb.i18n import TranslatedLabels, clock, day, t
from kb.log.decisions import Event, stated_by

_EvidenceRow = Mapping[str, object]
"""A row of evidence in an event: field names of `kb.assessment.models.Evidence` to JSON values."""
WORDS = TranslatedLabels({status.value: status.brief for status in Status})
"""Status to its short label."""
FIELDS = TranslatedLabels(
    {
        "rationale": "the reason",
        "gap": "the gap",
        "next_step": "the next step",
        "body": "the responsible body",
        "title": "the title",
        "country": "the country",
    }
)
SAID = ("type", "level")
"""Fields in which a person states the kind of a piece of evidence."""
KIND_SAID = TranslatedLabels(
    {
        "structural": "structural",
        "process": "process",
        "outcome": "outcome",
        **{level.value: level.words for level in EvidenceLevel},
    }
)
"""Labels of their values, as in the app."""
WORK = TranslatedLabels({state.value: state.words for state in Workflow})
"""Workflow state to its label."""
FOLLOWED = frozenset({"status", "evidence", "rationale"})
"""Fields whose change also changes the workflow state (`kb.assessment.findings`)."""
KINDS = TranslatedLabels(
    {
        "action.created": "began an action",
        "action.changed": "changed an action",
        "action.measured": "read a measure of an action",
        "action.noted": "wrote a note on an action",
        "attribute.set": "set an attribute",
        "coding.added": "gave a code",
        "coding.confirmed": "confirmed a code",
        "coding.rejected": "rejected a code",
        "coding.corrected": "put another code in its place",
        "coding.withdrawn": "took back a code",
        "finding.double-opened": "asked two people to assess it apart",
        "finding.double-closed": "closed the double assessment",
        "machine.proposed": "looked through a document for proposals",
        "measure.recorded": "recorded a measure",
        "opinion.given": "gave an assessment of their own",
        "opinion.opened": "opened a sheet for an assessment apart",
        "policy.added": "added a document",
        "policy.version-added": "added a newer text of a document",
        "policy.standing-changed": "changed the legal status of a document",
        "proposal.accepted": "took a proposal as evidence",
        "proposal.rejected": "called a proposal not relevant",
        "session.changed": "changed a coding project",
        "session.closed": "closed a coding project",
        "session.opened": "began a coding project",
        "set.changed": "changed an assessment",
        "set.created": "began an assessment",
        "unit.none-applies": "said that no code applies",
        "unit.none-withdrawn": "took back that no code applies",
        "unit.opened": "opened a passage for coding",
    }
)
"""Kind of an event to what it did. Decisions are described by their fields instead."""
QUIET = ("framework", "decided_by", "decided_at", "agreed_by", "opinions", "versions", "policy_set", "id", "language")
"""Fields that follow from others or are already in the sentence."""
CUT = 90
"""Characters of a text quoted in a sentence."""


def sentence(event: Event) -> str:
    """Return the event as a sentence, with its reason unless the reason repeats the rationale."""
    at = event.at.astimezone()
    when = f"{day(at)}, {clock(at)}"
    how = f" ({stated_by(event.imported)})" if event.imported else ""
    acts = _acts(event)
    reason = (
        ""
        if not event.reason or event.reason == event.after.get("rationale")
        else t(" Reason: {reason}", reason=_cut(event.reason))
    )
    return f"{when}: {event.author}{how} {_and(acts) or t('recorded it without a change')}.{reason}"


def _acts(event: Event) -> list[str]:
    """Return what was done to each field of an event."""
    rows = sorted(_chosen(event).items(), key=_weight)
    return [act for name, value in rows if (act := _act(name, event.before.get(name), value))]


def _chosen(event: Event) -> Mapping[str, object]:
    """Return the changed fields, without a workflow state that only followed from other changes. If that ended an
    agreement, the key `reopened` says so."""
    if event.after.get("workflow") != "draft" or not FOLLOWED & set(event.after):
        return event.after
    return {name: value for name, value in event.after.items() if name != "workflow"} | (
        {"reopened": True} if event.before.get("workflow") == "agreed" else {}
    )


def doing(event: Event) -> str:
    """Return in a few words what an event did: by its kind, or by its fields if the kind is not in KINDS."""
    if event.kind not in KINDS:
        return _and(_acts(event)) or t("recorded it without a change")
    subject = next((str(event.after[name]) for name in ("title", "code", "criterion") if event.after.get(name)), "")
    return f"{KINDS[event.kind]}: {_cut(subject)}" if subject else KINDS[event.kind]


def _weight(field: tuple[str, object]) -> tuple[bool, str]:
    """Return the sort key of a (name, value) pair: the status first, then by name, so that the same change always reads
    the same."""
    return field[0] != "status", field[0]


def _act(name: str, before: object, after: object) -> str:
    """Return in words how one field changed; '' for an unchanged field, one of QUIET, or a settlement that was
    cleared."""
    if name in QUIET or before == after:
        return ""
    if name == "status":
        return t("decided “{after}”", after=_status(after)) + (
            "" if before in (None, "not-assessed") else t(", before “{before}”", before=_status(before))
        )
    if name == "workflow":
        return t("set the state of work to “{after}”", after=WORK.get(str(after), str(after)))
    if name == "reopened":
        return t("so that the former agreement counts no more")
    if name == "evidence":
        return _evidence(_rows(before), _rows(after))
    if name == "confidence":
        return t("said how sure they are: {after}", after=after or "not said")
    if name in FIELDS:
        return (
            t("took out {name}", name=FIELDS[name])
            if not after
            else t("wrote {name}: “{after}”", name=FIELDS[name], after=_cut(str(after)))
        )
    if name == "archived":
        return t("put it aside") if after else t("took it back")
    if name == "removed":
        return t("deleted it") if after else t("took it back")
    if name == "double":
        return (
            t("asked two people to assess it apart")
            if isinstance(after, dict) and after.get("open")
            else t("closed the double assessment")
        )
    if name == "settled_by":
        return t("settled the two assessments") if after else ""
    return t("changed {replace}", replace=name.replace("_", " "))


def _evidence(before: list[_EvidenceRow], after: list[_EvidenceRow]) -> str:
    """Return in words which evidence was added, removed, moved or given a kind."""
    old, new = _by_id(before), _by_id(after)
    came, went = [row for id, row in new.items() if id not in old], [row for id, row in old.items() if id not in new]
    if came and went and {row["quotation"] for row in came} == {row["quotation"] for row in went}:
        return t("moved evidence: “{came}”", came=_cut(str(came[0]["quotation"])))
    acts = [t("took as evidence: “{row}”", row=_cut(str(row["quotation"]))) for row in came] + [
        t("took out of the evidence: “{row}”", row=_cut(str(row["quotation"]))) for row in went
    ]
    acts += [
        _kind_given(row) for id, row in new.items() if id in old and any(row.get(k) != old[id].get(k) for k in SAID)
    ]
    return _and(acts)


def _status(value: object) -> str:
    """Return the short label of a stored status, or the value itself if it is unknown."""
    return WORDS.get(str(value), str(value))


def _rows(value: object) -> list[_EvidenceRow]:
    """Return the rows of evidence in a field of an event; an empty list if there are none."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _by_id(rows: list[_EvidenceRow]) -> dict[str, _EvidenceRow]:
    """Return the rows by id, in their current form (`as_read`)."""
    return {str(row.get("id", "")): as_read(row) for row in rows}


def _kind_given(row: _EvidenceRow) -> str:
    """Return in words which type and level a person gave a piece of evidence."""
    values = (str(row.get(name)) for name in SAID)
    kinds = ", ".join(KIND_SAID[value] for value in values if value in KIND_SAID)
    return t(
        "said of the evidence “{row}”: {kinds}", row=_cut(str(row["quotation"])), kinds=kinds or t("nothing any more")
    )


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= CUT else text[:CUT].rsplit(" ", 1)[0] + " …"


def _and(parts: list[str]) -> str:
    return ", ".join(parts[:-1]) + t(" and ") + parts[-1] if len(parts) > 1 else "".join(parts)
