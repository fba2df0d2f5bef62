"""Self-assessment: silence in its own words, proposals, decisions by named people, and no score."""

import json

import pytest
from ui_reading import html_of, links_of, said

from kb.assessment import policies
from kb.assessment.findings import finding
from kb.assessment.proposals import store_run
from kb.framework import load
from kb.models import Document, Passage, Place
from kb.ui import resources

LAW = "Birth registration is free of charge for every child."
BOARD = "The Registry opened forty offices and registered 812,000 births in 2019."


def select(monkeypatch, told: dict) -> None:
    """Imitate a selection of words of the law and a press of the button beside them; sent once, as by a browser."""
    from kb.ui import browser

    left = [json.dumps(told)]
    monkeypatch.setattr(browser, "sent", lambda name, *_: left.pop() if name == "quote" and left else "")


@pytest.fixture
def assessed(live_kb, root):
    """Create a set with one law in force; the machine proposes for R1.c and is silent on the rest."""
    ws, framework = resources.workspace(), load(root / "corpus" / "framework")
    place = Place(file="registration-act.txt", sha256="0" * 64)
    passages = [
        Passage(
            id=f"act/art{n}",
            document="act",
            kind="provision",
            text=text,
            citation=f"Registration Act, art. {n}",
            force="national-measure",
            place=place,
        )
        for n, text in enumerate((LAW, BOARD), 1)
    ]
    policies.create_set(ws, "land", "Land", country="KEN", by="Ada Example")
    policies.add_policy(
        ws,
        "land",
        Document(id="act", title="Registration Act", force="national-measure", place=place, passages=tuple(passages)),
        by="Ada Example",
        label="1",
        standing="in-force",
    )
    near = [{"passage": "act/art2", "text": BOARD, "citation": "Registration Act, art. 2"}]
    found = [
        {
            "rank": 1,
            "passage": "act/art1",
            "text": LAW,
            "citation": "Registration Act, art. 1",
            "grade": "direct",
            "confidence": 0.8,
            "type": "structural",
            "why": {"probe": "free registration"},
        }
    ]
    store_run(
        ws,
        "land",
        "act",
        {
            "framework": {"version": framework.version},
            "method": {},
            "criteria": [
                {
                    "id": c.id,
                    "state": "proposed" if c.id == "R1.c" else "no-evidence-found",
                    "proposals": found if c.id == "R1.c" else [],
                    "nearest": [] if c.id == "R1.c" else near,
                }
                for c in framework.criteria()
            ],
        },
    )
    return ws


def criterion(open_page, id, name="Ada Example"):
    """Open the page of a criterion, with the name of the person."""
    app = open_page("criterion", set="land", criterion=id)
    return app.text_input(key="by").set_value(name).run() if name else app


def test_silence_is_said_in_the_only_words_for_it(open_page, assessed):
    app = criterion(open_page, "R2.a")
    assert ">No evidence found in the supplied documents.<" in html_of(app)
    assert "absent" not in said(app).casefold() and "not proposed" in html_of(app)


def test_a_criterion_shows_what_the_paper_asks_what_counts_and_the_caution(open_page, assessed):
    app = criterion(open_page, "R1.c")
    assert "full registration of all populations" in html_of(app) and "lines 1823–1829" in html_of(app)
    assert "registering for control" in html_of(app)


def test_a_proposal_becomes_evidence_when_a_named_person_takes_it(open_page, assessed):
    app = criterion(open_page, "R1.c")
    take = next(button for button in app.button if button.label == "Take as law in force")
    take.click().run()
    kept = finding(assessed, "land", "R1.c")
    assert [row.quotation for row in kept.evidence] == [LAW] and kept.evidence[0].added_by == "Ada Example"
    assert kept.status == "not-assessed", "taking evidence sets no status"
    assert "Taken as evidence, said Ada Example" in html_of(app)


def test_without_a_name_nothing_can_be_taken_or_decided(open_page, assessed):
    app = criterion(open_page, "R1.c", name="")
    assert all(
        button.disabled
        for button in app.button
        if button.label == "Not relevant" or button.label.startswith("Take as") or button.key.startswith("decide-")
    )


def test_met_without_evidence_of_operation_is_refused_in_words_and_nothing_is_kept(open_page, assessed):
    app = criterion(open_page, "R1.c")
    answer = "met"
    next(one for one in app.text_area if one.label == "Rationale").set_value("It is in the law.")
    app.button(key=f"decide-{answer}").click().run()
    assert "'Met' needs supporting evidence" in app.error[0].value
    assert finding(assessed, "land", "R1.c").status == "not-assessed"


