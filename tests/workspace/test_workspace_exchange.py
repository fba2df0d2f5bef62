"""A complete assessment is exported to one file and imported elsewhere with its authors, times and evidence."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from workspace_toys import BOARD, LAW, WORDS, framework, judged

from kb.assessment.checks import run_checks
from kb.assessment.double import give_opinion, open_double, settle
from kb.assessment.findings import finding, findings
from kb.assessment.history import history, lines
from kb.assessment.policies import policy_set
from kb.assessment.proposals import accept, proposals, reject, store_run
from kb.errors import InputError, NotFound, RefusedError, WorkspaceError
from kb.i18n import use
from kb.log import open_workspace
from kb.log.decisions import Event, as_stated, canonical, seal, shown_name
from kb.log.proving import prove
from kb.plan.actions import action, actions, create_action
from kb.report.assessment import self_assessment
from kb.report.html_ import page
from kb.text import sha256_text
from kb.workspace.exchange import export_assessment, import_assessment, read_assessment, write_assessment

FRAMEWORK = framework()
RESULT = {
    "framework": {"version": "1.0"},
    "criteria": [
        {
            "id": "R2.a",
            "state": "proposed",
            "proposals": [
                {"text": WORDS["art1"], "grade": "direct", "passage": "pension-act/art1"},
                {"text": WORDS["art4"], "grade": "related"},
            ],
        }
    ],
}


@pytest.fixture
def used(land):
    """Create a set with a run, verdicts, a decision and an action, and another set that must not be exported."""
    run = store_run(land, "land", "pension-act", RESULT, models={"m": "toy@1"})
    accept(land, FRAMEWORK, "land", "R2.a", run, 1, by="Ana", expected=0, role="instrument")
    reject(land, "land", "R2.a", run, 2, by="Ben", reason="a promise")
    create_action(land, "pay", {"title": "Pay", "findings": [{"policy_set": "land", "criterion": "R2.a"}]}, by="Ana")
    create_action(land, "other", {"title": "Elsewhere"}, by="Ana")
    return land


@pytest.fixture
def elsewhere(other_url):
    """Return a workspace in the other database."""
    with open_workspace(other_url) as workspace:
        workspace.append("note/a", "x", {"v": 1}, author="Dee")
        yield workspace


def test_assessment_arrives_complete(used, elsewhere, tmp_path):
    write_assessment(used, "land", tmp_path / "a.json")
    brought = import_assessment(elsewhere, read_assessment(tmp_path / "a.json"), by="Eli")
    assert (brought.policy_set, brought.actions, brought.proposals) == ("land", ("pay",), 2)
    told = {"sequence", "stated", "decided_by", "agreed_by", "changed_by", "evidence"}
    for criterion in FRAMEWORK.criteria():
        there, here = finding(elsewhere, "land", criterion.id), finding(used, "land", criterion.id)
        assert there.model_dump(exclude=told) == here.model_dump(exclude=told)
        assert [row.id for row in there.evidence] == [row.id for row in here.evidence]
    assert [p.verdict_by for p in proposals(elsewhere, "land", "R2.a")] == [as_stated("Ana"), as_stated("Ben")]
    assert prove(elsewhere).is_complete and [a.id for a in actions(elsewhere)] == ["pay"]


def test_imported_events_say_so_and_keep_author_and_time(used, elsewhere):
    import_assessment(elsewhere, export_assessment(used, "land"), by="Eli")
    mine = {
        (e.stream, e.version): (e.author, e.at, e.reason, e.after) for e in used.events() if e.stream != "action/other"
    }
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
    made = judged(elsewhere, "R2.a", {"status": "partial", "rationale": "x"}, by="Eli", expected=1)
    assert made.status == "partial" and made.evidence[0].added_by == as_stated("Ana")


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
    assert prove(used).is_complete


def _tampered(content, change):
    """Return the content after `change`, with the file's hash computed again."""
    content = json.loads(json.dumps(content))
    change(content)
    rest = {key: value for key, value in content.items() if key != "sha256"}
    return {**rest, "sha256": sha256_text(canonical(rest))}


def test_changed_file_is_refused(used, elsewhere):
    content = export_assessment(used, "land")
    with pytest.raises(InputError, match="changed after it was exported"):
        import_assessment(elsewhere, {**content, "policy_set": "isle"}, by="Eli")


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c["events"][1].update(author="Eve"),
        lambda c: c["events"].pop(0),
        lambda c: c["events"].append({**c["events"][0], "stream": "set/isle"}),
        lambda c: next(iter(c["documents"].values())).update(title="Other"),
        lambda c: c["events"][0].pop("kind"),
        lambda c: c.pop("runs"),
    ],
)
def test_forged_content_is_refused_and_leaves_nothing(used, elsewhere, change):
    with pytest.raises((InputError, NotFound)):
        import_assessment(elsewhere, _tampered(export_assessment(used, "land"), change), by="Eli")
    assert len(elsewhere.events()) == 1


