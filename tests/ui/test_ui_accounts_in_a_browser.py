"""Signing in at an identity provider: each person gets only their own country, in every message to the browser; no
typed text is lost when a sign-in ends."""

from __future__ import annotations

import base64
import json
import time
from datetime import UTC, datetime

import pytest
from test_ui_axe import violations
from ui_driving import Served, drawn, element, open_browser, shows, visit, wait_for
from ui_provider import Provider, secrets_of

from kb.assessment import policies
from kb.assessment.findings import decide
from kb.framework import load as load_framework
from kb.jobs import Job, JobState
from kb.log.store import open_workspace
from kb.models import Document, Passage, Place
from kb.ui import drafts

pytestmark = pytest.mark.slow

PEOPLE = """
people:
  ada@example.org: {name: Ada Example, role: officer, countries: [KEN]}
  tendai@example.org: {name: Tendai Example, role: reader, countries: [ZWE]}
  root@example.org: {name: Rita Example, role: administrator, everywhere: true}
"""
FOREIGN = ("Harare", "zim-act", "zim", "Tendai", "a rule of Zimbabwe alone", "only for Zimbabwe", "harare-plan.pdf")
"""What stands in the assessment, the act, the draft and the job of the other country, and in nothing else."""


def act(id: str, title: str, words: str) -> Document:
    """Return a law with one article."""
    place = Place(file=f"{id}.txt", sha256="0" * 64, lines=(1, 1), chars=(0, len(words)))
    one = Passage(
        id=f"{id}/art1",
        document=id,
        text=words,
        kind="paragraph",
        citation=f"{title}, art. 1",
        force="national-measure",
        place=place,
    )
    return Document(id=id, title=title, force="national-measure", place=place, passages=(one,))


@pytest.fixture(scope="module")
def provider():
    """Return a running identity provider."""
    made = Provider()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def guarded(root, tmp_path_factory, provider):
    """Return the app with accounts and an assessment of each of two countries."""
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "people.yaml").write_text(PEOPLE, encoding="utf-8")
    app = Served(
        root,
        folder,
        {"KB_PEOPLE": str(folder / "people.yaml"), "KB_SIGNED_IN_HOURS": "2"},
        ("--secrets.files", str(folder / "secrets.toml")),
        before=lambda app: (folder / "secrets.toml").write_text(secrets_of(provider, app.address), encoding="utf-8"),
    )
    framework = load_framework(root / "corpus" / "framework")
    with open_workspace(f"sqlite:///{app.workspace / 'workspace.sqlite'}") as ws:
        for set_id, country, by, title, words in (
            ("land", "KEN", "Ada Example", "Laws of Nairobi", "1. The pension is paid to every older person."),
            ("zim", "ZWE", "Tendai Example", "Laws of Harare", "1. The pension is a rule of Zimbabwe alone."),
        ):
            policies.create_set(ws, set_id, title, country=country, by=by)
            policies.add_policy(
                ws, set_id, act(f"{set_id}-act", f"Act of {title}", words), by=by, label="1", standing="in-force"
            )
            said = {"status": "no-evidence-found", "rationale": f"nothing, only for {title}"}
            decide(ws, framework, set_id, "R1.b", said, by=by, expected=0)
    draft = drafts.FormDraft(
        form="decide/zim/R1.a",
        tab="0" * 32,
        by="Tendai Example",
        fields={"rationale": "only for Zimbabwe"},
        base={"rationale": ""},
        at=datetime.now(UTC),
    )
    (app.workspace / "drafts").mkdir()
    (app.workspace / "drafts" / f"{'1' * 32}-{'0' * 32}.json").write_text(draft.model_dump_json(), encoding="utf-8")
    job = Job(
        id="20260101T000000000000-abcdef",
        kind="take-in",
        title="harare-plan.pdf",
        by="Tendai Example",
        given={"set": "zim"},
        asked=datetime.now(UTC),
    )
    place = app.workspace / "jobs" / job.id
    place.mkdir(parents=True)
    (place / "job.json").write_text(job.model_dump_json(), encoding="utf-8")
    ended = JobState(state="refused", ended=datetime.now(UTC), error="harare-plan.pdf is damaged")
    (place / "state.json").write_text(ended.model_dump_json(), encoding="utf-8")
    yield app
    app.stop()


@pytest.fixture
def recorded(tmp_path):
    """Return a browser that records the messages of its WebSockets."""
    opened = open_browser(tmp_path / "recorded", frames=True)
    yield opened
    opened.quit()


def frames(browser) -> str:
    """Return all messages of the WebSockets since the last call, as text."""
    found = []
    for row in browser.get_log("performance"):
        message = json.loads(row["message"])["message"]
        if message["method"] == "Network.webSocketFrameReceived":
            payload = message["params"]["response"]["payloadData"]
            try:
                found.append(base64.b64decode(payload, validate=True).decode("utf-8", "replace"))
            except ValueError:
                found.append(payload)
    return "\n".join(found)


