"""The data models of an assessment: policies, findings, evidence, proposals. Each object is immutable and computed
from the events of a log."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Literal, TypedDict, get_args

from pydantic import Field, model_validator

from kb.assess.models import EvidenceType
from kb.languages import MAIN
from kb.models import Model, Standing, Worded

Stance = Literal["supports", "contradicts", "context"]
Confidence = Literal["low", "medium", "high"]


class EvidenceRole(Worded):
    """What a piece of evidence shows: INSTRUMENT, that the rule exists, or OPERATION, that it is put into practice."""

    INSTRUMENT = "instrument", "law in force"
    OPERATION = "operation", "at work"


class EvidenceLevel(Worded):
    """The strength of a piece of evidence: MEASURE implements the criterion, PRINCIPLE only states it as an aim."""

    MEASURE = "measure", "a measure"
    PRINCIPLE = "principle", "an aim or principle only"


class Status(Worded):
    """The status that a person gives a criterion.

    >>> Status("met").shape, Status("met").sign, Status.NO_EVIDENCE_FOUND.brief
    ('met', '●', 'No evidence found')
    """

    shape: str
    """Name of its shape in the style sheet; its word is always beside it."""
    sign: str
    """The same as a character, for documents without a style sheet."""
    brief: str
    """Short label, for places that name the supplied documents anyway."""

    def __init__(self, value: str, words: str = "", shape: str = "", sign: str = "", brief: str = "") -> None:
        """Set the attributes of a member; `brief` defaults to `words`."""
        super().__init__(value, words)
        self.shape, self.sign, self.brief = shape, sign, brief or words

    NOT_ASSESSED = "not-assessed", "Not assessed", "none", "○"
    NO_EVIDENCE_FOUND = (
        "no-evidence-found",
        "No evidence found in the documents supplied",
        "nothing",
        "⊘",
        "No evidence found",
    )
    COMMITMENT_ONLY = "commitment-only", "Commitment only", "promise", "◔"
    PARTIAL = "partial", "Partial", "partial", "◐"
    MET = "met", "Met", "met", "●"
    CONTRARY = "contrary", "Contrary", "contrary", "⊠"
    NOT_APPLICABLE = "not-applicable", "Not applicable", "na", "–"


class Workflow(Worded):
    """The progress of the work on a finding. A decided finding stays "in work" until a person changes that."""

    TO_DO = "to-do", "to do"
    DRAFT = "draft", "in work"
    IN_REVIEW = "in-review", "in review"
    AGREED = "agreed", "agreed"


STATUS_WORDS: dict[str, str] = {status.value: status.words for status in Status}


def _filled_in(row: Mapping[str, object]) -> Collection[object]:
    """Return the values of `type` in a stored evidence row that an earlier version may have set itself: for an
    accepted proposal any value, otherwise the defaults "structural" and "process"."""
    return get_args(EvidenceType) if row.get("from_proposal") else ("structural", "process")


def as_read(row: Mapping[str, object]) -> Mapping[str, object]:
    """Return a stored row of evidence in the current format.

    Earlier versions kept a person's statement and the machine's guess in one field. A `type` that the program may
    have set becomes `earlier_type`, and the `level` of an accepted proposal becomes `machine_level`.
    """
    if "machine_type" in row:
        return row
    read = dict(row)
    if row.get("id") and row.get("type") in _filled_in(row):  # only what was kept has an id
        read |= {"type": None, "earlier_type": row.get("type")}
    if row.get("from_proposal") and "machine_level" not in row:
        read |= {"level": None, "machine_level": row.get("level")}
    return read


class Evidence(Model):
    """One quotation that a person recorded for a criterion."""

    id: str = Field("", description="hash of source, quotation, stance and role; given by the workspace")
    source: str = Field(min_length=1, description="id of a policy of the set, or the name of an outside source")
    passage: str | None = Field(None, description="id of the passage that holds the quotation")
    quotation: str = Field(min_length=1, description="verbatim, white space apart")
    locator: str = Field("", description="article, paragraph or page, as a person cites it")
    stance: Stance = "supports"
    type: EvidenceType | None = Field(None, description="what a person says that it shows; None until one says so")
    machine_type: EvidenceType | None = Field(None, description="what the machine took it for; nobody's word")
    earlier_type: EvidenceType | None = Field(
        None,
        description="kind in a row of an earlier version, which did not note whether a person said it or it was filled "
        "in for them",
    )
    role: EvidenceRole = Field(
        EvidenceRole.INSTRUMENT,
        description="'instrument': the law, regulation or policy; 'operation': budget, institution at work, data",
    )
    level: EvidenceLevel | None = Field(
        None,
        description="'measure' implements the element; 'principle' states an aim or mentions it; None until a person "
        "says so",
    )
    machine_level: EvidenceLevel | None = Field(None, description="what the machine took it for; nobody's word")
    standing: Standing = Field(
        Standing.UNKNOWN, description="force of the source; 'adopted' is passed but not yet in force"
    )
    doubt: str = Field(
        "", description="words by which the source calls itself a bill, though it is recorded as in force unanswered"
    )
    effective: date | None = Field(None, description="when the source took effect, or the date of its figures")
    source_sha256: str | None = Field(None, description="hash of the file that was quoted")
    verified: bool = Field(False, description="the quotation was found in the stored text of the source")
    recognised: bool = Field(
        False, description="a machine read the words from a picture, and nobody compared them with the page"
    )
    from_proposal: str | None = Field(None, description="run, criterion and rank of the proposal it was taken from")
    added_by: str = ""
    added_at: datetime | None = Field(None, description="when it was put here; not when it took effect")

    @model_validator(mode="before")
    @classmethod
    def _of_before(cls, data: object) -> object:
        return as_read(data) if isinstance(data, dict) else data

    @property
    def may_quote(self) -> bool:
        """Whether the quotation may be presented as the source's own words: it was found in the stored text, and
        that text was not read by OCR."""
        return self.verified and not self.recognised


class Double(Model):
    """The state of a double assessment: its two `assessors`, whether it is `blind`, and `open` until it is settled."""

    assessors: tuple[str, str]
    blind: bool = True
    open: bool = True


class Changes(TypedDict, total=False):
    """What a person changes in a finding. Missing fields stay as they are; values are validated later."""

    status: Status | str
    workflow: str
    rationale: str
    gap: str
    next_step: str
    evidence: Sequence[Evidence | Mapping[str, object]]
    body: str
    confidence: str | None


class Finding(Model):
    """What people decided on one criterion for one policy set."""

    policy_set: str
    criterion: str
    status: Status = Status.NOT_ASSESSED
    workflow: Workflow = Workflow.TO_DO
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
    stated: str = Field(
        "",
        description="empty for a status that was set here; else who brought in the file that "
        "states it, and when: the names beside it are the file's word",
    )
    version: int = Field(0, description="give it back when you change the finding")
    sequence: int = Field(0, description="of its last event")
    changed_by: str = ""
    changed_at: datetime | None = None

    @property
    def changed_by_another(self) -> str:
        """The name of the person who last changed the finding, if somebody else set its status; otherwise ''."""
        return "" if not self.decided_by or self.decided_by.startswith(self.changed_by) else self.changed_by


class Opinion(Model):
    """One person's independent assessment (their sheet), stored separately from the finding."""

    policy_set: str
    criterion: str
    by: str
    status: Status = Status.NOT_ASSESSED
    rationale: str = ""
    evidence: tuple[Evidence, ...] = ()
    done: bool = False
    stated: str = Field("", description="as in Finding")
    version: int = 0
    sequence: int = 0