def test_a_decision_is_kept_with_its_author_and_stands_in_the_history(open_page, assessed):
    app = criterion(open_page, "R2.a")
    answer = "no-evidence-found"
    next(one for one in app.text_area if one.label == "Rationale").set_value("One act on registration only.")
    app.button(key=f"decide-{answer}").click().run()
    kept = finding(assessed, "land", "R2.a")
    assert (kept.status, kept.decided_by) == ("no-evidence-found", "Ada Example")
    assert app.query_params["criterion"] == "R2.b", "the next criterion that nobody has decided"
    assert "R2.a is recorded: No evidence found." in [block.value for block in app.success]
    page = html_of(criterion(open_page, "R2.a"))
    assert "Ada Example decided “No evidence found”" in page and "One act on registration only." in page
    assert "nothing -&gt; nothing" not in page


@pytest.mark.parametrize("role", ["instrument", "operation"])
def test_selected_words_are_taken_as_evidence_at_once_and_of_a_kind_that_nobody_chose(
    open_page, assessed, monkeypatch, role
):
    app = criterion(open_page, "R1.c")
    select(monkeypatch, {"passage": "act/art2", "words": "opened forty offices", "as": role})
    app.run()
    row = finding(assessed, "land", "R1.c").evidence[0]
    assert (row.quotation, row.role, row.added_by) == ("opened forty offices", role, "Ada Example")
    assert (row.type, row.level) == (None, None)
    assert "kind not said" in html_of(app)
    assert any("opened forty offices" in one.value for one in app.success)


@pytest.mark.parametrize(
    "told",
    [
        {"passage": "act/art2", "words": "words of nobody", "as": "instrument"},
        {"passage": "other/art2", "words": "opened forty offices", "as": "instrument"},
        {"passage": "act/art2", "words": "opened forty offices", "as": "met"},
        {"passage": "act/art2", "words": ["opened"], "as": "instrument"},
    ],
    ids=["not in the law", "another document", "no such role", "no text"],
)
def test_what_a_browser_tells_of_a_selection_is_checked(open_page, assessed, monkeypatch, told):
    app = criterion(open_page, "R1.c")
    select(monkeypatch, told)
    assert not app.run().exception
    assert finding(assessed, "land", "R1.c").evidence == ()


def test_a_bill_recorded_as_in_force_is_asked_about_beside_the_buttons_and_answered_there(open_page, assessed):
    place = Place(file="bill.txt", sha256="1" * 64)
    first = Passage(
        id="bill/art1",
        document="bill",
        kind="provision",
        text="A BILL to make provisions for registration.",
        citation="Bill, art. 1",
        force="national-measure",
        place=place,
    )
    bill = Document(id="bill", title="Bill", force="national-measure", place=place, passages=(first,))
    policies.add_policy(assessed, "land", bill, by="Ada Example", label="1", standing="in-force")
    app = open_page("criterion", set="land", criterion="R1.a", document="bill")
    app.text_input(key="by").set_value("Ada Example").run()
    assert any("calls itself “A BILL to make" in one.value.replace("\\", "") for one in app.warning)
    send = next(one for one in app.button if one.label == "It is in force, for this reason")
    send.click().run()
    assert any("reason is missing" in one.value for one in app.error)
    next(one for one in app.text_input if one.label == "Why is it in force?").set_value("Act 5 of 2024").run()
    next(one for one in app.button if one.label == "It is in force, for this reason").click().run()
    held = {one.id: one.current for one in policies.policy_set(assessed, "land").policies}
    assert (held["bill"].standing, held["bill"].because, held["bill"].doubt) == ("in-force", "Act 5 of 2024", "")
    assert not any("calls itself" in one.value for one in app.warning)


def test_without_a_name_selected_words_are_not_taken(open_page, assessed, monkeypatch):
    app = criterion(open_page, "R1.c", name="")
    select(monkeypatch, {"passage": "act/art2", "words": "opened forty offices", "as": "instrument"})
    app.run()
    assert finding(assessed, "land", "R1.c").evidence == ()
    assert any("taken by a named person" in one.value for one in app.info)


def test_a_status_without_a_rationale_is_refused_in_the_words_of_the_form(open_page, assessed):
    app = criterion(open_page, "R2.a")
    answer = "no-evidence-found"
    app.button(key=f"decide-{answer}").click().run()
    assert app.error[0].value.startswith("“No evidence found” needs a rationale")
    assert finding(assessed, "land", "R2.a").status == "not-assessed"


