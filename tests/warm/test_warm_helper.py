"""The process of `kb warm`: same answers, one user, and an end of its own."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from kb.errors import InputError
from kb.warm import client, helper

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no such sockets")


@pytest.fixture
def own_folder(monkeypatch, tmp_path_factory) -> Path:
    """Return a folder for sockets of this test alone; the path of a socket must be short on some systems."""
    short = tmp_path_factory.mktemp("w")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(short))
    monkeypatch.delenv("KB_WARM", raising=False)
    monkeypatch.setattr(os, "chdir", lambda path: None)  # the helper is a thread of this process here
    return short


@pytest.fixture
def started(own_folder, tmp_path):
    """Return a function that starts a helper in a thread, with what it runs, the file it watches and its idle seconds,
    and returns the thread."""
    threads = []
    watched = tmp_path / "index"
    watched.write_text("first", encoding="utf-8")

    def start(run=lambda arguments: print("answer to", *arguments), seconds=20.0) -> threading.Thread:
        thread = threading.Thread(target=helper.serve, args=(run, lambda: [watched], seconds), daemon=True)
        thread.start()
        threads.append(thread)
        while thread.is_alive() and not Path(client.address()).exists():
            time.sleep(0.01)
        return thread

    start.watched = watched
    yield start
    if any(thread.is_alive() for thread in threads) and (line := client.called(client.STOP)):
        line.close()
    for thread in threads:
        thread.join(10)


PROGRAM = """
import sys
from kb.warm.client import ask
print("here:", ask(sys.argv[1:]), flush=True)
"""


def asked(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """Run a process that asks the helper and prints the exit code, or None."""
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment},
    )


def test_a_search_is_answered_on_the_streams_of_who_asks(started):
    def run(arguments):
        print("answer to", *arguments)
        print("a word beside", file=sys.stderr)
        sys.exit(3)

    started(run)
    done = asked("search", "señoras mayores")
    assert done.stdout == "answer to search señoras mayores\nhere: 3\n" and done.stderr == "a word beside\n"


def test_only_searches_are_handed_over(started):
    started()
    assert asked("cite", "CRPD art. 33").stdout == "here: None\n"
    assert asked("search", "x").stdout == "answer to search x\nhere: 0\n"


@pytest.mark.parametrize("environment", [{"KB_WARM": "off"}, {"KB_HOME": "/elsewhere"}, {"NO_COLOR": "1"}])
def test_switched_off_or_under_other_settings_nobody_asks_it(started, environment):
    started()
    assert asked("search", "x", **environment).stdout == "here: None\n"


def test_it_ends_when_what_answers_depend_on_changes_and_the_search_is_for_the_process_itself(started):
    thread = started()
    started.watched.write_text("another", encoding="utf-8")
    assert asked("search", "x").stdout == "here: None\n"
    thread.join(10)
    assert not thread.is_alive() and not Path(client.address()).exists()


def test_it_ends_after_its_idle_time_and_leaves_no_file(started):
    thread = started(seconds=0.2)
    thread.join(10)
    assert not thread.is_alive() and not Path(client.address()).exists()


def test_the_socket_is_the_users_own(started, own_folder):
    started()
    folder, file = Path(client.folder()), Path(client.address())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700 and stat.S_IMODE(file.stat().st_mode) == 0o600
    folder.chmod(0o755)
    assert asked("search", "x").stdout == "here: None\n", "a folder that others can open is not trusted"
    folder.chmod(0o700)


def test_a_folder_that_others_can_open_takes_no_socket(own_folder):
    Path(client.folder()).mkdir(mode=0o755)
    with pytest.raises(OSError, match="not a folder of this user alone"):
        helper.serve(print, list, 1)


def test_a_second_helper_does_not_take_the_place_of_the_first(started):
    started()
    with pytest.raises(helper.AddressTaken):
        helper.serve(print, list, 1)
    assert asked("search", "x").stdout.startswith("answer to")


def test_what_a_killed_helper_left_is_in_nobodys_way(started, own_folder):
    Path(client.folder()).mkdir(mode=0o700)
    left = socket.socket(socket.AF_UNIX)
    left.bind(client.address())
    left.close()
    assert asked("search", "x").stdout == "here: None\n"
    helper_thread = threading.Thread(target=helper.serve, args=(print, list, 0.1), daemon=True)
    helper_thread.start()
    helper_thread.join(10)
    assert not Path(client.address()).exists()


def test_a_helper_that_says_nothing_is_not_waited_for(own_folder, monkeypatch):
    monkeypatch.setattr(client, "PATIENCE", 0.1)
    Path(client.folder()).mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(client.address())
        silent.listen()
        assert client.called(client.PING, 0.1) is None


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_helper_that_dies_in_an_answer_is_reported_and_nothing_is_printed_twice(started):
    def run(arguments):
        print("half an answer", flush=True)
        raise KeyboardInterrupt

    started(run)
    done = asked("search", "x")
    assert done.stdout == "half an answer\nhere: 70\n" and "Ask again" in done.stderr


@pytest.mark.slow
def test_the_installed_command_gives_the_same_answer_with_and_without_it(root, tmp_path):
    if not (root / "indexes" / "current").exists():
        pytest.skip("needs an index: kb build")
    program = str(Path(sys.executable).with_name("kb"))
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}

    def kb(*words: str, **more: str) -> tuple[int, str, str]:
        done = subprocess.run(
            [program, *words], capture_output=True, text=True, cwd=root, env={**environment, **more}, check=False
        )
        lines = [line for line in done.stdout.splitlines() if "took_ms" not in line and not line.endswith(" ms")]
        return done.returncode, "\n".join(lines), done.stderr

    assert kb("warm")[0] == 0 and kb("warm")[0] == 0
    try:
        for words in (
            ["older women and pensions"],
            ["land", "--json"],
            ['"not closed'],
            ["x", "--mode", "no"],
            ["--help"],
        ):
            assert kb("search", *words) == kb("search", *words, KB_WARM="off")
    finally:
        assert "ends" in kb("warm", "--stop")[1]
    assert "No warm process" in kb("warm", "--stop")[1]


def test_a_helper_that_does_not_answer_in_time_is_ended_and_that_is_reported(own_folder, monkeypatch):
    from kb.cli import warm

    begun = []

    class Silent(subprocess.Popen):
        """A process that sleeps instead of the helper."""

        def __init__(self, program, **options):
            super().__init__([sys.executable, "-c", "import time; time.sleep(60)"], **options)
            begun.append(self)

    monkeypatch.setattr("kb.search.live_searcher", lambda: None)
    monkeypatch.setattr(warm, "_SLOWEST", 0.2)
    monkeypatch.setattr(warm.subprocess, "Popen", Silent)
    with pytest.raises(InputError, match="it does not answer"):
        warm._start(1)
    assert [process.wait(10) for process in begun] == [-signal.SIGKILL]


@pytest.fixture
def begun(own_folder, monkeypatch):
    """Return the arguments of processes that `kb` would start when a search ends with that exit code; none is run."""
    from kb import start
    from kb.cli import warm

    found: list[list[str]] = []

    def run(code: int, *arguments: str) -> list[list[str]]:
        def ends() -> None:
            sys.exit(code)

        monkeypatch.setattr("kb.cli.main", ends)
        monkeypatch.setattr(sys, "argv", ["kb", *arguments])
        monkeypatch.setattr(warm.subprocess, "Popen", lambda program, **_: found.append(program[5:]))
        try:
            start.main()
        except SystemExit as end:
            assert end.code == code
        return found

    return run


def test_no_search_starts_the_helper_that_nobody_asked_for(begun):
    assert begun(0, "search", "x") == []


def test_a_search_starts_it_after_its_answer_where_a_person_asked_for_it(begun, monkeypatch):
    monkeypatch.setenv("KB_WARM", "auto")
    assert begun(0, "search", "x") == [["warm", "--serve", "--minutes", "10"]]


@pytest.mark.parametrize("code,arguments", [(1, ("search", "x")), (0, ("cite", "x"))])
def test_a_search_that_failed_and_other_commands_start_none(begun, monkeypatch, code, arguments):
    monkeypatch.setenv("KB_WARM", "auto")
    assert begun(code, *arguments) == []


def test_one_that_answers_is_not_started_again(begun, started, monkeypatch):
    monkeypatch.setenv("KB_WARM", "auto")
    started(run=lambda arguments: None)
    assert begun(0, "search", "x") == []


def test_python_m_kb_asks_the_helper_as_kb_does(started):
    started()
    program = [sys.executable, "-m", "kb", "search", "x"]
    done = subprocess.run(program, capture_output=True, text=True, check=True, env={**os.environ})
    assert done.stdout == "answer to search x\n"


def test_the_process_that_stays_is_this_program_whatever_the_working_folder_holds(tmp_path, monkeypatch):
    from kb.cli import warm

    (tmp_path / "kb").mkdir()
    (tmp_path / "kb" / "__init__.py").write_text("raise SystemExit(99)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KB_WARM", "off")  # it says so and ends
    with tempfile.TemporaryFile() as output:
        child = warm._child(1, output)
        assert child.wait(60) == 2
        output.seek(0)
        assert "KB_WARM is off" in output.read().decode("utf-8")
