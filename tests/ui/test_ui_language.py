"""The interface in another language, in a real browser: chosen once, remembered, and never applied to words of a
source."""

from __future__ import annotations

import pytest
from ui_driving import body, element, shows, visit, wait_for

pytestmark = pytest.mark.slow


def choose(browser, language: str) -> None:
    """Choose a language at the top of the page."""
    element(browser, "css selector", f"a[data-language={language}]").click()
    wait_for(
        lambda: browser.execute_script("return document.documentElement.lang") == language, f"the page in {language}"
    )


def test_a_language_is_chosen_at_the_top_and_remembered_in_this_browser(browser, address):
    visit(browser, address)
    shows(browser, "Find a commitment")
    assert browser.execute_script("return document.documentElement.lang") == "en"
    choose(browser, "es")
    shows(browser, "Buscar un compromiso")
    for page, words in (("about", "Tres promesas"), ("assess", "Una evaluación nueva"), ("codebook", "Definición")):
        visit(browser, address + page)
        shows(browser, words)
    choose(browser, "fr")
    shows(browser, "Livre de codes")


def test_words_of_a_source_and_our_statements_stay_as_they_are_and_say_their_language(browser, address):
    visit(browser, address + "search?q=older+persons&mode=lexical&page=1")
    shows(browser, "Results 1 to")
    first = "return document.querySelector('.kb-text').innerText.split('\\n').pop()"
    english = browser.execute_script(first)
    choose(browser, "es")
    shows(browser, "Resultados 1 a")
    wait_for(lambda: browser.execute_script(first)[-60:] == english[-60:], "the first hit, in its own words")
    assert browser.execute_script("return document.querySelector('.kb-text [lang]').lang") == "en"
    wait_for(
        lambda: "Compromiso político" in body(browser) or "Obligación jurídica" in body(browser), "a force in Spanish"
    )


NAMED = "return [...document.querySelectorAll('[aria-label]')].map(one => one.getAttribute('aria-label'))"


def test_streamlits_own_names_are_said_in_the_language_of_a_page_that_is_opened_by_its_address(browser, address):
    """They are drawn before the script that says them, and nothing changes afterwards."""
    visit(browser, f"{address}language?to=fr&back=search%3Fq%3Dpension")
    wait_for(lambda: any(one.startswith("Aide pour ") for one in browser.execute_script(NAMED)), "the help in French")
    left = lambda: [one for one in browser.execute_script(NAMED) if one.startswith(("Help for", "Link to"))]
    wait_for(lambda: not left() and "Skip to main content" not in browser.page_source, "no English name to be left")


def test_the_language_chosen_before_the_script_is_there_leads_back_to_the_start_page(browser, address):
    visit(browser, f"{address}language?to=fr&back=start%3F")
    shows(browser, "Trouver un engagement")
    assert "Page not found" not in body(browser)
