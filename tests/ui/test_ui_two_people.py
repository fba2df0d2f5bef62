"""Two people at once in a real browser, and a browser that reloads: nothing that was typed or decided is lost without
notice."""

from __future__ import annotations

import re
import time
from uuid import uuid4

import pytest
from selenium.webdriver.common.keys import Keys
from ui_driving import READY, body, element, open_browser, shows, visit, wait_for

from kb.assessment import policies
from kb.assessment.findings import finding
from kb.coding import codes
from kb.log.store import open_workspace
from kb.plan import actions

pytestmark = pytest.mark.slow
PAGE = "criterion?set=land&criterion=R2.a"
UNIT = "paper/s2/human-rights/p1"


@pytest.fixture
def ws(served):
    """Return the workspace of the running app, with an assessment without decisions."""
    with open_workspace(f"sqlite:///{served.workspace / 'workspace.sqlite'}") as opened:
        if not policies.policy_sets(opened):
            for id, title in (("angola", "Angola"), ("land", "Land")):
                policies.create_set(opened, id, title, by="Ada Example")
        yield opened


@pytest.fixture
def other(tmp_path):
    """Return a second browser."""
    opened = open_browser(tmp_path / "other")
    yield opened
    opened.quit()


def field(browser, label: str):
    """Return the field with that label."""
    return element(browser, "css selector", f"[aria-label='{label}']")


def value_of(browser, label: str) -> str | None:
    """Return the value of the field with that label; None while the page is being drawn again."""
    return browser.execute_script(
        "return document.querySelector(arguments[0])?.value ?? null", f"[aria-label='{label}']"
    )


KEPT = "return (sessionStorage['kb-tab'] || '') + ' ' + (localStorage['kb-name'] || '')"
"""What a browser keeps of a person's name: in its tab, and for its next tab."""
CLICKED = """const door = [...document.querySelectorAll('.k-nav a')].find((one) => one.textContent === arguments[0]);
door?.click(); return !!door"""
"""Clicks the door of that name, found and clicked in one step: a page that is drawn anew has another."""


def drawn(browser) -> None:
    """Wait until the page no longer changes."""
    wait_for(lambda: browser.execute_script(READY), "the page to be drawn")


def sign(browser, name: str) -> None:
    """Type a name into the bar."""
    field(browser, "Your name").send_keys(name, Keys.ENTER)
    wait_for(lambda: not press_is_off(browser, "Partial"), f"{name} to be known")


def button(browser, label: str):
    """Return the button whose label begins with `label`."""
    path = f"//button[.//p[starts-with(normalize-space(.), '{label}')]]"
    return element(browser, "xpath", path)


def press_is_off(browser, label: str) -> bool:
    """Return whether the button whose label begins with `label` is disabled."""
    found = """return [...document.querySelectorAll('button')].find(one =>
      [...one.querySelectorAll('p')].some(p => p.textContent.trim().startsWith(arguments[0])))?.disabled ?? true"""
    return browser.execute_script(found, label)


def press(browser, label: str) -> None:
    """Press a button by its label."""
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", button(browser, label))
    button(browser, label).click()
    drawn(browser)


def write(browser, label: str, words: str) -> None:
    """Type into a field and wait until the draft is stored."""
    field(browser, label).send_keys(words)
    shows(browser, "Draft, not recorded yet. Kept")


def test_two_people_on_one_finding_see_both_versions_and_are_asked(browser, other, served, ws):
    for one, name in ((browser, "Ada Example"), (other, "Ben Example")):
        visit(one, served.address + PAGE)
        sign(one, name)
    write(other, "Rationale", "Ben's reason: two bodies of three exist.")
    write(other, "Gap", "No budget line.")
    write(browser, "Rationale", "Ada's reason: an aim without a measure.")
    press(browser, "Commitment only")
    wait_for(lambda: finding(ws, "land", "R2.a").status == "commitment-only", "Ada's decision")
    press(other, "Partial")
    shows(other, "Two versions")
    for words in (
        "Commitment only",
        "Partial",
        "Ada's reason: an aim without a measure.",
        "Ben's reason",
        "Ada Example on",
    ):
        assert words in body(other)
    kept = finding(ws, "land", "R2.a")
    assert (kept.status, kept.decided_by) == ("commitment-only", "Ada Example"), "nothing of Ada's is replaced unasked"
    press(other, "Partial")
    shows(other, "What you wrote in this window is not recorded yet.")
    press(other, "Keep mine: record it now")
    wait_for(lambda: finding(ws, "land", "R2.a").status == "partial", "Ben's decision on top of Ada's")
    kept = finding(ws, "land", "R2.a")
    assert (kept.rationale, kept.gap, kept.decided_by) == (
        "Ben's reason: two bodies of three exist.",
        "No budget line.",
        "Ben Example",
    )
    written = [(event.author, event.after["status"]) for event in ws.events("finding/land/R2.a")]
    assert written == [("Ada Example", "commitment-only"), ("Ben Example", "partial")], "the history has both"


