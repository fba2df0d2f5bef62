"""The entry point of the command `kb`. A search goes to the warm helper if a person started it (`kb warm`), or set
KB_WARM=auto so that searches may start it."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; see `kb.cli.main.main`."""
    from kb.warm.client import ask, may_start

    code = ask(sys.argv[1:])
    if code is not None:
        sys.exit(code)
    from kb.cli import main as run

    if sys.argv[1:2] != ["search"] or not may_start():
        run()
        return
    try:
        run()
    except SystemExit as end:
        if end.code:
            raise
    sys.stdout.flush()  # answer first; the rest is for the next search
    from kb.cli.warm import start_beside

    start_beside()
