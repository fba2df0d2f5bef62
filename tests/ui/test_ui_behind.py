"""A library that differs from the one of the index is reported on the search page, as in commands."""

from types import SimpleNamespace

import pytest
from ui_reading import said

from kb.i18n import use
from kb.ui import accounts, behind

FOUND = ("library/official/crpd.md (altered)", "library/policies/a.pdf (new)")


@pytest.fixture
def changed(monkeypatch):
    monkeypatch.setattr(behind, "library_behind", lambda settings: FOUND)


def test_a_library_as_it_was_says_nothing(open_page):
    assert "are not what these answers" not in said(open_page("search", q="pension"))


def test_each_changed_file_is_named_with_what_to_do(open_page, changed):
    app = open_page("search", q="pension")
    told = said(app)
    assert "2 files of the library are not what these answers are made of." in told
    assert "official/crpd.md (altered)" in told.replace("\\", "") and "policies/a.pdf (new)" in told.replace("\\", "")
    assert app.button(key="build-behind").label == "Build the index"


def test_who_may_not_see_every_country_reads_no_name_of_a_file(open_page, changed, monkeypatch):
    monkeypatch.setattr(accounts, "person", lambda: SimpleNamespace(everywhere=False))
    monkeypatch.setattr(behind.accounts, "on", lambda: True)
    shown: list[str] = []
    monkeypatch.setattr(behind.st, "warning", lambda words, icon: shown.append(words))
    monkeypatch.setattr(behind.st, "button", lambda *given, **more: False)
    behind.show_behind()
    assert "2 files" in shown[0] and "crpd" not in shown[0] and "a.pdf" not in shown[0]


def test_what_became_of_a_file_is_said_in_the_language_of_the_reader():
    use("es")
    try:
        assert behind._words(FOUND[1]) == "library/policies/a.pdf (nuevo)"
    finally:
        use("en")
