"""The list of running jobs: everybody sees that they run, and only the person who submitted one may stop it."""

from __future__ import annotations

import pytest
from ui_reading import said

from kb.config import settings
from kb.i18n import speaking
from kb.jobs import submit
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
