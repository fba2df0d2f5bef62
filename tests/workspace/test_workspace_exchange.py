"""A whole assessment leaves as one file and arrives elsewhere with its authors, times and evidence."""
from __future__ import annotations

import json

import pytest
from workspace_toys import BOARD, LAW, WORDS, framework

from kb.errors import InputError, NotFound, RefusedError, WorkspaceError
from kb.text import sha256_text
from kb.workspace import open_workspace
from kb.workspace.actions import action, actions, create_action
from kb.workspace.checks import run_checks
from kb.workspace.decisions import canonical, seal
from kb.workspace.exchange import export_assessment, import_assessment, read_assessment, write_assessment
from kb.workspace.findings import decide, finding, findings
from kb.workspace.history import prove
from kb.workspace.policies import policy_set
from kb.workspace.proposals import accept, proposals, reject, store_run

FRAMEWORK = framework()
RESULT = {"framework": {"version": "1.0"}, "criteria": [{"id": "R2.a", "state": "proposed", "proposals": [
    {"text": WORDS["art1"], "grade": "direct", "passage": "pension-act/art1"},
    {"text": WORDS["art4"], "grade": "related"}]}]}


@pytest.fixture
def used(land):
    """A set with a run, verdicts, a decision, an action, and another set that must stay at home."""
    run = store_run(land, "land", "pension-act", RESULT, models={"m": "toy@1"})
    accept(land, FRAMEWORK, "land", "R2.a", run, 1, by="Ana", expected=0, role="instrument")
    reject(land, "land", "R2.a", run, 2, by="Ben", reason="a promise")
    create_action(land, "pay", {"title": "Pay", "findings": [{"policy_set": "land", "criterion": "R2.a"}]}, by="Ana")
    create_action(land, "other", {"title": "Elsewhere"}, by="Ana")
    return land


@pytest.fixture
def elsewhere(other_url):
    """A workspace in the other database."""
    with open_workspace(other_url) as workspace:
        workspace.append("note/a", "x", {"v": 1}, author="Dee")
        yield workspace


def test_assessment_arrives_whole(used, elsewhere, tmp_path):
    write_assessment(used, "land", tmp_path / "a.json")
    brought = import_assessment(elsewhere, read_assessment(tmp_path / "a.json"), by="Eli")
    assert (brought.policy_set, brought.actions, brought.proposals) == ("land", ("pay",), 2)
    timeless = {"sequence"}
    for criterion in FRAMEWORK.criteria():
        there, here = finding(elsewhere, "land", criterion.id), finding(used, "land", criterion.id)
        assert there.model_dump(exclude=timeless) == here.model_dump(exclude=timeless)
    assert [p.verdict_by for p in proposals(elsewhere, "land", "R2.a")] == ["Ana", "Ben"]
    assert prove(elsewhere).whole and [a.id for a in actions(elsewhere)] == ["pay"]


def test_imported_events_say_so_and_keep_author_and_time(used, elsewhere):
    import_assessment(elsewhere, export_assessment(used, "land"), by="Eli")
    mine = {(e.stream, e.version): (e.author, e.at, e.reason, e.after) for e in used.events()
            if e.stream != "action/other"}
    came = [event for event in elsewhere.events() if event.stream != "note/a"]
    assert {(e.stream, e.version): (e.author, e.at, e.reason, e.after) for e in came} == mine
    assert {event.imported["by"] for event in came} == {"Eli"}


def test_export_of_the_import_holds_the_same(used, elsewhere):
    first = export_assessment(used, "land")
    import_assessment(elsewhere, first, by="Eli")
    second = export_assessment(elsewhere, "land")
    assert second["documents"] == first["documents"] and second["proposals"] == first["proposals"]


def test_work_goes_on_after_the_import(used, elsewhere):
    import_assessment(elsewhere, export_assessment(used, "land"), by="Eli")
    made = decide(elsewhere, FRAMEWORK, "land", "R2.a", {"status": "partial", "rationale": "x"}, by="Eli", expected=1)
    assert made.status == "partial" and made.evidence[0].added_by == "Ana"


