"""Widgets that several pages draw."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from kb.i18n import language, t, use
from kb.ui import widgets


def test_a_file_that_is_made_when_it_is_asked_for_speaks_the_language_of_the_page(monkeypatch):
    drawn = []
    monkeypatch.setattr(widgets.st, "download_button", lambda label, data, *given, **more: drawn.append(data))
    use("es")
    try:
        widgets.download("Informe", lambda: t("Report").encode(), "report.docx")
    finally:
        use("en")
    with ThreadPoolExecutor(1) as thread:  # Streamlit makes it in a thread that knows no page
        assert thread.submit(drawn[0]).result() == b"Informe"
        assert thread.submit(language).result() == "en", "and the thread is left as it was"
    assert t("Report") == "Report"


def test_a_file_that_is_there_is_given_as_it_is(monkeypatch):
    drawn = []
    monkeypatch.setattr(widgets.st, "download_button", lambda label, data, *given, **more: drawn.append(data))
    widgets.download("File", b"bytes", "file.bin")
    assert drawn == [b"bytes"]
