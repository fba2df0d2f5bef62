"""The list of running jobs: everybody sees that they run, and only the person who submitted one may stop it."""

from __future__ import annotations

import ast
import time

import pytest
import streamlit as st
from ui_reading import said

from kb.assessment import policies
from kb.config import settings
from kb.errors import NotFound
from kb.i18n import speaking
from kb.jobs import queue, submit
from kb.jobs.models import JobState, Step
from kb.models import Document, Passage, Place
from kb.ui import read, resources, work
from kb.ui.job_titles import title_of


@pytest.fixture
def running(open_page):
    """Submit a job of Ada's that waits; return its id."""
    return submit(settings(), "add-text", "The act", {"official": "crpd"}, by="Ada Example", start=lambda _: None).id


@pytest.mark.parametrize(("who", "may"), [("Ada Example", True), ("Ben Example", False), ("", False)])
def test_only_who_asked_for_long_work_is_offered_to_stop_it(open_page, running, monkeypatch, who, may):
    monkeypatch.setattr("kb.jobs.attend", lambda settings: None)
    page = open_page("assess")
    page.text_input(key="by").set_value(who).run()
    assert "The act" in said(page), "everybody sees that it runs"
    assert any(one.key == f"stop-{running}" for one in page.button) is may
    assert ("asked for by Ada Example" in said(page)) is not may


def test_a_page_that_asks_for_no_name_asks_while_long_work_is_listed(open_page):
    """Its result is only for the person who asked for it, whose name another browser does not know."""

    def asks(page) -> bool:
        return any(one.key == "by" for one in page.text_input)

    assert not asks(open_page("search"))
    submit(settings(), "add-text", "The act", {"official": "crpd"}, by="Ada Example", start=lambda _: None)
    assert asks(open_page("search"))


WAITS = "Long work has ended here. Write your name at the top right"


def test_a_page_says_why_it_asks_for_a_name_and_shows_the_result_to_whoever_asked_and_comes_back(open_page):
    page = open_page("search")
    assert WAITS not in said(page), "nothing is listed: no name is asked for"
    job = submit(settings(), "add-text", "The act", {"official": "crpd"}, by="Ada Example", start=lambda _: None)
    queue.write_state(queue.folder(settings()) / job.id, JobState(state="done", result={"document": "crpd"}))
    page = open_page("search")
    assert WAITS in said(page) and "The act" not in said(page)
    for name, hers in (("Ben Example", False), ("Ada Example", True)):
        page.text_input(key="by").set_value(name).run()
        assert ("The act" in said(page)) is hers and WAITS not in said(page)
        assert any(one.key == "by" for one in page.text_input), "the field stays where it is"


ASKED = {
    "export": ("commitments", {"request": '{"kind": "commitments"}', "format": "xlsx"}),
    "build": ("index", {}),
    "sample": ("sample", {}),
    "report": ("Laws of Nairobi, Laws of Harare", {"format": "zip", "name": "land.zip", "compared": True}),
}
TITLES = {
    "en": (
        "Commitments, Excel workbook",
        "The index",
        "The sample",
        "Comparison: Laws of Nairobi, Laws of Harare, All of these (ZIP)",
    ),
    "es": (
        "Compromisos, Libro de Excel",
        "El índice",
        "El ejemplo",
        "Comparación: Laws of Nairobi, Laws of Harare, Todos juntos (ZIP)",
    ),
    "fr": (
        "Engagements, Classeur Excel",
        "L’index",
        "L’exemple",
        "Comparaison : Laws of Nairobi, Laws of Harare, Tous ensemble (ZIP)",
    ),
}


@pytest.mark.parametrize("spoken", TITLES)
def test_long_work_is_called_by_the_words_of_who_reads_and_not_of_who_asked(live_kb, spoken):
    with speaking("fr" if spoken == "en" else "en"):
        asked = [
            submit(settings(), kind, title, given, by="Ada Example", start=lambda _: None)
            for kind, (title, given) in ASKED.items()
        ]
    with speaking(spoken):
        assert tuple(map(title_of, asked)) == TITLES[spoken]


PEOPLE = """
people:
  ada@example.org: {name: Ada Example, role: officer, countries: [KEN]}
  kip@example.org: {name: Kip Example, role: officer, countries: [KEN]}
  tendai@example.org: {name: Tendai Example, role: officer, countries: [ZWE]}
  rita@example.org: {name: Rita Example, role: administrator, everywhere: true}
  rolf@example.org: {name: Rolf Example, role: administrator, countries: [ZWE]}
"""
WORDS = "The pension is a secret of Nairobi."


