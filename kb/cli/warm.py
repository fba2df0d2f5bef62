"""kb warm: keep a process running, so that searches from the command line answer at once."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

import click

from kb.errors import InputError

_SLOWEST = 120.0
"""Maximum number of seconds for the helper to open the index. It usually takes one second; with twenty programs
competing for two processors, sixty were too few."""
MINUTES = 10.0
"""Minutes without a search after which the helper ends."""
_PROGRAM = "import sys; sys.path.insert(0, sys.argv.pop(1)); sys.argv[0] = 'kb'; from kb.cli import main; main()"
"""Python source that runs this same program in any working folder under the name `kb`, so that help and errors look the
same."""
_FIRST = ("search", "pension", "--limit", "1", "--json")
"""Arguments of the first search, which loads everything before the first query arrives."""


@click.command("warm", epilog="Example: kb warm --minutes 30")
@click.option(
    "--minutes",
    type=click.FloatRange(0.01, 1440),
    default=MINUTES,
    show_default=True,
    help="End after this number of minutes without a search.",
)
@click.option("--stop", is_flag=True, help="End the process that is running.")
@click.option("--serve", is_flag=True, hidden=True)
def command(minutes: float, stop: bool, serve: bool) -> None:
    """Keep a process running that answers kb search at once, with the same answers, until it is idle for some minutes.

    Only you can use it: it listens on a socket file that only you can open, on no port, and nothing leaves this
    machine. It ends after the idle minutes, or when the index, the program or the ranking changes. KB_WARM=off turns it
    off; with KB_WARM=auto a search that finds no such process starts one for later searches.
    """
    from kb.warm import client

    if not client.is_offered():
        raise InputError("there is no warm process here: KB_WARM is off, or this system has no such sockets.")
    if serve:
        _serve(minutes * 60)
    elif stop:
        line = client.called(client.STOP)
        if line is not None:
            line.close()
        click.echo("The warm process ends." if line is not None else "No warm process is running.")
    else:
        _start(minutes)


def _start(minutes: float) -> None:
    """Start the helper and wait until it answers. Raises InputError if it does not."""
    from kb.search import live_searcher

    live_searcher()  # reports a missing or damaged index here
    if not _answers():
        with tempfile.TemporaryFile() as output:
            child = _child(minutes, output)
            until = time.monotonic() + _SLOWEST
            while not _answers():
                if child.poll() is not None or time.monotonic() > until:
                    child.kill()  # a slow helper would remain after its failure was reported
                    output.seek(0)
                    why = output.read().decode("utf-8", "replace").strip().removeprefix("kb: ")
                    raise InputError(f"no warm process could be started: {why or 'it does not answer'}")
                time.sleep(0.05)  # a twentieth of a second is not felt
    click.echo(
        f"Ready: kb search answers at once until the index changes, or no search comes for {minutes:g} min. "
        "End it before: kb warm --stop"
    )


def _child(minutes: float, output: IO[bytes] | int) -> subprocess.Popen[bytes]:
    """Start the helper process in a session of its own; its error messages go to `output`."""
    here = str(Path(__file__).resolve().parents[2])
    program = [sys.executable, "-P", "-c", _PROGRAM, here, "warm", "--serve", "--minutes", f"{minutes:g}"]
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(program, stdin=nowhere, stdout=nowhere, stderr=output, start_new_session=True)


def start_beside() -> None:
    """Start the helper for later searches without waiting for it; if it cannot start, searches work as before."""
    with contextlib.suppress(OSError):
        _child(MINUTES, subprocess.DEVNULL)


def _answers() -> bool:
    from kb.warm import client

    line = client.called(client.PING)
    if line is not None:
        line.close()
    return line is not None


def _serve(seconds: float) -> None:
    """Open everything with one search, then answer queries."""
    import io

    from kb.cli.main import main
    from kb.warm import helper

    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
        main([*_FIRST])
    with contextlib.suppress(helper.AddressTaken):
        helper.serve(main, _watched(), seconds)


def _watched() -> Callable[[], Iterable[Path]]:
    """Return a function that returns the files on which answers depend: index, encoders, ranking, and the program's
    modules."""
    from kb.config import settings
    from kb.index.live import open_index

    config = settings()
    folder = open_index(config.indexes, config.corpus).folder
    beside = [*sorted(folder.rglob("*")), *sorted((config.indexes / "models").rglob("*"))]
    parts = [file for file in beside if file.is_file() and file.suffix != ".lock"]
    parts += [config.indexes / "current", *sorted((config.corpus / "search").glob("*"))]

    def files() -> Iterable[Path]:
        """Return the files of the index, encoders and ranking, and of every module of the program that is loaded by
        now."""
        modules = [m.__file__ for name, m in list(sys.modules.items()) if name.split(".")[0] == "kb"]
        return [*parts, *sorted(Path(file) for file in modules if file)]

    return files
