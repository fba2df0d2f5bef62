"""How a long command reports its work: plain lines on standard error, nothing on standard output."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

Say = Callable[[str], None]
Progress = Callable[[str, int, int], None]

EVERY = 5.0
"""Minimum number of seconds between two lines of one step, so that 3,000 passages do not give 3,000 lines."""
SILENT = 10.0
"""Number of seconds without a line after which a step is reported as still running: people then begin to think that it
has failed."""
STEPS = {"tag": "finding subjects, text", "pages": "page", "clauses": "clause", "file": "file"}
"""Words for the steps of a build and of reading; the steps of models are named `embed (NAME)`."""


def _words(step: str) -> str:
    """Return a step of a build in words: 'embed (english)' is 'embedding, english'."""
    return step.replace("embed (", "embedding, ").rstrip(")")


class ProgressReport:
    """The progress report of one command: which step is running and how far it is. A line that begins with `!` (a file
    left out) is always printed."""

    def __init__(self, shows: bool) -> None:
        self.shows = shows
        self.is_muted = False
        self._lock, self._over = threading.Lock(), threading.Event()
        self._now, self._step, self._begun, self._last = "", "", 0.0, time.monotonic()

    def begin(self, line: str) -> None:
        """Keep the line for `watch`, which prints it only if the work takes long."""
        self._now, self._begun = line, time.monotonic()

    def say(self, line: str) -> None:
        """Print a line: the step that begins, or the result of a step."""
        with self._lock:
            self._now, self._step, self._begun = line, "", time.monotonic()
            if self.shows or line.startswith("!"):
                self._echo(line if line.startswith("!") else f"==> {line}")

    def progress(self, step: str, done: int, total: int) -> None:
        """Report how much of a step is done; a line is printed only now and then, with the time left."""
        with self._lock:
            now, words = time.monotonic(), STEPS.get(step) or _words(step)
            if step != self._step:
                self._step, self._now, self._begun = step, words, now
            if self.shows and total and now - self._last >= EVERY:
                spent = now - self._begun
                left = f", about {spent / done * (total - done):.0f} s left" if 0 < done < total and spent >= 1 else ""
                self._echo(f"    {words}: {done} of {total}{left}")

    def watch(self) -> None:
        """Report that a step is still running, until the work is over."""
        while not self._over.wait(SILENT / 2):
            with self._lock:
                if self._now and not self.is_muted and time.monotonic() - self._last >= SILENT:
                    self._echo(f"    still at it: {self._now}, {time.monotonic() - self._begun:.0f} s")

    def end(self) -> None:
        """Stop the reports that a step is still running."""
        self._over.set()

    def _echo(self, line: str) -> None:
        """Print a line; the stream's guard escapes the texts in it."""
        self._last = time.monotonic()
        click.echo(line, err=True)


_REPORTING: list[ProgressReport] = []
"""The reports that are active now, the innermost last; only that one prints."""


def is_quiet() -> bool:
    """Return whether the option `kb --quiet` was given."""
    context = click.get_current_context(silent=True)
    asked = context.find_root().obj if context else None
    return bool(isinstance(asked, dict) and asked.get("quiet"))


@contextmanager
def telling(shows: bool = True, begin: str = "", *, late: bool = False) -> Iterator[tuple[Say, Progress]]:
    """Return a context manager for the progress report of long work. Its value is two functions: one prints a line of
    text, the other is called with `(step, done, total)`.

    With `kb --quiet`, or without `shows` (a command that prints JSON), only files that a build leaves out are reported.
    `begin` is printed first; with `late`, only when the work has taken long.
    """
    progress_lines = ProgressReport(shows and not is_quiet())
    if begin:
        (progress_lines.begin if late else progress_lines.say)(begin)
    with _one_voice(progress_lines):
        watcher = _watcher(progress_lines) if progress_lines.shows else None
        try:
            yield progress_lines.say, progress_lines.progress
        finally:
            progress_lines.end()
            if watcher:
                watcher.join()


def _watcher(progress_lines: ProgressReport) -> threading.Thread | None:
    """Start the thread that reports that the work is still running, and return it; None if no thread can be started, in
    which case there are no such reports."""
    watcher = threading.Thread(target=progress_lines.watch, daemon=True, name="telling")
    try:
        watcher.start()
    except RuntimeError:
        return None
    return watcher


@contextmanager
def _one_voice(progress_lines: ProgressReport) -> Iterator[None]:
    """Return a context manager that silences all other progress reports while this one is active."""
    around = [each for each in _REPORTING if not each.is_muted]
    for each in around:
        each.is_muted = True
    _REPORTING.append(progress_lines)
    try:
        yield
    finally:
        _REPORTING.remove(progress_lines)
        for each in around:
            each.is_muted = False


def confirm(question: str, *, abort: bool = False, err: bool = False) -> bool:
    """Ask a person for yes or no, as click does; no progress is printed meanwhile."""
    with _one_voice(ProgressReport(shows=False)):
        return click.confirm(question, abort=abort, err=err)
