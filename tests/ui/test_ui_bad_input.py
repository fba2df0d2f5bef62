"""Errors in a browser: addresses of deleted things, a workspace of a newer version, no index, script in names. Each
gives a sentence in its place; no page ends in a traceback, and nothing else is shown instead."""

from __future__ import annotations

import sqlite3

import pytest
from ui_reading import html_of, said

from kb.assessment import policies
from kb.coding import codes
from kb.config import settings
from kb.sources import keep
from kb.sources.library import document_of
from kb.ui import resources
from kb.ui.bar import _assessment

ADA = "Ada Example"
EVIL = '<script>alert("x")</script> & <img src=x onerror=alert(1)>'


@pytest.fixture
def gone(live_kb):
    """Create an assessment and a project that are deleted, beside ones that are not."""
    ws = resources.workspace()
    for id in ("land", "roads"):
        policies.create_set(ws, id, id.title(), by=ADA, country="KEN")
        codes.open_session(ws, id, [ADA], codebook="1", by=ADA, sample=["mipaa/para1"])
    policies.change_set(ws, "land", {"removed": True}, by=ADA, expected=policies.policy_set(ws, "land").version)
    codes.change_session(ws, "land", {"removed": True}, by=ADA, expected=1)
    return ws


@pytest.mark.parametrize(
    "page", ["assess", "matrix", "criterion", "checks", "changes", "actions", "compare", "report", "export"]
)
def test_an_address_of_a_deleted_assessment_says_so_and_shows_no_other(open_page, gone, page):
    query = {"what": "findings"} if page == "export" else {"criterion": "R1.a"} if page == "criterion" else {}
    app = open_page(page, set="land", **query)
    assert not app.exception
    assert any("land" in one.value for one in (*app.error, *app.warning)), "the page says what is not there"
    assert "Roads" not in "".join(one.value for one in app.title), "another is never shown in its place"
    assert len(app.title) == 1, "the page has its heading"
    assert _assessment(page, "roads") and not _assessment(page, "land"), "no progress and no tabs of what is gone"


@pytest.mark.parametrize("page", ["coding", "codebook", "agreement", "analysis"])
def test_an_address_of_a_deleted_project_ends_in_no_trace(open_page, gone, page):
    assert not open_page(page, session="land").exception


def test_a_workspace_of_a_newer_version_is_named_and_not_touched(open_page, live_kb):
    resources.workspace()
    file = settings().workspace / "workspace.sqlite"
    with sqlite3.connect(file) as db:
        table = db.execute("select name from sqlite_master where name like '%version%'").fetchone()[0]
        column = db.execute(f"select name from pragma_table_info('{table}')").fetchone()[0]
        db.execute(f"update {table} set {column} = 'from-the-future'")
    resources._workspace.clear()
    app = open_page("assess")
    assert not app.exception and app.error, "a sentence in place of the page"
    with sqlite3.connect(file) as db:
        assert db.execute(f"select {column} from {table}").fetchone()[0] == "from-the-future"


def test_script_in_names_titles_and_addresses_is_text(open_page, live_kb):
    ws = resources.workspace()
    policies.create_set(ws, "evil", EVIL, by=EVIL, country="KEN")
    codes.open_session(ws, "round", [EVIL], codebook="1", by=EVIL, sample=["mipaa/para1"])
    codes.change_session(ws, "round", {"title": EVIL}, by=EVIL, expected=1)
    views = [("assess", {}), ("matrix", {"set": "evil"}), ("agreement", {"session": "round"}), ("search", {"q": EVIL})]
    for page, query in [*views, ("audit", {}), ("passage", {"id": EVIL})]:
        app = open_page(page, **query)
        shown = html_of(app)
        assert not app.exception and "<script>" not in shown and "<img src=x" not in shown, page


def test_script_in_an_uploaded_text_and_in_a_memo_is_text(open_page, live_kb, tmp_path):
    ws = resources.workspace()
    file, library = tmp_path / "act.txt", tmp_path / "library"
    file.write_text(f"Evil Act\n\n1 Purpose\n\nEvery older person has a pension {EVIL}.\n", "utf-8")
    policies.create_set(ws, "evil", "Evil", by=ADA, country="KEN")
    record = keep.add_policy(
        file, library, id="act", title=EVIL, country="KEN", language="en", status="in-force", date="2019"
    )
    policies.add_policy(ws, "evil", document_of(record, library), by=ADA, label="1", standing="in-force")
    passage = next(one for one in resources.searcher().index.store.passages("mipaa") if one.kind != "heading")
    codes.open_session(ws, "round", [ADA], codebook="1", by=ADA, sample=[passage.id])
    codes.add_code(ws, passage, "group", "older-persons", by=ADA, codebook="1", session="round", memo=EVIL)
    views = [
        ("read", {"document": "evil/act"}),
        ("criterion", {"set": "evil", "criterion": "R1.a"}),
        ("coding", {"session": "round"}),
        ("passage", {"id": passage.id}),
    ]
    for page, query in views:
        app = open_page(page, **query)
        shown = html_of(app)
        assert not app.exception and "<script>" not in shown and "<img src=x" not in shown, page


def test_a_link_to_an_assessment_that_was_renamed_opens_it_under_its_new_name(open_page, gone):
    policies.change_set(
        gone, "roads", {"title": "Streets"}, by=ADA, expected=policies.policy_set(gone, "roads").version
    )
    app = open_page("matrix", set="roads")
    assert not app.exception and "Streets" in said(app) + html_of(app)


def test_without_an_index_each_page_says_what_to_do(open_page, live_kb, monkeypatch, tmp_path):
    monkeypatch.setenv("KB_INDEXES", str(tmp_path / "none"))
    for page, query in (("search", {"q": "pension"}), ("read", {"document": "mipaa"}), ("coding", {})):
        app = open_page(page, **query)
        assert not app.exception and "kb build" in said(app), page
