"""The jobs of a workspace, in the order of submission: submit, list, stop, delete."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import ValidationError

from kb.config import Settings
from kb.errors import NotFound, RefusedError
from kb.files import replacing, unwritable
from kb.jobs.models import Given, Job, JobKind, JobState
from kb.models import Document

_ID = re.compile(r"\d{8}T\d{12}-[0-9a-f]{6}")
JOB, STATE, STOP, GIVEN, MADE, TEXT = "job.json", "state.json", "stop", "given", "made", "text.json"
"""Names in the folder of a job: request, state, request to stop, input file, output file, and the text that was read
but is not searchable yet."""
KEPT = timedelta(days=30)
"""How long an ended job is listed if nobody removes it: a month, after which most people are back from leave."""


def folder(settings: Settings) -> Path:
    """Return the folder of jobs: beside the database, and not part of a backup."""
    return settings.workspace / "jobs"


def submit(
    settings: Settings,
    kind: JobKind,
    title: str,
    given: Given,
    *,
    by: str,
    file: tuple[str, bytes] | None = None,
    start: Callable[[Settings], None] | None = None,
) -> Job:
    """Submit a job. It is on disk when this returns, and starts when those before it have ended.

    `given` holds its parameters, `file` the name and content of its input; `start` starts the worker process. Raises
    InputError if the folder cannot be written.
    """
    now = datetime.now(UTC)
    job = Job(id=f"{now:%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}", kind=kind, title=title, by=by, given=given, asked=now)
    place = folder(settings) / job.id
    try:
        _sweep(settings, now)
        place.mkdir(parents=True)
        if file:
            name = file_name(file[0])
            with replacing(place / GIVEN / name) as part:
                part.write_bytes(file[1])
            job = job.model_copy(update={"given": {**job.given, "file": name}})
        with replacing(place / JOB) as part:  # from here on the job is there
            part.write_text(job.model_dump_json(), encoding="utf-8")
    except OSError as error:
        raise unwritable(place, error) from error
    (start or start_worker)(settings)
    return job


def file_name(given: str) -> str:
    """Return a file name that any disk accepts: without folders and unprintable characters, shortened, with its
    extension."""
    name = "".join(each for each in given.replace("\\", "/").rpartition("/")[2] if each.isprintable())
    if not name.strip(". "):
        return "file"
    stem, ending = Path(name).stem, Path(name).suffix[:16]
    # of 255 bytes that disks take, with room for what marks a file as temporary
    return stem.encode()[: 160 - len(ending.encode())].decode(errors="ignore") + ending


def start_worker(settings: Settings) -> None:
    """Start the worker process; it ends at once if another one is running."""
    log = folder(settings) / "log"
    found = os.pathsep.join(filter(None, [str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH")]))
    with log.open("ab") as out:
        subprocess.Popen(
            [sys.executable, "-P", "-m", "kb.jobs", str(folder(settings))],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env={**os.environ, **environment(settings), "PYTHONPATH": found},
            start_new_session=True,
        )


def environment(settings: Settings) -> dict[str, str]:
    """Return the settings as environment variables, for a process that needs the same ones."""
    return {
        "KB_HOME": str(settings.home),
        "KB_CORPUS": str(settings.corpus),
        "KB_INDEXES": str(settings.indexes),
        "KB_WORKSPACE": str(settings.workspace),
        "KB_DATABASE_URL": settings.database_url,
        "KB_MODEL": settings.model,
        **({"KB_PEOPLE": str(settings.people)} if settings.people else {}),
    }


def jobs(settings: Settings) -> list[tuple[Job, JobState]]:
    """Return every job with its state, in the order of submission. A folder without a job is skipped."""
    return [(job, state_of(place)) for place in places(folder(settings)) if (job := job_of(place))]


def places(within: Path) -> list[Path]:
    """Return the folders of jobs in the folder `within`, in the order of submission."""
    try:
        return sorted(one for one in within.iterdir() if _ID.fullmatch(one.name))
    except FileNotFoundError:
        return []


def job_of(place: Path) -> Job | None:
    """Return the job in the folder `place`; None if it was not completely submitted or was deleted."""
    with contextlib.suppress(OSError, ValidationError):
        return Job.model_validate_json((place / JOB).read_bytes())
    return None


def state_of(place: Path) -> JobState:
    """Return the state of the job in the folder `place`: 'waiting' if it has not begun, 'stopped' if it was stopped
    before it began, 'failed' if its state cannot be read."""
    try:
        return JobState.model_validate_json((place / STATE).read_bytes())
    except FileNotFoundError:
        return JobState(state="stopped" if (place / STOP).exists() else "waiting")
    except (OSError, ValidationError):
        return JobState(state="failed", error="How far this job came cannot be read. Nothing else is touched.")


def write_state(place: Path, state: JobState) -> None:
    """Store the state of the job in the folder `place`."""
    with replacing(place / STATE) as part:
        part.write_text(state.model_dump_json(), encoding="utf-8")


def may_end(job: Job, by: str | None) -> bool:
    """Return whether a person may stop or delete a job: the one who submitted it, or anybody if it has no name. `by`
    None is an administrator, who may always."""
    return by is None or job.by in ("", by)


def stop(settings: Settings, id: str, *, by: str | None) -> None:
    """Request that a job stops. Unfinished work is undone; finished work stays. Raises RefusedError for another
    person's job (`may_end`)."""
    place = _place(settings, id, by)
    if not state_of(place).open:
        return
    (place / STOP).touch()
    job = job_of(place)
    if job and state_of(place).state == "stopped":  # nobody had begun it, and nobody will
        from kb.jobs.kinds import put_aside

        put_aside(job, settings)