def named(browser, name: str) -> None:
    """Type a name into the bar, on a page without a decision."""
    from selenium.webdriver.common.keys import Keys

    field(browser, "Your name").send_keys(name, Keys.ENTER)
    drawn(browser)


def unfold(browser, words: str) -> None:
    """Open the fold whose label begins with `words`, unless it is open."""
    summary = element(browser, "xpath", f"//summary[.//p[starts-with(normalize-space(.), '{words}')]]")
    browser.execute_script(
        "arguments[0].parentElement.open || arguments[0].click(); arguments[0].scrollIntoView({block: 'center'})",
        summary,
    )
    drawn(browser)


def replace_words(browser, label: str, words: str) -> None:
    """Replace the text of a field and leave the field."""
    from selenium.webdriver.common.keys import Keys

    field(browser, label).send_keys(Keys.CONTROL, "a")
    field(browser, label).send_keys(words, Keys.TAB)
    wait_for(lambda: value_of(browser, label) == words, f"“{words}” to stand in the field")
    drawn(browser)


def test_two_people_on_one_action_see_both_versions_and_are_asked(browser, other, served, ws):
    created = actions.create_action(
        ws,
        f"train-{uuid4().hex}",
        {"title": "Train", "findings": [{"policy_set": "land", "criterion": "R2.a"}]},
        by="Ada Example",
    )
    now = lambda: actions.action(ws, created.id)
    for one, name in ((browser, "Ada Example"), (other, "Ben Example")):
        visit(one, served.address + "actions?set=land")
        named(one, name)
        unfold(one, "Change or delete “Train”")
    replace_words(other, "What is to be done", "Train every teacher")
    replace_words(browser, "What is to be done", "Train the district officers")
    press(browser, "Change the action")
    wait_for(lambda: now().title == "Train the district officers", "Ada's title")
    press(other, "Change the action")
    shows(other, "Two versions")
    unfold(other, "Change or delete")
    assert all(words in body(other) for words in ("Train the district officers", "Train every teacher", "Ada Example"))
    assert now().title == "Train the district officers", "nothing of Ada's is replaced unasked"
    press(other, "Keep mine: record it now")
    wait_for(lambda: now().title == "Train every teacher", "Ben's title on top of Ada's")
    written = [(event.author, event.after["title"]) for event in ws.events(f"action/{created.id}")]
    assert written[1:] == [("Ada Example", "Train the district officers"), ("Ben Example", "Train every teacher")]


def test_two_people_on_one_project_see_both_versions_and_are_asked(browser, other, served, ws):
    coders = ["Ada Example", "Ben Example"]
    made = codes.open_session(
        ws, f"round-{uuid4().hex}", coders, by="Ada Example", codebook="1.0", sample=[UNIT], double=1
    )
    title = lambda: next(one.title for one in codes.sessions(ws) if one.id == made.id)
    for one, name in ((browser, "Ada Example"), (other, "Ben Example")):
        visit(one, served.address + f"coding?session={made.id}&facet=group")
        named(one, name)
        unfold(one, "Name, close, put aside, delete")
    replace_words(other, "Name of the project", "Round of Ben")
    replace_words(browser, "Name of the project", "Round of Ada")
    press(browser, "Change the name")
    wait_for(lambda: title() == "Round of Ada", "Ada's name of it")
    press(other, "Change the name")
    shows(other, "Two versions")
    unfold(other, "Name, close, put aside, delete")
    assert "Round of Ada" in body(other) and "Round of Ben" in body(other) and title() == "Round of Ada"
    press(other, "Keep mine: record it now")
    wait_for(lambda: title() == "Round of Ben", "Ben's name of it")


