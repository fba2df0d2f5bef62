"""The segments of an index are merged by a process of its own, while programs answer and documents are added."""

import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

import pytest
from building import toy_job
from kb_toys import TOY
from test_build_grow import answers, made, of_one_passage, rot

from kb.build import growing, merging
from kb.build.job import build
from kb.build.writing import prove_index
from kb.engine.local import vectors
from kb.engine.local.segments import firsts_of
from kb.errors import IndexError_
from kb.index.live import current, open_index

SCRIPT = Path(__file__).parent.with_name("building.py")


@pytest.fixture(autouse=True)
def early(monkeypatch):
    """Let an index be merged as soon as it has grown at all."""
    monkeypatch.setattr(growing, "_BESIDE_FROM", 1)
    monkeypatch.setattr(growing, "_GROWN", 1.0)


def grown(indexes):
    """Return an index of toys with two segments, the later of which stands first in source order."""
    made(indexes, *TOY)
    made(indexes, *TOY, *of_one_passage(4, 5))
    index, _ = made(indexes, *of_one_passage(3), *TOY, *of_one_passage(4, 5))
    assert firsts_of(index.folder) == [1, 11, 13]
    return index


@pytest.mark.parametrize("coded", [False, True], ids=["compared", "coded"])
def test_a_merged_index_answers_as_one_made_at_once_and_has_one_part(tmp_path, monkeypatch, coded):
    if coded:
        monkeypatch.setattr(vectors, "EXACT_UP_TO", 1)
    before = grown(tmp_path / "grown")
    name = merging.merge(tmp_path / "grown")
    after = open_index(tmp_path / "grown", tmp_path)
    whole, _ = made(tmp_path / "whole", *of_one_passage(3), *TOY, *of_one_passage(4, 5))
    assert after.folder.name == name != before.folder.name and firsts_of(after.folder) == [1]
    assert answers(after) == answers(whole)
    same = ("fingerprint", "documents", "passages", "texts", "origins", "inputs", "at_once", "spaces", "code")
    assert all(getattr(after.manifest, field) == getattr(whole.manifest, field) for field in same)
    prove_index(after.folder, after.manifest)
    assert merging.merge(tmp_path / "grown") == "", "there is nothing more to merge"


def meanwhile(monkeypatch, act):
    """Let something happen after a merge has written its files and before they are exchanged."""
    written = merging._written
    monkeypatch.setattr(merging, "_written", lambda *a: (written(*a), act())[0])


def test_what_is_added_during_a_merge_is_in_the_merged_index(tmp_path, monkeypatch):
    grown(tmp_path / "grown")
    every = [*of_one_passage(1, 3), *TOY, *of_one_passage(4, 5, 9)]

    def add():
        """Add two documents one by one, so that the folder that is merged is removed."""
        made(tmp_path / "grown", *every[1:])
        made(tmp_path / "grown", *every)

    meanwhile(monkeypatch, add)
    assert merging.merge(tmp_path / "grown")
    after = open_index(tmp_path / "grown", tmp_path)
    assert firsts_of(after.folder) == [1, 14] and after.manifest.at_once == 13
    found, wanted = answers(after), answers(made(tmp_path / "whole", *every)[0])
    assert {**found, "sharing": 0} == {**wanted, "sharing": 0}, "of those that share as much, the first rows are taken"
    prove_index(after.folder, after.manifest)
    assert "1 document is added" in made(tmp_path / "grown", *every, *of_one_passage(7))[1]


def test_a_merge_gives_way_to_an_index_that_was_made_at_once_meanwhile(tmp_path, monkeypatch):
    grown(tmp_path)
    meanwhile(monkeypatch, lambda: made(tmp_path, *TOY[:1]))
    assert merging.merge(tmp_path) == ""
    assert open_index(tmp_path, tmp_path).store.size == len(TOY[0].passages)
    assert not list(tmp_path.glob("*.merging"))


def test_one_merge_at_a_time_and_a_reader_answers_throughout(tmp_path, monkeypatch):
    reader = grown(tmp_path)
    before, seen, second, over = answers(reader), [], [], Event()

    def ask():
        """Ask whatever index is live again and again."""
        while not over.is_set():
            seen.append(answers(open_index(tmp_path, tmp_path)))

    asking = Thread(target=ask)
    meanwhile(monkeypatch, lambda: second.append(merging.merge(tmp_path)))
    asking.start()
    try:
        assert merging.merge(tmp_path)
    finally:
        over.set()
        asking.join()
    assert second == [""] and seen
    assert all(each["ids"] == before["ids"] and each["passages"] == before["passages"] for each in seen)
    assert answers(reader)["passages"] == before["passages"]


