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
