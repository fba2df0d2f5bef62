"""A person that the app is made for, from the first click to what they take home, with their actions counted."""

from __future__ import annotations

import pytest
from ui_acts import Person
from ui_driving import shows, wait_for

pytestmark = pytest.mark.slow


@pytest.fixture
def downloads(browser, tmp_path):
    """Where the browser puts what is downloaded; copying is allowed, as after a click of a person."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})
    allowed = {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    browser.execute_cdp_cmd("Browser.grantPermissions", allowed)
    return folder


def downloaded(folder, suffix: str):
    """The file that was downloaded, waited for."""
    wait_for(lambda: [one for one in folder.iterdir() if one.suffix == suffix], f"a {suffix} file")
    return next(one for one in folder.iterdir() if one.suffix == suffix)


def test_an_advocate_finds_quotes_cites_and_exports_in_six_actions(browser, address, downloads):
    person = Person(browser)
    person.open(address)
    person.write("What are you looking for?", "sign language interpreters", enter=True)
    person.see("css selector", ".kb-cite")
    person.click("css selector", ".k-hit button[data-copy]")
    quoted = browser.execute_async_script(
        "navigator.clipboard.readText().then(arguments[0], e => arguments[0](`${e}`))"
    )
    assert "— CRPD art. " in quoted and "Force: " in quoted, quoted
    person.click("css selector", "input[data-pick]")
    shows(browser, "1 passage picked")
    person.press("Cite")
    shows(browser, "Convention on the Rights of Persons with Disabilities")
    person.press("Export as text")
    text = downloaded(downloads, ".txt").read_text(encoding="utf-8")
    assert "CRPD art. " in text and "Force: " in text
    assert person.actions <= 6
