"""Workers for build steps that can be divided into parts: processes of this machine, or machines behind a Dask
scheduler.

A part is a call of one of the program's functions with one argument. Results arrive as they are ready, each with the
number of its part. Only the part is sent to a worker, and only its result comes back.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Protocol, TypeVar

from kb.build.inputs import version_of
from kb.errors import IndexError_

if TYPE_CHECKING:
    from distributed import Client
    from distributed import Future as DaskFuture

Given = TypeVar("Given")
Made = TypeVar("Made")
Promise = TypeVar("Promise")
"""A future of Python or of Dask."""

MOST = 8
"""Maximum number of worker processes on this machine: each needs half a gigabyte for the rules and a language's
words."""
_AHEAD = 3
"""Number of parts queued for each worker: enough that no worker is idle while results are stored, few enough for
memory."""
_PATIENCE = 30
"""Seconds that a scheduler, and the first of its workers, may take to answer."""


Made_co = TypeVar("Made_co", covariant=True)


class Result(Protocol[Made_co]):
    """The result of one part: a finished future of `concurrent.futures` or of Dask."""

    def exception(self) -> BaseException | None:
        """Return the exception that the part raised, or None."""
        ...

    def result(self) -> Made_co:
        """Return the value that the part returned."""
        ...


class Workers(Protocol):
    """Anything that can run the parts of a build step."""

    @property
    def many(self) -> int:
        """Number of parts that run at the same time."""
        ...

    def made(self, act: Callable[[Given], Made], parts: Iterable[Given]) -> Iterator[tuple[int, Made | Exception]]:
        """Run `act` on each part; yield (number of the part, result or exception) in any order.

        When workers are lost, the results of some parts may be missing.
        """
        ...


class Processes:
    """Workers that are processes of this machine."""

    def __init__(self, many: int | None = None) -> None:
        self.many = min(many or os.cpu_count() or 1, MOST)

    def made(self, act: Callable[[Given], Made], parts: Iterable[Given]) -> Iterator[tuple[int, Made | Exception]]:
        """Run `act` on each part in worker processes. See `Workers.made`."""
        context = multiprocessing.get_context("spawn")  # a forked copy of a program with threads may deadlock
        with ProcessPoolExecutor(self.many, mp_context=context, initializer=_end_with_parent) as pool:
            waiting: dict[Future[Made], int] = {}
            coming = enumerate(parts)
            with suppress(BrokenProcessPool):  # the system killed a process: the caller does the remaining parts itself
                _fill_up(coming, waiting, lambda part: pool.submit(act, part), self.many)
                while waiting:
                    for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                        yield waiting.pop(future), _result(future)
                    _fill_up(coming, waiting, lambda part: pool.submit(act, part), self.many)


def _fill_up(
    coming: Iterator[tuple[int, Given]], waiting: dict[Promise, int], submit: Callable[[Given], Promise], many: int
) -> list[Promise]:
    """Submit parts from `coming` until enough are queued for `many` workers; add them to `waiting` (future to part
    number) and return the new futures."""
    new = {submit(part): number for number, part in islice(coming, max(many * _AHEAD - len(waiting), 0))}
    waiting.update(new)
    return list(new)


def _result(future: Result[Made]) -> Made | Exception:
    """Return the value of a part, or the exception that it raised."""
    error = future.exception()
    return error if isinstance(error, Exception) else future.result()


def _end_with_parent() -> None:
    """End this process as soon as its parent process has ended, for whatever reason."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        """Wait until the parent ends, then exit."""
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


class Cluster:
    """Machines behind a Dask scheduler; connected when the first part is run.

    Each must have the same program, corpus, packages and processor features as this machine, so that it makes the same
    bytes; this is checked before anything is sent.
    """

    def __init__(self, address: str) -> None:
        self.address = address

    @cached_property
    def client(self) -> Client:
        """The connection to the scheduler. Raises IndexError_ when no scheduler or worker answers, or a worker has
        other versions."""
        from distributed import Client

        try:
            client = Client(self.address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError, ImportError) as error:
            raise self._unusable(f"no scheduler of Dask answers ({_short(error)})") from error
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
            there = client.run(facts)
        except Exception as error:
            client.close()
            raise self._unusable(f"its workers do not answer ({_short(error)})") from error
        if other := other_make(facts(), there):
            client.close()
            raise self._unusable(other)
        return client

    def _unusable(self, what: str) -> IndexError_:
        return IndexError_(
            f"{what}.",
            where=self.address,
            do="Mend it and build again, or unset KB_DASK to build on this machine. The old index still answers.",
        )

    @property
    def many(self) -> int:
        """Number of threads of all workers together."""
        return sum(self.client.nthreads().values()) or 1

    def made(self, act: Callable[[Given], Made], parts: Iterable[Given]) -> Iterator[tuple[int, Made | Exception]]:
        """Run `act` on each part on the cluster. See `Workers.made`. Raises IndexError_ when the scheduler is lost,
        because running the rest on this machine might take days."""
        from distributed import as_completed

        client, many = self.client, self.many
        waiting: dict[DaskFuture, int] = {}
        coming = enumerate(parts)

        def submit(part: Given) -> DaskFuture:
            """Submit a part and return its future; each result is needed once, so Dask need not derive a key from the
            arguments."""
            return client.submit(act, part, pure=False)

        ready = as_completed(_fill_up(coming, waiting, submit, many), loop=client.loop)
        for future in ready:
            if future.status in ("cancelled", "lost"):
                raise self._unusable("the scheduler is gone in the middle of the work; what came is kept")
            yield waiting.pop(future), _result(future)
            ready.update(_fill_up(coming, waiting, submit, many))

    def close(self) -> None:
        """Disconnect from the scheduler, if connected."""
        if "client" in self.__dict__:
            self.client.close()


@contextmanager
def machines(address: str) -> Iterator[Cluster | None]:
    """Return a context manager that connects to the machines behind the Dask scheduler at `address` until the block
    ends. Its value is None when `address` is ''."""
    cluster = Cluster(address) if address else None
    try:
        yield cluster
    finally:
        if cluster:
            cluster.close()


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"


def other_make(mine: Mapping[str, str], there: Mapping[str, Mapping[str, str]]) -> str:
    """Return a description of how the first worker that differs from this machine differs from it; '' when none does.
    `mine` are this machine's `facts`, `there` the facts of each worker by its name."""
    for worker, its in there.items():
        if differs := [name for name, value in mine.items() if its.get(name) != value]:
            return f"the worker {worker} has other {' and '.join(differs)} than this machine"
    return ""


def facts() -> dict[str, str]:
    """Return the properties that two machines must share to produce the same bytes: a name that people understand to
    its value."""
    from kb.build.inputs import data_of
    from kb.config import settings
    from kb.index.embed import fast_bfloat16
    from kb.index.manifest import inputs_of, packages

    config = settings()
    inputs = inputs_of(config.corpus, config.library)
    of_corpus = {name: digest for name, digest in inputs.items() if not name.startswith("library/")}
    return {
        "code": "".join(version_of(step, packages=False) for step in ("read", "tag", "embed")),
        "corpus": "".join(data_of(step, of_corpus) for step in ("read", "tag", "embed")),
        "packages": version_of("read") + version_of("tag") + str(sorted(packages().items())),
        "kind of numbers (bfloat16)": str(fast_bfloat16()),
    }