def sign_in(browser, provider, guarded, who: str, page: str = "") -> None:
    """Open a page without being signed in, and sign in."""
    provider.who = who
    browser.get(guarded.address + page)
    element(browser, "xpath", "//button[.//p[normalize-space(.)='Sign in']]").click()
    wait_for(lambda: browser.find_elements("css selector", ".st-key-kb-who button"), "the name of who signed in")
    drawn(browser)


def test_nothing_is_shown_before_one_has_signed_in(browser, guarded):
    browser.get(guarded.address + "matrix?set=land")
    shows(browser, "This server keeps assessments for people whom its administrator has named.")
    assert "Nairobi" not in browser.page_source and not browser.find_elements("css selector", ".k-nav")
    assert violations(browser) == []


def test_no_word_of_another_country_is_in_any_message_to_the_browser(recorded, provider, guarded):
    sign_in(recorded, provider, guarded, "ada@example.org", "matrix?set=land")
    wait_for(lambda: "set=land" in recorded.current_url, "the page for which one signed in")
    shows(recorded, "Laws of Nairobi")
    text = frames(recorded)
    for page in (
        "",
        "?q=pension",
        "search?q=pension&page=1",
        "search?q=Harare",
        "read",
        "read?document=zim/zim-act",
        "read?document=zim-act",
        "passage?id=zim-act/art1",
        "assess",
        "assess?set=zim",
        "matrix?set=zim",
        "criterion?set=zim&criterion=R1.b",
        "actions?set=zim",
        "compare?set=land&sets=zim",
        "export?what=findings",
        "export?what=passages",
        "coding",
        "analysis",
        "agreement",
        "audit",
        "about",
    ):
        visit(recorded, guarded.address + page)
        while more := frames(recorded):  # what comes late is of this page, not of the next one
            text += more
            time.sleep(0.5)
        asked = page.partition("?")[2]
        for word in FOREIGN:
            seen = text.replace(f"zim/{word}", "") if word in asked else text
            assert word not in seen or word in asked, f"{word} on {page}"
        text = ""


def test_a_reader_can_decide_nothing_and_a_stranger_sees_nothing(browser, provider, guarded):
    sign_in(browser, provider, guarded, "tendai@example.org", "matrix?set=zim")
    shows(browser, "Laws of Harare")
    shows(browser, "harare-plan.pdf")
    assert "Laws of Nairobi" not in browser.page_source
    element(browser, "css selector", ".st-key-kb-who button").click()
    shows(browser, "Reader, ZWE")
    element(browser, "css selector", ".st-key-sign-out button").click()
    shows(browser, "This server keeps assessments")
    provider.who = "nobody@example.org"
    element(browser, "css selector", ".st-key-sign-in button").click()
    shows(browser, "nobody@example.org has no access here")


def test_what_is_typed_when_the_sign_in_ends_is_there_after_the_next_one(browser, provider, guarded):
    counts = 45  # seconds that this sign-in counts: a busy machine has drawn the page by then
    provider.age = 2 * 3600 - counts
    try:
        sign_in(browser, provider, guarded, "ada@example.org", "criterion?set=land&criterion=R1.a&view=decide")
        field = element(browser, "css selector", "[aria-label='Rationale']")
        wait_for(lambda: time.time() > provider.issued + counts + 1, "the end of the sign-in", 2.0 * counts)
        field.send_keys("Words that were typed too late")
        shows(browser, "Your sign-in has ended")
    finally:
        provider.age = 0.0
    element(browser, "css selector", ".st-key-sign-in button").click()
    wait_for(
        lambda: (
            browser.execute_script("return document.querySelector(\"[aria-label='Rationale']\")?.value ?? ''")
            == "Words that were typed too late"
        ),
        "the words in their field",
    )
    shows(browser, "Draft, not recorded yet")
    assert "criterion=R1.a" in browser.current_url
    hers = lambda: {one.by for one in all_drafts(guarded) if one.form != "decide/zim/R1.a"}
    wait_for(lambda: hers() == {"Ada Example"}, "the draft of her alone")


def all_drafts(guarded) -> list[drafts.FormDraft]:
    """Return every draft of the app."""
    folder = guarded.workspace / "drafts"
    return [drafts.FormDraft.model_validate_json(path.read_bytes()) for path in folder.glob("*.json")]


def test_the_administrator_checks_the_whole_log(browser, provider, guarded):
    sign_in(browser, provider, guarded, "root@example.org", "audit")
    shows(browser, "kb-log/")
    shows(browser, "Laws of Harare")
    shows(browser, "Laws of Nairobi")
    element(browser, "xpath", "//button[.//p[normalize-space(.)='Check the whole log']]").click()
    shows(browser, "Every entry is as it was written, and none is missing.")
