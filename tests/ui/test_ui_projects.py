"""Projects, assessments and actions: naming, archiving, deleting and restoring them."""

from __future__ import annotations

from datetime import date

import pytest
from ui_reading import html_of, links_of, said

from kb.assessment import policies
from kb.coding import codes
from kb.plan import actions
from kb.ui import resources, serving

ADA = "Ada Example"


@pytest.fixture
def ws(live_kb):
    """Return a workspace with one assessment, one action and one coding session."""
    ws = resources.workspace()
    policies.create_set(ws, "land", "Land", by=ADA, country="KEN")
    serves = [{"policy_set": "land", "criterion": "R1.c"}]
    actions.create_action(ws, "act", {"title": "Open offices", "findings": serves}, by=ADA)
    codes.open_session(ws, "round", [ADA, "Ben"], codebook="1", by=ADA, sample=["mipaa/para1", "mipaa/para2"])
    return ws


def as_ada(app):
    """Run the page again with a name in the bar."""
    app.session_state["by"] = ADA
    return app.run()


def press(app, key: str):
    """Press a button by its key."""
    return app.button(key=key).click().run()


def test_a_project_has_a_header_with_its_name_and_what_each_has_coded(open_page, ws):
    codes.change_session(ws, "round", {"title": "First round"}, by=ADA, expected=1)
    page = html_of(open_page("codebook", session="round"))
    assert "First round" in page and "open, blind" in page and f"{ADA}: 0 of 2 coded" in page


def test_a_project_is_deleted_and_taken_back_as_entries_of_the_log(open_page, ws):
    app = as_ada(open_page("coding", session="round", facet="group"))
    press(app, "delete-session/round")
    assert [one.id for one in codes.sessions(ws)] == [] and "session" not in app.query_params
    back = as_ada(open_page("coding", session="-", facet="group", document="mipaa"))
    press(back, "back-session/round")
    assert [one.id for one in codes.sessions(ws)] == ["round"]
    assert [event.kind for event in ws.events("session/round")] == ["session.opened", *["session.changed"] * 2]


def test_an_assessment_that_was_deleted_is_in_no_list_and_can_be_taken_back(open_page, ws):
    press(as_ada(open_page("assess", set="land")), "delete-set/land")
    assert policies.policy_sets(ws) == [] and policies.policy_set(ws, "land").removed
    page = as_ada(open_page("assess"))
    assert "There is no assessment yet." in html_of(page)
    press(page, "back-set/land")
    assert [one.id for one in policies.policy_sets(ws)] == ["land"]


def test_an_action_is_changed_and_deleted_and_stays_in_the_log(open_page, ws):
    app = as_ada(open_page("actions", set="land"))
    next(one for one in app.text_input if one.value == "Open offices").set_value("Open forty offices").run()
    app.button(key="send-action-as-such-act").click().run()
    assert actions.action(ws, "act").title == "Open forty offices"
    press(app, "delete-action/act")
    assert actions.actions(ws) == [] and [one.id for one in actions.actions(ws, removed=True)] == ["act"]


def test_an_action_that_is_put_aside_is_not_among_those_to_do_nor_late_and_comes_back(open_page, ws):
    late = {"due": date(2020, 1, 1), "start": None}
    actions.update_action(ws, "act", late, by=ADA, expected=1)
    assert [one.id for one in actions.overdue(ws, date(2021, 1, 1))] == ["act"]
    app = press(as_ada(open_page("actions", set="land")), "aside-action/act")
    assert actions.action(ws, "act").archived and actions.overdue(ws, date(2021, 1, 1)) == []
    assert "Open offices" not in [header.value for header in app.header]
    assert app.query_params["set"] == "land"
    press(app, "aside-action/act")
    assert not actions.action(ws, "act").archived
    assert len(ws.events("action/act")) == 4, "each is an entry"


def test_the_name_of_a_deleted_action_can_be_used_again(open_page, ws):
    first = serving.id_for(policies.policy_set(ws, "land"), "Open offices")
    actions.create_action(ws, first, {"title": "Open offices"}, by=ADA)
    actions.update_action(ws, first, {"removed": True}, by=ADA, expected=1)
    assert serving.id_for(policies.policy_set(ws, "land"), "Open offices") not in (first, "act")


def test_without_a_chosen_criterion_all_are_listed_with_their_states_and_the_way_to_the_next(open_page, ws):
    app = open_page("criterion", set="land")
    page = html_of(app)
    for criterion in resources.framework().criteria():
        assert f"criterion={criterion.id}" in page
    assert "Not assessed" in page and "not chosen yet" not in said(app)
    assert any("R1.a" in link for link in links_of(app))


