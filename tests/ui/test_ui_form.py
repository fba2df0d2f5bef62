"""Forms: untouched fields follow the record, for a field that two people changed the person is asked, drafts are
kept."""

import re

import pytest
from ui_reading import html_of, said

from kb.assessment import policies
from kb.assessment.findings import decide, finding
from kb.framework import load
from kb.ui import drafts, resources


@pytest.fixture
def land(live_kb, root):
    """Return a set, and a function that decides in it as another person."""
    ws, framework = resources.workspace(), load(root / "corpus" / "framework")
    policies.create_set(ws, "land", "Land", by="Ada Example")

    def by_other(**changes):
        """Record a decision of another person, now."""
        now = finding(ws, "land", "R2.a")
        return decide(ws, framework, "land", "R2.a", changes, by="Ben Example", expected=now.version)

    return by_other


def criterion(open_page, name="Ada Example"):
    """Open the page of R2.a, with a person's name."""
    return open_page("criterion", set="land", criterion="R2.a").text_input(key="by").set_value(name).run()


def at(app, name):
    """Return a field of the decision."""
    key = f"draft-finding-land-R2-a-{name}"
    return next(one for one in (*app.text_area, *app.text_input, *app.radio, *app.selectbox) if one.key == key)


def press(app, label):
    """Press a button by its label; an answer is a button too."""
    return next(one for one in app.button if one.label.startswith(label)).click().run()


def status(app):
    """Return the status in the form."""
    return app.session_state["draft-finding-land-R2-a-status"]


def test_a_stale_page_never_replaces_anothers_decision(open_page, land):
    app = criterion(open_page)
    at(app, "rationale").set_value("It is in the law.")
    land(status="partial", rationale="Two of three bodies.", gap="No budget.")
    press(app, "Met")
    page = said(app)
    for words in (
        "Two versions",
        "What you wrote in this window is not recorded yet.",
        "Partial",
        "Met",
        "Two of three bodies.",
        "It is in the law.",
    ):
        assert words in page
    kept = finding(resources.workspace(), "land", "R2.a")
    assert (kept.status, kept.rationale, kept.decided_by) == ("partial", "Two of three bodies.", "Ben Example")
    assert at(app, "rationale").value == "It is in the law.", "what was typed stays"
    assert at(app, "gap").value == "No budget.", "what was not touched follows the record"


def test_theirs_can_be_taken_and_mine_can_be_kept(open_page, land):
    for button, wanted in (("Take theirs", "partial"), ("Keep mine", "met")):
        app = criterion(open_page)
        press(app, "Met")  # refused without a reason or without evidence, and stays in the form
        land(status="partial" if wanted == "partial" else "commitment-only", rationale=f"Reason before {button}")
        press(app.run(), button)
        assert status(app) == wanted and "Two versions" not in said(app)


def events():
    """Return author and status of every event of the finding."""
    return [(one.author, one.after.get("status")) for one in resources.workspace().events("finding/land/R2.a")]


def test_mine_is_recorded_at_once_where_the_button_that_records_had_been_pressed(open_page, land):
    app = criterion(open_page)
    at(app, "rationale").set_value("It is promised.")
    land(status="partial", rationale="Two of three bodies.", gap="No budget.")
    press(app, "Commitment only")
    assert "records it under your name, Ada Example; the history keeps both versions." in said(app)
    press(app, "Keep mine: record it now")
    kept = finding(resources.workspace(), "land", "R2.a")
    assert (kept.status, kept.rationale, kept.gap, kept.decided_by) == (
        "commitment-only",
        "It is promised.",
        "No budget.",
        "Ada Example",
    ), "and what Ada did not touch stays Ben's"
    assert events() == [("Ben Example", "partial"), ("Ada Example", "commitment-only")]
    assert not list(drafts.folder().glob("*.json"))


def test_mine_stays_a_draft_where_nothing_was_to_be_recorded_yet_and_the_page_says_so(open_page, land):
    app = criterion(open_page)
    at(app, "rationale").set_value("Half a thought").run()
    land(status="partial", rationale="Two of three bodies.")
    app.run()
    assert "“Keep mine as a draft” records nothing" in said(app) and not any("now" in one.label for one in app.button)
    press(app, "Keep mine as a draft")
    assert "Two versions" not in said(app) and at(app, "rationale").value == "Half a thought"
    assert events() == [("Ben Example", "partial")]


