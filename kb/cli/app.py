"""kb app: build what is missing and open the app in the browser."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import click

from kb.amounts import some
from kb.errors import DataError
from kb.files import allow_many_open


@click.command("app", epilog="Example: kb app --port 8600")
@click.option(
    "--port",
    type=click.IntRange(1024, 65535),
    default=8501,
    show_default=True,
    help="Port on this machine, e.g. 8501 for http://localhost:8501.",
)
@click.option("--no-browser", is_flag=True, help="Print the address, but do not open a browser.")
@click.option("--no-build", is_flag=True, help="Do not build the index first; use the one that exists.")
def command(port: int, no_browser: bool, no_build: bool) -> None:
    """Open the app in the browser, after building the index if it is missing or out of date. The app runs on this
    machine until Ctrl-C."""
    script = start_file()
    if not script.is_file():
        raise DataError(
            "the app's start file is not here.", where=str(script), do="Run kb app from a copy of the repository."
        )
    if importlib.util.find_spec("streamlit") is None:
        raise ModuleNotFoundError("streamlit is not installed", name="streamlit")
    _look_at_accounts()
    if not no_build:
        from kb.cli.build import command as build

        build.main(["--if-stale"], standalone_mode=False)
    allow_many_open()
    click.echo("==> opening the app (stop it with Ctrl-C)", err=True)
    os.execv(sys.executable, server_command(script, port, no_browser))


def _look_at_accounts() -> None:
    """Raise InputError, before a server starts, for accounts with which nobody could sign in, so that no visitor is the
    first to find out. Otherwise print how many people may sign in. Do nothing without accounts."""
    from kb.config import settings
    from kb.workspace.sign_in import look

    people = settings().people
    if people is None or os.environ.get("STREAMLIT_SECRETS_FILES"):  # the sign-in is kept elsewhere: not looked at
        return
    if importlib.util.find_spec("authlib") is None:
        raise ModuleNotFoundError("authlib is not installed", name="authlib")
    found = look(people, os.environ.get("KB_APP_NAMES", "").split(), (Path.cwd(), Path.home()))
    click.echo(f"==> accounts are on: {some(len(found.people), 'person', 'people')} may sign in", err=True)


def start_file() -> Path:
    """Return the app's start file: the one inside a wheel, else the checkout's."""
    package = Path(__file__).resolve().parents[1]
    carried = package / "_app.py"
    return carried if carried.is_file() else package.parent / "app.py"


def server_command(script: Path, port: int, no_browser: bool) -> list[str]:
    """Return the server's command line. Its flags override the user's configuration files and environment.

    The server is a new program, so that Streamlit is imported with the settings of `kb.privacy` already in its
    environment.
    """
    flags = {
        "server.address": "localhost",
        "server.port": str(port),
        "server.headless": str(no_browser).lower(),
        "browser.gatherUsageStats": "false",
        "server.showEmailPrompt": "false",
        "server.enableAgentApi": "false",
        "server.fileWatcherType": "none",
        "runner.postScriptGC": "false",  # after every click it took as long as a search
    }
    return [
        sys.executable,
        "-P",
        "-m",
        "streamlit",
        "run",
        str(script),
        *(f"--{name}={value}" for name, value in flags.items()),
    ]