class PolicyVersion(Model):
    """One version of a policy's text, with its label, date, legal status and the hashes of its file and text."""

    label: str = Field(pattern=r"\S", description="how people call it: '2019', 'second draft'")
    dated: str | None = Field(
        None, pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$", description="date, month or year of the text itself, not of loading"
    )
    standing: Standing
    file: str
    sha256: str = Field(description="of the file's bytes")
    words: str = Field(description="hash of the text without white space")
    document: str = Field(description="hash of the structured text kept in the workspace")
    calls_itself: str = Field("", description="its own words by which it calls itself a bill or a draft; '' for none")
    because: str = Field("", description="why it stands so, as the person wrote who said so last: gazette and date")

    @property
    def doubt(self) -> str:
        """The words by which the text calls itself a bill although it is recorded as in force without a reason; ''
        if there is no such doubt."""
        return self.calls_itself if self.standing == "in-force" and not self.because else ""


class Policy(Model):
    """A national policy of a set, with all versions that were added; the last one is current."""

    policy_set: str
    id: str
    title: str
    language: str = MAIN
    versions: tuple[PolicyVersion, ...]
    stated: str = Field("", description="as in Finding")
    version: int = 0
    sequence: int = 0

    @property
    def current(self) -> PolicyVersion:
        """The current text."""
        return self.versions[-1]


class PolicySet(Model):
    """The policies of one country (or region, or sector) that are assessed together."""

    id: str
    title: str
    country: str = ""
    archived: bool = Field(False, description="put aside: kept whole, and no longer offered where one is chosen")
    removed: bool = Field(False, description="deleted by a person: in no list and no export; the log keeps it")
    policies: tuple[Policy, ...] = ()
    stated: str = Field("", description="as in Finding, of the set itself")
    version: int = 0
    changed_by: str = ""
    changed_at: datetime | None = None


class Proposal(Model):
    """A passage that a run of the machine proposed for a criterion, with the reasons (`why`) and a person's
    `verdict`, which later runs keep."""

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
