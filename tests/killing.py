"""Run one action again and again, kill it each time one step later, and examine what is left.

A step is anything that changes the disk: a file opened for writing, a rename, a removal, a new folder, a commit. The
action and the examination run in forked processes, so that nothing in memory survives the kill.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

_ALWAYS = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree", "os.truncate", "sqlite3.connect"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def in_child(work: Callable[[], Any]) -> tuple[int, str]:
    """Run `work` in a forked process; return its exit status and its result as JSON ('ERROR: text' if it raises)."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.close(read)
        try:
            text = json.dumps(work())
        except BaseException as error:
            text = json.dumps(f"{type(error).__name__}: {error}")
        os.write(write, text.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as stream:
        text = stream.read().decode()
    return os.waitpid(child, 0)[1], text


def _watch(step: Callable[..., None]) -> None:
    """Call `step` before everything in this process that changes the disk."""

    def hook(name: str, arguments: tuple) -> None:
        """Call `step` for an audit event that changes the disk."""
        if name in _ALWAYS or name == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING:
            step()

    sys.addaudithook(hook)
    event.listen(Engine, "commit", step)


def killed_at(number: int, act: Callable[[], Any]) -> Callable[[], Any]:
    """Return a function that runs `act` and is ended by SIGKILL before its step `number`."""

    def work() -> Any:
        """Run the action, counting its steps, and kill this process at the chosen one."""
        steps = 0

        def step(*_: object) -> None:
            """Count one step."""
            nonlocal steps
            steps += 1
            if steps == number:
                os.kill(os.getpid(), signal.SIGKILL)

        _watch(step)
        return act()

    return work


def steps_of(act: Callable[[], Any]) -> int:
    """Return the number of steps of `act` if nothing ends it."""

    def work() -> int:
        """Run the action and return the number of its steps."""
        steps = 0

        def step(*_: object) -> None:
            """Count one step."""
            nonlocal steps
            steps += 1

        _watch(step)
        act()
        return steps

    return int(in_child(work)[1])


def kill_each(
    folder: Path, act: Callable[[Path], Any], look: Callable[[Path], Any], every: int = 1, first: int = 1
) -> list[Any]:
    """Return what `look` finds after each kill, and last after a run without a kill. Kills are before step `first` and
    every `every` steps after it."""
    found, number = [], first
    while True:
        copy = folder.with_name("copy")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy)
        status, said = in_child(killed_at(number, lambda here=copy: act(here)))
        was_killed = os.WIFSIGNALED(status)
        found.append(json.loads(in_child(lambda here=copy: look(here))[1]))
        if not was_killed:
            return [*found, said]
        number += every