def test_met_against_the_rules_is_imported_but_shown(used, elsewhere):
    """Another system's history is not rewritten; the checks report what is wrong with it."""
    used.append("finding/land/R2.a", "finding.decided", {"status": "met", "decided_by": "Zoe"}, author="Zoe")
    import_assessment(elsewhere, export_assessment(used, "land"), by="Eli")
    assert finding(elsewhere, "land", "R2.a").status == "met"
    assert any("at work" in r.message for r in run_checks(elsewhere, FRAMEWORK, "land", only=("rule-broken",)))


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("{", InputError),
        ('{"format": "x"}', InputError),
        ("[1]", InputError),
        ('{"format": "kb-assessment", "schema": 99}', WorkspaceError),
    ],
)
def test_foreign_files_are_named(tmp_path, words, error):
    (tmp_path / "a.json").write_text(words)
    with pytest.raises(error):
        read_assessment(tmp_path / "a.json")


def test_import_needs_a_person(used, elsewhere):
    with pytest.raises(RefusedError):
        import_assessment(elsewhere, export_assessment(used, "land"), by=" ")


def test_blind_sheets_and_all_statuses_travel(used, elsewhere):
    judged(
        used, "R3.d", {"status": "not-applicable", "rationale": "none", "evidence": [LAW, BOARD]}, by="Ana", expected=0
    )
    import_assessment(elsewhere, export_assessment(used, "land"), by="Eli")
    assert [f.status for f in findings(elsewhere, FRAMEWORK, "land")] == [
        f.status for f in findings(used, FRAMEWORK, "land")
    ]


def test_open_blind_sheets_stay_at_home_until_both_are_handed_in(used, elsewhere, tmp_path):
    open_double(used, FRAMEWORK, "land", "R3.d", ("Fay", "Gus"), by="Cy", expected=0)
    said = {"status": "contrary", "rationale": "secret of Fay"}
    give_opinion(used, FRAMEWORK, "land", "R3.d", said, by="Fay", expected=1, done=True)
    content = write_assessment(used, "land", tmp_path / "a.json")
    assert "secret of Fay" not in (tmp_path / "a.json").read_text() and content["kept_back"] == ["R3.d: Fay"]
    import_assessment(elsewhere, read_assessment(tmp_path / "a.json"), by="Eli")
    give_opinion(used, FRAMEWORK, "land", "R3.d", {**said, "rationale": "Gus"}, by="Gus", expected=1, done=True)
    assert "secret of Fay" in json.dumps(export_assessment(used, "land"))


def test_sheets_of_a_former_round_travel_while_a_new_one_is_open(used):
    said = {"status": "contrary", "rationale": "first round"}
    open_double(used, FRAMEWORK, "land", "R3.d", ("Fay", "Gus"), by="Cy", expected=0)
    for by in ("Fay", "Gus"):
        give_opinion(used, FRAMEWORK, "land", "R3.d", said, by=by, expected=1, done=True)
    settle(used, FRAMEWORK, "land", "R3.d", said, by="Cy", expected=1, reason="both")
    opened = open_double(used, FRAMEWORK, "land", "R3.d", ("Fay", "Gus"), by="Cy", expected=3)
    give_opinion(used, FRAMEWORK, "land", "R3.d", {**said, "rationale": "second"}, by="Fay", expected=3)
    words = json.dumps(export_assessment(used, "land"))
    assert opened.double and "first round" in words and '"second"' not in words
    assert any("first round" in str(event.after) for event in history(used))
    assert not any("second" in str(event.after) for event in history(used, viewer="Gus"))


def _decided(ws):
    judged(ws, "R2.a", {"status": "partial", "rationale": "half", "gap": "rural"}, by="Ana", expected=1)
    judged(ws, "R2.b", {"status": "contrary", "rationale": "no"}, by="Ben", expected=0)
    return export_assessment(ws, "land")


def _resealed(content, change, chain=False):
    """Return the content with one decision changed and its own hash computed again; with `chain`, the hashes after it
    too."""

    def forge(content):
        last, head = "", content["head"]
        for place, event in enumerate(content["events"]):
            fresh = Event.model_validate(event)
            if event["stream"] == "finding/land/R2.a" and event["after"].get("status"):
                fresh = fresh.model_copy(update=change(event))
            fresh = seal(fresh.model_copy(update={"previous_hash": last} if chain and place else {}))
            content["events"][place], last = fresh.model_dump(mode="json"), fresh.hash
        if chain:
            content.update(head=last, anchor=content["anchor"].replace(head, last))

    return _tampered(content, forge)


