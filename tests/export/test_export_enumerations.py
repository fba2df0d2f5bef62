"""Legal status, decision and grade are enumerations in the code and plain words in every file: their words, shape and
order are defined once, and text files equal the bytes stored here."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

import pytest

from kb.assess.models import Grade
from kb.assessment.models import Status
from kb.export import Provenance, Row, export
from kb.models import FORCE_WORDS, Force, Place

KEPT = Path(__file__).parent / "kept"
ABOUT = Provenance(index="toy", date="2026-01-01", fields=("status", "grade"))


STATUSES = ("not-assessed", "no-evidence-found", "commitment-only", "partial", "met", "contrary", "not-applicable")
FORCES = ("legal-obligation", "political-commitment", "expert-recommendation", "national-measure", "observation")
GRADES = ("direct", "related")
"""What the kept files hold. A new name stands beside these; one that is gone would break files of people."""


def rows(plain: bool) -> list[Row]:
    """Return rows with those legal statuses, decisions and grades, as members of the enumerations or as plain words."""
    return [
        Row(
            id=f"toy/p{n}",
            document="toy",
            citation=f"Toy, p. {n}",
            text=f"Passage {n}",
            wording="verbatim",
            force=force if plain else Force(force),
            place=Place(file="toy.txt", sha256="ab" * 32),
            fields={"status": status if plain else Status(status), "grade": grade if plain else Grade(grade)},
        )
        for n, (force, status, grade) in enumerate(zip(cycle(FORCES), STATUSES, cycle(GRADES), strict=False))
    ]


@pytest.mark.parametrize("format", ["csv", "jsonl", "markdown"])
def test_files_keep_their_bytes(tmp_path, format):
    export(rows(plain=False), format, tmp_path / "made", ABOUT)
    export(rows(plain=True), format, tmp_path / "plain", ABOUT)
    made = (tmp_path / "made").read_bytes()
    assert made == (tmp_path / "plain").read_bytes()
    assert made == (KEPT / f"enumerations.{format}").read_bytes(), "a name that files carry has changed"


def test_the_kept_files_hold_every_member_but_new_ones():
    for kind, kept in ((Status, STATUSES), (Force, FORCES), (Grade, GRADES)):
        assert set(kept) <= {member.value for member in kind} and len(kept) <= len(STATUSES)


def test_words_shape_and_order_stand_with_the_members():
    assert next(status.value for status in Status) == "not-assessed"
    assert len({status.shape for status in Status}) == len(Status) and all(status.words for status in Status)
    assert list(FORCE_WORDS.items()) == [(force.value, force.words) for force in Force]
    assert [grade.value for grade in Grade] == ["direct", "related"]


def test_no_other_place_spells_the_words_of_a_status_or_a_legal_status(root):
    """A second table of the words would differ from the first one some day."""
    long = [member.words for kind in (Status, Force, Grade) for member in kind if len(member.words) > 20]
    found = [
        (str(path.relative_to(root)), words)
        for path in (root / "kb").rglob("*.py")
        for words in long
        if f'"{words}"' in path.read_text(encoding="utf-8")
    ]
    assert sorted({name for name, _ in found}) == ["kb/assess/models.py", "kb/assessment/models.py", "kb/models.py"]
    assert len(found) == len({words for _, words in found})
