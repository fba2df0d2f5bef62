"""Measure requests per second of `kb serve`: passages as JSON and as pages, answers that the client already has (304),
search.

    .venv/bin/python benchmarks/serve.py [--seconds 5] [--clients 8] [--processes 1]

The server runs in its own process, as `kb serve` starts it; clients send requests over connections that they keep open.
They use the identifiers of all passages of the index in turn, so that no answer is requested twice before all were.
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
    """Return the number of a free port."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def started(port: int, processes: int = 1) -> subprocess.Popen[bytes]:
    """Start the server; return its process once it answers."""
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
    """Yield path and headers of one request after another, for the kind of request `kind`."""
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
    """Run one client: send requests from `asked` until the time `until`, and append the seconds of each to `times`.
    With `known` it requests one resource again and again, with the ETag of the earlier answer."""
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
    """Run `clients` clients for `seconds`; return the seconds of each request that was answered."""
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
    """Start the server, measure each kind of request, and print one table."""
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