def test_what_a_third_wrote_after_both_versions_were_shown_is_asked_about_again(open_page, land):
    app = criterion(open_page)
    at(app, "rationale").set_value("It is promised.")
    land(status="partial", rationale="Two of three bodies.")
    press(app, "Commitment only")
    land(gap="No budget.")
    press(app, "Keep mine: record it now")
    assert "Look above at what stands here now" in said(app), "Ada has not seen the gap"
    assert len(events()) == 2 and at(app, "rationale").value == "It is promised."
    land(rationale="Three of three bodies.")
    press(app, "Commitment only")
    assert "Three of three bodies." in html_of(app) and "Two versions." in said(app) and len(events()) == 3


def table_of_both(app):
    """Return the rows of the table of both versions as lists of the cells' text."""
    html = next(one for one in (element.proto.body for element in app.get("html")) if "When you began" in one)
    rows = re.findall(r"<tr.*?</tr>", html, re.DOTALL)
    return [[re.sub(r"<.*?>", "", cell) for cell in re.findall(r"<t[dh].*?</t[dh]>", row, re.DOTALL)] for row in rows]


def test_both_versions_show_the_status_and_what_the_other_alone_changed(open_page, land):
    app = criterion(open_page)
    at(app, "rationale").set_value("Half a thought").run()
    land(status="partial", rationale="Two of three bodies.", gap="No budget.")
    rows = {cells[0]: cells[1:] for cells in table_of_both(app.run())}
    unchanged = "as it is now: you changed nothing here"
    assert rows["Status"] == ["Not assessed", "Partial", unchanged]
    assert rows["Rationale"] == ["", "Two of three bodies.", "Half a thought"]
    assert rows["Gap"] == ["", "No budget.", unchanged] and "Next step" not in rows
    press(app, "Keep mine as a draft")
    land(rationale="Three of three bodies.")
    rows = {cells[0]: cells[1:] for cells in table_of_both(app.run())}
    assert rows["Status"] == ["Partial", "Partial", unchanged] and "Gap" not in rows, "it was settled before"


def test_the_status_stands_in_the_table_where_only_mine_changes_it(open_page, land):
    app = criterion(open_page)
    at(app, "rationale").set_value("It is promised.")
    land(rationale="Two of three bodies.")
    press(app, "Commitment only")
    rows = {cells[0]: cells[1:] for cells in table_of_both(app)}
    assert rows["Status"] == ["Not assessed", "Not assessed", "Commitment only"]


def test_ones_own_other_window_is_not_called_somebody_else(open_page, land):
    app = criterion(open_page, "Ben Example")
    at(app, "rationale").set_value("It is promised.")
    land(status="partial", rationale="Two of three bodies.")
    press(app, "Commitment only")
    page = said(app)
    assert "You wrote here in another window meanwhile." in page and "Now, by you, in another window, on" in page
    assert "omebody else" not in page and "Ben Example on" not in page
    press(app, "Keep this window's: record it now")
    assert events() == [("Ben Example", "partial"), ("Ben Example", "commitment-only")]
    at(app := criterion(open_page, "Ben Example"), "gap").set_value("No budget line.").run()
    land(next_step="Ask the ministry.")
    press(app, "Commitment only")
    assert "You wrote here in another window meanwhile. What you wrote in this window is not" in said(app)


def test_a_change_that_touches_no_field_of_mine_is_still_shown_before_it_is_decided_on(open_page, land):
    app = criterion(open_page)
    at(app, "gap").set_value("No budget line.").run()
    land(next_step="Ask the ministry.")
    press(app, "Leave it undecided")
    assert "Ben Example on" in said(app) and "is not recorded yet" in said(app)
    assert "Look above at what stands here now" in said(app) and "Both versions" not in said(app), "there is one"
    assert finding(resources.workspace(), "land", "R2.a").gap == ""
    press(app, "Leave it undecided")
    kept = finding(resources.workspace(), "land", "R2.a")
    assert (kept.gap, kept.next_step) == ("No budget line.", "Ask the ministry.")


