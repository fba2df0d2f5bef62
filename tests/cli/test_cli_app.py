"""kb app: the server's command line keeps it on this machine, whatever configuration files and environment the user
has."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from kb.cli import app as module


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return the command lines that would have replaced the process."""
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


def test_an_app_with_accounts_is_started_only_where_somebody_could_sign_in(
    started: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kb.errors import InputError

    pytest.importorskip("authlib", reason="needs the extra accounts")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KB_PEOPLE", "people.yaml")
    Path("people.yaml").write_text("people:\n  a@example.org: {name: Ada, everywhere: true}\n", encoding="utf-8")
    done = CliRunner().invoke(module.command, ["--no-build"])
    assert isinstance(done.exception, InputError) and "secrets.toml" in str(done.exception) and not started
    Path(".streamlit").mkdir()
    values = ("client_id", "client_secret", "cookie_secret", "server_metadata_url")
    lines = ["[auth]", 'redirect_uri = "http://localhost:8501/oauth2callback"', *(f'{each} = "x"' for each in values)]
    Path(".streamlit/secrets.toml").write_text("\n".join(lines), encoding="utf-8")
    done = CliRunner().invoke(module.command, ["--no-build"])
    assert done.exit_code == 0 and "1 person may sign in" in done.output and len(started) == 1
