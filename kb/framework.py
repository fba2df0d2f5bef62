"""The framework with which policies are compared: recommendations that the paper states, rows that this project derives
from it, and the criteria under each. It is versioned data; nothing here judges a policy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from kb.amounts import some
from kb.data import load_yaml
from kb.errors import NotFound
from kb.i18n import t
from kb.models import Model, Span

IndicatorType = Literal["structural", "process", "outcome"]
Assessability = Literal["ordinary", "low", "needs-outcome-evidence", "needs-national-figure", "permissive", "two-edged"]


class Quotation(Model):
    """Text of the source document, with its lines."""

    lines: Span = Field(description="first and last line of the source file, 1-based")
    text: str = Field(description="verbatim, white space apart")


class CriterionIndicator(Model):
    """One sign to look for in a policy; the three types are those of the UN human rights office (HR/PUB/12/5)."""

    type: IndicatorType
    text: str
    sdg: tuple[str, ...] = Field(
        (), description="SDG indicator numbers that an analyst set beside it; the paper predates them"
    )
    verified: bool = Field(True, description="False where the SDG numbers were not checked against the official list")


class Criterion(Model):
    """One element of a recommendation, for which evidence can be searched in a policy."""

    id: str = Field(pattern=r"^[A-Z]\d+\.[a-z]\d?$")
    element: str
    own_lines: tuple[Span, ...] = Field(min_length=1, description="where the paper states the element")
    support_lines: tuple[Span, ...] = Field((), description="where it argues or illustrates it")
    met: str = Field(description="what a person would need to see to call it met")
    partial: str
    indicators: tuple[CriterionIndicator, ...] = Field(min_length=1)
    caution: str | None = None
    assessability: Assessability = "ordinary"
    assessability_note: str | None = None
    counted_with: str | None = Field(None, description="id of the row that holds the same words: count them once")


class Recommendation(Model):
    """A numbered recommendation of the paper ('stated'), or a row that this project derived from the paper
    ('derived')."""

    id: str = Field(pattern=r"^[A-Z]\d+$")
    kind: Literal["stated", "derived"]
    label: str = Field(description="short label of this project's; no words of the paper")
    quotations: tuple[Quotation, ...] = Field(
        min_length=1,
        description="the paper's words: the item itself, or the passages that a derived row was derived from",
    )
    note: str | None = None
    derived_by: str | None = None
    derived_on: date | None = None
    rationale: str | None = None
    criteria: tuple[Criterion, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _honest(self) -> Recommendation:
        """Validate the row. A derived row must have an id that begins with D and state who derived it, when and why; a
        stated row must state none of these. The id of every criterion must begin with that of its row."""
        if (self.kind == "derived") != self.id.startswith("D"):
            raise ValueError(f"{self.id}: ids of derived rows, and only those, begin with D; kind is '{self.kind}'")
        traces = (self.derived_by, self.derived_on, self.rationale)
        if self.kind == "derived" and not all(traces):
            raise ValueError(f"{self.id}: a derived row needs derived_by, derived_on and rationale")
        if self.kind == "stated" and any(traces):
            raise ValueError(f"{self.id}: a stated recommendation has no derivation")
        strays = [c.id for c in self.criteria if c.id.partition(".")[0] != self.id]
        if strays:
            raise ValueError(f"{self.id}: criterion {strays[0]} belongs to another recommendation")
        return self


class Framework(Model):
    """A versioned list of recommendations with their criteria, all from one document."""

    id: str
    version: str = Field(pattern=r"^\d+\.\d+(\.\d+)?$")
    title: str
    document: str = Field(description="id of the document whose lines are named")
    dated: date
    notice: str = Field(description="what every list and export of it must say")
    criteria_count: int = Field(description="how many criteria the version has: a removed one is noticed")
    recommendations: tuple[Recommendation, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_consistent(self) -> Framework:
        """Validate the framework: ids are unique, references are to existing rows, and the number of criteria is the
        declared one."""
        ids = Counter([r.id for r in self.recommendations] + [c.id for c in self.criteria()])
        twice = [id for id, n in ids.items() if n > 1]
        if twice:
            raise ValueError(f"{twice[0]} occurs twice")
        lost = [c.id for c in self.criteria() if c.counted_with and c.counted_with not in ids]
        if lost:
            raise ValueError(f"{lost[0]}: counted_with names no row of this framework")
        if (found := sum(1 for _ in self.criteria())) != self.criteria_count:
            raise ValueError(
                f"{some(found, 'criterion', 'criteria')}, but the version declares {self.criteria_count}: "
                "restore the missing one, or change version and criteria_count together"
            )
        return self

    def criteria(self, *, derived: bool = True) -> Iterator[Criterion]:
        """Yield all criteria in order; when `derived` is False, without those of derived rows."""
        for recommendation in self.recommendations:
            if derived or recommendation.kind == "stated":
                yield from recommendation.criteria

    def recommendation(self, id: str) -> Recommendation:
        """Return the recommendation with this id, or the one that contains the criterion with this id. Raises NotFound
        when there is none."""
        wanted = id.partition(".")[0]
        for recommendation in self.recommendations:
            if recommendation.id == wanted:
                return recommendation
        raise NotFound(
            f"no recommendation '{id}' in framework {self.id} {self.version}",
            do="Ids are: " + ", ".join(r.id for r in self.recommendations) + ".",
        )

    def criterion(self, id: str) -> Criterion:
        """Return the criterion with this id. Raises NotFound when there is none."""
        for criterion in self.criteria():
            if criterion.id == id:
                return criterion
        raise NotFound(f"no criterion '{id}' in framework {self.id} {self.version}", do="Ids look like R3.d or D7.a.")

    def counts(self) -> dict[str, int]:
        """Return the numbers of 'stated' rows, 'derived' rows and 'criteria', by these names."""
        kinds = Counter(r.kind for r in self.recommendations)
        return {"stated": kinds["stated"], "derived": kinds["derived"], "criteria": sum(1 for _ in self.criteria())}

    def size_words(self) -> str:
        """Return the number of rows, stated and derived separately: '6 stated + 1 derived'. The number is stated in no
        other way."""
        counts = self.counts()
        return f"{counts['stated']} stated + {counts['derived']} derived"

    def size_shown(self) -> str:
        """Return the same as `size_words` in the reader's language, for screens and reports; data stay in English."""
        counts = self.counts()
        return t("{stated} stated + {derived} derived", stated=counts["stated"], derived=counts["derived"])


def load(folder: Path) -> Framework:
    """Load the framework from `folder`/recommendations.yaml. Raises DataError with file, line and entry when it is
    invalid."""
    return load_yaml(folder / "recommendations.yaml", Framework)
