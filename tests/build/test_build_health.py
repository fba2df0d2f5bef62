"""Checks of an installation: what is in order, and for each fault the command that repairs it."""

import dataclasses
import shutil
from collections import namedtuple

import pytest
from building import toy_job
from filelock import FileLock

from kb.build import health, pipeline
from kb.build.health import examine
from kb.build.job import build
from kb.config import settings
from kb.extras import install
from kb.index.live import current
from kb.index.manifest import inputs_of
from kb.sources.keep import add_policy

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def now(root, tmp_path, monkeypatch):
    """Return settings of a complete toy index over the project's corpus."""
    monkeypatch.setattr(health, "identities", lambda settings: ["toy@1"])
    monkeypatch.setattr(health, "prove", lambda spec, folder: None)
    made = dataclasses.replace(
        settings(), corpus=root / "corpus", indexes=tmp_path / "indexes", workspace=tmp_path / "w"
    )
    job = toy_job(made.indexes)
    job.inputs = inputs_of(made.corpus, made.library)
    build(job)
    return made


def state(now):
    """Return check by name."""
    return {check.what: check for check in examine(now)}


def broken(now):
    return {what: check.do for what, check in state(now).items() if check.status == "broken"}


def test_everything_in_order(now):
    assert broken(now) == {}
    assert state(now)["index state"].detail == "up to date"
    assert "10 passages of 2 documents" in state(now)["index"].detail


def test_a_part_of_the_index_that_is_gone(now):
    (current(now.indexes) / "english-parts.faiss").unlink()
    assert broken(now) == {"index": "kb build"}


def test_a_file_of_the_library_that_was_altered_is_named_until_it_is_mended(now, tmp_path):
    (tmp_path / "act.txt").write_text("Every resident has a pension.", encoding="utf-8")
    record = add_policy(
        tmp_path / "act.txt", now.library, country="KEN", title="Act No. 5", date="2019", status="draft"
    )
    assert state(now)["library"].detail == "1 added file as recorded"
    (now.library / record.file).write_text("altered", encoding="utf-8")
    assert (
        "library/policies/ken-act-no-5.txt: 'Act No. 5' (ken-act-no-5) cannot be read: the file has changed"
        in state(now)["library"].detail
    )
    assert "library" in broken(now)


def test_a_changed_corpus_makes_the_index_stale_and_names_the_file(now, tmp_path):
    shutil.copytree(now.corpus, tmp_path / "corpus")
    other = dataclasses.replace(now, corpus=tmp_path / "corpus")
    with (other.corpus / "search/ranking.yaml").open("a", encoding="utf-8") as stream:
        stream.write("# changed\n")
    assert broken(other) == {"index state": "kb build"}
    assert state(other)["index state"].detail == "changed since: search/ranking.yaml"


def test_a_changed_source_is_broken(now, tmp_path):
    shutil.copytree(now.corpus, tmp_path / "corpus")
    (tmp_path / "corpus/background-paper/background-paper.txt").write_text("other", encoding="utf-8")
    assert "Restore the file" in broken(dataclasses.replace(now, corpus=tmp_path / "corpus"))["sources"]


def test_a_model_that_is_not_installed_is_broken_only_where_it_is_needed(now, monkeypatch):
    monkeypatch.setattr(health, "locate", lambda spec: None)
    found = state(now)
    assert found[f"model {now.model}"].status == "broken" and found[f"model {now.model}"].do == install("build")
    assert found[f"model {pipeline.MULTILINGUAL}"].status == "missing"


def test_no_room_and_read_only_folders(now, monkeypatch):
    monkeypatch.setattr(health.shutil, "disk_usage", lambda path: Usage(10, 9, 1))
    assert "Remove files" in broken(now)["folder indexes"]
    monkeypatch.setattr(health.os, "access", lambda path, mode: False)
    assert "KB_INDEXES" in broken(now)["folder indexes"]


def test_extras_that_are_absent_are_named_with_the_command(now, monkeypatch):
    monkeypatch.setattr(
        health,
        "requires",
        lambda name: [
            'absent-package[x]>=2; extra == "read"',
            "pydantic>=2",
            'pydantic>=2.12; extra == "ocr"',
            'kb[read]; extra == "all"',
        ],
    )
    found = state(now)
    assert (found["extra read"].status, found["extra ocr"].status) == ("missing", "ok") and "extra all" not in found
    assert found["extra read"].detail == "not installed: absent-package" and found["extra read"].do == install("read")


def test_files_of_the_corpus_that_disagree_are_broken(now, tmp_path):
    shutil.copytree(now.corpus, tmp_path / "corpus")
    links = tmp_path / "corpus/links/crosswalk.yaml"
    links.write_text(
        links.read_text(encoding="utf-8").replace("target: crpd/art5,", "target: crpd/art55,", 1), encoding="utf-8"
    )
    assert "Mend the entry" in broken(dataclasses.replace(now, corpus=tmp_path / "corpus"))["corpus"]


def test_what_a_benchmark_keeps_beside_the_index_is_no_broken_index(now):
    (now.indexes / "judged-cases").mkdir()
    (now.indexes / "judged-cases" / "a.pickle").write_bytes(b"kept")
    assert broken(now) == {}
    (now.indexes / "20260101T000000000000-0123456789ab").mkdir()
    assert list(broken(now)) == ["earlier index 20260101T000000000000-0123456789ab"]


def test_what_stopped_builds_and_merges_left_is_named_until_the_next_build_removes_it(now):
    assert "left over" not in state(now)
    alive = current(now.indexes)
    shutil.copytree(alive, now.indexes / "99990101T000000000000-0123456789ab")  # finished, and never took its place
    shutil.copytree(alive, now.indexes / "20000101T000000000000-0123456789ab")  # the one before: kept for readers
    (now.indexes / "123.merging").mkdir()
    (now.indexes / "20260101T000000000000-0123456789ab.part").mkdir()
    said = state(now)["left over"]
    assert (
        "left 123.merging, 20260101T000000000000-0123456789ab.part, 99990101T000000000000-0123456789ab (" in said.detail
    )
    assert said.status == "ok"
    assert "kb build" in said.detail
    job = toy_job(now.indexes)
    job.inputs = inputs_of(now.corpus, now.library)
    build(job)
    assert "left over" not in state(now)


def test_what_a_running_build_or_merge_writes_is_not_left_over(now):
    (now.indexes / "123.merging").mkdir()
    (now.indexes / "20260101T000000000000-0123456789ab.part").mkdir()
    with FileLock(now.indexes / ".lock"), FileLock(now.indexes / ".merging.lock"):
        assert "left over" not in state(now)
    assert "left over" in state(now)
