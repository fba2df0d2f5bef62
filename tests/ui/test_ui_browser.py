"""The app in a real browser: search, permalink, keyboard, contrast, and nothing loaded from elsewhere."""

from __future__ import annotations

import pytest
from ui_driving import READY, element, visit, wait_for

from kb.models import FORCE_WORDS

pytestmark = pytest.mark.slow

CONTRAST = """
const lum = c => { const f = v => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  return 0.2126 * f(c[0]) + 0.7152 * f(c[1]) + 0.0722 * f(c[2]); };
const parse = s => (s.match(/[\\d.]+/g) || []).map(Number);
const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3]));
const full = c => c.length === 3 ? [...c, 1] : c;
const ground = el => { const stack = []; for (let e = el; e; e = e.parentElement) stack.push(full(parse(getComputedStyle(e).backgroundColor)));
  return stack.reverse().reduce((under, top) => over(top, under), [255, 255, 255]); };
const poor = [];
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const el = walk.currentNode.parentElement, text = walk.currentNode.textContent.trim();
  if (!text || !el.offsetParent || el.closest('[disabled], [aria-disabled=true], style, script, [data-testid=stIconMaterial]')) continue;
  const style = getComputedStyle(el), back = ground(el), fore = over(full(parse(style.color)), back);
  const [a, b] = [lum(fore), lum(back)].sort((x, y) => y - x), ratio = (a + 0.05) / (b + 0.05);
  const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
  if (ratio < (large ? 3 : 4.5)) poor.push(text.slice(0, 40) + ' ' + ratio.toFixed(2));
}
return poor;"""


def complaints(browser) -> list[str]:
    """Return the errors of the browser's console. On a deep link Streamlit first requests its server below that path:
    these errors are left out."""
    return [
        entry["message"]
        for entry in browser.get_log("browser")
        if entry["level"] == "SEVERE" and "/_stcore/" not in entry["message"]
    ]


def test_a_search_shows_force_and_citation_and_opens_a_permalink(browser, address):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    visit(browser, address)
    query = element(browser, By.CSS_SELECTOR, "input[aria-label='What are you looking for?']")
    query.send_keys("sign language interpreters", Keys.ENTER)
    wait_for(lambda: "passages match" in browser.find_element(By.TAG_NAME, "body").text, "the hits")
    asked = ("q=sign+language+interpreters", "q=sign%20language")
    wait_for(lambda: any(one in browser.current_url for one in asked), "the question in the address")
    hit = element(browser, By.CSS_SELECTOR, ".kb-cite").text
    assert "CRPD art. " in browser.find_element(By.TAG_NAME, "body").text
    assert FORCE_WORDS["legal-obligation"] in browser.find_element(By.CSS_SELECTOR, ".k-force").text
    element(browser, By.CSS_SELECTOR, ".kb-cite a").click()
    wait_for(lambda: "/passage?id=" in browser.current_url and browser.execute_script(READY), "the passage page")
    permalink = browser.current_url
    assert complaints(browser) == []
    visit(browser, permalink)
    wait_for(lambda: hit in browser.find_element(By.TAG_NAME, "body").text, "the citation under the permalink")
    assert complaints(browser) == []


def test_the_keyboard_reaches_the_query_the_examples_and_the_hits_in_that_order(browser, address):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    visit(browser, address + "?q=sign+language+interpreters")
    wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, ".kb-cite"), "the hits")
    reached: list[str] = []
    for _ in range(60):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        at = browser.switch_to.active_element
        reached.append(at.get_attribute("aria-label") or at.text or at.tag_name)
    order = ["What are you looking for?", "who must provide sign language interpreters", "CRPD art. "]
    places = [next((n for n, name in enumerate(reached) if wanted in name), -1) for wanted in order]
    assert -1 not in places and places == sorted(places), reached


@pytest.mark.parametrize(
    "page",
    [
        "",
        "?q=older+persons",
        "commitments?instrument=mipaa",
        "passage?id=crpd/art9/1/a",
        "promised",
        "assess",
        "codebook",
        "about",
        "coding",
        "agreement",
        "export?q=older",
        "commitments?id=wssd/c4",
        "read?document=crpd&at=crpd/art9/1/a",
    ],
)
def test_text_can_be_read_and_nothing_comes_from_elsewhere(browser, address, page):
    visit(browser, address + page)
    text = "return document.querySelector('.stMain').innerText"
    wait_for(lambda: len(browser.execute_script(text)) > 100, "text to read")
    assert browser.execute_script(CONTRAST) == []
    assert browser.execute_script("return document.documentElement.lang") == "en"
    fetched = browser.execute_script("return performance.getEntriesByType('resource').map(one => one.name)")
    assert [url for url in fetched if not url.startswith((address, "data:", "blob:"))] == []
    assert complaints(browser) == []


OUTLINED = "return getComputedStyle(arguments[0]).outlineStyle"


def test_a_switch_and_the_chosen_language_are_seen_where_the_system_forces_its_colours(browser, address):
    """Both are drawn by their background alone, which such a system takes away."""
    forced = {"features": [{"name": "forced-colors", "value": "active"}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", forced)
    visit(browser, address + "coding")
    track = element(browser, "xpath", "//input[@role='switch']/ancestor::label/div[1]")
    chosen = element(browser, "css selector", ".k-languages a[aria-current]")
    assert [browser.execute_script(OUTLINED, one) for one in (track, chosen)] == ["solid", "solid"]
