"""An officer uploads a PDF, decides five criteria, adds an action and downloads the report, with the actions
counted."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from ui_acts import Person
from ui_driving import body, downloaded, drawn, shows, wait_for

from kb import office
from kb.assessment import policies
from kb.assessment.findings import finding, findings
from kb.framework import load as load_framework
from kb.plan.actions import actions
from kb.workspace import sample

pytestmark = pytest.mark.slow
ENDED = 900.0  # seconds: work beside the app, for which a machine that does more at once takes some minutes

LAW = [
    "Services Guarantee Act",
    "1. Social justice is the principle of social protection: the State guarantees equal social rights to every person.",
    "2. The Minister must publish every three years a list of the groups that face major barriers.",
    "3. Registration of a birth is free of charge for every child, whatever the status of the parents.",
    "4. A rule that discriminates against a group has no effect.",
    "5. The board sets minimum levels of provision in health, education and income.",
]


ALONG = "//label[contains(., 'Take proposal')]//input"


def decide(person: Person, status: str, reason: str, gap: str, next_step: str = "") -> None:
    """Decide the open criterion with the passage in the middle (if there is one), reason, gap and, if given, the next
    step as an action. The answer opens the next criterion, where nothing is ticked."""
    here = person.browser.current_url
    if boxes := person.browser.find_elements("xpath", ALONG):
        assert not boxes[0].is_selected(), "a passage that nobody has read yet is not taken along"
        person.tick("Take proposal")
    for label, words in (("Rationale", reason), ("Gap", gap), ("Next step", next_step)):
        if words:
            person.write(label, words)
    if next_step:
        person.tick("Record the next step as an action too")
    shows(person.browser, "Draft, not recorded yet. Kept")
    person.press(status)
    wait_for(lambda: person.browser.current_url != here, "the next criterion")
    drawn(person.browser, "the next criterion")


SELECT = """const text = [...document.querySelectorAll('.st-key-kb-sheet [data-text]')].at(-1), node = text.firstChild;
const range = document.createRange();
range.setStart(node, 0);
range.setEnd(node, node.data.indexOf(' ', 20));
getSelection().removeAllRanges();
getSelection().addRange(range);
return range.toString();"""
"""Selects the first words of the last paragraph of the law, as a pointer does."""


def test_selected_words_of_the_law_become_evidence_by_one_press_and_the_buttons_go(browser, address, ws, root):
    corpus = root / "corpus"
    framework = load_framework(corpus / "framework")
    sample.add(ws, framework, corpus, sample.load_sample(corpus))
    person = Person(browser)
    person.open(address + "criterion?set=sampleland&criterion=R1.b")
    person.write("Your name", "Ada Example", enter=True)
    for n, button in enumerate(("Take as law in force", "Take as at work")):
        drawn(browser)
        words = browser.execute_script(SELECT)
        person.click("xpath", f"//div[@class='k-float']/button[.='{button}']")
        shows(browser, button.replace("Take", "Taken") + ": “")
        taken = finding(ws, "sampleland", "R1.b").evidence[-1]
        assert (taken.quotation, taken.role) == (words.strip(), ("instrument", "operation")[n])
        drawn(browser)
        wait_for(
            lambda: not browser.find_elements("css selector", ".k-float"), "the buttons to go with what they were for"
        )


def test_an_officer_goes_from_a_dropped_pdf_to_five_decisions_an_action_and_the_report(
    browser, address, downloads, ws, root, tmp_path
):
    from make import pdf

    file = tmp_path / "services-guarantee-act.pdf"
    file.write_bytes(pdf([[(72, 80 + 40 * n, line) for n, line in enumerate(LAW)]]))
    person = Person(browser, by_hand=True)
    person.open(address)
    person.drop(file)
    person.see("css selector", "[aria-label='Title of the file']")
    person.write("Your name", "Ada Example", enter=True)
    person.choose("Country of the file", "Keny")
    person.choose("Legal status of the file", "In force")
    person.press("Begin, and look through it")
    wait_for(lambda: "is in, and the machine has looked through it" in body(browser), "the file to be in", ENDED)
    drawn(browser, "the first criterion")
    whole = next(one for one in policies.policy_sets(ws) if one.id != "sampleland")
    answers = ["Partial", "Commitment only", "Partial", "Partial", "Partial"]
    for n, answer in enumerate(answers):
        decide(
            person,
            answer,
            f"The law names it, {n}.",
            f"No measure is at work, {n}.",
            "Ask for figures" if n == 4 else "",
        )
    framework = load_framework(root / "corpus" / "framework")
    decided = [one for one in findings(ws, framework, whole.id) if one.status != "not-assessed"]
    assert [one.status for one in decided] == ["partial", "commitment-only", "partial", "partial", "partial"]
    assert {one.decided_by for one in decided} == {"Ada Example"} and all(one.gap for one in decided)
    assert sum(bool(one.evidence) for one in decided) >= 4, "the passages that the machine found are evidence"
    assert [one.title for one in actions(ws, policy_set=whole.id)] == ["Ask for figures"]
    person.follow("Report")
    drawn(browser, "the report")  # a file that is asked for while the page is drawn anew does not come
    person.press("All of these")
    if office.program():  # with a PDF among them they are made beside the app, and wait under the bar
        wait_for(lambda: "is ready." in body(browser), "the files to be made", ENDED)
        drawn(browser, "the page with the file")
        person.press("Download")
    report = zipfile.ZipFile(downloaded(downloads, ".zip"))
    assert report.testzip() is None and {name.rpartition(".")[2] for name in report.namelist()} >= {"docx", "html"}
    word = next(name for name in report.namelist() if name.endswith(".docx"))
    assert "word/document.xml" in zipfile.ZipFile(BytesIO(report.read(word))).namelist()
    assert person.actions <= 30, person.actions
