"""The command `kb`: one file per command, loaded only when it is called."""

from kb.cli.main import main

__all__ = ["main"]
