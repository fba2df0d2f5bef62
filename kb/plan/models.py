"""The models of a plan: actions with indicators, and measures with the commitments they relate to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from kb.assessment.models import Evidence
from kb.models import Model, Worded

Stated = Annotated[
    str, Field(description="empty for what was said here; else who brought in the file that states it, and when")
]


class IndicatorReading(Model):
    """One measured value of an indicator: the day, the value in the indicator's unit, and its source."""

    on: date
    value: float
    source: str = ""


class ActionIndicator(Model):
    """The quantity by which the progress of an action is measured, with its unit, baseline, target and readings."""

    name: str
    unit: str = ""
    baseline: float | None = None
    baseline_on: date | None = None
    target: float | None = None
    target_on: date | None = None
    readings: tuple[IndicatorReading, ...] = ()


class Note(Model):
    """A note on the progress of an action, with author and time."""

    text: str = Field(min_length=1)
    by: str
    at: datetime


class FindingRef(Model):
    """A reference to a finding that an action serves, by policy set and criterion."""

    policy_set: str
    criterion: str


class ActionStatus(Worded):
    """The status of an action."""

    PLANNED = "planned", "Planned"
    UNDER_WAY = "under-way", "Under way"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"

    @property
    def closed(self) -> bool:
        """Return whether nothing is left to do; a closed action is never overdue."""
        return self in (ActionStatus.DONE, ActionStatus.DROPPED)


class Action(Model):
    """A planned step with a responsible body and a due date; it may serve several findings and commitments."""

    id: str
    title: str = Field(min_length=1)
    description: str = ""
    body: str = Field("", description="body that is responsible")
    owner: str = Field("", description="person or office that answers for it")
    start: date | None = None
    due: date | None = None
    repeat: Literal["", "weekly", "monthly", "quarterly", "yearly"] = ""
    status: ActionStatus = ActionStatus.PLANNED
    indicator: ActionIndicator | None = None
    findings: tuple[FindingRef, ...] = ()
    commitments: tuple[str, ...] = Field((), description="ids of the register of commitments")
    archived: bool = Field(False, description="put aside: kept whole, and no longer shown among those to do or late")
    removed: bool = Field(False, description="deleted by a person: in no list and no export; the log keeps it")
    notes: tuple[Note, ...] = ()
    stated: Stated = ""
    version: int = 0
    sequence: int = 0
    changed_by: str = ""
    changed_at: datetime | None = None


class CommitmentLink(Model):
    """A link from a measure to a commitment, with the kind of relation and the person who made it; it does not state
    that the two are equivalent."""

    commitment: str
    relation: Literal["same subject", "broader", "narrower", "supports", "conflicts"] = "supports"
    by: str = ""


class MeasureStatus(Worded):
    """The status of a national measure, from plan to repeal."""

    PLANNED = "planned", "Planned"
    ADOPTED = "adopted", "Adopted"
    IN_FORCE = "in-force", "In force"
    OPERATING = "operating", "Operating"
    REPEALED = "repealed", "Repealed"


class Measure(Model):
    """A national measure and the commitments that it relates to."""

    id: str
    policy_set: str
    title: str = Field(min_length=1)
    body: str = ""
    status: MeasureStatus = MeasureStatus.PLANNED
    evidence: tuple[Evidence, ...] = ()
    commitments: tuple[CommitmentLink, ...] = ()
    actions: tuple[str, ...] = ()
    stated: Stated = ""
    version: int = 0
    sequence: int = 0
    changed_by: str = ""
    changed_at: datetime | None = None
