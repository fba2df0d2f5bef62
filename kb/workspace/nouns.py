"""The nouns of self-assessment. All are folds of events: frozen, validated, plain JSON."""
from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from pydantic import Field, ValidationError

from kb.errors import InputError, WorkspaceError
from kb.models import Model, Span

if TYPE_CHECKING:
    from kb.workspace.store import State

Status = Literal["not-assessed", "no-evidence-found", "commitment-only", "partial", "met", "contrary", "not-applicable"]
Workflow = Literal["to-do", "draft", "in-review", "agreed"]
Standing = Literal["in-force", "adopted", "draft", "repealed", "unknown"]
Stance = Literal["supports", "contradicts", "context"]
Level = Literal["measure", "principle"]
EvidenceType = Literal["structural", "process", "outcome"]
Role = Literal["instrument", "operation"]
Confidence = Literal["low", "medium", "high"]

STATUS_WORDS: dict[str, str] = {
    "not-assessed": "Not assessed",
    "no-evidence-found": "No evidence found in the documents supplied",
    "commitment-only": "Commitment only",
    "partial": "Partial",
    "met": "Met",
    "contrary": "Contrary",
    "not-applicable": "Not applicable",
}


def said(error: ValidationError) -> InputError:
    """A validation error as one sentence for a person."""
    first = error.errors()[0]
    return InputError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}.", do="Correct the value and try again.")


Noun = TypeVar("Noun", bound=Model)


def noun(kind: type[Noun], state: State, **own: Any) -> Noun:
    """The noun that a stream's state holds. Raises WorkspaceError for a state with a word that does not exist: it was
    altered, or a newer program wrote it."""
    try:
        return kind.model_validate({**state.data, **own})
    except ValidationError as error:
        first = error.errors()[0]
        raise WorkspaceError(
            f"The stored {kind.__name__.lower()} cannot be read: {'.'.join(map(str, first['loc']))} is "
            f"{str(first.get('input'))[:60]!r}: {first['msg']}.", where=state.stream,
            do="Upgrade kb if a newer one wrote it; else restore a backup: kb restore FILE") from error


class Evidence(Model):
    """One quotation that a person set beside a criterion."""

    id: str = Field("", description="hash of source, quotation, stance and role; given by the workspace")
    source: str = Field(min_length=1, description="id of a policy of the set, or the name of an outside source")
    passage: str | None = Field(None, description="id of the passage that holds the quotation")
    quotation: str = Field(min_length=1, description="verbatim, white space apart")
    locator: str = Field("", description="article, paragraph or page, as a person cites it")
    stance: Stance = "supports"
    type: EvidenceType = "structural"
    role: Role = Field("instrument", description="'instrument': the law, regulation or policy; 'operation': budget, "
                                                 "institution at work, data")
    level: Level | None = Field(None, description="'measure' implements the element; 'principle' states an aim or "
                                                "mentions it")
    standing: Standing = Field("unknown", description="force of the source; 'adopted' is passed but not yet in force")
    effective: date | None = Field(None, description="when the source took effect, or the date of its figures")
    source_sha256: str | None = Field(None, description="hash of the file that was quoted")
    verified: bool = Field(False, description="the quotation was found in the stored text of the source")
    from_proposal: str | None = Field(None, description="run, criterion and rank of the proposal it was taken from")
    added_by: str = ""
    added_at: datetime | None = Field(None, description="when it was put here; not when it took effect")


class Double(Model):
    """Two people assess one finding apart; `open` until a third act settles it."""

    assessors: tuple[str, str]
    blind: bool = True
    open: bool = True


class Finding(Model):
    """What people say of one criterion for one policy set."""

    policy_set: str
    criterion: str
    status: Status = "not-assessed"
    workflow: Workflow = "to-do"
    rationale: str = ""
    gap: str = ""
    next_step: str = ""
    evidence: tuple[Evidence, ...] = ()
    body: str = Field("", description="body responsible for the element")
    confidence: Confidence | None = None
    framework: str = Field("", description="id and version of the framework that was applied")
    decided_by: str = Field("", description="who set the status")
    decided_at: datetime | None = None
    agreed_by: str = Field("", description="who agreed to it")
    double: Double | None = None
    settled_by: tuple[str, ...] = Field((), description="who settled two independent assessments")
    opinions: tuple[int, ...] = Field((), description="sequences of the assessments that were settled")
    stated: str = Field("", description="empty for a status that was set here; else who brought in the file that "
                                        "states it, and when: the names beside it are the file's word")
    version: int = Field(0, description="give it back when you change the finding")
    sequence: int = Field(0, description="of its last event")
    changed_by: str = ""
    changed_at: datetime | None = None


class Opinion(Model):
    """One person's independent assessment, kept apart from the finding."""

    policy_set: str
    criterion: str
    by: str
    status: Status = "not-assessed"
    rationale: str = ""
    evidence: tuple[Evidence, ...] = ()
    done: bool = False
    stated: str = Field("", description="as in Finding")
    version: int = 0
    sequence: int = 0