def test_one_person_in_two_tabs_on_one_finding_is_not_told_of_somebody_else(browser, other, served, ws):
    where = served.address + "criterion?set=angola&criterion=R2.a"
    for one in (browser, other):
        visit(one, where)
        sign(one, "Ivo Example")
    write(other, "Rationale", "The second tab's reason")
    write(browser, "Rationale", "The first tab's reason")
    press(browser, "Commitment only")
    wait_for(lambda: finding(ws, "angola", "R2.a").rationale == "The first tab's reason", "the first tab's decision")
    press(other, "Partial")
    shows(other, "You wrote here in another window meanwhile.")
    shows(other, "Keep this window's: record it now")
    assert "omebody else" not in body(other) and "theirs" not in body(other)
    press(other, "Keep this window")
    wait_for(lambda: finding(ws, "angola", "R2.a").rationale == "The second tab's reason", "the second tab's decision")
    assert finding(ws, "angola", "R2.a").status == "partial"


def test_one_coder_in_two_tabs_on_one_unit_sees_both_words_and_is_asked(browser, other, served, ws):
    mine = lambda: [one for one in codes.codes_of(ws, UNIT, viewer="Ada Example") if one.facet == "group"]
    for one in (browser, other):
        visit(one, served.address + f"coding?session=-&id={UNIT}&facet=group")
        named(one, "Ada Example")
        unfold(one, "Memo, or only some of the words")
    replace_words(other, "Memo", "The second tab's reason")
    replace_words(browser, "Memo", "The first tab's reason")
    press(browser, "Older persons")
    wait_for(lambda: [one.memo for one in mine()] == ["The first tab's reason"], "the code of the first tab")
    press(other, "Older persons")
    shows(other, "You wrote here in another window meanwhile.")
    assert "Somebody else" not in body(other)
    assert "The first tab's reason" in body(other) and "The second tab's reason" in body(other)
    assert [one.memo for one in mine()] == ["The first tab's reason"], "nothing is replaced unasked"
    press(other, "Give it all the same")
    wait_for(lambda: [one.memo for one in mine()] == ["The second tab's reason"], "the word of the second tab")
    memos = [event.after.get("memo") for event in ws.events(codes.stream_of(mine()[0]))]
    assert memos == ["The first tab's reason", "The second tab's reason"], "and the history has both"


def test_what_is_typed_survives_a_reload_another_page_and_a_new_start_of_the_server(browser, served, ws):
    visit(browser, served.address + "criterion?set=land&criterion=R2.b")
    sign(browser, "Cleo Example")
    write(browser, "Rationale", "Half a thought")
    browser.refresh()
    wait_for(lambda: value_of(browser, "Rationale") == "Half a thought", "the words after a reload")
    wait_for(lambda: value_of(browser, "Your name") == "Cleo Example", "the name after a reload")
    press(browser, "Next")
    wait_for(lambda: "criterion=R2.c" in browser.current_url, "the next criterion")
    wait_for(
        lambda: value_of(browser, "Rationale") == "", "the next criterion's own field, empty"
    )  # drawn after the address
    press(browser, "Previous")
    wait_for(
        lambda: "criterion=R2.b" in browser.current_url and value_of(browser, "Rationale") == "Half a thought",
        "the words after Next and Previous",
    )
    served.stop()
    served.start()
    visit(browser, served.address + "criterion?set=land&criterion=R2.b")
    wait_for(lambda: value_of(browser, "Rationale") == "Half a thought", "the words after a new start")
    write(browser, "Rationale", " and its end")
    press(browser, "Partial")
    wait_for(lambda: finding(ws, "land", "R2.b").rationale == "Half a thought and its end", "the decision")
    wait_for(lambda: "Draft, not recorded yet" not in body(browser), "the draft to go once it is recorded")


def test_a_reload_in_the_middle_of_a_word_loses_none_of_it(browser, served, ws):
    visit(browser, served.address + "criterion?set=land&criterion=R3.a")
    sign(browser, "Eve Example")
    field(browser, "Rationale").send_keys("Not yet handed ov")
    browser.refresh()
    wait_for(lambda: value_of(browser, "Rationale") == "Not yet handed ov", "the words after a reload")
    shows(browser, "Draft, not recorded yet.")


