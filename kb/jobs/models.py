"""The models of a job: its request and its state. Each is a file in the job's folder and is written atomically."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field
from typing_extensions import TypedDict

from kb.models import Model, Standing, Worded

JobKind = Literal["take-in", "look-again", "add-text", "export", "report", "build", "sample"]
JobProgress = Literal["waiting", "running", "done", "refused", "failed", "stopped", "interrupted"]
LEAST_SHARE = 0.05
"""Share of a step that must be done before the remaining time is estimated, since the first items also load models."""
ENDED = frozenset({"done", "refused", "failed", "stopped", "interrupted"})


class Step(Worded):
    """The steps of a job, in order for a document."""

    WAITING = "waiting", "waits for its turn"
    READING = "reading", "reading"
    INDEXING = "indexing", "making it searchable"
    TAGGING = "tagging", "finding its subjects, step 1 of 3 to make it searchable"
    EMBEDDING = "embedding", "comparing meanings of passages in English, step 2 of 3"
    EMBEDDING_AGAIN = "embedding-again", "comparing meanings of passages in all languages, step 3 of 3"
    COMPARING = "comparing", "comparing with the criteria"
    WRITING = "writing", "writing the file"
    SAMPLE = "sample", "adding its texts, with what the machine proposes from them"


class Given(TypedDict, total=False):
    """Arguments of a job; which ones are set depends on its kind."""

    set: str  # take-in, look-again: the assessment
    file: str  # the name of what was handed in with it
    title: str
    label: str
    standing: Standing
    dated: str
    of: str  # take-in: the policy that the text is a newer version of; "" for a new policy
    begun: bool  # take-in: the assessment was begun for this file
    policy: str  # look-again
    official: str  # add-text: the source that it is the official text of
    viewer: str  # export: who asks
    scope: str  # export, report: the countries that who asks may see (`Person.scope`); missing without accounts
    request: str  # export: the request as JSON
    format: str  # export, report: one of its formats; report: also "zip", all that can be made here
    layout: str
    name: str  # report: the file to make
    compared: bool  # report: the title names assessments that are compared


class Job(Model):
    """The request: what, by whom and when. The job's folder holds its input file, if any."""

    id: str
    kind: JobKind
    title: str = Field(description="the file's or the document's name; the app adds its own words")
    by: str = ""
    given: Given = Field(default_factory=Given)
    asked: datetime


class JobState(Model):
    """The progress of a job. `done` and `total` count items of the current step; both are 0 if it cannot be counted."""

    state: JobProgress = "waiting"
    step: Step = Step.WAITING
    done: int = 0
    total: int = 0
    step_since: datetime | None = None
    began: datetime | None = None
    ended: datetime | None = None
    error: str = Field("", description="why it was refused or failed, and what to do")
    result: dict[str, str] = Field(default_factory=dict, description="what it made so far: ids, a note, a file's name")

    @property
    def open(self) -> bool:
        """Whether the job waits or runs."""
        return self.state not in ENDED

    def seconds_left(self, now: datetime) -> float | None:
        """Return the seconds left in the current step at its pace so far; None if it cannot be estimated yet."""
        if not self.step_since or not self.total or self.done < LEAST_SHARE * self.total:
            return None
        return (now - self.step_since).total_seconds() * (self.total - self.done) / self.done