def test_who_looks_at_the_decision_of_another_reads_whose_it_is(open_page, assessed):
    from kb.assessment.findings import decide

    fields = {"status": "partial", "rationale": "Named only."}
    decide(assessed, resources.framework(), "land", "R1.c", fields, by="Ada Example", expected=0)
    assert "Ada Example decided “Partial”. A change" in html_of(criterion(open_page, "R1.c", name="Ben"))
    assert "A change is recorded under your name" not in html_of(criterion(open_page, "R1.c"))


def test_words_that_do_not_stand_in_the_document_are_refused(open_page, assessed):
    app = criterion(open_page, "R1.c")
    next(one for one in app.selectbox if one.label == "Source").set_value("act")
    next(one for one in app.text_area if one.label == "Words, verbatim").set_value("Registration costs nothing.")
    next(one for one in app.button if one.label == "Add as evidence").click().run()
    assert "does not stand in 'act'" in app.error[0].value


def test_a_draft_is_marked_as_one(open_page, assessed):
    policies.set_standing(assessed, "land", "act", "draft", by="Ada Example", reason="withdrawn for revision")
    assert "A draft cannot carry the status “met”." in said(criterion(open_page, "R1.c"))


def test_the_matrix_gives_stated_totals_first_and_the_derived_row_apart(open_page, assessed):
    page = said(open_page("matrix", set="land"))
    assert page.index("The stated recommendations (32 criteria)") < page.index("Derived by this project")
    assert "score" not in page.replace("there is no score", "")
    assert "seven recommendations" not in page.casefold()


def test_the_derived_row_can_be_switched_off(open_page, assessed):
    app = open_page("matrix", set="land", derived="no")
    assert "Derived by this project" not in html_of(app)
    assert not [label for label in links_of(app) if label.startswith("D7")]


def test_checks_point_at_their_criterion(open_page, assessed):
    criterion(open_page, "R1.c")
    from kb.assessment.findings import decide

    decide(
        assessed,
        resources.framework(),
        "land",
        "R1.b",
        {"status": "partial", "rationale": "Groups are named."},
        by="Ada Example",
        expected=0,
    )
    links = links_of(open_page("checks", set="land"))
    assert any(label.startswith("R1.b") and "criterion=R1.b" in query for label, query in links.items())


def test_an_action_is_recorded_and_served(open_page, assessed):
    app = open_page("actions", set="land")
    app.text_input(key="by").set_value("Ada Example").run()
    next(one for one in app.text_input if one.label == "What is to be done").set_value("Open ten registry offices")
    next(one for one in app.button if one.label == "Record").click().run()
    assert "serves no criterion" in app.error[0].value
    next(one for one in app.multiselect if one.label == "Criteria it serves").select("R1.c")
    next(one for one in app.button if one.label == "Record").click().run()
    assert "Open ten registry offices" in [header.value for header in app.header]


def test_an_indicator_has_a_baseline_a_target_and_readings(open_page, assessed):
    app = open_page("actions", set="land")
    app.text_input(key="by").set_value("Ada Example").run()
    wanted = {"What is to be done": "Register births", "Indicator": "Births registered", "Unit": "percent"}
    for label, value in wanted.items():
        next(one for one in app.text_input if one.label == label).set_value(value)
    for label, value in {"Baseline": 61.0, "Target": 90.0}.items():
        next(one for one in app.number_input if one.label == label).set_value(value)
    next(one for one in app.multiselect if one.label == "Criteria it serves").select("R1.c")
    next(one for one in app.button if one.label == "Record").click().run()
    next(one for one in app.number_input if one.label == "Value percent").set_value(70.0)
    next(one for one in app.button if one.label == "Add the reading").click().run()
    page = said(app)
    assert "61 percent" in page and "90 percent" in page and "70 percent on" in page


def test_assessments_stand_side_by_side_without_a_ranking(open_page, assessed):
    policies.create_set(assessed, "isle", "Isle", country="KEN", by="Ada Example")
    page = said(open_page("compare", sets=["isle", "land"]))
    assert page.index("Isle") < page.index("Land") and "rank" not in page.casefold()


