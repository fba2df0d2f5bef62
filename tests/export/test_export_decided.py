"""The method of a file of findings says by how many people the decisions were taken."""

from __future__ import annotations

from kb.assessment.models import Double, Finding
from kb.export.decided import decided_words
from kb.export.rows import Provenance


def one(criterion: str, **fields) -> Finding:
    """Return a finding with these fields."""
    return Finding(policy_set="land", criterion=criterion, **fields)


def test_one_person_two_in_agreement_and_two_apart_are_distinguished():
    held = [
        one("R1.a", status="partial", decided_by="Ana"),
        one("R1.b", status="met", decided_by="Ana", workflow="agreed", agreed_by="Ben"),
        one("R1.c", status="met", decided_by="Eva", settled_by=("Eva",)),
        one("R1.d", status="met", decided_by="Ana", stated="a file"),
        one("R2.a", double=Double(assessors=("Ana", "Ben"))),
        one("R2.b"),
    ]
    assert decided_words(held) == (
        "4 of 6 criteria decided: 1 by one person alone, 1 by one person, with the agreement of a second, 1 settled from "
        "two assessments made apart, 1 only stated in an imported file; 1 being assessed by two people apart, not settled"
    )
    assert decided_words([one("R2.b")]) == "0 of 1 criterion decided"


def test_a_file_without_decisions_says_the_same_as_before_they_were_counted():
    plain, found = Provenance(kind="passages"), Provenance(kind="findings", decided="1 of 38 criteria decided")
    assert "decided" not in plain.model_dump(mode="json") and "decided" not in plain.model_dump_json()
    assert Provenance.model_validate_json(plain.model_dump_json()) == plain
    assert Provenance.model_validate_json(found.model_dump_json()) == found


def test_the_machines_guess_is_in_columns_of_its_own():
    from kb.assessment.models import Evidence, Finding
    from kb.export.columns import words_of_column
    from kb.export.made_rows import finding_row

    row = Evidence(source="act", quotation="a b", type="process", machine_type="outcome", machine_level="principle")
    fields = finding_row(Finding(policy_set="x", criterion="R1.a"), row, [], {}, {}).fields
    assert (fields["evidence_type"], fields.get("evidence_level")) == ("process", None), "a person's word, or none"
    assert (fields["evidence_machine_type"], fields["evidence_machine_level"]) == ("outcome", "principle")
    assert all("nobody's word" in words_of_column(f"evidence_machine_{name}") for name in ("type", "level"))
