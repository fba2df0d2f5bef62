"""Fixtures: pages drawn without a browser, over the corpus's toy index and an empty workspace; and the app in a
browser."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest
from ui_driving import Served, open_browser

from kb.log.store import open_workspace

SHOWN = 6000  # letters of a page that a failure prints: a whole page of results
SCRIPT = """
from kb.log.store import open_workspace
from kb.ui import pages
pages._body({name!r})()
"""


@pytest.fixture
def open_page(live_kb) -> Callable[..., AppTest]:
    """Return a function that opens a page as its address does: by its name and query keys; a list stands for a repeated
    key."""

    def opened(name: str, **query: str | list[str]) -> AppTest:
        app = AppTest.from_string(SCRIPT.format(name=name), default_timeout=60)
        for key, value in query.items():
            app.query_params[key] = value
        return app.run()

    return opened


@pytest.fixture(scope="module")
def served(root, tmp_path_factory):
    """Return the running app, which a test may stop and start again."""
    app = Served(root, tmp_path_factory.mktemp("app"))
    yield app
    app.stop()


@pytest.fixture(scope="module")
def address(served) -> str:
    """Return the address of a running app."""
    return served.address


@pytest.fixture
def browser(tmp_path):
    """Return a new Chromium; skips the test, with the reason, if there is none."""
    opened = open_browser(tmp_path / "profile")
    yield opened
    opened.quit()


@pytest.fixture
def downloads(browser, tmp_path):
    """Return the folder in which the browser stores downloads; copying is allowed, as after a click of a person."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})
    allowed = {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    browser.execute_cdp_cmd("Browser.grantPermissions", allowed)
    return folder


@pytest.fixture
def ws(served):
    """Return the workspace of the running app."""
    with open_workspace(f"sqlite:///{served.workspace / 'workspace.sqlite'}") as opened:
        yield opened


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Add to a failed browser test the address and text of each browser's page."""
    report = yield
    if report.failed:
        for name, held in getattr(item, "funcargs", {}).items():
            if hasattr(held, "execute_script"):
                with contextlib.suppress(Exception):  # a browser that is gone shows nothing
                    shown = held.execute_script("return document.body.innerText")
                    report.sections.append((f"{name} at {held.current_url}", shown[:SHOWN]))
    return report
