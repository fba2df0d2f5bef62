"""On a phone: what a person needs of a passage is beside it, however long the document is."""

from __future__ import annotations

import pytest
from ui_driving import drawn, visit, wait_for

from kb.assessment import policies

pytestmark = pytest.mark.slow

PHONE = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
PLACES = """
const copy = document.querySelector('.k-beside [data-copy]')?.getBoundingClientRect();
const force = document.querySelector('.k-beside .k-force')?.getBoundingClientRect();
const here = document.querySelector('.k-here')?.getBoundingClientRect();
return copy && force && here && {copy: copy.bottom, force: force.top, here: here.top, seen: innerHeight, wide: document.documentElement.scrollWidth};
"""


@pytest.mark.parametrize("coding", ["", "&session=-&facet=group"])
def test_citation_force_and_copy_of_a_chosen_passage_are_in_sight_with_it(browser, address, coding):
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    visit(browser, address + "read?document=mipaa")
    at = browser.execute_script("return document.querySelectorAll('[data-passage]')[30].dataset.passage")
    visit(browser, f"{address}read?document=mipaa&at={at}{coding}")
    wait_for(lambda: browser.execute_script(PLACES), "the passage and what is known of it")
    in_sight = lambda at: 0 <= at["here"] < at["force"] < at["copy"] <= at["seen"]
    wait_for(lambda: in_sight(browser.execute_script(PLACES)), "all three in sight")  # it is scrolled there
    assert browser.execute_script(PLACES)["wide"] == PHONE["width"]


def test_a_hit_that_is_ticked_is_said_to_be_picked_in_sight_and_one_touch_leads_to_what_can_be_done(browser, address):
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    visit(browser, address + "search?q=pension")
    browser.execute_script("document.querySelector('input[data-pick]').click()")
    bar = "const bar = document.querySelector('.k-topicked')?.getBoundingClientRect(); return bar && [bar.top, bar.bottom]"
    wait_for(lambda: browser.execute_script(bar), "the bar")
    drawn(browser)
    top, bottom = browser.execute_script(bar)
    assert 0 < top < bottom <= PHONE["height"], "in sight, however long the list is"
    browser.execute_script("document.querySelector('.k-topicked').click()")
    copy = "return document.querySelector('.k-tray [data-copy]').getBoundingClientRect().bottom"
    wait_for(lambda: 0 < browser.execute_script(copy) <= top, "the tray above the bar")


TABS = """
const tabs = document.querySelector('.k-tabs'), last = tabs?.lastElementChild.getBoundingClientRect();
return tabs && {ends: last.right <= tabs.getBoundingClientRect().right + 1, shade: getComputedStyle(tabs).backgroundAttachment.includes('local')};
"""


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_a_row_of_tabs_that_goes_on_beyond_the_screen_has_a_shade_at_its_edge(browser, address, ws, language):
    if not any(one.id == "tabs" for one in policies.policy_sets(ws)):
        policies.create_set(ws, "tabs", "Laws", by="Ada Example", country="KEN")
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE | {"width": 768})
    visit(browser, f"{address}language?to={language}&back=matrix%3Fset%3Dtabs")
    whole = language == "en"  # in English the whole row is in sight on a tablet
    is_right = lambda row: row and (row["ends"] or (row["shade"] and not whole))
    wait_for(lambda: is_right(browser.execute_script(TABS)), "a row of tabs that ends in sight, or has a shade")