def test_a_merge_that_is_killed_leaves_the_index_and_the_next_one_sweeps(tmp_path):
    before = grown(tmp_path)
    said = answers(before)
    command = [sys.executable, str(SCRIPT), str(tmp_path), "merge-hang"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "under way\n"
        build(toy_job(tmp_path, documents=[*of_one_passage(3), *TOY, *of_one_passage(4, 5, 6)], code="c"))
        assert list(tmp_path.glob("*.merging/passages.sqlite")), "an addition neither waits for a merge nor sweeps it"
        process.kill()
    assert answers(before) == said
    after, words = made(tmp_path, *of_one_passage(3), *TOY, *of_one_passage(4, 5, 6, 7))
    assert "added" in words and not list(tmp_path.glob("*.merging"))
    assert merging.merge(tmp_path) and open_index(tmp_path, tmp_path).store.size == 15


def test_a_full_disk_in_a_merge_leaves_the_index_and_is_reported(tmp_path):
    before = grown(tmp_path)
    subprocess.run([sys.executable, str(SCRIPT), str(tmp_path), "merge-full"], check=True, timeout=120)
    assert current(tmp_path) == before.folder and not list(tmp_path.glob("*.merging"))
    prove_index(before.folder, before.manifest)
    assert merging.fault(tmp_path)
    subprocess.run([sys.executable, str(SCRIPT), str(tmp_path), "merge"], check=True, timeout=120)
    assert firsts_of(current(tmp_path)) == [1] and merging.fault(tmp_path) == ""


def test_a_merge_whose_folder_additions_remove_while_it_is_read_begins_again(tmp_path, monkeypatch):
    grown(tmp_path / "grown")
    every, proved, proofs = [*of_one_passage(1, 3), *TOY, *of_one_passage(4, 5, 9)], merging.manifests.prove, []

    def prove(folder, manifest, **options):
        """Add two documents one by one before the first proof of the merge, so that its folder is removed."""
        proofs.append(folder)
        if len(proofs) == 1:
            with monkeypatch.context() as patch:
                patch.setattr(merging.manifests, "prove", proved)
                made(tmp_path / "grown", *every[1:])
                made(tmp_path / "grown", *every)
            assert not folder.exists()
        proved(folder, manifest, **options)

    with monkeypatch.context() as patch:
        patch.setattr(merging.manifests, "prove", prove)
        assert merging.merge(tmp_path / "grown")
    after = open_index(tmp_path / "grown", tmp_path)
    assert firsts_of(after.folder) == [1] and not list((tmp_path / "grown").glob("*.merging"))
    assert answers(after) == answers(made(tmp_path / "whole", *every)[0])


@pytest.mark.parametrize("error", [MemoryError(), KeyError("a field"), OSError(28, "No space left on device")])
def test_whatever_ends_a_merge_is_told_and_leaves_the_index(tmp_path, monkeypatch, error):
    before = grown(tmp_path)

    def fail(*_):
        raise error

    monkeypatch.setattr(merging, "merged", fail)
    monkeypatch.setattr(merging.os, "nice", lambda _: 0)
    merging.main(str(tmp_path))
    assert type(error).__name__ in merging.fault(tmp_path)
    assert current(tmp_path) == before.folder and not list(tmp_path.glob("*.merging"))
    prove_index(before.folder, before.manifest)


def test_damage_is_not_merged(tmp_path):
    before = grown(tmp_path)
    rot(before.folder / "passages.sqlite.11", b"receive a pension", b"receive a PENSION")
    with pytest.raises(IndexError_, match="passages.sqlite.11 was changed"):
        merging.merge(tmp_path)
    assert current(tmp_path) == before.folder and not list(tmp_path.glob("*.merging"))


def test_a_process_is_started_only_for_a_large_index_that_has_grown(tmp_path, monkeypatch):
    started = []
    monkeypatch.setattr(merging.subprocess, "Popen", lambda command, **_: started.append(command))
    index = grown(tmp_path)
    assert merging.start(tmp_path, index.manifest) and started[0][-1] == str(tmp_path)
    assert not merging.start(tmp_path, index.manifest.model_copy(update={"at_once": 13}))
    monkeypatch.setattr(growing, "_BESIDE_FROM", 10_000)
    assert not merging.start(tmp_path, index.manifest) and len(started) == 1


def test_a_file_of_the_folder_where_one_works_is_not_imported_by_the_process(tmp_path, monkeypatch):
    """The command that is started merges, or says why not, whatever lies in the working folder."""
    index, commands = grown(tmp_path / "indexes"), []
    with monkeypatch.context() as patch:
        patch.setattr(merging.subprocess, "Popen", lambda command, **_: commands.append(command))
        assert merging.start(tmp_path / "indexes", index.manifest)
    for name in ("random.py", "sqlite3.py", "kb.py"):
        (tmp_path / name).write_text("raise SystemExit('of the user')")
    (index.folder / "manifest.json").unlink()
    done = subprocess.run(commands[0], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert "no readable manifest" in merging.fault(tmp_path / "indexes")


def test_where_no_merge_succeeds_an_index_is_made_at_once_when_it_has_doubled(tmp_path):
    made(tmp_path, *TOY[:1])
    many = len(TOY[0].passages)
    assert "added" in made(tmp_path, TOY[0], *of_one_passage(*range(many)))[1]
    assert "added" not in made(tmp_path, TOY[0], *of_one_passage(*range(many + 1)))[1]
