"""A researcher codes twenty passages in the text, sees agreement, settles one difference and downloads the project."""

from __future__ import annotations

import zipfile

import pytest
from ui_acts import Person
from ui_driving import body, drawn, shows, wait_for

from kb.coding import codes
from kb.coding.from_taxonomy import codebook_here
from kb.index.live import open_index

pytestmark = pytest.mark.slow

MARKED = 20
SELECT = """
const text = [...document.querySelectorAll('[data-passage]')].find(one => one.dataset.passage === arguments[0])
  .querySelector('[data-text]');
text.scrollIntoView({block: 'center'});
const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT), nodes = [];
while (walk.nextNode()) nodes.push(walk.currentNode);
const range = document.createRange();
range.setStart(nodes[0], 0);
range.setEnd(nodes.at(-1), nodes.at(-1).length);
if (arguments[1]) range.setEnd(nodes[0], arguments[1]);
getSelection().removeAllRanges();
getSelection().addRange(range);
"""
"""Selects the words of a passage, or its first characters, as a pointer does."""


def mark(person: Person, passage, words: int, code: str, known) -> None:
    """Select the first `words` characters of a passage (0: all), and give them a code."""
    browser = person.browser
    wanted = passage.text[:words].strip() if words else passage.text
    drawn(browser)  # a page that is drawn anew takes the selection with it
    browser.execute_script(SELECT, passage.id, words)
    person.click("css selector", ".k-float button")
    shown = f"“{wanted}”" if words else "The whole passage"
    wait_for(
        lambda: (
            browser.execute_script("return document.querySelector('.k-target b')?.innerText") == shown
            and passage.citation in browser.execute_script("return document.querySelector('.k-target').innerText")
        ),
        f"the words of {passage.id}",
    )
    drawn(browser)
    person.press(code)
    wait_for(lambda: any(one.passage == passage.id and one.coder == "Ada Example" for one in known()), passage.id)


def test_a_researcher_marks_passages_in_the_text_sees_agreement_settles_one_and_exports(
    browser, served, downloads, ws, root
):
    index = open_index(type(root)(served.env["KB_INDEXES"]), root / "corpus")
    passages = [one for one in index.store.passages("mipaa") if one.kind != "heading"][:MARKED]
    codes.open_session(
        ws,
        "round",
        ["Ada Example", "Ben"],
        codebook=codebook_here(root / "corpus").version,
        by="Ben",
        sample=[one.id for one in passages],
    )
    for n, one in enumerate(passages):
        codes.add_code(ws, one, "group", "older-persons" if n else "youth", by="Ben", session="round")
    person = Person(browser)
    person.open(served.address + "read?document=mipaa&session=round&facet=group")
    person.write("Your name", "Ada Example", enter=True)
    shows(browser, f"Coded: 0 of your {MARKED} passages in this document")
    drawn(browser)

    def mine() -> list[codes.Coding]:
        """Return Ada's codings."""
        return codes.codings(ws, session="round", viewer="Ada Example")

    for n, passage in enumerate(passages):
        mark(person, passage, 0 if n % 2 else 12, "Older persons", mine)
    given = {one.passage: one for one in mine()}
    assert set(given) == {one.id for one in passages} and {one.coder for one in given.values()} == {"Ada Example"}
    for n, passage in enumerate(passages):
        one = given[passage.id]
        assert one.quotation == (passage.text if n % 2 else passage.text[:12].strip()), "the very words of the source"
        assert (one.span is None) == bool(n % 2)
    shows(browser, f"Coded: {MARKED} of your {MARKED} passages in this document")
    inked = "return document.querySelectorAll('[data-passage] .k-ink').length"
    wait_for(lambda: browser.execute_script(inked) >= MARKED, "the words with a code to be marked")
    assert "by Ben" not in body(browser), "blind while it is open"

    person.open(served.address + "coding?session=round&facet=group")
    shows(browser, f"{MARKED} coded by you")
    drawn(browser)
    person.follow("Close the round and see the agreement")
    shows(browser, "This round is blind and open")
    drawn(browser)
    person.press("Close it")
    person.press("Close the project")
    wait_for(lambda: not codes.sessions(ws)[0].open, "the session to be closed")
    shows(browser, "Percent agreement")
    drawn(browser)
    person.follow("Settle: ")
    wait_for(lambda: "/coding?" in browser.current_url and "id=" in browser.current_url, "the passage to settle")
    shows(browser, "Codes of others")
    drawn(browser)
    settled = browser.execute_script("return new URLSearchParams(location.search).get('id')")
    person.press("Older persons")
    wait_for(lambda: any(one.session == "" for one in codes.codes_of(ws, settled, viewer="Ada Example")), "the word")

    person.open(served.address + "export?what=codes&session=round&format=qdpx")
    drawn(browser)
    person.press("Download")
    wait_for(lambda: [one for one in downloads.iterdir() if one.suffix == ".qdpx"], "the project")
    with zipfile.ZipFile(next(one for one in downloads.iterdir() if one.suffix == ".qdpx")) as project:
        assert project.read("project.qde").count(b"<CodeRef") >= 2 * MARKED
