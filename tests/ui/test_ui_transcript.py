"""The three journeys as a screen reader reads them, from the browser's accessibility tree. The lines of the files in
`transcripts/` must occur in that order; with KB_TRANSCRIPTS=FOLDER all lines of the pages are written there."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from ui_acts import Person
from ui_driving import drawn, shows, visit
from ui_transcript import first_missing, heard, nameless, skipped

from kb.framework import load as load_framework
from kb.log.store import open_workspace
from kb.workspace import sample

pytestmark = pytest.mark.slow
KEPT = Path(__file__).with_name("transcripts")


def heard_once_said(browser, kept: list[str], seconds: float = 90.0) -> list[str]:
    """Return the lines of the page as soon as all `kept` lines occur, or after `seconds` if they never do. The browser
    updates its accessibility tree a moment after the page is drawn, later on a busy machine."""
    end = time.monotonic() + seconds
    while not _is_right(kept, lines := heard(browser)) and time.monotonic() < end:
        time.sleep(0.5)
    return lines


def _is_right(kept: list[str], lines: list[str]) -> bool:
    return not (first_missing(kept, lines) or nameless(lines) or skipped(lines))


@pytest.fixture
def told(browser):
    """Return a function that compares the lines of the open page with the kept transcript of a name."""

    def check(name: str) -> None:
        """Check that every control has a name, no heading level is skipped, and the kept lines occur in their order."""
        drawn(browser)
        kept = (KEPT / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        lines = heard_once_said(browser, kept)
        if folder := os.environ.get("KB_TRANSCRIPTS"):
            (Path(folder) / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        assert nameless(lines) == [] and skipped(lines) == []
        missing = first_missing(kept, lines)
        assert kept and missing == "", f"{name} does not say {missing}, or not in this order; it says:\n" + "\n".join(
            lines
        )

    return check


def test_an_advocate_hears_what_binds_who_said_it_and_what_was_picked(browser, address, told):
    person = Person(browser)
    person.open(address)
    told("advocate-1-start")
    person.write("What are you looking for?", "sign language interpreters", enter=True)
    person.see("css selector", ".kb-cite")
    person.click("css selector", "input[data-pick]")
    shows(browser, "1 passage picked")
    told("advocate-2-results")
    person.press("Cite")
    person.click("css selector", ".k-hit .kb-cite a")
    told("advocate-3-passage")


def test_an_officer_hears_the_states_the_proposal_and_what_a_decision_asks(browser, served, root, told):
    corpus = root / "corpus"
    with open_workspace(f"sqlite:///{served.workspace / 'workspace.sqlite'}") as ws:
        sample.add(ws, load_framework(corpus / "framework"), corpus, sample.load_sample(corpus))
    visit(browser, served.address + "matrix?set=sampleland")
    Person(browser).write("Your name", "Ada Example", enter=True)
    told("officer-1-overview")
    visit(browser, served.address + "criterion?set=sampleland&criterion=R1.a")
    told("officer-2-criterion")
    visit(browser, served.address + "report?set=sampleland")
    told("officer-3-report")


def test_a_researcher_hears_the_passage_its_codes_and_what_was_given(browser, address, told):
    person = Person(browser)
    visit(browser, address + "coding?facet=group&document=mipaa")
    person.write("Your name", "Ada Example", enter=True)
    shows(browser, "Your codes")
    told("researcher-1-coding")
    visit(browser, address + "read?document=mipaa&session=-&facet=group&at=mipaa/pd/1")
    told("researcher-2-text")
    visit(browser, address + "agreement")
    told("researcher-3-agreement")
