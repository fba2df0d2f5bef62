"""Jobs in a real browser: they continue when the tab is closed, wait in turn, can be stopped, and block nothing."""

from __future__ import annotations

from uuid import uuid4

import pytest
from ui_acts import Person
from ui_driving import body, downloaded, drawn, open_browser, shows, visit, wait_for

from kb import office
from kb.assessment import policies
from kb.assessment.proposals import read_proposals
from kb.framework import load as load_framework
from kb.jobs.queue import places, state_of, worker_lock
from kb.sources import keep
from kb.sources.library import document_of
from kb.workspace import sample

pytestmark = pytest.mark.slow

ENDED = 900.0  # seconds: work beside the app, for which a machine that does more at once takes some minutes
STOP = "//*[contains(@class, 'st-key-stop-')]//button"
SUBJECTS = ("older persons", "persons with disabilities", "children", "rural households", "migrant workers", "youth")


@pytest.fixture
def act(tmp_path):
    """Return a law as a PDF of ten pages, which takes long enough to close a tab meanwhile."""
    from make import pdf

    pages = []
    for n in range(10):
        rows = [(72, 80, f"Part {n + 1}", 14)]
        for m in range(12):
            who = SUBJECTS[(n + m) % len(SUBJECTS)]
            rows.append((72, 120 + 50 * m, f"{n * 12 + m + 1}. The Minister must provide social services to {who}"))
            rows.append((72, 136 + 50 * m, f"free of charge and publish a report number {n * 12 + m + 1} on it."))
        pages.append(rows)
    file = tmp_path / "services-act.pdf"
    file.write_bytes(pdf(pages))
    return file


def begin_with(person: Person, address: str, file, title: str) -> None:
    """Drop a file on the start page and begin an assessment with it."""
    from selenium.webdriver.common.keys import Keys

    person.open(address)
    person.drop(file)
    person.see("css selector", "[aria-label='Title of the file']")
    person.see("css selector", "[aria-label='Your name']").send_keys(Keys.CONTROL, "a")  # it may be there by now
    person.write("Your name", "Ada Example", enter=True)
    person.choose("Country of the file", "Keny")
    person.see("css selector", "[aria-label='Title of the file']").send_keys(Keys.CONTROL, "a")
    person.write("Title of the file", title)
    person.choose("Legal status of the file", "In force")
    person.press("Begin, and look through it")
    wait_for(lambda: "/criterion" in person.browser.current_url, "the first criterion of the new assessment")


def brought(ws, title: str) -> int:
    """Return how many passages the machine proposed from the documents of the assessment whose title ends in
    `title`."""
    whole = next((one for one in policies.policy_sets(ws) if one.title.endswith(title)), None)
    if whole is None or not whole.policies:
        return 0
    with ws.reading() as reader:
        return len(list(read_proposals(reader, whole.id)))


def test_a_tab_that_is_closed_during_a_long_reading_loses_nothing(served, browser, act, ws, tmp_path):
    queue = served.workspace / "jobs"
    with worker_lock(queue).acquire(timeout=60):  # however slow the browser is, the work is not done before it
        begin_with(Person(browser), served.address, act, "Services Act")
        shows(browser, "services-act.pdf")
        assert brought(ws, "Services Act") == 0, "the page is there before the work is done"
    wait_for(lambda: all(state_of(place).state != "waiting" for place in places(queue)), "the reading to begin")
    browser.quit()
    wait_for(lambda: brought(ws, "Services Act") > 0, "the reading to end without a tab", ENDED)
    again = open_browser(tmp_path / "again")
    try:
        visit(again, served.address)
        person = Person(again)
        # while anything of it is open everybody sees it; what has ended is not somebody else's to put away
        wait_for(
            lambda: "services-act.pdf" not in body(again), "the line of somebody else's job to go when it has ended"
        )
        person.write("Your name", "Ada Example", enter=True)
        shows(again, "is in, and the machine has looked through it")
        person.follow("Open the overview")
        shows(again, "0 of 38 decided")
        assert "No document is loaded" not in body(again)
        person.press("Close")
        wait_for(lambda: "services-act.pdf" not in body(again), "the line to go")
    finally:
        again.quit()