class PolicyVersion(Model):
    """One text of a policy."""

    label: str = Field(pattern=r"\S", description="how people call it: '2019', 'second draft'")
    dated: str | None = Field(None, pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$",
                              description="date, month or year of the text itself, not of loading")
    standing: Standing
    file: str
    sha256: str = Field(description="of the file's bytes")
    words: str = Field(description="hash of the text without white space")
    document: str = Field(description="hash of the structured text kept in the workspace")


class Policy(Model):
    """A national policy of a set, with all versions that were loaded; the last one is current."""

    policy_set: str
    id: str
    title: str
    language: str = "en"
    versions: tuple[PolicyVersion, ...]
    version: int = 0
    sequence: int = 0

    @property
    def current(self) -> PolicyVersion:
        """The text in use."""
        return self.versions[-1]


class PolicySet(Model):
    """The policies of one country (or region, or sector) that are assessed together."""

    id: str
    title: str
    country: str = ""
    archived: bool = Field(False, description="put aside: kept whole, and no longer offered where one is chosen")
    policies: tuple[Policy, ...] = ()
    version: int = 0
    changed_by: str = ""
    changed_at: datetime | None = None


class Proposal(Model):
    """A passage that the machine proposed; `verdict` is a person's word on it and outlives every run."""

    run: str
    policy: str
    criterion: str
    rank: int
    passage: str
    text: str
    verbatim: bool = Field(True, description="the words stand in the policy as one run, and may be quoted as they are")
    citation: str = ""
    grade: str = ""
    confidence: float | None = None
    type: EvidenceType | None = None
    why: dict = Field(default_factory=dict)
    verdict: Literal["accepted", "rejected"] | None = None
    verdict_by: str = ""
    verdict_reason: str = ""
    verdict_version: int = 0


class Reading(Model):
    """One measured value of an indicator."""

    on: date
    value: float
    source: str = ""


class Indicator(Model):
    """How progress of an action is measured."""

    name: str
    unit: str = ""
    baseline: float | None = None
    baseline_on: date | None = None
    target: float | None = None
    target_on: date | None = None
    readings: tuple[Reading, ...] = ()


class Note(Model):
    """A progress note."""

    text: str = Field(min_length=1)
    by: str
    at: datetime


class FindingRef(Model):
    """Which finding an action serves."""

    policy_set: str
    criterion: str


class Action(Model):
    """Something a body does by a date; it may serve many findings and commitments."""

    id: str
    title: str = Field(min_length=1)
    description: str = ""
    body: str = Field("", description="body that is responsible")
    owner: str = Field("", description="person or office that answers for it")
    start: date | None = None
    due: date | None = None
    repeat: Literal["", "weekly", "monthly", "quarterly", "yearly"] = ""
    status: Literal["planned", "under-way", "done", "dropped"] = "planned"
    indicator: Indicator | None = None
    findings: tuple[FindingRef, ...] = ()
    commitments: tuple[str, ...] = Field((), description="ids of the register of commitments")
    notes: tuple[Note, ...] = ()
    version: int = 0
    sequence: int = 0
    changed_by: str = ""
    changed_at: datetime | None = None


class CommitmentLink(Model):
    """A measure bears on a commitment; a link is not equivalence."""

    commitment: str
    relation: Literal["same subject", "broader", "narrower", "supports", "conflicts"] = "supports"
    by: str = ""


class Measure(Model):
    """A national measure and the instruments' commitments it bears on."""

    id: str
    policy_set: str
    title: str = Field(min_length=1)
    body: str = ""
    status: Literal["planned", "adopted", "in-force", "operating", "repealed"] = "planned"
    evidence: tuple[Evidence, ...] = ()
    commitments: tuple[CommitmentLink, ...] = ()
    actions: tuple[str, ...] = ()
    version: int = 0
    sequence: int = 0
    changed_by: str = ""
    changed_at: datetime | None = None


class Coding(Model):
    """One person's word on one code for one passage or span."""

    passage: str
    coder: str
    facet: str
    code: str
    session: str = Field("", description="coding session; empty for open coding")
    span: Span | None = Field(None, description="characters of the passage's text; None for the whole passage")
    quotation: str = Field("", description="the words coded, verbatim")
    state: Literal["added", "rejected", "withdrawn"] = "added"
    replaces: str | None = Field(None, description="'facet:code' that this one corrects")
    of_machine: str | None = Field(None, description="origin of the machine tag that it confirms, corrects or rejects")
    memo: str = ""
    codebook: str = Field("", description="version of the codebook")
    sha256: str | None = Field(None, description="hash of the source file that span offsets point into")
    version: int = 0
    sequence: int = 0
    at: datetime | None = None


class Session(Model):
    """A round of coding with its coders, its sample and its codebook."""

    id: str
    coders: tuple[str, ...]
    codebook: str
    blind: bool = True
    open: bool = True
    assignments: dict[str, tuple[str, ...]] = Field(default_factory=dict, description="coder to passages, in order")
    sample: tuple[str, ...] = Field((), description="passages that were drawn, in order; empty where every passage is open")
    double: float | None = Field(None, description="share of the sample that two people code")
    seed: int | None = Field(None, description="of the draw and of the shares")
    drawn: dict[str, Any] = Field(default_factory=dict, description="how the sample was drawn: kb.coding.sample.Sample, index")
    undone: dict[str, int] = Field(default_factory=dict, description="coder to passages left uncoded when it was closed")
    version: int = 0
