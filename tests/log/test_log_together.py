"""Concurrent use: opening an empty database, and writing from the threads of one program."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ThreadPoolExecutor

from kb.errors import RefusedError
from kb.log import open_workspace
from kb.log.decisions import broken

_FORK = multiprocessing.get_context("fork")


def _open_and_write(url: str, name: str) -> None:
    with open_workspace(url) as ws:
        ws.append(f"note/{name}", "note.written", {"by": name}, author=name)


def test_many_programs_may_open_an_empty_database_at_once(url):
    crew = [_FORK.Process(target=_open_and_write, args=(url, f"p{n}")) for n in range(4)]
    for process in crew:
        process.start()
    for process in crew:
        process.join()
    assert [process.exitcode for process in crew] == [0] * 4
    with open_workspace(url) as ws:
        assert sorted(event.author for event in ws.events()) == ["p0", "p1", "p2", "p3"] and broken(ws.events()) == []


def test_threads_of_the_app_lose_nothing(ws):
    """Each thread increments one shared number; a stale write is refused, so the thread reads again."""

    def count_up(name: str) -> None:
        for _ in range(5):
            while True:
                seen = ws.state("note/shared")
                try:
                    ws.append(
                        "note/shared",
                        "note.written",
                        {"n": seen.data.get("n", 0) + 1},
                        author=name,
                        expected=seen.version,
                    )
                    break
                except RefusedError:
                    continue

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count_up, ["Ana", "Ben", "Cy", "Dee"]))
    assert ws.state("note/shared").data == {"n": 20}
    assert broken(ws.events()) == []


def test_a_reader_sees_one_moment_while_others_write(ws):
    ws.append("note/a", "x", {"v": 1}, author="Ana")
    with ws.reading() as reader:
        before = reader.state("note/a").data
        ws.append("note/a", "x", {"v": 2}, author="Ben")
        assert reader.state("note/a").data == before == {"v": 1}
        assert len(list(reader.events())) == 1
    assert ws.state("note/a").data == {"v": 2}
