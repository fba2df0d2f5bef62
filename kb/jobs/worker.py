"""The worker process, which runs the jobs one after another. Each job has its own process, which can be stopped or
crash without affecting the others."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from filelock import Timeout

from kb.config import settings
from kb.jobs.models import JobState, Step
from kb.jobs.queue import STOP, job_of, places, state_of, worker_lock, write_state

POLL = 0.2
"""Seconds between two checks of a running job: short enough for a person who waits, long enough to stay idle."""
PATIENCE = 10.0
"""Seconds that a stopped job may take to end before it is killed."""


def drain(within: Path) -> None:
    """Run the waiting jobs in the folder `within` until there are none; do nothing if another worker is running."""
    while _waiting(within):
        try:
            with worker_lock(within):
                while held := _waiting(within):
                    carry_out(held[0])
        except Timeout:  # whoever holds it looks again before it ends
            return


def _waiting(within: Path) -> list[Path]:
    return [place for place in places(within) if job_of(place) and state_of(place).state == "waiting"]


def carry_out(place: Path) -> None:
    """Run the job in the folder `place` in a process of its own, and record how it ended."""
    write_state(place, JobState(state="running", step=Step.WAITING, began=datetime.now(UTC)))
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "kb.jobs", "--one", str(place)], stdin=subprocess.DEVNULL, start_new_session=True
    )
    while process.poll() is None:
        if (place / STOP).exists():
            _kill(process)
            break
        time.sleep(POLL)
    if not state_of(place).open:
        return
    if (place / STOP).exists():
        _end(place, "stopped")
    else:
        code = process.returncode
        what = f"was ended by the system (signal {-code})" if code < 0 else f"ended without a result ({code})"
        _end(
            place,
            "failed",
            f"The program that did this {what}; memory may have run out. Nothing was recorded by halves.",
        )
    _undo(place)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the process of a job and its child processes: by SIGTERM, so that it can clean up, or by SIGKILL if it has
    not ended after PATIENCE seconds."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGTERM) if hasattr(os, "killpg") else process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
        process.wait()


def _end(place: Path, state: str, error: str = "") -> None:
    now = state_of(place).model_dump()
    write_state(place, JobState.model_validate({**now, "state": state, "ended": datetime.now(UTC), "error": error}))


def _undo(place: Path) -> None:
    """Undo what was begun for the job in the folder `place`, which did not succeed."""
    from kb.jobs.kinds import put_aside

    job = job_of(place)
    if job:
        put_aside(job, settings())