def test_same_set_twice_needs_another_name(used):
    content = export_assessment(used, "land")
    with pytest.raises(RefusedError, match="already in this workspace"):
        import_assessment(used, content, by="Eli")
    brought = import_assessment(used, content, by="Eli", as_set="copy")
    assert (brought.policy_set, brought.actions) == ("copy", ("copy-pay",))
    copied = finding(used, "copy", "R2.a")
    assert copied.evidence[0].quotation == WORDS["art1"]
    assert copied.evidence[0].from_proposal.split()[0] == proposals(used, "copy", "R2.a")[0].run
    assert action(used, "copy-pay").findings[0].policy_set == "copy"
    assert policy_set(used, "copy").policies[0].policy_set == "copy"
    assert policy_set(used, "land").policies[0].policy_set == "land"
    assert prove(used).whole


def _tampered(content, change):
    """The content after `change`, with a hash that fits again."""
    content = json.loads(json.dumps(content))
    change(content)
    rest = {key: value for key, value in content.items() if key != "sha256"}
    return {**rest, "sha256": sha256_text(canonical(rest))}


def test_changed_file_is_refused(used, elsewhere):
    content = export_assessment(used, "land")
    with pytest.raises(InputError, match="changed after it was exported"):
        import_assessment(elsewhere, {**content, "policy_set": "isle"}, by="Eli")


@pytest.mark.parametrize("change", [
    lambda c: c["events"][1].update(author="Eve"),
    lambda c: c["events"].pop(0),
    lambda c: c["events"].append({**c["events"][0], "stream": "set/isle"}),
    lambda c: next(iter(c["documents"].values())).update(title="Other"),
    lambda c: c["events"][0].pop("kind"),
    lambda c: c.pop("runs"),
])
def test_forged_content_is_refused_and_leaves_nothing(used, elsewhere, change):
    with pytest.raises((InputError, NotFound)):
        import_assessment(elsewhere, _tampered(export_assessment(used, "land"), change), by="Eli")
    assert len(elsewhere.events()) == 1


def test_met_against_the_rules_is_imported_but_shown(used, elsewhere):
    """Another system's history is not rewritten; the checks say what is wrong with it."""
    from kb.workspace.decisions import Event

    def forge(content):
        last = max((e for e in content["events"] if e["stream"] == "finding/land/R2.a"), key=lambda e: e["version"])
        event = Event.model_validate({**last, "after": {**last["after"], "status": "met", "decided_by": "Zoe"}})
        last.update(seal(event).model_dump(mode="json"))

    import_assessment(elsewhere, _tampered(export_assessment(used, "land"), forge), by="Eli")
    assert finding(elsewhere, "land", "R2.a").status == "met"
    assert any("operation" in r.message for r in run_checks(elsewhere, FRAMEWORK, "land", only=("rule-broken",)))


@pytest.mark.parametrize(("words", "error"), [("{", InputError), ('{"format": "x"}', InputError), ("[1]", InputError),
                                              ('{"format": "kb-assessment", "schema": 99}', WorkspaceError)])
def test_foreign_files_are_named(tmp_path, words, error):
    (tmp_path / "a.json").write_text(words)
    with pytest.raises(error):
        read_assessment(tmp_path / "a.json")


def test_import_needs_a_person(used, elsewhere):
    with pytest.raises(RefusedError):
        import_assessment(elsewhere, export_assessment(used, "land"), by=" ")


def test_blind_sheets_and_all_statuses_travel(used, elsewhere):
    decide(used, FRAMEWORK, "land", "R3.d",
           {"status": "not-applicable", "rationale": "none", "evidence": [LAW, BOARD]}, by="Ana", expected=0)
    import_assessment(elsewhere, export_assessment(used, "land"), by="Eli")
    assert [f.status for f in findings(elsewhere, FRAMEWORK, "land")] == [f.status
                                                                          for f in findings(used, FRAMEWORK, "land")]
