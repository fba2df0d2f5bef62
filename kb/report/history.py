"""An entry of the log as a sentence: who did what, when, and why; never field names and arrows."""

from __future__ import annotations

from typing import Any

from kb.assessment.models import Status
from kb.i18n import Words, clock, day, t
from kb.log.decisions import Event, stated_by

WORDS = Words({status.value: status.brief for status in Status})
"""Status to its word where the room is small; the documents that were supplied are named beside it."""
FIELDS = Words(
    {
        "rationale": "the reason",
        "gap": "the gap",
        "next_step": "the next step",
        "body": "the responsible body",
        "title": "the title",
        "country": "the country",
    }
)
WORK = Words({"to-do": "to do", "draft": "a draft", "in-review": "in review", "agreed": "agreed"})
QUIET = ("framework", "decided_by", "decided_at", "agreed_by", "opinions", "versions", "policy_set", "id", "language")
"""Fields that follow from others, or stand in the sentence already."""
CUT = 90
"""Characters of a text in a sentence of the history."""


def sentence(event: Event) -> str:
    """The sentence, with its reason where it has one of its own."""
    at = event.at.astimezone()
    when = f"{day(at)}, {clock(at)}"
    how = f" ({stated_by(event.imported)})" if event.imported else ""
    acts = [
        act
        for name, value in sorted(event.after.items(), key=_weight)
        if (act := _act(name, event.before.get(name), value))
    ]
    reason = (
        ""
        if not event.reason or event.reason == event.after.get("rationale")
        else t(" Reason: {reason}", reason=_cut(event.reason))
    )
    return f"{when}: {event.author}{how} {_and(acts) or t('recorded it without a change')}.{reason}"


def _weight(field: tuple[str, Any]) -> tuple[bool, str]:
    """The status first, the rest by name: the same change always reads the same."""
    return field[0] != "status", field[0]


def _act(name: str, before: Any, after: Any) -> str:
    """What one field says was done; '' for a field that says nothing new."""
    if name in QUIET or before == after:
        return ""
    if name == "status":
        return t("decided “{after}”", after=WORDS.get(after, after)) + (
            "" if before in (None, "not-assessed") else t(", before “{before}”", before=WORDS.get(before, before))
        )
    if name == "workflow":
        return t("marked the work as {after}", after=WORK.get(after, after))
    if name == "evidence":
        return _evidence(before or [], after or [])
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


def _evidence(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> str:
    """Evidence that came, went or moved."""
    old, new = {row.get("id"): row for row in before}, {row.get("id"): row for row in after}
    came, went = [row for id, row in new.items() if id not in old], [row for id, row in old.items() if id not in new]
    if came and went and {row["quotation"] for row in came} == {row["quotation"] for row in went}:
        return t("moved evidence: “{came}”", came=_cut(came[0]["quotation"]))
    acts = [t("took as evidence: “{row}”", row=_cut(row["quotation"])) for row in came] + [
        t("took out of the evidence: “{row}”", row=_cut(row["quotation"])) for row in went
    ]
    return _and(acts)


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= CUT else text[:CUT].rsplit(" ", 1)[0] + " …"


def _and(parts: list[str]) -> str:
    return ", ".join(parts[:-1]) + t(" and ") + parts[-1] if len(parts) > 1 else "".join(parts)
