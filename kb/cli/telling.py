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
"""Least seconds between two lines of one step; a line for each of 3,000 passages would be too many."""
SILENT = 10.0
"""Seconds of silence after which a step is reported as still running; with more, people think that it has failed."""
STEPS = {"tag": "finding subjects, text", "pages": "page", "clauses": "clause", "file": "file"}
"""Words for the steps of a build and of reading; the steps of models are `embed (NAME)`."""


def _words(step: str) -> str:
    """Return a step of a build in words: 'embed (english)' is 'embedding, english'."""
    return step.replace("embed (", "embedding, ").rstrip(")")


class Telling:
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


_TOLD: list[Telling] = []
"""The objects that report at present, the innermost last; only that one prints."""


def is_quiet() -> bool:
    """Return whether the option `kb --quiet` was given."""
    context = click.get_current_context(silent=True)
    asked = context.find_root().obj if context else None
    return bool(isinstance(asked, dict) and asked.get("quiet"))


@contextmanager
def telling(shows: bool = True, begin: str = "", *, late: bool = False) -> Iterator[tuple[Say, Progress]]:
    """Give two functions that report a long work while it goes on: one takes a line of text, the other takes
    `(step, done, total)`.

    With `kb --quiet`, or without `shows` (a command that prints JSON), only files that a build leaves out are reported.
    `begin` is printed first; with `late` it is printed only when the work has taken long.
    """
    progress_lines = Telling(shows and not is_quiet())
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


def _watcher(progress_lines: Telling) -> threading.Thread | None:
    """Start the thread that reports that the work goes on; None if the machine has no room for a thread, and the
    work goes on without it."""
    watcher = threading.Thread(target=progress_lines.watch, daemon=True, name="telling")
    try:
        watcher.start()
    except RuntimeError:
        return None
    return watcher


@contextmanager
def _one_voice(progress_lines: Telling) -> Iterator[None]:
    """Silence all other progress lines while these are shown."""
    around = [each for each in _TOLD if not each.is_muted]
    for each in around:
        each.is_muted = True
    _TOLD.append(progress_lines)
    try:
        yield
    finally:
        _TOLD.remove(progress_lines)
        for each in around:
            each.is_muted = False


def confirm(question: str, *, abort: bool = False, err: bool = False) -> bool:
    """Ask a person for yes or no, as click does; no progress is printed meanwhile."""
    with _one_voice(Telling(shows=False)):
        return click.confirm(question, abort=abort, err=err)
