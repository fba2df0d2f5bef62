"""A file is read in a process with limits: whatever it contains, it gives text or a refusal, and the program remains
usable."""

import os
import signal
import subprocess
import sys
import time

import hostile_files
import pytest

from kb.errors import InputError, KBError
from kb.read import Limits, OverLimit, ReaderFault, guarded, read, read_here

TIGHT = Limits(cpu_seconds=2)
"""Hostile files meet the clock sooner than users' do, so that the tests are quick."""
SLOW = (
    "attributes",
    "numbers",
    "trebly",
    "doubly",
    "nested-forms",
    "groups.rtf",
    "lines-",
    "one-text",
    "one-chapter-2",
)
QUICK = [
    name for name in hostile_files.HOSTILE if "1GB" not in name and "19MB" not in name and not name.startswith(SLOW)
]


@pytest.mark.parametrize("name", QUICK)
def test_a_hostile_file_ends_in_text_or_a_refusal(read_bytes, name):
    try:
        read_bytes(hostile_files.HOSTILE[name](), name, limits=TIGHT)
    except KBError as error:
        assert error.what and error.where and error.do


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("one-chapter-20000-times.epub", "lists 20,000 chapters"),
        ("addresses-40kB.eml", "the header To has 43,678 characters"),
        ("lines-400000.json", "the text has more than"),
        ("one-text-45MB.zip", "text.txt: the text has more than"),
    ],
)
def test_a_limit_that_is_met_is_named(read_bytes, name, what):
    with pytest.raises(OverLimit) as caught:
        read_bytes(hostile_files.HOSTILE[name](), name)
    assert what in str(caught.value) and caught.value.do


@pytest.mark.parametrize("name", ["nested-forms.pdf", "stream-1GB.pdf", "doubly-deflated.pdf"])
def test_a_pdf_that_unpacks_to_more_than_the_memory_is_refused(read_bytes, name):
    with pytest.raises(InputError) as caught:
        read_bytes(hostile_files.HOSTILE[name](), name, limits=TIGHT)
    assert "MB of memory" in caught.value.what or "processor time" in caught.value.what


