"""The strip of long work: everybody sees that it runs, and only who asked for it is offered to stop it."""

from __future__ import annotations

import pytest
from ui_reading import said

from kb.config import settings
from kb.jobs import submit


@pytest.fixture
def running(open_page):
    """A job of Ada's that waits; gives its id."""
    return submit(settings(), "build", "The act", {}, by="Ada Example", start=lambda _: None).id


@pytest.mark.parametrize(("who", "may"), [("Ada Example", True), ("Ben Example", False), ("", False)])
def test_only_who_asked_for_long_work_is_offered_to_stop_it(open_page, running, monkeypatch, who, may):
    monkeypatch.setattr("kb.jobs.attend", lambda settings: None)
    page = open_page("about")
    page.text_input(key="by").set_value(who).run()
    assert "The act" in said(page), "everybody sees that it runs"
    assert any(one.key == f"stop-{running}" for one in page.button) is may
    assert ("asked for by Ada Example" in said(page)) is not may
