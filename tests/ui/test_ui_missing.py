"""The page at an unknown address: it says what was requested, what may be meant, and offers the sections of the app."""

from __future__ import annotations

import pytest
from ui_driving import body, shows, visit, wait_for
from ui_reading import said

from kb.i18n import use
from kb.ui import places
from kb.ui.missing import meant_by


def test_it_names_what_was_asked_for_and_offers_every_door_and_page(open_page):
    page = said(open_page("missing", page="serach"))
    assert "serach" in page
    offered = [title for rows in places.SECTIONS.values() for name, title in rows if name not in places.UNLISTED]
    assert all(title in page for title in offered)


@pytest.mark.parametrize(
    ("asked", "name"), [("code", "coding"), ("serach", "search"), ("Overview", "matrix"), ("", "")]
)
def test_what_may_have_been_meant_is_offered_first(asked, name):
    assert meant_by(asked)[:1] == ([name] if name else [])


def test_what_may_have_been_meant_is_found_in_the_readers_language():
    use("es")
    try:
        assert meant_by("acciones")[0] == "actions"
    finally:
        use("en")


@pytest.mark.slow
def test_in_a_browser_an_unknown_address_opens_our_page_and_nothing_of_streamlits(browser, address):
    visit(browser, address + "codings")
    shows(browser, "There is no such page")
    shows(browser, "Coding")
    assert "Page not found" not in body(browser) and "Running the app" not in body(browser)
    browser.execute_script("document.activeElement.blur()")
    skip = lambda: browser.find_elements("css selector", "[data-testid=stSkipToContent]")
    # our own link past the menu is in the reader's language
    wait_for(lambda: not any(one.is_displayed() for one in skip()), "Streamlit's own link to be out of sight")
