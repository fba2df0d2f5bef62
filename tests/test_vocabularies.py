"""Forces, statuses, states of work and grades: each is one list with its words and order, and each value reads as its
text."""

import json
import re

import pytest

from kb.assess.models import Grade
from kb.assessment.models import STATUS_WORDS, Evidence, EvidenceLevel, EvidenceRole, Finding, Status, Workflow
from kb.jobs.models import JobState, Step
from kb.models import FORCE_WORDS, Force, Standing, Worded
from kb.plan.models import Action, ActionStatus, Measure, MeasureStatus
from kb.report import front
from kb.ui import decision
from kb.ui.content import load_content
from kb.ui.rail import SHAPES
from kb.workspace.access import Role

LISTS = [Force, Standing, Status, Workflow, EvidenceRole, EvidenceLevel, Grade, ActionStatus, MeasureStatus, Role, Step]


@pytest.mark.parametrize("kind", LISTS)
def test_a_member_is_its_value_wherever_text_is_wanted(kind):
    for member in kind:
        assert (
            f"{member}" == str(member) == member.value and json.dumps({"is": member}) == f'{{"is": "{member.value}"}}'
        )
        assert {member.value: 1}[member] == 1 and kind(member.value) is member and member.words


def test_words_and_shapes_stand_in_the_order_of_the_members():
    assert list(FORCE_WORDS.items()) == [(force.value, force.words) for force in Force]
    assert list(STATUS_WORDS.items()) == [(status.value, status.words) for status in Status]
    assert list(SHAPES) == list(Status) and len(set(SHAPES.values())) == len(SHAPES)


def test_every_list_of_values_with_words_is_tested_here():
    assert set(Worded.__subclasses__()) == set(LISTS)


@pytest.mark.parametrize("kind", LISTS)
def test_what_people_choose_from_are_plain_strings_in_the_order_of_the_members(kind):
    assert kind.values() == tuple(member.value for member in kind)
    assert {type(value) for value in kind.values()} == {str}


@pytest.mark.parametrize(
    "record, field, value",
    [
        (Evidence(source="a", quotation="b", standing="in-force"), "standing", "in-force"),
        (Evidence(source="a", quotation="b", role="operation"), "role", "operation"),
        (Evidence(source="a", quotation="b", level="principle"), "level", "principle"),
        (JobState(step="embedding-again"), "step", "embedding-again"),
        (Finding(policy_set="a", criterion="1.1", workflow="in-review"), "workflow", "in-review"),
        (Action(id="a", title="b", status="under-way"), "status", "under-way"),
        (Measure(id="a", policy_set="b", title="c", status="operating"), "status", "operating"),
    ],
)
def test_what_is_stored_is_the_value_alone(record, field, value):
    assert json.loads(record.model_dump_json())[field] == value == getattr(record, field)


def test_a_draft_says_so_in_capitals_behind_a_title_and_only_a_law_in_force_is_called_one():
    assert Standing.DRAFT.brief == "DRAFT" and Standing.REPEALED.brief == Standing.REPEALED.words
    assert [one.value for one in Standing if one.shown == "law in force"] == ["in-force"]


def test_every_force_has_a_heading_in_the_order_of_their_strength_and_a_sign_and_shape_of_its_own(root):
    assert [force.id for force in load_content(root / "corpus").forces] == list(Force)
    assert len({force.sign for force in Force}) == len({force.shape for force in Force}) == len(Force)


def test_every_shape_of_a_force_has_its_colour_in_the_style_sheet(root):
    styles = "".join(path.read_text(encoding="utf-8") for path in (root / "kb" / "ui").rglob("*.css"))
    assert [force.shape for force in Force if f".k-{force.shape}" not in styles] == []


def test_every_shape_of_a_status_is_drawn_by_the_style_sheet(root):
    styles = "".join(path.read_text(encoding="utf-8") for path in (root / "kb" / "ui").rglob("*.css"))
    assert [status.shape for status in Status if f".k-s-{status.shape}" not in styles] == []


def test_a_report_explains_every_status_in_its_key_and_has_a_sign_for_it():
    assert set(front.MEANINGS) == set(front.SHAPES) == {status.value for status in Status}
    assert len(set(front.SHAPES.values())) == len(Status)


def test_every_status_that_a_person_may_give_has_a_button_with_its_shape(root):
    """`not-assessed` withdraws a decision, and has a plain button of its own."""
    assert set(decision.OFFERED) == set(Status) - {Status.NOT_ASSESSED}
    styles = "".join(path.read_text(encoding="utf-8") for path in (root / "kb" / "ui").rglob("*.css"))
    assert [status.value for status in decision.OFFERED if f".st-key-decide-{status} button" not in styles] == []


def test_an_answer_after_the_ninth_key_has_no_key():
    assert [decision.shortcut_of(key) for key in (decision.FIRST_KEY, 9, 10)] == ["4", "9", None]


def test_a_finding_is_written_and_read_back_with_plain_words():
    finding = Finding(policy_set="a", criterion="1.1", status="met")
    assert finding.status is Status.MET and finding.model_dump(mode="json")["status"] == "met"
    assert type(finding.model_dump(mode="json")["status"]) is str
    assert Finding.model_validate_json(finding.model_dump_json()) == finding


def test_an_unknown_status_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="'not-assessed', 'no-evidence-found'.*'not-applicable'"):
        Finding(policy_set="a", criterion="1.1", status="compliant")


NAMED_ONCE = ("Anchor", "Block", "Criterion", "Draft", "Evidence", "Finding", "Framework", "Hit", "Leg",
              "Paragraph", "Passage", "Probe", "Row", "Standing")  # fmt: skip


@pytest.mark.parametrize("name", NAMED_ONCE)
def test_a_word_of_the_glossary_names_one_class(name, root):
    """A second class of that name would make a reader guess which of the two a sentence means."""
    kept = [
        path.relative_to(root).as_posix()
        for path in sorted((root / "kb").rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.match(rf"(class _?{name}[(:])|({name} = )", line)
    ]
    assert len(kept) == 1, kept


def test_the_words_whose_classes_are_counted_are_in_the_glossary(root):
    words = re.findall(r"^\*\*(.+?)\*\*", (root / "docs" / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert {name.casefold() for name in NAMED_ONCE} <= set(words)
