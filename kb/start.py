"""Where the program `kb` begins: a search is handed to the warm helper where a person started one (`kb warm`)."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; see `kb.cli.main.main`."""
    from kb.warm.client import ask

    code = ask(sys.argv[1:])
    if code is not None:
        sys.exit(code)
    from kb.cli import main as run

    run()
