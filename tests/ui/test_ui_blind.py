"""People who work independently: no page shows one of them what the other wrote."""

from __future__ import annotations

from ui_reading import html_of, said

from kb.assessment import policies
from kb.assessment.double import give_opinion, open_double
from kb.ui import resources


def test_the_log_and_the_file_to_take_away_keep_an_open_blind_sheet_back(open_page, live_kb):
    ws, framework = resources.workspace(), resources.framework()
    policies.create_set(ws, "land", "Land", country="KEN", by="Cy")
    open_double(ws, framework, "land", "R2.a", ("Ana", "Ben"), by="Cy", expected=0)
    sheet = {"status": "contrary", "rationale": "secret of Ana"}
    give_opinion(ws, framework, "land", "R2.a", sheet, by="Ana", expected=1, done=True)
    page = html_of(open_page("audit"))
    assert "secret of Ana" not in page and "set to contrary" not in page
    assert "Not shown yet: people work apart" in page
    assert "until both have handed in: sheets of R2" in said(open_page("assess", set="land"))
