"""All errors that a user may see, with one base class. A message says what is wrong, where, and what to do next; exit
codes are defined here.

Numbers: exit codes of the command, one for each kind of error, so that a script can tell them apart; 74 is EX_IOERR of
sysexits.h.
"""

from __future__ import annotations


class KBError(Exception):
    """The base class of every error that a user may see; `exit_code` is the exit code of the command line."""

    exit_code = 1
    field = ""
    """Name of the form field with the wrong value, '' when the error is not about one field (used by
    `kb.ui.shell.at`)."""

    def __init__(self, what: str, *, where: str = "", do: str = "") -> None:
        super().__init__(what)
        self.what, self.where, self.do = what, where, do

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        stop = "." if self.do and not self.what.endswith((".", "!", "?", ":")) else ""
        action = f"{stop} {self.do}" if self.do else ""
        return f"{place}{self.what}{action}"


class InputError(KBError):
    """Raised for a file, query or option that cannot be used as given."""

    exit_code = 2


class QueryError(InputError):
    """Raised for a query that cannot be parsed; `column` is the 1-based position in it. For an error in a filter given
    beside the query, `where` is that filter as given."""

    def __init__(self, what: str, *, column: int, where: str = "", do: str = "") -> None:
        super().__init__(what, where=where or f"column {column}", do=do)
        self.column = column


class DataError(KBError):
    """Raised when the corpus, a register entry, the framework or the taxonomy is invalid."""

    exit_code = 3


class IndexError_(KBError):
    """Raised when the index is missing, stale, incomplete, of another build or locked."""

    exit_code = 4


class RefusedError(KBError):
    """Raised when a rule of the workspace or a safety limit forbids the action. In its message the location comes last,
    in brackets."""

    exit_code = 5

    def __str__(self) -> str:
        message = str(KBError(self.what, do=self.do))
        return f"{message} ({self.where})" if self.where else message


class NotFound(KBError):
    """Raised when nothing has this identifier or citation."""

    exit_code = 6


class WorkspaceError(KBError):
    """Raised when the workspace's database is locked, full, read-only, unreadable, newer than this program or
    unreachable."""

    exit_code = 7


class LowMemory(KBError, MemoryError):
    """Raised when the machine has too little memory for an action; this is checked before the action begins."""

    exit_code = 74
