"""An error of one field of a form is shown beside that field, and disappears when its value changes."""

from __future__ import annotations

import pytest
from streamlit.testing.v1.element_tree import Block, Element

from kb.assessment import policies
from kb.assessment.policies import policy_sets
from kb.coding import codes
from kb.config import settings
from kb.log.store import open_workspace


@pytest.fixture
def land(live_kb):
    """Create an assessment without documents."""
    with open_workspace(settings().database_url) as ws:
        policies.create_set(ws, "land", "Land", by="Ada Example", country="KEN")
        yield ws


def in_order(block: Block) -> list[Element]:
    """Return the elements of a page in their order."""
    found = []
    for child in block.children.values():
        found += in_order(child) if isinstance(child, Block) else [child]
    return found


def beside(app) -> tuple[str, str]:
    """Return the label of the field above the page's only error, and the error."""
    every = in_order(app.main)
    at = [n for n, one in enumerate(every) if one.type == "error"]
    assert len(at) == 1, [one.value for one in app.error]
    return every[at[0] - 1].label, every[at[0]].value


def named(open_page, page: str, **query):
    """Open a page with a name in the bar."""
    return open_page(page, **query).text_input(key="by").set_value("Ada Example").run()


def pressed(app, label: str):
    """Press the button with that label; return the page."""
    return next(one for one in app.button if one.label == label).click().run()


def test_a_status_without_a_reason_is_refused_at_the_reason(open_page, land):
    app = named(open_page, "criterion", set="land", criterion="R2.a")
    app.button(key="decide-no-evidence-found").click().run()
    every = in_order(app.main)
    said = [(n, one.value) for n, one in enumerate(every) if one.type == "error"]
    assert every[said[0][0] - 1].label == "Rationale"
    assert [words for _, words in said] == 2 * [
        "“No evidence found” needs a rationale: nothing is recorded yet. Write in a sentence why. It stands beside the "
        "status in every export."
    ], "at the field, and at the button, from which the field may be out of sight"
    field = next(one for one in app.text_area if one.label == "Rationale")
    field.set_value("Nothing is said of it.").run()
    assert not app.error, "what was wrong is not said of other words"
    app.button(key="decide-no-evidence-found").click().run()
    assert not app.error and not app.exception


def test_an_action_says_at_each_field_what_it_lacks(open_page, land):
    app = pressed(named(open_page, "actions", set="land"), "Record")
    assert beside(app) == ("What is to be done", "It is not said what is to be done. Write it here.")
    title = next(one for one in app.text_input if one.label == "What is to be done")
    app = pressed(title.set_value("Ask the ministry").run(), "Record")
    assert beside(app)[0] == "Criteria it serves"


def test_a_new_assessment_without_country_and_title_is_refused_at_the_title(open_page, land):
    app = pressed(named(open_page, "assess"), "Begin")
    assert beside(app)[0] == "Title" and len(policy_sets(land)) == 1


def test_a_dropped_file_is_asked_for_what_it_lacks_field_by_field(open_page, land):
    app = open_page("assess")
    app.session_state["dropped"] = ("act.txt", b"Pension Act\n\nA pension is paid.\n")
    app = app.text_input(key="by").set_value("Ada Example").run()
    begin = "Begin, and look through it"
    assert beside(pressed(app, begin)) == ("Country of the file", "The country is missing. Choose it from the list.")
    app = app.selectbox(key="dropped-country").set_value("KEN").run()
    assert not app.error
    assert beside(pressed(app, begin))[0] == "Legal status of the file"
    app = app.selectbox(key="dropped-standing").set_value("in-force").run()
    app = app.text_input(key="dropped-dated").set_value("last year").run()
    assert beside(pressed(app, begin)) == (
        "Date of the text (optional)",
        "'last year' is no date. Write it as 2011, 2011-05 or 2011-05-30.",
    )
    assert len(policy_sets(land)) == 1, "nothing was begun"


def typed(app, label: str, words: str):
    """The page after something was typed into a field."""
    return next(one for one in app.text_input if one.label == label).set_value(words).run()


def test_a_new_project_says_at_each_field_what_it_lacks(open_page, land):
    codes.open_session(land, "care-study", ["Eve"], codebook="1", by="Eve")
    app, opens = named(open_page, "coding", document="mipaa"), "Open the project"
    assert beside(pressed(app, opens)) == ("Name of the project", "The project has no name. Fill it in.")
    app = typed(app, "Name of the project", "Care study")
    assert beside(pressed(app, opens)) == ("Coders", "No coder is named. Fill it in.")
    app = typed(app, "Coders", "Ada Example, ada example")
    assert beside(pressed(app, opens))[0] == "Document to code"
    next(one for one in app.selectbox if one.label == "Document to code").set_value("mipaa").run()
    assert beside(pressed(app, opens)) == ("Codes to use", "No codes are chosen. Choose them from the list.")
    next(one for one in app.selectbox if one.label == "Codes to use").set_value("group").run()
    assert beside(pressed(app, opens)) == ("Coders", "A coder is named twice. Name each coder once.")
    app = typed(app, "Coders", "Ada Example, Ben,")
    assert beside(pressed(app, opens)) == (
        "Name of the project",
        "There is already a project with this name or a similar one. Choose another name.",
    )
    assert [one.id for one in codes.sessions(land)] == ["care-study"]
    app = pressed(typed(app, "Name of the project", "Care study 2"), opens)
    assert not app.error and [one.coders for one in codes.sessions(land) if one.id != "care-study"] == [
        ("Ada Example", "Ben")
    ]


def test_an_emptied_title_is_refused_at_the_title(open_page, land):
    app = typed(named(open_page, "assess", set="land"), "Title of the assessment", " ")
    assert beside(pressed(app, "Change title or country"))[0] == "Title of the assessment"


def test_two_assessors_who_are_one_person_are_refused_where_they_are_named(open_page, land):
    app = named(open_page, "criterion", set="land", criterion="R2.a")
    app = typed(typed(app, "First person", "Ben"), "Second person", "ben")
    assert beside(pressed(app, "Ask them"))[0] == "First person"


@pytest.mark.parametrize(
    ("page", "query", "label"),
    [
        ("codebook", {}, "Choose a passage for it"),
        ("coding", {"document": "mipaa", "facet": "own"}, "Give this code"),
    ],
)
def test_a_code_of_ones_own_without_a_name_is_refused_at_the_name(open_page, land, page, query, label):
    app = pressed(named(open_page, page, **query), label)
    assert beside(app) == (label, "A code needs a name. Write one or a few words, e.g. housing cost."), (
        "below the field and its button"
    )