def test_a_passage_that_was_opened_is_noted_once_however_often_it_is_drawn(open_page, ws):
    app = as_ada(open_page("coding", session="-", facet="group", document="mipaa"))
    before = len(ws.events())
    app.run()
    app.run()
    opened = [event for event in ws.events() if event.kind == "unit.opened"]
    assert len(ws.events()) == before and len(opened) == 1


def test_a_new_project_keeps_its_name_and_offers_the_codes_it_was_drawn_for(open_page, live_kb):
    app = as_ada(open_page("coding"))
    fields = {"Name of the project": "Care study", "Coders": f"{ADA}, Ben"}
    for label, words in fields.items():
        next(one for one in app.text_input if one.label == label).set_value(words)
    for label, choice in {"Document to code": "mipaa", "Codes to use": "group"}.items():
        next(one for one in app.selectbox if one.label == label).set_value(choice)
    next(one for one in app.button if one.label == "Open the project").click().run()
    held = codes.sessions(resources.workspace())
    assert [one.title for one in held] == ["Care study"] and app.query_params["session"] == held[0].id
    assert "“Care study” is open, with 40 passages." in app.success[0].value
    again = as_ada(open_page("coding", session=held[0].id))
    codes_offered = [one.key for one in again.button if (one.key or "").startswith("code-")]
    assert codes_offered and all(key.startswith("code-group-") for key in codes_offered)
    assert "Hidden, as you asked." in said(again), "a blind round hides the machine's tags until a coder asks"


def test_coding_goes_on_at_the_first_passage_that_is_not_coded_and_says_when_all_are(open_page, ws):
    store = resources.searcher().index.store
    some = [one for one in store.passages("mipaa") if one.kind != "heading"][:3]
    codes.open_session(ws, "three", [ADA], codebook="1", by=ADA, sample=[one.id for one in some])
    share = next(one for one in codes.sessions(ws) if one.id == "three").assignments[ADA]
    codes.add_code(ws, store.get(share[0]), "group", "youth", by=ADA, session="three")
    app = as_ada(open_page("coding", session="three", facet="group"))
    assert "Passage 2 of 3; 1 coded by you" in app.get("progress")[0].proto.text
    press(app, "code-group-youth")
    assert "Passage 2 of 3; 2 coded by you" in app.get("progress")[0].proto.text, "it can get a second code"
    codes.add_code(ws, store.get(share[2]), "group", "youth", by=ADA, session="three")
    done = as_ada(open_page("coding", session="three", facet="group"))
    assert "All your passages are coded." in [one.value for one in done.success]


def test_a_blind_round_that_is_open_has_no_agreement_and_can_be_closed_there(open_page, ws):
    app = as_ada(open_page("agreement", session="round"))
    assert "This round is blind and open" in said(app) and "Alpha" not in html_of(app)
    press(app, "close-session")
    assert not codes.sessions(ws)[0].open
    assert "This round is blind and open" not in said(as_ada(open_page("agreement", session="round")))


def test_an_action_begins_with_the_next_step_and_leads_back(open_page, ws):
    from kb.assessment.findings import decide

    fields = {"status": "partial", "rationale": "Named only.", "next_step": "Ask for the list of groups"}
    decide(ws, resources.framework(), "land", "R1.c", fields, by=ADA, expected=0)
    app = as_ada(open_page("actions", set="land", criterion="R1.c"))
    assert "Back to R1.c" in links_of(app)
    new = [one for one in app.text_input if one.label == "What is to be done"][-1]
    assert new.value == "Ask for the list of groups"
    app = new.set_value("").run()
    next(one for one in app.button if one.label == "Record" and one.proto.type == "primary").click().run()
    assert "It is not said what is to be done." in app.error[0].value
    assert 'href="criterion?set=land&amp;criterion=R1.c"' in html_of(app), "the tab leads back to the criterion"


def test_the_list_of_assessments_counts_the_decisions_of_each_in_one_reading(open_page, ws):
    from kb.assessment.findings import decide

    policies.create_set(ws, "roads", "Roads", by=ADA, country="KEN")
    decide(ws, resources.framework(), "land", "R1.c", {"status": "partial", "rationale": "Named."}, by=ADA, expected=0)
    decide(ws, resources.framework(), "land", "R1.a", {"gap": "No budget."}, by=ADA, expected=0)
    page = html_of(open_page("assess"))
    assert "1 of 38 decided" in page and "0 of 38 decided" in page