def forget(settings: Settings, id: str, *, by: str | None) -> None:
    """Delete an ended job and its output file. What it recorded stays. A running job is left alone. Raises RefusedError
    for another person's job (`may_end`)."""
    place = _place(settings, id, by)
    if not state_of(place).open:
        shutil.rmtree(place, ignore_errors=True)


def output(settings: Settings, id: str) -> Path | None:
    """Return the output file of a job; None if it made none."""
    made = sorted((_place(settings, id) / MADE).glob("*"))
    return made[0] if made else None


def text_of(settings: Settings, id: str) -> Document | None:
    """Return the text that a job has read but not yet made searchable; None if there is none or the job has ended."""
    with contextlib.suppress(FileNotFoundError):
        return Document.model_validate_json((_place(settings, id) / TEXT).read_bytes())
    return None


def attend(settings: Settings, start: Callable[[Settings], None] | None = None) -> None:
    """Make sure that waiting jobs run. A job that was running when the machine was switched off is marked as
    interrupted, and the others start."""
    within = folder(settings)
    open_ones = [place for place in places(within) if job_of(place) and state_of(place).open]
    if not open_ones:
        return
    with contextlib.suppress(Timeout), worker_lock(within):
        for place in open_ones:
            now = state_of(place)
            if now.state == "running":
                write_state(
                    place, now.model_copy(update={"state": "interrupted", "ended": datetime.now(UTC), "error": CUT})
                )
    if any(state_of(place).state == "waiting" for place in open_ones) and not _at_work(within):
        (start or start_worker)(settings)


CUT = "The computer or the program ended before this was done. Nothing was recorded by halves. Ask for it again."


def worker_lock(within: Path) -> FileLock:
    """Return the lock that the worker process of the folder `within` holds; the caller acquires it. Acquiring raises
    Timeout at once if another process holds it."""
    within.mkdir(parents=True, exist_ok=True)
    return FileLock(within / ".worker.lock", timeout=0)


def _at_work(within: Path) -> bool:
    try:
        with worker_lock(within):
            return False
    except Timeout:
        return True


def _place(settings: Settings, id: str, by: str | None = None) -> Path:
    place = folder(settings) / id
    job = job_of(place) if _ID.fullmatch(id) else None
    if not job:
        raise NotFound(f"There is no job '{id[:60]}' any more.", do="Look at the list again.")
    if not may_end(job, by):
        raise RefusedError(f"{job.by} asked for this.", do=f"Ask {job.by}, or an administrator.")
    return place


def _sweep(settings: Settings, now: datetime) -> None:
    """Delete submissions that are incomplete after a day, and jobs that ended long ago."""
    for place in places(folder(settings)):
        state, asked = state_of(place), datetime.strptime(place.name[:21], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
        half = job_of(place) is None and now - asked > timedelta(days=1)
        if half or (not state.open and now - (state.ended or asked) > KEPT):
            shutil.rmtree(place, ignore_errors=True)