def test_several_at_once_wait_in_turn_the_page_stays_usable_and_one_can_be_stopped(served, browser, act, ws):
    person, (first, second) = Person(browser), (f"First Act {uuid4().hex}", f"Second Act {uuid4().hex}")
    waiting = "//*[contains(@class, 'st-key-kb-job-')][contains(., 'waits for its turn')]//button[.//p[.='Stop']]"
    with worker_lock(served.workspace / "jobs").acquire(timeout=60):  # as while a job of somebody else is at work
        for title in (first, second):
            begin_with(person, served.address, act, title)
        wait_for(lambda: len(browser.find_elements("xpath", waiting)) == 2, "both to wait")
        visit(browser, served.address + "search?q=older+persons")
        shows(browser, "passages match")
        person.click("xpath", f"({waiting})[2]")
        shows(browser, "stopped. Nothing of it was recorded by halves.")
    wait_for(lambda: brought(ws, first) > 0, "the first one to end", ENDED)
    assert brought(ws, second) == 0
    stopped = next(one for one in policies.policy_sets(ws) if one.title.endswith(second))
    assert stopped.archived and not stopped.policies


def test_the_first_text_comes_into_the_page_that_waits_for_it_while_other_work_is_open(served, browser, ws, tmp_path):
    person, waits = Person(browser), "The first document is being read"
    looks = "The machine is still looking through a document."
    file = tmp_path / "a.txt"
    file.write_text("Equality Act\n\n1 Purpose\n\nThe State guarantees equal rights to every person.\n", "utf-8")
    with worker_lock(served.workspace / "jobs").acquire(timeout=60):  # both jobs stay open
        for title in (f"Third Act {uuid4().hex}", last := f"Fourth Act {uuid4().hex}"):
            begin_with(person, served.address, file, title)
            shows(browser, waits)
        made = next(one for one in policies.policy_sets(ws) if one.title.endswith(last))
        library = served.workspace / "library"
        record = keep.add_policy(
            file, library, id="a", title="Act", country="KEN", language="en", status="in-force", date=""
        )
        policies.add_policy(ws, made.id, document_of(record, library), by="Ada", label="1", standing="in-force")
        shows(browser, "The State guarantees equal rights")
        assert waits not in body(browser)
        shows(browser, "waits for its turn")  # the other work, which draws itself anew
        shows(browser, looks)
        while there := len(browser.find_elements("xpath", STOP)):
            person.click("xpath", STOP)
            wait_for(lambda n=there: len(browser.find_elements("xpath", STOP)) < n, "it to be stopped")
        wait_for(lambda: looks not in body(browser), "the notice to go with the work")


def test_a_click_elsewhere_and_a_closed_tab_leave_no_part_of_the_sample(served, browser, ws, root, tmp_path):
    made = sample.load_sample(root / "corpus")
    person = Person(browser)
    visit(browser, served.address + "assess")
    person.write("Your name", "Ada Example", enter=True)
    person.press("Add the sample")
    shows(browser, "It is being added.")
    person.follow("Find")  # the app goes on meanwhile
    wait_for(lambda: "/assess" not in browser.current_url, "another page")
    browser.quit()
    wait_for(lambda: (there := sample.held(ws, made)) and not there.archived, "the sample to be offered", ENDED)
    assert not sample.in_part(ws, made)
    again = open_browser(tmp_path / "again")
    try:
        visit(again, served.address + "assess")
        Person(again).write("Your name", "Ada Example", enter=True)
        shows(again, "Open the sample")
        assert "Add the sample" not in body(again) and "Add the rest" not in body(again)
    finally:
        again.quit()


@pytest.mark.skipif(not office.program(), reason="needs LibreOffice")
def test_a_report_as_pdf_is_made_beside_the_app_and_waits_when_the_tab_was_closed(served, browser, ws, root, tmp_path):
    corpus = root / "corpus"
    sample.add(ws, load_framework(corpus / "framework"), corpus, sample.load_sample(corpus))
    person = Person(browser)
    visit(browser, served.address + "report?set=sampleland")
    person.write("Your name", "Ada Example", enter=True)
    person.press("PDF")
    shows(browser, "services and protection laws, PDF")
    person.follow("Actions")  # the page is free meanwhile
    wait_for(lambda: "/actions" in browser.current_url, "another page")
    browser.quit()
    wait_for(lambda: list((served.workspace / "jobs").glob("*/made/*.pdf")), "the report, without a tab", ENDED)
    again = open_browser(tmp_path / "again")
    try:
        downloads = tmp_path / "downloads"
        downloads.mkdir()
        again.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(downloads)})
        visit(again, served.address)
        Person(again).write("Your name", "Ada Example", enter=True)
        shows(again, "is ready.")
        drawn(again)
        Person(again).press("Download")
        assert downloaded(downloads, ".pdf").read_bytes().startswith(b"%PDF")
    finally:
        again.quit()