FORGERIES = {
    "another status": lambda event: {"after": {**event["after"], "status": "contrary"}},
    "another author": lambda event: {"author": "Zoe"},
    "another day": lambda event: {"at": datetime(2019, 1, 1, tzinfo=UTC)},
    "another reason": lambda event: {"reason": "never said"},
    "another person decided": lambda event: {"after": {**event["after"], "decided_by": "Zoe"}},
}


@pytest.mark.parametrize("change", FORGERIES.values(), ids=FORGERIES)
def test_forged_decision_in_a_file_is_reported(used, elsewhere, change):
    """Its own hash and the file's hash were computed again; the neighbouring events of the log reveal it."""
    content = _resealed(_decided(used), change)
    with pytest.raises(InputError, match="forged or damaged"):
        import_assessment(elsewhere, content, by="Eli")
    assert len(elsewhere.events()) == 1


@pytest.mark.parametrize(
    "forge",
    [
        lambda c: c["documents"].clear(),
        lambda c: c["runs"][0].update(at="2036-01-01T00:00:00.000000Z"),
        lambda c: c["runs"][0].update(policy="other"),
    ],
    ids=["text left out", "another time of a run", "a run of another policy"],
)
def test_file_that_would_break_the_proof_of_the_log_is_refused(used, elsewhere, forge):
    """Once in the log it would stay there, and the restore would refuse every later backup."""
    with pytest.raises(InputError):
        import_assessment(elsewhere, _tampered(_decided(used), forge), by="Eli")
    assert len(elsewhere.events()) == 1 and prove(elsewhere).is_complete


def test_status_that_nobody_knows_is_the_files_fault(used, elsewhere):
    content = _resealed(_decided(used), lambda event: {"after": {**event["after"], "status": "wibble"}}, chain=True)
    with pytest.raises(InputError, match="does not know"):
        import_assessment(elsewhere, content, by="Eli")
    assert len(elsewhere.events()) == 1


def test_forgery_of_a_complete_chain_is_never_shown_as_decided_here(used, elsewhere):
    """Nothing inside a file can reveal that its author forged all of it: so its decisions are always shown as the
    file's."""
    content = _resealed(_decided(used), FORGERIES["another status"], chain=True)
    import_assessment(elsewhere, content, by="Eli")
    made = finding(elsewhere, "land", "R2.a")
    assert (made.status, made.decided_by) == ("contrary", as_stated("Ana"))
    assert made.stated.startswith("stated in the file that Eli brought in on ")


def test_imported_decision_is_the_files_word_in_every_reader(used, elsewhere):
    import_assessment(elsewhere, _decided(used), by="Eli")
    now = {f.criterion: f for f in findings(elsewhere, FRAMEWORK, "land")}
    for made in (
        finding(elsewhere, "land", "R2.a"),
        now["R2.a"],
        finding(elsewhere, "land", "R2.a", until=len(elsewhere.events())),
    ):
        assert made.decided_by == made.changed_by == made.evidence[0].added_by == "Ana (stated in an imported file)"
        assert "Eli" in made.stated
    assert not any(f.stated for f in findings(used, FRAMEWORK, "land"))
    told = [line for line in lines(history(elsewhere, "finding")) if "by Ana" in line]
    assert told and all("stated in the file that Eli brought in" in line for line in told)


@pytest.mark.parametrize(
    ("language", "mark"), [("es", "según un archivo importado"), ("fr", "selon un fichier importé")]
)
def test_the_mark_of_an_imported_word_is_in_the_readers_language(used, elsewhere, language: str, mark: str) -> None:
    import_assessment(elsewhere, _decided(used), by="Eli")
    use(language)
    try:
        on = date(2026, 1, 1)
        text = page(self_assessment(elsewhere, FRAMEWORK, "land", on=on))
    finally:
        use("en")
    assert f"Ana ({mark})" in text and "stated in an imported file" not in text
    assert shown_name("Ana") == "Ana" and shown_name("") == ""


def test_person_here_makes_the_decision_their_own(used, elsewhere):
    import_assessment(elsewhere, _decided(used), by="Eli")
    kept = judged(elsewhere, "R2.b", {"gap": "x"}, by="Eli", expected=1)
    assert kept.stated and kept.decided_by == as_stated("Ben") and kept.changed_by == "Eli"
    made = judged(elsewhere, "R2.b", {"status": "contrary"}, by="Eli", expected=2, reason="read it")
    assert (made.stated, made.decided_by) == ("", "Eli")
    assert prove(elsewhere).is_complete


def test_words_of_a_file_stay_its_words_when_it_travels_on(used, elsewhere, url, tmp_path):
    import_assessment(elsewhere, _decided(used), by="Eli")
    with open_workspace(f"sqlite:///{tmp_path / 'third.sqlite'}") as third:
        import_assessment(third, export_assessment(elsewhere, "land"), by="Flo")
        made = finding(third, "land", "R2.a")
        assert made.decided_by == as_stated("Ana") and "Flo" in made.stated
