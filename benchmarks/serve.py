"""Requests a second of `kb serve`: passages as JSON and as pages, what is known already (304), search.

    .venv/bin/python benchmarks/serve.py [--seconds 5] [--clients 8] [--processes 1]

The server is a process of its own, as `kb serve` starts it; clients ask over connections they keep. Identifiers are
every passage of the index in turn, so that no answer is asked for twice until all were.
"""

from __future__ import annotations

import argparse
import http.client
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import count
from urllib.parse import quote

from kb.api.live import state

QUESTIONS = (
    "rural women land",
    "pension for older persons",
    "sign language interpreters",
    "minimum wage",
    "indigenous peoples consultation",
)


def free_port() -> int:
    """A port that nothing answers on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def started(port: int, processes: int = 1) -> subprocess.Popen[bytes]:
    """The server, when it answers."""
    process = subprocess.Popen(
        [sys.executable, "-m", "kb", "serve", "--port", str(port), "--rate", "1000000", "--burst", "1000000"]
        + ["--processes", str(processes)],
        stderr=subprocess.DEVNULL,
    )
    for _ in range(1200):  # two minutes: others may use the machine
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.1)
    raise SystemExit("the server does not answer")


def addresses(ids: list[str], kind: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Path and headers of one request after another."""
    accept = {"Accept": "text/html" if kind == "page" else "application/json"}
    for n in count():
        if kind == "search":
            question = quote(QUESTIONS[n % len(QUESTIONS)])
            yield f"/search?q={question}&limit={n // len(QUESTIONS) % 50 + 1}", accept  # 250 that are not kept yet
        else:
            yield f"/id/{quote(ids[n % len(ids)])}", accept


def ask(
    port: int,
    asked: Iterator[tuple[str, dict[str, str]]],
    lock: threading.Lock,
    until: float,
    times: list[float],
    known: bool,
) -> None:
    """One client: requests until the end, the seconds of each."""
    connection, etags = http.client.HTTPConnection("127.0.0.1", port, timeout=30), {}
    while time.perf_counter() < until:
        with lock:
            path, headers = next(asked)
        path = "/id/crpd" if known else path
        if known and path in etags:
            headers = {**headers, "If-None-Match": etags[path]}
        start = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        times.append(time.perf_counter() - start)
        etags[path] = answer.headers["ETag"]
        if answer.status not in (200, 304):
            raise SystemExit(f"{path}: {answer.status}")


def measure(port: int, ids: list[str], kind: str, clients: int, seconds: float) -> list[float]:
    """Seconds of each request that was answered."""
    times: list[float] = []
    lock, asked = threading.Lock(), addresses(ids, kind)
    until = time.perf_counter() + seconds
    threads = [
        threading.Thread(target=ask, args=(port, asked, lock, until, times, kind == "known")) for _ in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(times)


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--processes", type=int, default=1)
    asked = parser.parse_args()
    ids, port = [passage.id for passage in state().store.passages()], free_port()
    process = started(port, asked.processes)
    print(
        f"{'request':10} {'a second':>9} {'median':>9} {'p95':>9}   ({asked.clients} clients, {asked.seconds:g} s each)"
    )
    try:
        for kind in ("show", "page", "known", "search"):
            times = measure(port, ids, kind, asked.clients, asked.seconds)
            rate, middle, high = len(times) / asked.seconds, times[len(times) // 2], times[len(times) * 95 // 100]
            print(f"{kind:10} {rate:9.0f} {middle * 1000:7.1f} ms {high * 1000:7.1f} ms")
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    main()
