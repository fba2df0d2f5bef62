"""Addresses in a real browser: every link changes the page and its address, and Back shows the previous page."""

from __future__ import annotations

import re

import pytest
from ui_driving import READY, body, element, shows, visit, wait_for

pytestmark = pytest.mark.slow


def follow(browser, words: str) -> None:
    """Click the link with the text `words`."""
    from selenium.webdriver.common.by import By

    element(browser, By.PARTIAL_LINK_TEXT, words)
    before = browser.current_url
    browser.execute_script("arguments[0].click()", browser.find_element(By.PARTIAL_LINK_TEXT, words))
    wait_for(lambda: browser.current_url != before and browser.execute_script(READY), f"the page behind “{words}”")


def heading(browser) -> str:
    """Return the title of the page; '' while it is being drawn."""
    return browser.execute_script("return document.querySelector('.stMain h1')?.innerText ?? ''")


def back(browser, page: str) -> None:
    """Go back and wait for the address of `page`."""
    browser.back()
    wait_for(lambda: page in browser.current_url and browser.execute_script(READY), f"{page} after Back")


def test_search_opens_under_its_own_name_and_back_from_a_passage_returns_to_the_results(browser, address):
    visit(browser, address + "search?q=older+persons")
    shows(browser, "passages match")
    assert "Page not found" not in body(browser)
    matches = re.search(r"\d+ passages match", body(browser)).group()
    element(browser, "css selector", ".kb-cite a").click()
    wait_for(lambda: "/passage?id=" in browser.current_url and browser.execute_script(READY), "the passage")
    back(browser, "search?q=older+persons")
    shows(browser, matches)
    browser.forward()
    wait_for(lambda: "/passage?id=" in browser.current_url, "the passage after Forward")
    shows(browser, "One passage")


def test_an_old_address_without_a_page_still_searches(browser, address):
    visit(browser, address + "?q=older+persons&document=mipaa")
    shows(browser, "passages match")
    follow(browser, "All results, page by page")
    shows(browser, "Results 1 to ")
    back(browser, "?q=older+persons&document=mipaa")
    shows(browser, "passages match")


def test_links_within_one_page_change_the_page_and_the_address_and_back_undoes_it(browser, address):
    visit(browser, address + "commitments?id=crpd/art9/1/a")
    shows(browser, "CRPD art. 9(1)(a)")
    follow(browser, "What it is a part of")
    wait_for(lambda: heading(browser) == "CRPD art. 9(1)", "the parent")
    assert "commitments?id=crpd%2Fart9%2F1" in browser.current_url
    back(browser, "crpd/art9/1/a")
    wait_for(lambda: heading(browser) == "CRPD art. 9(1)(a)", "the entry")


def test_the_export_has_the_query_the_filters_and_as_many_rows_as_the_results(browser, address):
    visit(browser, address + "search?q=older+persons&mode=lexical&document=mipaa&page=1")
    shows(browser, "Results 1 to ")
    total = re.search(r"Results 1 to \d+ of (\d+)", body(browser)).group(1)
    follow(browser, "Export these results")
    shows(browser, f"{total} rows in all")
    for key in ("q=older+persons", "mode=lexical", "document=mipaa", "what=results"):
        wait_for(lambda: key in browser.current_url, f"“{key}” in the address")  # noqa: B023 - called at once
    back(browser, "search?q=older+persons&mode=lexical")
    shows(browser, "Results 1 to ")


def test_results_are_paged_through_and_back_turns_the_page_back(browser, address):
    visit(browser, address + "search?q=older+persons&page=1")
    shows(browser, "Results 1 to 25")
    follow(browser, "Next page")
    shows(browser, "Results 26 to ")
    back(browser, "page=1")
    shows(browser, "Results 1 to 25")


def test_a_question_and_a_filter_go_into_the_address_and_back_takes_them_out(browser, address):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    visit(browser, address + "search?q=pension")
    box = "input[aria-label='What are you looking for?']"
    element(browser, By.CSS_SELECTOR, box).send_keys(" widow*", Keys.ENTER)
    wait_for(lambda: "q=pension+widow" in browser.current_url and browser.execute_script(READY), "the new question")
    back(browser, "search?q=pension")
    wait_for(lambda: element(browser, By.CSS_SELECTOR, box).get_attribute("value") == "pension", "the former question")


def test_a_door_is_opened_without_loading_the_app_anew_and_back_returns_with_the_question(browser, address):
    visit(browser, address + "search?q=older+persons&document=mipaa")
    browser.execute_script("window.kept = true")
    follow(browser, "About")
    assert browser.current_url == address + "about" and browser.execute_script("return window.kept")
    back(browser, "search?q=older+persons&document=mipaa")
    shows(browser, "passages match")
