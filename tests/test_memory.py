"""Lack of memory is reported before a library in C or Rust ends the program because of it."""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path

import pytest
from kb_toys import toy_passage
from killing import in_child

from kb import memory
from kb.cli.main import lacks_memory
from kb.engine.local.terms import Terms
from kb.errors import KBError, LowMemory
from kb.log import open_workspace

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the system does not tell what is left")

MARGIN = 60
"""MB below the limit that are surely too few: the tests' own process may give back some between measure and act."""


def with_room(size: int, act):
    """Return the result of `act`, or its error, in a process that may use `size` bytes of address space more."""
    import resource

    def work():
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        resource.setrlimit(resource.RLIMIT_AS, (pages * os.sysconf("SC_PAGE_SIZE") + size, resource.RLIM_INFINITY))
        return act()

    status, said = in_child(work)
    assert os.WIFEXITED(status), f"the process was ended by signal {os.WTERMSIG(status)}"
    return json.loads(said)


@pytest.mark.parametrize("room", [0, 1, 30, 100, memory.WORDS_OPEN // 1_000_000 - MARGIN])
def test_word_index_is_not_opened_without_room(tmp_path, room):
    Terms(tmp_path / "t", create=True).add([(0, toy_passage("toy/s1/p1", "Every person has a name."))])
    said = with_room(room * 1_000_000, lambda: Terms(tmp_path / "t").size)
    assert said.startswith("LowMemory: ") and "word index" in said and "ulimit -v" in said


@pytest.mark.parametrize("room", [210, 400, memory.WORDS_WRITE // 1_000_000 - 3 * MARGIN])
def test_word_index_is_not_written_without_room_and_nothing_is_half_there(tmp_path, room):
    def write():
        terms = Terms(tmp_path / "t", create=True)
        terms.add([(0, toy_passage("toy/s1/p1", "Every person has a name."))])

    assert with_room(room * 1_000_000, write).startswith("LowMemory: there is too little memory for writing")
    assert Terms(tmp_path / "t").size == 0


def test_with_room_it_is_written_and_asked(tmp_path):
    def write():
        terms = Terms(tmp_path / "t", create=True)
        terms.add([(n, toy_passage(f"toy/s1/p{n}", "Every person has a name.")) for n in range(50)])
        return terms.size

    assert with_room(memory.WORDS_WRITE + 100_000_000, write) == 50
    assert with_room(memory.WORDS_OPEN + 50_000_000, lambda: Terms(tmp_path / "t").frequency("name")) == 50


def test_too_little_free_memory_of_the_machine_is_reported_too(monkeypatch):
    monkeypatch.setattr(memory, "_free", lambda: 99)
    with pytest.raises(LowMemory, match="0 MB are left"):
        memory.require(400, "this")
    monkeypatch.setattr(memory, "_free", lambda: 100)
    memory.require(400, "this")
    monkeypatch.setattr(memory, "_free", lambda: None)
    memory.require(400, "this")


def test_it_is_an_error_of_ours_and_of_memory():
    error = LowMemory("too little", do="Close programs.")
    assert isinstance(error, KBError) and isinstance(error, MemoryError) and lacks_memory(error)
    assert (str(error), error.exit_code) == ("too little. Close programs.", 74)


@pytest.mark.parametrize("room", [0, 1, 8, 25])
def test_workspace_is_not_opened_without_room(tmp_path, room):
    url = f"sqlite:///{tmp_path}/w/workspace.sqlite"
    with open_workspace(url) as ws:
        ws.append("note/a", "note.written", {"value": 1}, author="Ana")

    def write():
        with open_workspace(url) as ws:
            ws.append("note/a", "note.written", {"value": 2}, author="Ana")

    assert with_room(room * 1_000_000, write).startswith("LowMemory: there is too little memory for the workspace")
    with open_workspace(url) as ws:
        assert ws.state("note/a").data == {"value": 1}
