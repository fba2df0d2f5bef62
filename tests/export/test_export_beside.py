"""A file and the description beside it: whenever a program is killed, neither is beside another version of the
other."""

from __future__ import annotations

import hashlib
import json

import pytest

from kb.export import Row, export, sidecar_of


class Killed(BaseException):
    """An exception that stands for a kill: no handler may run that a real kill would not let run."""


@pytest.mark.parametrize("kill_at", [1, 2, 3])
def test_a_kill_between_the_two_names_leaves_no_file_beside_anothers_description(
    kill_at, provenance, tmp_path, monkeypatch
):
    from kb import files

    path = export([Row(id="old")], "csv", tmp_path / "a.csv", provenance)
    beside = sidecar_of(path, "csv")
    real = files.os.replace
    done = []

    def replace(old, new):
        done.append(new)
        if len(done) == kill_at:
            monkeypatch.setattr(
                files.os, "replace", lambda *_: None
            )  # the process is gone: nothing is renamed any more
            raise Killed
        real(old, new)

    monkeypatch.setattr(files.os, "replace", replace)
    with pytest.raises(Killed):
        export([Row(id="new")], "csv", path, provenance)
    monkeypatch.setattr(files.os, "replace", real)
    described = json.loads(beside.read_text(encoding="utf-8"))
    known = {d["kb:sha256"] for d in (described, described.get("kb:earlier")) if d}
    assert hashlib.sha256(path.read_bytes()).hexdigest() in known
    export([Row(id="new")], "csv", path, provenance)
    assert "kb:earlier" not in json.loads(beside.read_text(encoding="utf-8")) and len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_a_file_of_a_persons_own_is_kept_and_an_unaltered_export_made_again_is_not(provenance, tmp_path, format):
    path = tmp_path / f"a.{format}"
    path.write_text("MY OWN TEXT")
    for id in ("one", "two"):
        export([Row(id=id)], format, path, provenance)
    older = tmp_path / f"a.before-1.{format}"
    assert older.read_text() == "MY OWN TEXT" and len(list(tmp_path.iterdir())) == 3
    path.write_text(path.read_text(encoding="utf-8") + "a note of mine")
    export([Row(id="three")], format, path, provenance)
    assert (tmp_path / f"a.before-2.{format}").read_text(encoding="utf-8").endswith("a note of mine")


def test_a_failure_between_the_two_names_leaves_both_as_they_were(provenance, tmp_path, monkeypatch):
    from kb import files

    path = export([Row(id="old")], "csv", tmp_path / "a.csv", provenance)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    real = files.os.replace

    def replace(old, new):
        if str(new).endswith("a.csv"):
            raise OSError("the disk is gone")
        real(old, new)

    monkeypatch.setattr(files.os, "replace", replace)
    with pytest.raises(OSError, match="gone"):
        export([Row(id="new")], "csv", path, provenance)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
