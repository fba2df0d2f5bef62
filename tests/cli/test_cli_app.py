"""kb app: the server's command line keeps it on this machine, whatever its starter's files and environment say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from kb.cli import app as module


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Command lines that would replace the process."""
    lines: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _, command: lines.append(command))
    return lines


def test_the_server_is_bound_to_this_machine_and_silent(started: list[list[str]], root: Path) -> None:
    done = CliRunner().invoke(module.command, ["--no-build", "--port", "8600"])
    assert done.exit_code == 0, done.output
    flags = dict(flag.removeprefix("--").split("=") for flag in started[0] if flag.startswith("--"))
    assert str(root / "app.py") in started[0]
    assert flags["server.address"] == "localhost" and flags["server.port"] == "8600"
    assert (
        flags["browser.gatherUsageStats"]
        == flags["server.showEmailPrompt"]
        == flags["server.enableAgentApi"]
        == "false"
    )


def test_a_port_that_needs_rights_is_refused(started: list[list[str]]) -> None:
    assert CliRunner().invoke(module.command, ["--port", "80"]).exit_code == 2 and started == []


def test_streamlit_finds_the_guarded_app_in_the_start_file(root: Path) -> None:
    from streamlit.web.server.app_discovery import discover_asgi_app

    found = discover_asgi_app(root / "app.py")
    assert found.is_asgi_app and found.import_string == "app:app"