def test_a_draft_is_kept_beside_the_log_and_comes_back_for_the_same_person(open_page, land):
    app = criterion(open_page)
    at(app, "rationale").set_value("Half a thought").run()
    assert "Draft, not recorded yet." in said(app) and not finding(resources.workspace(), "land", "R2.a").version
    assert "Half" not in str(app.query_params)
    again = criterion(open_page)
    assert at(again, "rationale").value == "Half a thought" and "in another window" in said(again)
    assert at(criterion(open_page, "Ben Example"), "rationale").value == "", "another person's words are not theirs"


def test_a_draft_goes_when_it_is_decided_and_when_it_is_let_go_of(open_page, land):
    app = criterion(open_page)
    at(app, "rationale").set_value("Half a thought").run()
    press(app, "Let go of the draft")
    assert at(app, "rationale").value == "" and not list(drafts.folder().glob("*.json"))
    at(app, "rationale").set_value("A whole thought")
    press(app, "Partial")
    assert not list(drafts.folder().glob("*.json"))
    assert at(criterion(open_page), "rationale").value == "A whole thought"


def test_a_refused_decision_keeps_what_was_typed(open_page, land):
    app = criterion(open_page)
    at(app, "rationale").set_value("It is in the law.")
    press(app, "Met")
    assert "'Met' needs supporting evidence" in app.error[0].value and "land" not in app.error[0].value
    assert app.error[0].value.endswith("Add what is missing, or choose another status."), "no identifier behind it"
    assert at(app, "rationale").value == "It is in the law."
    assert status(criterion(open_page)) == "met"


def test_a_draft_that_was_cut_off_is_named_and_the_page_still_opens(open_page, land):
    at(criterion(open_page), "rationale").set_value("Half a thought").run()
    for path in drafts.folder().glob("*.json"):
        path.write_bytes(path.read_bytes()[:20])
    app = criterion(open_page)
    assert not app.exception and any("This draft cannot be read" in error.value for error in app.error)
    assert at(app, "rationale").value == ""


def test_a_click_on_what_another_changed_meanwhile_is_asked_about(open_page, land):
    from kb.ui.conflicts import words

    assert words([{"quotation": "Free of charge", "id": "x"}]) == "“Free of charge”" and words([]) == "nothing"
    app = open_page("assess", set="land").text_input(key="by").set_value("Ada Example").run()
    whole = policies.policy_set(resources.workspace(), "land")
    policies.change_set(resources.workspace(), "land", {"title": "Land 2026"}, by="Ben Example", expected=whole.version)
    press(app, "Put it aside (archive)")
    assert "Somebody else wrote here" in said(app) and "You wrote here" not in said(app)
    assert "Land 2026" in html_of(app)
    assert not policies.policy_set(resources.workspace(), "land").archived
    press(app, "Do it all the same")
    assert policies.policy_set(resources.workspace(), "land").archived


def test_an_assessment_gets_its_country_later_is_renamed_and_put_aside(open_page, land):
    app = open_page("assess", set="land").text_input(key="by").set_value("Ada Example").run()
    app.selectbox(key="draft-set-land-country").set_value("ZWE").run()
    app.text_input(key="draft-set-land-title").set_value("Gender laws").run()
    press(app, "Change title or country")
    whole = policies.policy_set(resources.workspace(), "land")
    assert (whole.title, whole.country, whole.changed_by) == ("Gender laws", "ZWE", "Ada Example")
    press(app, "Put it aside (archive)")
    assert policies.policy_set(resources.workspace(), "land").archived
    page = said(open_page("assess"))
    assert "There is no assessment" in page and "Put aside" in page, "it is offered no more, and can be taken back"
    assert not [one for one in open_page("matrix").button if "Gender laws" in one.label], "no longer offered"
    assert "was put aside" in said(open_page("matrix", set="land")), "and still there under its address"


def test_fields_of_a_conflict_are_named_as_the_forms_name_them_in_the_readers_language() -> None:
    from kb.i18n import use
    from kb.ui.conflicts import VALUES, name_of

    assert (name_of("next_step"), name_of("own_field")) == ("Next step", "own field")
    try:
        use("es")
        assert (name_of("next_step"), VALUES["workflow"]["in-review"]) == ("Próximo paso", "en revisión")
        assert VALUES["status"].get("partial") != "partial" and VALUES["status"].get(None, None) is None
    finally:
        use("en")
