"""Models of proposals: passages that may be relevant to a criterion, for people to accept or reject. They contain no
verdicts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kb.models import Model, Place, Worded

EvidenceType = Literal["structural", "process", "outcome"]


class Grade(Worded):
    """How closely a passage is related to a criterion, closest first."""

    level: Literal["measure", "principle"]
    """Level of the evidence when a person accepts the proposal."""

    def __init__(self, value: str, words: str = "", level: Literal["measure", "principle"] = "measure") -> None:
        """Set the value, its label, and the level of evidence that an accepted proposal of this grade gets."""
        super().__init__(value, words)
        self.level = level

    DIRECT = "direct", "Direct: a measure, entitlement, institution or rule", "measure"
    RELATED = "related", "Related: an aim, principle or mention", "principle"


class Resembles(Model):
    """A clause of another policy that is similar to the proposed passage and that people judged to be direct
    evidence."""

    policy: str = Field(description="title of that policy")
    at: str = Field(description="where the clause stands in it, as it is cited")
    likeness: float = Field(description="cosine of the two, each less the mean of its own policy")
    origin: Literal["judged", "decision", "import"] = "judged"
    by: str = Field("", description="who decided, where it comes from a decision")


class Why(Model):
    """The reason for a proposal, in words a person can check against the passage."""

    probe: str = Field(description="what the probe looks for, in words")
    probe_id: str = Field(description="<criterion>/<probe>")
    terms: tuple[str, ...] = Field((), description="words of the passage that the probe's terms met")
    cue: str = Field(description="what kind of sentence it is and how it commits, in words")
    polarity: str | None = Field(None, description="'contrary?' where the passage may run against the element")
    caution: str | None = Field(None, description="the framework's caution for this criterion")
    resembles: Resembles | None = Field(None, description="the nearest clause that was judged direct evidence")
    against: tuple[str, ...] = Field((), description="cues that speak against it: definition, repeal, condition, ...")
    learnt: tuple[str, ...] = Field((), description="what people's decisions did to its place in the order, in words")


class Proposal(Model):
    """One passage proposed for one criterion."""

    rank: int = Field(ge=1)
    passage: str = Field(description="id of the passage in which the text begins")
    text: str = Field(description="verbatim, white space apart")
    citation: str
    grade: Grade = Field(
        description="direct: a measure, entitlement, institution or rule; related: aim, principle, mention"
    )
    confidence: float = Field(ge=0, le=1, description="calibrated: how often such a proposal was judged direct")
    type: EvidenceType
    why: Why
    source: Place
    force: Literal["national-measure"] = Field("national-measure", description="what a policy's words are")
    wording: Literal["verbatim"] = Field("verbatim", description="whose words `text` is: the policy's")
    may_quote: bool = Field(True, description="False where nobody checked the words: a machine recognised them (OCR)")
    official_url: str = Field("", description="address at which the policy is published, where it was given")


class CriterionProposals(Model):
    """The proposals for one criterion. Without proposals its state is 'no evidence found', never 'absent'."""

    id: str
    kind: Literal["stated", "derived"] = Field(
        "stated", description="'derived': a criterion that this project added, and that the paper does not state"
    )
    state: Literal["proposed", "no-evidence-found"]
    confidence: float = Field(ge=0, le=1, description="calibrated: how often such a criterion had direct evidence")
    proposals: tuple[Proposal, ...] = ()
    counter: tuple[Proposal, ...] = Field(
        (), description="apart from the proposals: clauses that may speak against the element (exclusion, fee, removal)"
    )
    nearest: tuple[Proposal, ...] = Field(
        (), description="behind the fold: the nearest passages where none is proposed"
    )


class FrameworkStamp(Model):
    """Identifies the framework for which the proposals were made."""

    id: str
    version: str
    stated: int = Field(description="recommendations that the paper states")
    derived: int = Field(description="rows that this project derived from it")


class PolicyStamp(Model):
    """Identifies the policy from which the proposals were made."""

    id: str
    title: str
    file: str
    sha256: str
    language: str
    words: int


class MethodStamp(Model):
    """Identifies how the proposals were made, so that a later run can be compared."""

    model: str = Field(description="version of the calibrated model")
    encoder: str = Field(description="name of the embedding model, or 'none'")
    probes: str = Field(description="sha256 of the probes in use, 12 characters")
    notes: tuple[str, ...] = Field((), description="what a reader must know about how these were found")


class Proposals(Model):
    """Proposals for all criteria of a framework from one policy. People decide on them; no status is set here."""

    policy: PolicyStamp
    framework: FrameworkStamp
    method: MethodStamp
    criteria: tuple[CriterionProposals, ...]
