"""The browser's Back button after every click, and a link that a colleague opens."""

from __future__ import annotations

import pytest
from ui_acts import Person
from ui_driving import drawn, open_browser, shows, visit, wait_for

pytestmark = pytest.mark.slow

STEPS = [
    ("", "See who promised what"),
    ("promised", "Commitments"),
    ("commitments?id=crpd/art9/1/a", "What it is a part of"),
    ("?q=older+persons", "All results, page by page"),
    ("search?q=older+persons&page=1", "Next page"),
    ("search?q=older+persons", "Read on"),
    ("passage?id=crpd/art9/1/a", "What it is a part of"),
    ("read?document=mipaa", "Search"),
]


@pytest.mark.parametrize("page, words", STEPS)
def test_back_leads_to_where_one_was_after_every_click(browser, address, page, words):
    visit(browser, address + page)
    person, here, title = Person(browser, by_hand=True), browser.current_url, heading(browser)
    person.follow(words)
    wait_for(lambda: browser.current_url != here, f"the page behind “{words}”")
    drawn(browser)
    there, second = browser.current_url, heading(browser)
    browser.back()
    wait_for(lambda: browser.current_url == here and heading(browser) == title, "the page before")
    drawn(browser, "the page before")  # Streamlit answers late for a page that was left within its first redraw
    browser.forward()
    wait_for(lambda: browser.current_url == there and heading(browser) == second, "the page after")


def heading(browser) -> str:
    """Return the title of the page; '' while it is being drawn."""
    return browser.execute_script("return document.querySelector('.stMain h1')?.innerText ?? ''")


def test_a_link_that_is_sent_to_a_colleague_opens_the_same_view(browser, served, tmp_path):
    visit(browser, served.address + "search?q=older+persons&document=mipaa&mode=lexical&page=2")
    shows(browser, "Results 26 to")
    colleague = open_browser(tmp_path / "colleague")
    try:
        visit(colleague, browser.current_url)
        shows(colleague, "Results 26 to")
        cited = "return [...document.querySelectorAll('.kb-cite')].map(one => one.innerText)"
        shows(colleague, "Page 2 of")
        wait_for(
            lambda: colleague.execute_script(cited) == browser.execute_script(cited) != [], "the same hits in both"
        )
        assert heading(colleague) == heading(browser)
    finally:
        colleague.quit()