def test_processor_time_that_was_given_is_not_taken_back():
    """A scan of ten pages was ended after fifty seconds: the progress of each page reduced the time that OCR had been
    given."""
    program = """
import resource, time
from kb.read.child import allow_processor_time
resource.setrlimit(resource.RLIMIT_CPU, (50, resource.RLIM_INFINITY))
allow_processor_time(600)  # a page of OCR
allow_processor_time(-400)  # what is left of the usual time after it
print(resource.getrlimit(resource.RLIMIT_CPU)[0] >= 600)
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert ran.stdout.strip() == "True", ran.stderr


def test_work_without_end_meets_the_processor_time(read_bytes):
    with pytest.raises(OverLimit, match="more than 2 seconds of processor time"):
        read_bytes(hostile_files.HOSTILE["attributes.html"](), "a.html", limits=Limits(cpu_seconds=2))


def test_too_many_pieces_are_refused_and_fewer_are_read(read_bytes):
    lines = b"[" + b",".join(b'"One sentence of many."' for _ in range(600)) + b"]"
    assert len(read_bytes(lines, "a.json").paragraphs) == 600
    with pytest.raises(OverLimit, match="holds 600 pieces of text, more than 500"):
        read_bytes(lines, "a.json", limits=Limits(units=500))


def test_a_chapter_that_is_listed_twice_is_read_once_and_reported(read_bytes):
    pages = read_bytes(hostile_files.epub(3), "a.epub")
    assert len(pages.paragraphs) == 1
    assert {p.what for p in pages.problems} == {"a chapter is listed more than once and was read once: a.xhtml"}


def test_a_small_mutation_fuzz(read_bytes):
    """78 of the mutations of benchmarks/hostile.py: each gives text or a refusal, none crashes a reader."""
    broken = []
    for n, (name, data) in enumerate(hostile_files.mutations(78)):
        try:
            read_bytes(data, f"{n}-{name}", limits=TIGHT)
        except ReaderFault as error:
            broken.append(f"{n}-{name}: {error}")
        except KBError as error:
            assert error.what and error.where and error.do, (n, name)
    assert broken == []


def test_both_roads_give_the_same_reading(root):
    for file in [root / "README.md", root / "corpus" / "background-paper" / "background-paper.txt"]:
        assert read(file) == read_here(file)


def test_the_road_of_platforms_that_cannot_fork(root, monkeypatch, read_bytes):
    monkeypatch.setattr(guarded, "FORKS", False)
    assert read(root / "README.md") == read_here(root / "README.md")
    with pytest.raises(InputError, match="the file is empty"):
        read_bytes(b"", "a.txt")
    with pytest.raises(OverLimit, match="no sign of life for 1 seconds"):
        read_bytes(hostile_files.HOSTILE["attributes.html"](), "a.html", limits=Limits(silent_seconds=1))


def test_silence_is_ended_by_the_wall_clock_and_the_next_file_is_read(read_bytes):
    with pytest.raises(OverLimit, match="no sign of life for 1 seconds"):
        read_bytes(hostile_files.HOSTILE["attributes.html"](), "a.html", limits=Limits(silent_seconds=1))
    assert read_bytes(b"The next file is read.", "b.txt").paragraphs


def test_a_reader_that_breaks_down_is_a_refusal_with_its_place(read_bytes, monkeypatch):
    from kb.read import child

    sent = []
    monkeypatch.setattr(child, "limit_this_process", lambda limits: None)
    monkeypatch.setattr(child, "refuse_sockets", lambda: None)
    monkeypatch.setattr(
        child, "close_network", lambda: True
    )  # a filter of the kernel would stay on the tests that follow
    monkeypatch.setattr("kb.read.face.read_here", lambda *a, **k: {}["no such key"])
    monkeypatch.setattr(os, "chdir", lambda path: None)
    import dataclasses

    child.answer(
        {
            "limits": dataclasses.asdict(Limits()),
            "env": {},
            "cwd": ".",
            "path": "x/a.pdf",
            "password": None,
            "ocr": False,
        },
        lambda kind, body: sent.append((kind, body)),
    )
    assert sent[0][0] == "E" and b"its reader broke down on it (KeyError" in sent[0][1] and b"ReaderFault" in sent[0][1]


def test_a_dead_server_is_started_again(read_bytes):
    assert read_bytes(b"One file.", "a.txt").paragraphs
    os.kill(guarded._server.process.pid, signal.SIGKILL)
    assert read_bytes(b"Another file.", "b.txt").paragraphs


_READS = """
import sys, time
sys.path[:0] = {path!r}
from kb.read import Limits, guarded, read
read({good!r})
print(guarded._server.process.pid, flush=True)
read({bad!r}, limits=Limits(cpu_seconds=50))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_a_program_with_more_than_1024_open_files_reads_on(tmp_path):
    """A server for many people, or one test run of an hour, has that many; every file was refused from then on."""
    (tmp_path / "act.txt").write_text("Every person has equal rights.\n", "utf-8")
    program = """
import os, pathlib, resource, sys
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096) if hard != resource.RLIM_INFINITY else 4096, hard))
held = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
from kb.read import read
print(read(pathlib.Path(sys.argv[1])).pages)
"""
    command = [sys.executable, "-c", program, str(tmp_path / "act.txt")]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert ran.stdout.strip() == "1", ran.stderr


def test_what_reads_is_ended_with_the_program_that_asked(tmp_path):
    good, bad = tmp_path / "a.txt", tmp_path / "b.html"
    good.write_text("A sentence.")
    bad.write_bytes(hostile_files.HOSTILE["attributes.html"]())
    process = subprocess.Popen(
        [sys.executable, "-c", _READS.format(path=sys.path, good=str(good), bad=str(bad))],
        stdout=subprocess.PIPE,
        text=True,
    )
    server = int(process.stdout.readline())
    deadline = time.monotonic() + 60
    children = []
    while not children and time.monotonic() < deadline:
        before = set(_children(server))
        time.sleep(0.5)  # the child of the first file may still be ending
        children = [pid for pid in _children(server) if pid in before]
    assert children
    process.kill()
    process.wait()
    process.stdout.close()
    deadline = time.monotonic() + 60
    while any(map(_alive, [server, *children])) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [pid for pid in (server, *children) if _alive(pid)] == []


def _children(pid):
    import pathlib

    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == pid:
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def _alive(pid):
    import pathlib

    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_the_child_may_not_use_the_network():
    code = (
        "from kb.no_network import refuse_sockets; refuse_sockets(); import socket\n"
        "try: socket.create_connection(('192.0.2.1', 80), 1)\nexcept PermissionError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "may not use the network" in done.stdout


def test_progress_is_reported_page_by_page(read_bytes):
    from make import pdf, prose

    seen = []
    read_bytes(
        pdf([prose(72, 100, "A page of text that says something.")] * 3),
        "a.pdf",
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen[-1] == (3, 3)


def test_a_program_that_is_interrupted_ends_the_reading(read_bytes):
    from make import pdf, prose

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_bytes(pdf([prose(72, 100, "A page of text.")] * 3), "a.pdf", progress=stop)
    assert read_bytes(b"The next file is read.", "b.txt").paragraphs