def test_two_people_assess_apart_and_a_third_settles(open_page, assessed):
    app = criterion(open_page, "R1.c")
    next(one for one in app.text_input if one.label == "First person").set_value("Ben")
    next(one for one in app.text_input if one.label == "Second person").set_value("Cleo")
    next(one for one in app.button if one.label == "Ask them").click().run()
    assert not [button for button in app.button if str(button.key).startswith("decide-")], (
        "nobody decides alone meanwhile"
    )
    for name, status in (("Ben", "partial"), ("Cleo", "commitment-only")):
        sheet = criterion(open_page, "R1.c", name)
        assert name == "Ben" or "Ben's own reason" not in html_of(sheet), "blind until both are handed in"
        next(one for one in sheet.radio if one.label == "Status as you see it").set_value(status)
        next(one for one in sheet.text_area if one.label == "Your rationale").set_value(f"{name}'s own reason")
        next(one for one in sheet.checkbox if one.label.startswith("Hand it in")).check()
        next(one for one in sheet.button if one.label == "Keep").click().run()
        assert not sheet.error
    third = criterion(open_page, "R1.c", "Dora")
    assert "What they differ on" in html_of(third)
    next(one for one in third.radio if one.label == "Status as you see it").set_value("partial")
    next(one for one in third.text_area if one.label == "Rationale of the decision").set_value("The law is there.")
    third.text_input(key="draft-settle-land-R1-c-reason").set_value("Article 1 is operative.")
    next(one for one in third.button if one.label == "Settle").click().run()
    assert not third.error
    kept = finding(assessed, "land", "R1.c")
    assert (kept.status, kept.settled_by) == ("partial", ("Dora",))


def test_a_newer_text_shows_what_became_of_the_evidence(open_page, assessed):
    app = criterion(open_page, "R1.c")
    next(button for button in app.button if button.label == "Take as law in force").click().run()
    place = Place(file="registration-act-2.txt", sha256="1" * 64)
    newer = Passage(
        id="act/art9",
        document="act",
        kind="provision",
        text=LAW,
        citation="Registration Act, art. 9",
        force="national-measure",
        place=place,
    )
    policies.add_version(
        assessed,
        "land",
        "act",
        Document(id="act", title="Registration Act", force="national-measure", place=place, passages=(newer,)),
        by="Ada Example",
        label="2",
        standing="in-force",
    )
    page = said(open_page("changes", set="land", policy="act"))
    assert "→ Moved" in page and "act/art9" in page


def test_a_measure_is_recorded_with_the_commitments_it_bears_on(open_page, assessed):
    app = open_page("actions", set="land")
    app.text_input(key="by").set_value("Ada Example").run()
    next(one for one in app.text_input if one.label == "The measure").set_value("Free registration of births")
    next(one for one in app.multiselect if one.label == "Commitments it bears on").select("crpd/art18/2")
    next(one for one in app.button if one.label == "Record the measure").click().run()
    assert not app.error and "Free registration of births" in html_of(app) and "CRPD art. 18(2)" in html_of(app)


def test_a_decision_takes_the_proposal_in_the_middle_along_only_where_the_person_ticked_it(open_page, assessed):
    app = criterion(open_page, "R1.c")
    next(one for one in app.text_area if one.label == "Rationale").set_value("It is in the law.")
    app.button(key="decide-partial").click().run()
    assert finding(assessed, "land", "R1.c").evidence == (), "nothing is taken that was not asked for"


def test_one_press_decides_with_evidence_and_makes_the_next_step_an_action(open_page, assessed):
    from kb.plan.actions import actions

    app = criterion(open_page, "R1.c")
    app.checkbox(key="kb-along").check()
    app.checkbox(key="also-land-R1.c").check()
    for label, words in (("Rationale", "It is in the law."), ("Next step", "Ask for the figures")):
        next(one for one in app.text_area if one.label == label).set_value(words)
    app.button(key="decide-partial").click().run()
    kept = finding(assessed, "land", "R1.c")
    assert (kept.status, kept.version, [row.quotation for row in kept.evidence]) == ("partial", 1, [LAW])
    assert [one.title for one in actions(assessed, policy_set="land")] == ["Ask for the figures"]
    done = app.success[0].value
    assert done.startswith("R1.c is recorded: Partial. Its evidence is: ") and "as law in force" in done


def test_an_answer_that_rests_on_nothing_takes_no_evidence_along(open_page, assessed):
    app = criterion(open_page, "R1.c")
    app.checkbox(key="kb-along").check()
    next(one for one in app.text_area if one.label == "Rationale").set_value("Nothing in this act.")
    app.button(key="decide-no-evidence-found").click().run()
    kept = finding(assessed, "land", "R1.c")
    assert (kept.status, kept.evidence) == ("no-evidence-found", ())


def test_a_refused_decision_takes_no_evidence_and_makes_no_action(open_page, assessed):
    from kb.plan.actions import actions

    app = criterion(open_page, "R1.c")
    app.checkbox(key="kb-along").check()
    app.checkbox(key="also-land-R1.c").check()
    for label, words in (("Rationale", "It is in the law."), ("Next step", "Ask for the figures")):
        next(one for one in app.text_area if one.label == label).set_value(words)
    app.button(key="decide-met").click().run()
    assert "'Met' needs supporting evidence at work" in app.error[0].value
    assert finding(assessed, "land", "R1.c").version == 0 and not actions(assessed, policy_set="land")