@pytest.fixture
def asked(open_page, monkeypatch, tmp_path):
    """Switch accounts on; return a function that signs a person in, and the job of Ada's whose text is read already,
    but not recorded yet."""
    policies.create_set(resources.workspace(), "land", "Laws of Nairobi", country="KEN", by="Ada Example")
    job = submit(settings(), "take-in", "nairobi.pdf", {"set": "land"}, by="Ada Example", start=lambda _: None)
    where = Place(file="nairobi.pdf", sha256="0" * 64, lines=(1, 1), chars=(0, len(WORDS)))
    passage = Passage(
        id="nairobi/p1",
        document="nairobi",
        text=WORDS,
        kind="paragraph",
        citation="Act of Nairobi, p. 1",
        force="national-measure",
        place=where,
    )
    text = Document(id="nairobi", title="Act of Nairobi", force="national-measure", place=where, passages=(passage,))
    place = queue.folder(settings()) / job.id
    (place / queue.TEXT).write_text(text.model_dump_json(), encoding="utf-8")
    queue.write_state(place, JobState(state="running", step=Step.READING, result={"text": "Act of Nairobi"}))
    monkeypatch.setattr("kb.jobs.attend", lambda settings: None)
    (tmp_path / "people.yaml").write_text(PEOPLE, encoding="utf-8")
    monkeypatch.setenv("KB_PEOPLE", str(tmp_path / "people.yaml"))

    def sign_in(name: str) -> None:
        """Sign a person in, by the first part of the address."""
        claims = {"is_logged_in": True, "email": f"{name}@example.org", "email_verified": True}
        monkeypatch.setattr(st, "user", {**claims, "iat": time.time() - 60})

    return sign_in, job


@pytest.mark.parametrize(
    ("who", "sees"), [("ada", True), ("kip", True), ("rita", True), ("tendai", False), ("rolf", False)]
)
def test_a_text_that_is_read_is_opened_by_its_address_only_by_who_may_see_the_assessment(open_page, asked, who, sees):
    sign_in, job = asked
    sign_in(who)
    page = open_page("read", document=f"-/{job.id}")
    assert (WORDS in said(page)) is sees
    assert ("nairobi" in said(page).casefold().replace(job.id, "")) is sees, "not its title, nor the file's name"


def test_nothing_opens_a_text_of_a_job_that_the_person_may_not_see(asked, monkeypatch):
    sign_in, job = asked
    sign_in("tendai")
    with pytest.raises(NotFound):
        read._being_read(job.id)
    sign_in("ada")
    assert read._being_read(job.id)[0].text == WORDS


def test_who_has_lost_a_country_no_longer_sees_files_that_were_made_of_it(asked, tmp_path, monkeypatch):
    sign_in, _ = asked
    sign_in("ada")
    made = work.ask("export", "commitments", {"request": '{"kind": "commitments"}', "format": "csv"}, by="Ada Example")
    queue.write_state(queue.folder(settings()) / made.id, JobState(state="done", result={"file": "land.csv"}))
    assert made.id in {job.id for job, _ in work.shown()}
    sign_in("kip")
    assert made.id not in {job.id for job, _ in work.shown()}, "a colleague's file"
    (tmp_path / "fewer.yaml").write_text(PEOPLE.replace("officer, countries: [KEN]", "officer, countries: [UGA]"))
    monkeypatch.setenv("KB_PEOPLE", str(tmp_path / "fewer.yaml"))
    sign_in("ada")
    assert made.id not in {job.id for job, _ in work.shown()}


def test_what_is_drawn_alone_speaks_the_language_of_the_page(root):
    """A part of a page that is drawn again by itself does not pass through the page, which sets the language."""
    alone, silent = 0, []
    for path in sorted((root / "kb" / "ui").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        made = {one.name: one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.fragment":
                alone += 1
                drawn = made[ast.unparse(node.args[0])]
                said = [
                    ast.unparse(one) for one in drawn.body if not ast.get_docstring(drawn) or one is not drawn.body[0]
                ]
                silent += [f"{path.name}:{drawn.name}"] * (said[0] != "browser.speak()")
    assert alone >= 2 and silent == []
