"""A person for whom the app is made, from the first click to the result, with their actions counted."""

from __future__ import annotations

import pytest
from ui_acts import Person
from ui_driving import downloaded, shows, visit, wait_for

pytestmark = pytest.mark.slow


def test_an_advocate_finds_quotes_cites_and_exports_in_six_actions(browser, address, downloads):
    person = Person(browser)
    person.open(address)
    person.write("What are you looking for?", "sign language interpreters", enter=True)
    person.see("css selector", ".kb-cite")
    person.click("css selector", ".k-hit button[data-copy]")
    quoted = lambda: browser.execute_async_script(
        "navigator.clipboard.readText().then(arguments[0], e => arguments[0](`${e}`))"
    )
    wait_for(lambda: quoted(), "something to be copied")  # which the browser does beside the page
    assert "— CRPD art. " in quoted() and "Force: " in quoted(), quoted()
    person.click("css selector", "input[data-pick]")
    shows(browser, "1 passage picked")
    person.press("Cite")
    shows(browser, "Convention on the Rights of Persons with Disabilities")
    person.press("Export as text")
    text = downloaded(downloads, ".txt").read_text(encoding="utf-8")
    assert "CRPD art. " in text and "Force: " in text
    assert person.actions <= 6


def test_picks_outlive_a_reload_and_stand_in_every_tab_until_they_are_taken_out(browser, address):
    person = Person(browser)
    visit(browser, address + "search?q=pension")
    person.click("css selector", "input[data-pick]")
    shows(browser, "1 passage picked")
    browser.refresh()
    shows(browser, "1 passage picked")
    picked = "return document.querySelector('input[data-pick]')?.checked ?? false"
    wait_for(lambda: browser.execute_script(picked), "the tick of the hit")
    first = browser.current_window_handle
    browser.switch_to.new_window("tab")
    visit(browser, address + "search?q=interpreters")
    shows(browser, "1 passage picked")
    person.click("css selector", "input[data-pick]")
    shows(browser, "2 passages picked")
    browser.close()
    browser.switch_to.window(first)
    shows(browser, "2 passages picked")
    person.press("Take out all")
    shows(browser, "Nothing picked")
    browser.execute_script("localStorage.setItem('kb-tray', JSON.stringify({of: '', ids: ['no/such', 7, '<b>']}))")
    browser.refresh()
    shows(browser, "2 passages that you had picked are not here any more.")
    shows(browser, "Nothing picked")