def test_a_name_that_was_just_typed_is_there_on_the_page_that_is_opened_at_once(browser, served, ws):
    visit(browser, served.address + "criterion?set=land&criterion=R3.a")
    browser.delete_all_cookies()
    browser.execute_script("sessionStorage.clear(); localStorage.clear()")
    visit(browser, served.address + "criterion?set=land&criterion=R3.a")
    for name in ("Ida Example", "Jon Example"):  # the second stands where another was
        field(browser, "Your name").send_keys(Keys.CONTROL, "a")
        field(browser, "Your name").send_keys(name, Keys.ENTER)
        visit(browser, served.address + "assess")  # before the server can have answered
        wait_for(lambda n=name: value_of(browser, "Your name") == n, f"the name {name}")


def test_a_field_that_is_passed_through_before_the_name_stands_there_does_not_empty_it(browser, served, ws):
    visit(browser, served.address + "assess")
    kept = "return JSON.parse(sessionStorage['kb-tab']).by"
    wait_for(lambda: browser.execute_script("return !!sessionStorage['kb-tab']"), "the tab to be known")
    browser.execute_script(
        "const t = JSON.parse(sessionStorage['kb-tab']); sessionStorage['kb-tab'] = JSON.stringify({...t, by: arguments[0]})",
        "Kim Example",
    )  # as before the server has heard of it
    field(browser, "Your name").send_keys(Keys.TAB)
    assert browser.execute_script(kept) == "Kim Example"
    browser.refresh()
    wait_for(lambda: value_of(browser, "Your name") == "Kim Example", "the name")


def test_a_tab_that_is_closed_in_the_middle_of_a_word_loses_none_of_it(browser, served, ws):
    visit(browser, served.address + "criterion?set=land&criterion=R3.b")
    sign(browser, "Hal Example")
    wait_for(lambda: "Hal Example" in browser.execute_script(KEPT), "the browser to keep the name")
    closed = browser.current_window_handle
    browser.switch_to.new_window("tab")
    kept = browser.current_window_handle
    browser.switch_to.window(closed)
    field(browser, "Rationale").send_keys("Half a wor")
    browser.close()
    browser.switch_to.window(kept)
    visit(browser, served.address + "criterion?set=land&criterion=R3.b")
    wait_for(lambda: value_of(browser, "Rationale") == "Half a wor", "the words in the next tab")
    shows(browser, "Draft, not recorded yet.")
    wait_for(lambda: value_of(browser, "Your name") == "Hal Example", "the name in the next tab")


def test_words_typed_while_the_server_was_away_are_there_when_it_is_back(browser, served, ws):
    visit(browser, served.address + "criterion?set=land&criterion=R2.d")
    sign(browser, "Dora Example")
    write(browser, "Rationale", "Before the cut.")
    field(browser, "Rationale").send_keys(" As it came.")
    served.stop()
    served.start()
    words = "Before the cut. As it came."
    wait_for(lambda: value_of(browser, "Rationale") == words, "the words when the server is back")
    shows(browser, "Draft, not recorded yet.")
    browser.refresh()
    wait_for(lambda: value_of(browser, "Rationale") == words, "the words after the cut and a reload")


def name_at_top(browser) -> str:
    """Return the name at the top right, with what else explains a failure."""
    return value_of(browser, "Your name") or f"nobody; {browser.execute_script(KEPT)}"


