"""Builds run beside the live index and end with one rename; the old index answers however a build ends."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from building import toy_job
from kb_toys import TOY, ToyEncoder

from kb.build import job as building
from kb.build import writing
from kb.build.job import build, is_stale
from kb.engine.local.passage_store import Store
from kb.errors import IndexError_
from kb.index.live import current, open_index

SCRIPT = Path(__file__).parent.with_name("building.py")


def start(indexes, how):
    """Start a build in its own process."""
    return subprocess.Popen([sys.executable, str(SCRIPT), str(indexes), how], stdout=subprocess.PIPE, text=True)


def answers(indexes):
    """Return the passages of the live index."""
    store = open_index(indexes, indexes).store
    return store.size


def parts(indexes):
    return [p.name for p in indexes.iterdir() if ".part" in p.name]


def test_a_build_is_live_and_its_manifest_names_what_went_in(tmp_path):
    made = build(toy_job(tmp_path))
    assert answers(tmp_path) == made.passages == 10
    assert made.documents == {"toy": 7, "treaty": 3} and made.spaces["english"].encoder == "toy@1"
    assert set(made.seconds) >= {"read", "tag", "embed", "write"} and "pydantic" in made.packages
    assert open_index(tmp_path, tmp_path).manifest == made


def test_unchanged_passages_are_not_embedded_again(tmp_path):
    assert build(toy_job(tmp_path)).embedded > 0
    encoder = ToyEncoder()
    assert build(toy_job(tmp_path, encoder=encoder)).embedded == 0 == encoder.computed
    build(toy_job(tmp_path, documents=TOY[:1], encoder=encoder))
    assert encoder.computed == 0


def test_an_index_is_stale_when_an_input_an_encoder_or_a_file_of_it_changes(tmp_path):
    job = toy_job(tmp_path)
    assert is_stale(tmp_path, job.inputs, ["toy@1"])
    build(job)
    assert not is_stale(tmp_path, job.inputs, ["toy@1"])
    assert is_stale(tmp_path, {"toy": "other"}, ["toy@1"]) and is_stale(tmp_path, job.inputs, ["toy@2"])
    (current(tmp_path) / "english-whole.faiss").unlink()
    assert is_stale(tmp_path, job.inputs, ["toy@1"])


def test_only_the_live_build_and_the_one_before_are_kept(tmp_path):
    for _ in range(4):
        build(toy_job(tmp_path))
    kept = [p for p in tmp_path.iterdir() if (p / "manifest.json").exists()]
    assert len(kept) == 2 and current(tmp_path) in kept


def test_a_build_that_was_finished_but_never_live_goes_and_the_one_that_answered_is_kept_for_its_readers(tmp_path):
    """A program killed between giving a build its name and making it live leaves one that nobody reads."""
    build(toy_job(tmp_path, documents=TOY[:1]))
    answered = current(tmp_path)
    never = tmp_path / f"{answered.name[:20]}9-0123456789ab"  # newer than the one that answers, older than the next
    shutil.copytree(answered, never)
    build(toy_job(tmp_path))
    assert sorted(p.name for p in tmp_path.iterdir() if (p / "manifest.json").exists()) == sorted(
        [answered.name, current(tmp_path).name]
    )


def test_folders_that_are_no_build_are_left_alone(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "README.md").write_text("keep", encoding="utf-8")
    build(toy_job(tmp_path))
    build(toy_job(tmp_path))
    assert (tmp_path / "mine").is_dir() and (tmp_path / "README.md").exists()


def test_a_build_killed_in_the_middle_leaves_the_old_index_and_the_next_one_cleans_up(tmp_path):
    build(toy_job(tmp_path, documents=TOY[:1]))
    process = start(tmp_path, "hang")
    assert process.stdout.readline().strip() == "under way"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert parts(tmp_path) and answers(tmp_path) == 7
    build(toy_job(tmp_path))
    assert answers(tmp_path) == 10 and not parts(tmp_path)


def test_ctrl_c_in_the_middle_leaves_the_old_index_and_no_half_of_a_new_one(tmp_path):
    build(toy_job(tmp_path, documents=TOY[:1]))

    def interrupted(document):
        raise KeyboardInterrupt

    job = toy_job(tmp_path)
    job.tag = interrupted
    with pytest.raises(KeyboardInterrupt):
        build(job)
    assert answers(tmp_path) == 7 and not parts(tmp_path)


def test_of_two_builds_at_once_one_waits_and_both_end_complete(tmp_path):
    first = start(tmp_path, "hang")
    assert first.stdout.readline().strip() == "under way"
    second = start(tmp_path, "now")
    with pytest.raises(subprocess.TimeoutExpired):
        second.wait(timeout=2.5)
    first.kill()
    assert second.communicate(timeout=60)[0].strip() == "10"
    first.communicate()
    assert answers(tmp_path) == 10 and not parts(tmp_path)


def test_two_threads_building_at_once_both_succeed(tmp_path):
    made = []
    threads = [threading.Thread(target=lambda: made.append(build(toy_job(tmp_path)).passages)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [10, 10] and answers(tmp_path) == 10


def test_a_build_that_waits_too_long_says_so(tmp_path, monkeypatch):
    from filelock import FileLock

    monkeypatch.setattr(building, "WAIT", 0.05)
    with FileLock(tmp_path / ".lock"), pytest.raises(IndexError_, match="another build has been running"):
        build(toy_job(tmp_path))


def test_a_read_only_folder_is_reported_before_anything_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(building.os, "access", lambda path, mode: False)
    job = toy_job(tmp_path)
    job.documents = lambda: pytest.fail("nothing should be read")
    with pytest.raises(IndexError_, match="read-only. Make it writable, or set KB_INDEXES"):
        build(job)


def test_a_file_where_the_folder_should_be_is_reported(tmp_path):
    (tmp_path / "indexes").write_text("", encoding="utf-8")
    with pytest.raises(IndexError_, match="cannot be written"):
        build(toy_job(tmp_path / "indexes"))


@pytest.mark.parametrize("step", ["add", "save"])
def test_no_room_on_the_disk_is_reported_and_the_old_index_answers(tmp_path, monkeypatch, step):
    build(toy_job(tmp_path, documents=TOY[:1]))

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Store if step == "add" else writing.Space, step, full)
    with pytest.raises(IndexError_, match="No space left on device. Make room .* The old index still answers"):
        build(toy_job(tmp_path))
    assert answers(tmp_path) == 7 and not parts(tmp_path)


@pytest.mark.parametrize("room", [100, 3000, 12_000, 20_000, 36_000, 50_000])
def test_a_disk_that_fills_up_anywhere_is_reported_in_one_line(tmp_path, room):
    """The file system refuses files above a size; SQLite, tantivy, FAISS and numpy report this in different ways."""
    build(toy_job(tmp_path, documents=TOY[:1]))
    process = start(tmp_path, f"full{room}")
    said = process.communicate(timeout=60)[0].strip()
    assert said == "10" or said.startswith("IndexError_:") and "cannot be written" in said
    assert answers(tmp_path) == (10 if said == "10" else 7)


def test_an_index_that_does_not_add_up_never_becomes_live(tmp_path, monkeypatch):
    build(toy_job(tmp_path, documents=TOY[:1]))
    monkeypatch.setattr(writing.Terms, "add", lambda terms, rows: None)
    with pytest.raises(IndexError_, match="the index is incomplete"):
        build(toy_job(tmp_path))
    assert answers(tmp_path) == 7 and not parts(tmp_path)
