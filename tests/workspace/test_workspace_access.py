"""Roles and countries: data of another country does not appear, and what a role does not allow is refused before
anything is written."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from workspace_toys import WORDS, document, framework, judged

from kb.assessment import double, policies
from kb.assessment.findings import decide, findings
from kb.assessment.proposals import proposals, reject, store_run
from kb.coding import codes, units
from kb.errors import DataError, KBError, NotFound, RefusedError
from kb.log import open_workspace
from kb.log.tables import EventRow, ProposalRow, RunRow
from kb.plan.actions import action, actions, create_action
from kb.workspace.access import Person, PersonalWorkspace, Role, load_people
from kb.workspace.exchange import export_assessment

FRAMEWORK = framework()
ADA, TENDAI = "Ada Example", "Tendai Example"
TOPICS = ("set", "policy", "finding", "run", "verdict", "opinion", "measure", "action", "coding", "unit", "session")
RESULT = {
    "framework": {"version": "1.0"},
    "criteria": [
        {
            "id": "R2.a",
            "state": "proposed",
            "proposals": [{"text": WORDS["art1"], "grade": "direct"}, {"text": WORDS["art4"], "grade": "related"}],
        }
    ],
}


@pytest.fixture
def ws(tmp_path):
    """Return a workspace with one assessment of each of two countries: Kenya's act is Ada's, Zimbabwe's is Tendai's."""
    with open_workspace(f"sqlite:///{tmp_path / 'w.sqlite'}") as whole:
        for set_id, country, act, by in (("land", "KEN", "pension-act", ADA), ("zim", "ZWE", "zim-act", TENDAI)):
            policies.create_set(whole, set_id, f"Laws of {country}", country=country, by=by)
            text = document(act, WORDS | {"art9": f"A rule of {country} alone."})
            policies.add_policy(whole, set_id, text, by=by, label="1", standing="in-force")
            run = store_run(whole, set_id, act, RESULT)
            reject(whole, set_id, "R2.a", run, 2, by=by, reason=f"a promise of {country}")
            said = {"status": "no-evidence-found", "rationale": f"nothing in {country}"}
            decide(whole, FRAMEWORK, set_id, "R2.b", said, by=by, expected=0)
            serves = [{"policy_set": set_id, "criterion": "R2.b"}]
            create_action(whole, f"act-{set_id}", {"title": f"Do it in {country}", "findings": serves}, by=by)
            passage = text.passages[0]
            codes.add_code(whole, passage, "group", "older-persons", by=by, memo=f"memo of {country}")
            codes.open_session(whole, f"round-{set_id}", [by], codebook="1", by=by, sample=[passage.id])
            units.none_applies(whole, text.passages[1].id, "group", by=by)
        yield whole


def person(name=ADA, role=Role.OFFICER, countries=("KEN",), **more) -> Person:
    """Return a person who has signed in."""
    return Person(name=name, role=role, countries=countries, **more)


def shown(ws) -> str:
    """Return everything that a workspace shows of its streams, as one text."""
    found = [repr(ws.events())]
    for topic in TOPICS:
        found += [repr(ws.states(topic)), repr(ws.states(topic, until=10**6)), repr(ws.events(topic))]
    found += [repr(one) for one in (policies.policy_sets(ws), actions(ws), codes.sessions(ws), codes.codings(ws))]
    return "".join((*found, repr(units.units(ws))))


@pytest.mark.parametrize("role", list(Role))
def test_nothing_of_another_country_is_there_for_anybody_who_does_not_see_it(ws, role):
    own = PersonalWorkspace(ws, person(role=role))
    text = shown(own)
    assert "Laws of KEN" in text and "memo of KEN" in text and "round-land" in text and "a promise of KEN" in text
    for word in ("ZWE", "zim", TENDAI, "Tendai"):
        assert word not in text, word
    assert shown(PersonalWorkspace(ws, person(role=role, everywhere=True))) == shown(ws)


def test_what_is_asked_for_by_its_name_is_not_there_either(ws):
    own = PersonalWorkspace(ws, person())
    for ask in (
        lambda: policies.policy_set(own, "zim"),
        lambda: action(own, "act-zim"),
        lambda: export_assessment(own, "zim"),
        lambda: findings(own, FRAMEWORK, "zim"),
        lambda: policies.one_policy(policies.policy_set(own, "land"), "zim-act"),
    ):
        with pytest.raises(NotFound) as error:
            ask()
        assert "zim" not in error.value.do
    assert proposals(own, "zim", "R2.a") == [] and proposals(own, "land", "R2.a")
    assert own.state("set/zim").version == 0 and codes.codes_of(own, "zim-act/art1") == []
    assert [one.status for one in findings(own, FRAMEWORK, "land")].count("no-evidence-found") == 1
    with own.reading() as reader:
        assert reader.rows(select(RunRow.policy_set)) == [("land",)]
        (run,) = reader.rows(select(RunRow.id))
        assert set(reader.rows(select(ProposalRow.run))) == {run}
        with pytest.raises(RefusedError):
            reader.rows(select(EventRow.after))


ACTS = {
    "assessment": lambda ws: policies.create_set(ws, "new", "New", country="KEN", by=ADA),
    "decision": lambda ws: judged(ws, "R3.d", {"status": "no-evidence-found", "rationale": "none"}, by=ADA, expected=0),
    "action": lambda ws: create_action(
        ws, "new", {"title": "Do", "findings": [{"policy_set": "land", "criterion": "R2.b"}]}, by=ADA
    ),
    "code": lambda ws: codes.add_code(ws, document().passages[2], "group", "youth", by=ADA),
}
ALLOWED = {
    Role.READER: set(),
    Role.REVIEWER: {"code"},
    Role.OFFICER: set(ACTS),
    Role.ADMINISTRATOR: set(ACTS),
}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("act", list(ACTS))
def test_a_role_writes_what_it_may_and_the_log_is_untouched_by_the_rest(ws, role, act):
    own = PersonalWorkspace(ws, person(role=role))
    before = len(ws.events())
    if act in ALLOWED[role]:
        ACTS[act](own)
        assert [event.author for event in ws.events()[before:]] == [ADA]
    else:
        with pytest.raises(RefusedError, match=f"may not do this as {role}"):
            ACTS[act](own)
        assert len(ws.events()) == before


ELSEWHERE = {
    "another's name": lambda ws: policies.create_set(ws, "new", "New", country="KEN", by=TENDAI),
    "another country": lambda ws: policies.create_set(ws, "new", "New", country="ZWE", by=ADA),
    "no country": lambda ws: policies.create_set(ws, "new", "New", by=ADA),
    "a taken name": lambda ws: policies.create_set(ws, "zim", "Mine", country="KEN", by=ADA),
    "moved away": lambda ws: policies.change_set(ws, "land", {"country": "ZWE"}, by=ADA, expected=1),
    "a finding": lambda ws: decide(
        ws, FRAMEWORK, "zim", "R2.b", {"status": "not-assessed", "rationale": "x"}, by=ADA, expected=0
    ),
    "a policy": lambda ws: policies.add_policy(ws, "zim", document("x"), by=ADA, label="1", standing="in-force"),
    "a verdict": lambda ws: reject(
        ws,
        "zim",
        "R2.a",
        ws.events("run/zim")[0].after["run"] if ws.events("run/zim") else "0" * 20,
        1,
        by=ADA,
        reason="x",
    ),
    "an opinion": lambda ws: double.open_double(ws, FRAMEWORK, "zim", "R3.d", (ADA, TENDAI), by=ADA, expected=0),
    "an action": lambda ws: create_action(
        ws, "new", {"title": "Do", "findings": [{"policy_set": "zim", "criterion": "R2.b"}]}, by=ADA
    ),
    "an action of nobody": lambda ws: create_action(ws, "new", {"title": "Do"}, by=ADA),
    "a code": lambda ws: codes.add_code(ws, document("zim-act").passages[0], "group", "youth", by=ADA),
    "a raw write": lambda ws: ws.append("finding/zim/R2.b", "finding.decided", {"status": "met"}, author=ADA),
}


@pytest.mark.parametrize("act", list(ELSEWHERE))
@pytest.mark.parametrize("role", [Role.OFFICER, Role.ADMINISTRATOR])
def test_nothing_is_written_in_another_country_or_in_anothers_name(ws, act, role):
    own = PersonalWorkspace(ws, person(role=role))
    before = len(ws.events())
    with pytest.raises(KBError) as refused:
        ELSEWHERE[act](own)
    assert len(ws.events()) == before
    assert "Laws of ZWE" not in str(refused.value) and "Tendai Example decided" not in str(refused.value)


def test_a_new_assessment_is_there_at_once_and_one_without_countries_sees_nothing(ws):
    own = PersonalWorkspace(ws, person())
    policies.create_set(own, "water", "Water", country="KEN", by=ADA)
    assert [one.id for one in policies.policy_sets(own)] == ["land", "water"]
    nobody = PersonalWorkspace(ws, person(countries=()))
    assert policies.policy_sets(nobody) == [] and actions(nobody) == [] and codes.codings(nobody) == []


def test_closing_a_persons_workspace_leaves_the_shared_one_open(ws):
    with PersonalWorkspace(ws, person()):
        pass
    assert len(policies.policy_sets(ws)) == 2


PEOPLE = """people:
  ada@example.org: {name: Ada Example, role: officer, countries: [KEN]}
  root@example.org: {name: Root Example, role: administrator, everywhere: true}
"""


def test_people_are_a_file_and_who_is_not_in_it_may_nothing(tmp_path):
    file = tmp_path / "people.yaml"
    file.write_text(PEOPLE)
    people = load_people(file)
    assert people.person("Ada@Example.org ") == person() and people.person("root@example.org").everywhere
    with pytest.raises(RefusedError, match="has no access here"):
        people.person("eve@example.org")


@pytest.mark.parametrize(
    "old, new",
    [
        ("officer", "king"),
        ("KEN", "KENYA"),
        ("Root Example", "ada example"),
        ("name: Ada Example, ", ""),
        ("countries", "country"),
        ("people:", "persons:"),
    ],
)
def test_a_file_of_people_that_is_wrong_is_refused_with_its_name(tmp_path, old, new):
    file = tmp_path / "people.yaml"
    file.write_text(PEOPLE.replace(old, new, 1))
    with pytest.raises(DataError, match="people.yaml"):
        load_people(file)
