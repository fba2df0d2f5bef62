"""The command `kb`: one file per command, imported only when the command is called."""

from kb.cli.main import main

__all__ = ["main"]
