"""Submitting, listing, stopping and deleting jobs; no process is started here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kb.config import settings
from kb.errors import NotFound, RefusedError
from kb.jobs import Job, attend, forget, jobs, may_end, stop, submit
from kb.jobs.models import JobState
from kb.jobs.queue import GIVEN, JOB, STOP, folder, state_of, worker_lock, write_state

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


@pytest.fixture
def here(tmp_path):
    """Return settings with a new workspace."""
    return replace(settings(), workspace=tmp_path / "workspace")


@pytest.fixture
def started():
    """Return a list with an item for each start of a worker."""
    return []


@pytest.fixture
def hand_in(here, started):
    """Return a function that submits a job without running it and returns its folder."""

    def given(title: str = "act.pdf", **more):
        job = submit(here, "take-in", title, {"set": "x"}, by="Ada", start=started.append, **more)
        return folder(here) / job.id

    return given


def test_what_was_handed_in_waits_in_the_order_of_asking_with_its_file(here, hand_in, started):
    first, second = hand_in("one.pdf", file=("../../one.pdf", b"%PDF")), hand_in("two.pdf")
    assert [(job.title, state.state) for job, state in jobs(here)] == [("one.pdf", "waiting"), ("two.pdf", "waiting")]
    assert (first / "given" / "one.pdf").read_bytes() == b"%PDF", "a name with folders stays in its own"
    assert len(started) == 2 and second.is_dir()


def test_a_job_that_was_handed_in_by_halves_is_none(here, hand_in):
    place = hand_in()
    (place / JOB).write_text('{"id": ')
    assert jobs(here) == []


def test_stopping_asks_and_a_job_that_ended_is_not_asked(here, hand_in):
    waiting, done = hand_in(), hand_in()
    write_state(done, JobState(state="done"))
    stop(here, waiting.name, by="Ada")
    stop(here, done.name, by="Ada")
    assert (waiting / STOP).exists() and not (done / STOP).exists()
    assert state_of(waiting).state == "stopped", "nobody will begin it"


def test_only_what_has_ended_can_be_put_away(here, hand_in):
    running, done = hand_in(), hand_in()
    write_state(running, JobState(state="running"))
    write_state(done, JobState(state="done"))
    forget(here, running.name, by="Ada")
    forget(here, done.name, by="Ada")
    assert [job.id for job, _ in jobs(here)] == [running.name]
    for id in (done.name, "../drafts", "no"):
        with pytest.raises(NotFound):
            forget(here, id, by="Ada")


def test_only_who_asked_for_it_and_an_administrator_may_stop_a_job_or_put_it_away(here, hand_in):
    hers, done = hand_in(), hand_in()
    write_state(done, JobState(state="done"))
    for end, place in ((stop, hers), (forget, done)):
        for other in ("Ben", ""):
            with pytest.raises(RefusedError, match="Ada asked for this"):
                end(here, place.name, by=other)
    assert not (hers / STOP).exists() and done.exists()
    stop(here, hers.name, by=None)  # an administrator
    forget(here, done.name, by=None)
    assert (hers / STOP).exists() and not done.exists()
    assert may_end(Job(id="x", kind="build", title="The index", asked=NOW), ""), "nobody's name is on it"


def test_a_job_that_was_at_work_when_the_machine_went_off_says_so_and_the_next_begin(here, hand_in, started):
    cut, waiting = hand_in(), hand_in()
    write_state(cut, JobState(state="running", step="reading"))
    started.clear()
    attend(here, started.append)
    assert state_of(cut).state == "interrupted" and "Ask for it again" in state_of(cut).error
    assert state_of(waiting).state == "waiting" and len(started) == 1


def test_while_somebody_is_at_work_nothing_is_marked_and_nobody_started(here, hand_in, started):
    running, _ = hand_in(), hand_in()
    write_state(running, JobState(state="running"))
    started.clear()
    with worker_lock(folder(here)):
        attend(here, started.append)
    assert state_of(running).state == "running" and started == []


def test_ended_jobs_go_after_a_month_and_what_waits_never_does(here, hand_in):
    old, new, waiting = hand_in(), hand_in(), hand_in()
    long_ago = datetime.now(UTC) - timedelta(days=31)
    write_state(old, JobState(state="done", ended=long_ago))
    write_state(new, JobState(state="done", ended=datetime.now(UTC)))
    hand_in()
    assert not old.exists() and new.exists() and waiting.exists()


def test_how_long_a_step_takes_is_estimated_from_its_pace_and_not_before_it_has_one():
    half = JobState(step_since=NOW, done=50, total=100)
    assert half.seconds_left(NOW + timedelta(seconds=30)) == 30
    assert JobState(step_since=NOW, done=1, total=100).seconds_left(NOW + timedelta(seconds=30)) is None
    assert JobState(step="reading", step_since=NOW).seconds_left(NOW) is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("act.pdf", "act.pdf"),
        ("../../etc/act.pdf", "act.pdf"),
        ("C:\\texts\\act.pdf", "act.pdf"),
        ("a\x00b\nc\u202e.txt", "abc.txt"),
        ("..", "file"),
        ("", "file"),
        ("x" * 400 + ".docx", "x" * 155 + ".docx"),
        ("ü" * 200 + ".txt", "ü" * 78 + ".txt"),
        ("<script>.txt", "<script>.txt"),
    ],
)
def test_a_file_is_kept_under_a_name_that_any_disk_takes_and_inside_its_own_folder(hand_in, given, kept):
    place = hand_in(file=(given, b"words"))
    assert [file.name for file in (place / GIVEN).iterdir()] == [kept]
    assert (place / GIVEN / kept).read_bytes() == b"words"
