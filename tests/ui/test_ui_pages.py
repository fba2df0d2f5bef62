"""All pages: they are drawn, have one title, headings in order, and labels on every widget."""

import itertools

import pytest

from kb.assessment import policies
from kb.ui import pages, places, resources

NAMES = [name for rows in pages.SECTIONS.values() for name, _ in rows]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_draws_with_one_title_and_without_errors(open_page, name):
    app = open_page(name)
    assert not app.exception and not app.error
    assert len(app.title) == 1


@pytest.mark.parametrize("name", NAMES)
def test_headings_do_not_skip_a_level(open_page, name):
    app = open_page(name)
    levels = [int(element.tag[1]) for element in app.main if element.type in ("title", "header", "subheader")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("name", NAMES)
def test_every_widget_has_a_label(open_page, name):
    app = open_page(name)
    widgets = [
        *app.text_input,
        *app.text_area,
        *app.selectbox,
        *app.multiselect,
        *app.checkbox,
        *app.toggle,
        *app.radio,
        *app.button,
    ]
    assert all(widget.label.strip() for widget in widgets)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_asked_for_where_something_is_signed_and_a_known_one_is_shown_everywhere(open_page, name):
    app = open_page(name)
    assert bool([one for one in app.text_input if one.key == "by"]) is (name not in places.UNSIGNED)
    app.session_state["by"] = "Ada Example"
    assert next(one for one in app.run().text_input if one.key == "by").value == "Ada Example"


def test_coding_in_a_text_asks_for_a_name(open_page):
    app = open_page("read", document="mipaa", session="-", facet="group")
    assert [one for one in app.text_input if one.key == "by"]


@pytest.mark.parametrize("name", [name for name, _ in places.ASSESSMENT])
def test_a_page_of_an_assessment_that_is_not_here_says_so_under_its_name(open_page, name):
    policies.create_set(resources.workspace(), "land", "Land", country="KEN", by="Ada Example")
    app = open_page(name, set="no-such", **({"criterion": "R1.a"} if name == "criterion" else {}))
    assert len(app.title) == 1 and "no-such" in app.error[0].value and not app.exception


def test_an_unknown_passage_is_one_plain_line(open_page):
    app = open_page("passage", id="paper/no/such")
    assert "No passage has the identifier 'paper/no/such'." in app.error[0].value and not app.exception


def test_the_app_opens_on_the_start_page(live_kb, root):
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_file(str(root / "kb" / "ui" / "main.py"), default_timeout=60).run()
    assert app.title[0].value.startswith("Find what governments promised") and not app.exception
    assert [one.label for one in app.text_input if one.key == "ask-q"] == ["What are you looking for?"]


def test_an_old_address_without_a_page_still_searches(live_kb, root):
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_file(str(root / "kb" / "ui" / "main.py"), default_timeout=60)
    app.query_params["q"] = "older persons"
    assert app.run().title[0].value == "Search" and not app.exception


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("criterion", "commitments")])
def test_a_page_is_called_the_same_in_its_tab_its_heading_and_the_tables_of_the_app(open_page, name):
    assert open_page(name).title[0].value == places.name_of(name) == places.TITLES[name]


def test_every_tab_is_a_page_and_bears_its_name():
    for rows in (places.FIND, places.PROJECT, places.ASSESSMENT):
        assert all(
            places.TITLES[page] == title or (page, title) == ("assess", places.DOCUMENTS) for page, title in rows
        )
