"""Files that are damaged, empty or another program's, uploaded in a real browser: each is refused with a reason, and
nothing of it is left."""

from __future__ import annotations

import json
import re

import pytest
from ui_driving import READY, body, element, named, shows, visit, wait_for

from kb.assessment import policies
from kb.log.store import open_workspace
from kb.sources.library import files, records

pytestmark = pytest.mark.slow

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids ["
UPLOADS = {
    "empty.pdf": (b"", "The file is empty"),
    "cut.pdf": (PDF, "not taken."),
    "program.docx": (b"MZ\x90\x00" + bytes(range(256)) * 40, "not taken."),
    "nothing.txt": (b" \n\t\n" * 50, "not taken."),
}
ASSESSMENTS = {
    "empty.json": b"",
    "cut.json": b'{"format": "kb-assessment", "schema": 1, "events": [',
    "other.json": json.dumps({"format": "another program's", "events": []}).encode(),
    "list.json": b"[[[[]]]]",
    "letters.json": bytes(range(256)),
}
ENGLISH = re.compile(r"\b(Upload|per file|Browse)\b")
"""What Streamlit writes of its own where a file is given."""
ENDED = 400.0  # seconds: the work beside the app is a process of its own, on a machine that does more at once


@pytest.fixture
def here(served, browser):
    """Return a browser with a name on the page Assess."""
    visit(browser, served.address + "assess")
    named(browser)
    return browser


def give(browser, label: str, file) -> None:
    """Upload a file to the field whose label begins with `label`."""
    path = f"//*[@data-testid='stFileUploader'][.//p[starts-with(normalize-space(.), '{label}')]]//input[@type='file']"
    wait_for(lambda: browser.find_elements("xpath", path), f"the field “{label}”")
    browser.find_elements("xpath", path)[-1].send_keys(str(file))
    shows(browser, file.name)


def press(browser, label: str) -> None:
    """Press a button by its label, once it is enabled."""
    path = f"//button[.//p[normalize-space(.)='{label}']][not(@disabled)]"
    wait_for(lambda: browser.find_elements("xpath", path), f"the button “{label}”")
    browser.execute_script("arguments[0].click()", browser.find_elements("xpath", path)[-1])


def choose(browser, label: str, words: str) -> None:
    """Choose from a list by typing the beginning of an option."""
    from selenium.webdriver.common.keys import Keys

    boxes = f"input[role=combobox][aria-label*='{label}']"
    wait_for(lambda: browser.find_elements("css selector", boxes), f"the list “{label}”")
    box = browser.find_elements("css selector", boxes)[-1]
    box.send_keys(words)
    box.send_keys(Keys.ENTER)
    wait_for(lambda: browser.execute_script(READY), "the page to be drawn")


def rows(browser) -> list[str]:
    """Return what is said of each job that is listed: that of the file before this one stands there as well."""
    return browser.execute_script("return [...document.querySelectorAll('.k-job')].map(one => one.innerText)")


@pytest.mark.parametrize("name", UPLOADS)
def test_a_file_that_is_no_text_is_refused_in_words_and_nothing_of_it_stays(here, served, tmp_path, name):
    data, said = UPLOADS[name]
    (tmp_path / name).write_bytes(data)
    visit(here, served.address)
    element(here, "css selector", "input[type=file]").send_keys(str(tmp_path / name))  # the page goes on at once
    shows(here, "Begin with your file")
    choose(here, "Country of the file", "Kenya")
    choose(here, "Legal status of the file", "Draft")
    press(here, "Begin, and look through it")
    # an empty file is refused at its form; of the others a job says it, in a row of its own
    told = (lambda: [body(here)]) if not data else (lambda: [row for row in rows(here) if name in row])
    wait_for(lambda: any(said in words for words in told()), f"“{name}” and “{said}”", seconds=ENDED)
    assert "Traceback" not in body(here) and "Error:" not in body(here)
    library = served.workspace / "library"
    assert not records(library) and not files(library)
    with open_workspace(f"sqlite:///{served.workspace / 'workspace.sqlite'}") as ws:
        assert not any(one.policies for one in policies.policy_sets(ws))


@pytest.mark.parametrize("name", ASSESSMENTS)
def test_a_file_that_is_no_assessment_is_refused_in_words_and_the_name_typed_stays(here, served, tmp_path, name):
    (tmp_path / name).write_bytes(ASSESSMENTS[name])
    with open_workspace(f"sqlite:///{served.workspace / 'workspace.sqlite'}") as ws:
        before = len(ws.events())
    give(here, "An assessment that was taken out", tmp_path / name)
    press(here, "Bring it in")
    said = ("cannot be read", "no exported assessment", "changed after it was exported")
    wait_for(lambda: any(words in body(here) for words in said), "the refusal")
    assert "Traceback" not in body(here) and str(tmp_path) not in body(here)
    with open_workspace(f"sqlite:///{served.workspace / 'workspace.sqlite'}") as ws:
        assert len(ws.events()) == before


TOO_LARGE = {
    "": "Not taken: larger than 200 MB",
    "language?to=fr&back=assess": "Non pris : plus de 200 Mo",
    "language?to=es&back=assess": "No se toma: pasa de 200 MB",
}


@pytest.mark.parametrize("language", TOO_LARGE)
def test_a_file_of_more_than_200_megabytes_is_refused_beside_its_field_and_what_was_typed_stays(
    served, browser, tmp_path, language
):
    visit(browser, served.address + (language or "assess"))
    file = tmp_path / "large.json"
    with file.open("wb") as made:
        made.truncate(201 * 1024 * 1024)  # without content: nothing of it is sent
    field = ".st-key-draft-carry-in-name input"
    element(browser, "css selector", field).send_keys("a name that I typed")
    element(browser, "css selector", ".st-key-carried-file input[type=file]").send_keys(str(file))
    said = """const field = document.querySelector('.st-key-carried-file .stFileUploader, .stFileUploader.st-key-carried-file');
    return field ? getComputedStyle(field, '::after').content : '';"""
    wait_for(lambda: TOO_LARGE[language] in browser.execute_script(said), "the words beside the field")
    assert element(browser, "css selector", field).get_attribute("value") == "a name that I typed"
    assert not [one for one in (served.workspace / "jobs").glob("*/given/*")], "nothing of it is here"
    assert served.process.poll() is None
    if language:  # and what Streamlit calls its own parts is in the language of the page
        english = (
            "[aria-label^='Help for '], [aria-label='Clear value'], [aria-label='Open'], [aria-label='file upload']"
        )
        own = "[aria-label^='Aide pour '], [aria-label^='Ayuda sobre ']"
        wait_for(lambda: browser.find_elements("css selector", own), "the name of a help")
        wait_for(lambda: not browser.find_elements("css selector", english), "no English name to be left")
        shown = "return [...document.querySelectorAll('[data-testid=stFileUploader]')].map(e => e.innerText).join(' ')"
        wait_for(lambda: not ENGLISH.search(browser.execute_script(shown)), "no English word in the place for a file")