def test_a_name_that_this_browser_keeps_stands_at_the_top_right_whatever_was_lost_of_it(browser, served, ws):
    visit(browser, served.address + "assess")
    field(browser, "Your name").send_keys("Fay Example", Keys.ENTER)
    wait_for(lambda: "Fay Example" in browser.execute_script(KEPT), "the browser to keep the name")
    browser.execute_script(
        "const t = JSON.parse(sessionStorage['kb-tab']); t.by = ''; sessionStorage['kb-tab'] = JSON.stringify(t)"
    )
    browser.refresh()  # as after an answer of the server that a click cut off
    wait_for(lambda: name_at_top(browser) == "Fay Example", "the name after it was lost in this tab")
    browser.switch_to.new_window("tab")
    browser.get(served.address + "assess")  # and a click before the name was told
    for door in ("Find", "Assess", "Code", "Export"):
        wait_for(lambda: browser.execute_script(CLICKED, door), f"the door {door}")  # noqa: B023 - called at once
    drawn(browser)
    wait_for(lambda: name_at_top(browser) == "Fay Example", "the name in a new tab")
    served.stop()
    served.start()
    wait_for(lambda: name_at_top(browser) == "Fay Example", "the name after the server was away")
    drawn(browser)
    browser.find_element("css selector", "[data-language=es]").click()
    shows(browser, "Evaluar")
    wait_for(lambda: value_of(browser, "Su nombre") == "Fay Example", "the name in another language")


def test_a_name_that_its_person_emptied_stays_empty(browser, served, ws):
    visit(browser, served.address + "assess")
    field(browser, "Your name").send_keys("Gil Example", Keys.ENTER)
    wait_for(lambda: "Gil Example" in browser.execute_script(KEPT), "the browser to keep the name")
    field(browser, "Your name").send_keys(Keys.CONTROL, "a")
    field(browser, "Your name").send_keys(Keys.DELETE, Keys.ENTER)
    wait_for(lambda: "Gil Example" not in browser.execute_script(KEPT), "the browser to forget the name")
    browser.refresh()
    wait_for(lambda: value_of(browser, "Your name") is not None, "the field")
    time.sleep(2)  # for a name that must not come
    drawn(browser)
    assert value_of(browser, "Your name") == ""


def test_zimb_and_enter_chooses_zimbabwe(browser, served, ws):
    visit(browser, served.address + "assess")
    field(browser, "Your name").send_keys("Ada Example", Keys.ENTER)
    wait_for(lambda: not press_is_off(browser, "Begin"), "the name")
    drawn(browser)
    country = browser.find_elements("css selector", "input[role=combobox][aria-label*='Country']")[-1]
    country.send_keys("Zimb")
    country.send_keys(Keys.ENTER)
    drawn(browser)
    press(browser, "Begin")
    wait_for(lambda: any(one.country == "ZWE" for one in policies.policy_sets(ws)), "Zimbabwe")
    made = next(one for one in policies.policy_sets(ws) if one.country == "ZWE")
    assert made.title == "Zimbabwe"


@pytest.mark.parametrize(
    ("language", "label", "typed", "taken"),
    [
        ("en", "Country", "Mar", "Martinique"),
        ("es", "País", "Mar", "Marruecos"),
        ("fr", "Pays", "Mar", "Maroc"),
        ("en", "Country", "Maroc", ""),  # its letters stand somewhere in a long name: Enter alone takes none
    ],
)
def test_the_country_that_begins_with_what_was_typed_is_taken_by_enter(
    browser, served, ws, language, label, typed, taken
):
    visit(browser, f"{served.address}language?to={language}&back=assess")
    box = element(browser, "css selector", f"input[role=combobox][aria-label*='{label}']")
    box.send_keys(typed)
    wait_for(lambda: box.get_attribute("aria-activedescendant"), "the list of names")
    box.send_keys(Keys.ENTER)
    if taken:
        wait_for(lambda: box.get_attribute("value") == taken, f"{taken}, not {box.get_attribute('value')}")
    else:
        time.sleep(1)  # for an answer that must not come
        assert box.get_attribute("value") == typed and box.get_attribute("aria-expanded") == "true"


def test_a_criterion_and_enter_chooses_that_one_alone(browser, served, ws):
    visit(browser, served.address + "actions?set=land")
    box = element(browser, "css selector", "input[role=combobox][aria-label*='Criteria it serves']")
    box.send_keys("R3.d")
    time.sleep(1.5)  # slower than words of a text field are handed over: the list stays open with what was typed
    assert box.get_attribute("aria-expanded") == "true" and box.get_attribute("value") == "R3.d"
    box.send_keys(Keys.ENTER)
    shows(browser, "Draft, not recorded yet.")
    chosen = browser.find_element("css selector", "[data-testid=stMultiSelect]").text
    assert re.findall(r"\b[RD]\d\.\w+", chosen) == ["R3.d"]
