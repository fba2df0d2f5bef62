"""Toy framework and toy policies for the tests of the workspace."""

from __future__ import annotations

from datetime import date

from kb.assessment.findings import decide
from kb.assessment.models import Finding
from kb.framework import Framework
from kb.models import Document, Passage, Place
from kb.text import sha256_text

WORDS = {
    "art1": "Every resident is entitled to a basic pension from the age of sixty-five.",
    "art2": "The Pension Board pays the pension each month and reports to Parliament every year.",
    "art3": "In 2019 the Board paid pensions to 812,000 persons.",
    "art4": "The Minister shall consider further measures in due course.",
}


def document(id: str = "pension-act", words: dict[str, str] | None = None) -> Document:
    """Return a policy with short articles; `words` maps article to text."""
    words = WORDS if words is None else words
    place = Place(file=f"{id}.txt", sha256=sha256_text(id + repr(words)))
    passages = tuple(
        Passage(
            id=f"{id}/{key}",
            document=id,
            kind="provision",
            text=text,
            citation=f"{id} {key}",
            force="national-measure",
            place=place,
        )
        for key, text in words.items()
    )
    return Document(id=id, title=id.replace("-", " ").title(), force="national-measure", place=place, passages=passages)


def _criterion(id: str, **more) -> dict:
    return {
        "id": id,
        "element": f"element {id}",
        "own_lines": [[1, 2]],
        "met": "all of it",
        "partial": "some of it",
        "indicators": [{"type": "structural", "text": "a law"}],
        **more,
    }


def framework() -> Framework:
    """Return a framework with two stated recommendations, one derived row and six criteria."""
    quotations = [{"lines": [1, 2], "text": "words"}]
    return Framework.model_validate(
        {
            "id": "toy",
            "version": "1.0",
            "title": "Toy",
            "document": "paper",
            "dated": date(2026, 1, 1),
            "notice": "toy",
            "criteria_count": 6,
            "recommendations": [
                {
                    "id": "R2",
                    "kind": "stated",
                    "label": "Two",
                    "quotations": quotations,
                    "criteria": [_criterion("R2.a"), _criterion("R2.b")],
                },
                {
                    "id": "R3",
                    "kind": "stated",
                    "label": "Three",
                    "quotations": quotations,
                    "criteria": [_criterion("R3.d"), _criterion("R3.e", assessability="needs-outcome-evidence")],
                },
                {
                    "id": "D7",
                    "kind": "derived",
                    "label": "Seven",
                    "quotations": quotations,
                    "derived_by": "the project",
                    "derived_on": date(2026, 1, 1),
                    "rationale": "a gap",
                    "criteria": [_criterion("D7.a"), _criterion("D7.f", counted_with="R2.a")],
                },
            ],
        }
    )


LAW = {"source": "pension-act", "quotation": WORDS["art1"], "role": "instrument", "type": "structural"}
BOARD = {"source": "pension-act", "quotation": WORDS["art2"], "role": "operation", "type": "structural"}
PAID = {"source": "pension-act", "quotation": WORDS["art3"], "role": "operation", "type": "outcome"}
FRAMEWORK = framework()


def judged(ws, criterion: str, changes: dict, *, by: str, expected: int, **more) -> Finding:
    """Decide on a criterion of the set 'land' under the toy framework; return the finding."""
    return decide(ws, FRAMEWORK, "land", criterion, changes, by=by, expected=expected, **more)
