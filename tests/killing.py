"""Runs one act again and again, killed each time one step later, and looks at what is left.

A step is anything that changes the disk: a file opened for writing, a rename, a removal, a new folder, a commit. The
act and the look run in forked processes, so that nothing in memory survives the kill.
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
    """Exit status and output of `work` in a forked process."""
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
    """Call `step` before everything that changes the disk, in this process."""

    def hook(name: str, arguments: tuple) -> None:
        """Steps are what changes the disk."""
        if name in _ALWAYS or name == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING:
            step()

    sys.addaudithook(hook)
    event.listen(Engine, "commit", step)


def killed_at(number: int, act: Callable[[], Any]) -> Callable[[], Any]:
    """`act`, ended by SIGKILL before its step of that number."""

    def work() -> Any:
        """Count steps, and die at the one."""
        steps = 0

        def step(*_: object) -> None:
            """One more step."""
            nonlocal steps
            steps += 1
            if steps == number:
                os.kill(os.getpid(), signal.SIGKILL)

        _watch(step)
        return act()

    return work


def steps_of(act: Callable[[], Any]) -> int:
    """How many steps `act` has when nothing ends it."""

    def work() -> int:
        """Count."""
        steps = 0

        def step(*_: object) -> None:
            """One more step."""
            nonlocal steps
            steps += 1

        _watch(step)
        act()
        return steps

    return int(in_child(work)[1])


def kill_each(
    folder: Path, act: Callable[[Path], Any], look: Callable[[Path], Any], every: int = 1, first: int = 1
) -> list[Any]:
    """What `look` finds after each kill, the last one after the act that was let end."""
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
