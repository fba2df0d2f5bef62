"""Measure the seconds from a click to the result in the app, with one user and with twenty, and the processor time of a
search in the app.

    .venv/bin/python benchmarks/app.py [--users 20] [--clicks 3] [--think 4]

The app runs in its own process and gets requests over its WebSocket, as from a browser, but without a browser: measured
is the time until the complete page has been sent. Each user asks new questions, with `--think` seconds between two
clicks (half to one and a half of it, by a seed). The cost in the engine is that of the same questions in a process
without an app; the cost in the app is the processor time of its process, both without pauses. Figures are ratios within
one run on one machine.
"""

from __future__ import annotations  # noqa: I001 - kb first of all: it tells every library to be silent

import kb

import argparse
import asyncio
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

import psutil
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

SUBJECTS = (
    "older persons",
    "rural women",
    "children",
    "persons with disabilities",
    "youth",
    "migrant workers",
    "families",
)
MATTERS = (
    "pension",
    "land",
    "health care",
    "school",
    "violence",
    "housing",
    "work",
    "participation",
    "budget",
    "data",
    "water",
    "food",
)
SEED = 28
ALONE = 10
"""Number of questions of the single user, and of questions whose processor time is measured."""
START = 120.0
"""Maximum number of seconds for the app's first answer."""


def questions() -> list[str]:
    """Return 84 questions. Each is asked only once, so that no answer comes from a cache."""
    found = [f"{matter} for {subject}" for subject in SUBJECTS for matter in MATTERS]
    random.Random(SEED).shuffle(found)
    return found


class App:
    """A running app, in its own process."""

    def __init__(self, root: Path, workspace: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port)]
        command += ["--server.address", "127.0.0.1", "--server.headless", "true", "--server.fileWatcherType", "none"]
        self.process = subprocess.Popen(
            command,
            cwd=root,
            env={**os.environ, "KB_WORKSPACE": str(workspace)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + START
        while not self._answers():
            if time.monotonic() > end:
                raise SystemExit("the app does not answer")
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_stcore/health", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def cost(self) -> float:
        """Return the processor seconds that the app has used so far."""
        times = psutil.Process(self.process.pid).cpu_times()
        return times.user + times.system

    def connect(self) -> websockets.connect:
        """Open a WebSocket to the app, as a browser tab does."""
        here = f"127.0.0.1:{self.port}"
        return websockets.connect(
            f"ws://{here}/_stcore/stream", origin=f"http://{here}", subprotocols=["streamlit"], max_size=2**28
        )


async def click(tab: websockets.ClientConnection, query: str) -> float:
    """Open the results of a query; return the seconds until the complete page has been sent."""
    message = BackMsg()
    message.rerun_script.page_name = "search"
    message.rerun_script.query_string = urlencode({"q": query})
    began = time.perf_counter()
    await tab.send(message.SerializeToString())
    drawn = 0
    while True:
        answer = ForwardMsg()
        answer.ParseFromString(await tab.recv())
        drawn += answer.WhichOneof("type") == "delta"
        if answer.WhichOneof("type") == "script_finished" and drawn:
            return time.perf_counter() - began


async def user(app: App, asked: list[str], think: float, seed: int) -> list[float]:
    """Make one click for each question in `asked`, with about `think` seconds between them; return the seconds of
    each."""
    chance = random.Random(seed)
    async with app.connect() as tab:
        found = []
        for query in asked:
            await asyncio.sleep(think * chance.uniform(0.5, 1.5))
            found.append(await click(tab, query))
        return found


async def users(app: App, asked: list[list[str]], think: float) -> list[float]:
    """Run several users at once, one for each list in `asked`; return the seconds of all their clicks."""
    every = await asyncio.gather(*(user(app, mine, think, SEED + n) for n, mine in enumerate(asked)))
    return [one for mine in every for one in mine]


def share(times: list[float], of: float) -> float:
    """Return the quantile `of` (0 to 1) of `times`, for example the median for 0.5."""
    return sorted(times)[min(len(times) - 1, int(of * len(times)))]


def engine(asked: list[str]) -> float:
    """Return the processor seconds of one search in the engine alone, the mean over `asked`. The first search, which
    loads the models, is not counted."""
    from kb.search import live_searcher

    found = live_searcher()
    found.search("social integration")
    began = time.process_time()
    for query in asked:
        found.search(query)
    return (time.process_time() - began) / len(asked)


def main() -> None:
    """Measure the app with one user and with many, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--clicks", type=int, default=3, help="of each user")
    parser.add_argument("--think", type=float, default=4.0, help="seconds between two clicks of a user")
    given = parser.parse_args()
    every = questions()
    if given.users * given.clicks > len(every) - 2 * ALONE:
        parser.error(f"there are {len(every)} questions: ask for fewer users or clicks")
    alone, costed, crowd = every[:ALONE], every[ALONE : 2 * ALONE], every[2 * ALONE :][: given.users * given.clicks]
    root = Path(kb.__file__).resolve().parents[1]
    with tempfile.TemporaryDirectory() as scratch:
        app = App(root, Path(scratch) / "workspace")
        try:
            asyncio.run(users(app, [["social integration"]], 0))  # loads what is loaded once
            one = asyncio.run(users(app, [alone], 0.5))
            before = app.cost()
            asyncio.run(users(app, [costed], 0))
            cost = (app.cost() - before) / len(costed)
            many = asyncio.run(users(app, [crowd[n :: given.users] for n in range(given.users)], given.think))
        finally:
            app.process.terminate()
            app.process.wait(20)
    base = engine(costed)
    print(f"one user: p50 {share(one, 0.5):.3f} s, p95 {share(one, 0.95):.3f} s, {len(one)} new questions")
    print(
        f"{given.users} users: p50 {share(many, 0.5):.3f} s, p95 {share(many, 0.95):.3f} s, {len(many)} new questions"
    )
    print(f"processor time of a search: engine {base:.3f} s, app {cost:.3f} s, {cost / base:.1f} times")


if __name__ == "__main__":
    main()
