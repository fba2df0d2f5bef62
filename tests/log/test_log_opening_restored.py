"""A person who opens or writes a workspace while a restore replaces its log is not told that it is damaged."""

from __future__ import annotations

import threading
import time

import pytest

from kb.errors import WorkspaceError
from kb.log import heads, open_workspace, opening, switch
from kb.log.anchor import Anchor


@pytest.fixture
def url(tmp_path):
    """Return the address of a workspace with two events."""
    address = f"sqlite:///{tmp_path / 'workspace.sqlite'}"
    with open_workspace(address) as ws:
        for n in range(2):
            ws.append("note/a", "note.written", {"words": str(n)}, author="Ana")
    return address


LONGER = Anchor(sequence=7, hash="0" * 64, at=None)
"""The head of the log that was here before."""


def test_a_head_that_was_read_before_the_log_was_exchanged_is_read_again(url, tmp_path):
    with open_workspace(url) as ws:
        assert opening.prove_at_opening(ws.engine, LONGER), "the file beside the database holds another head by now"


def test_an_opening_waits_for_a_restore_that_is_at_work(url, tmp_path):
    with open_workspace(url) as ws:
        present = heads.read(heads.file_of(ws.engine))
        heads.write(heads.file_of(ws.engine), LONGER)
        (tmp_path / switch.NOTE).write_text("at work")

        def end() -> None:
            time.sleep(0.4)
            heads.write(heads.file_of(ws.engine), present)
            (tmp_path / switch.NOTE).unlink()

        restore = threading.Thread(target=end)
        restore.start()
        assert opening.prove_at_opening(ws.engine, LONGER)
        restore.join()


def test_a_log_that_was_cut_off_is_still_named(url):
    with open_workspace(url) as ws:
        heads.write(heads.file_of(ws.engine), LONGER)
        with pytest.raises(WorkspaceError, match="cut off"):
            opening.prove_at_opening(ws.engine, LONGER)


def test_a_writer_whose_log_was_exchanged_keeps_the_head_of_the_one_that_came(url):
    with open_workspace(url) as ws:
        present = heads.read(heads.file_of(ws.engine))
        heads.keep(ws.engine, LONGER)
        assert heads.read(heads.file_of(ws.engine)) == present
