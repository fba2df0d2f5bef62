"""Commands under a small limit of memory: one line that says so, whatever library fails first."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the system does not tell what is left")


_PYTHON = ("Fatal Python", "MemoryError", "Could not find platform", "SyntaxError")
"""How Python ends that has no memory to start; the last where a module is compiled for the first time."""


@pytest.mark.parametrize("megabytes", [20, 60, 100, 150])
def test_a_search_under_a_limit_says_that_memory_is_short(megabytes, tmp_path, root):
    environment = {**os.environ, "KB_HOME": str(root), "KB_WORKSPACE": str(tmp_path / "ws")}
    done = subprocess.run(
        ["/bin/sh", "-c", f'ulimit -v {megabytes * 1000}; exec "$0" -m kb search pension', sys.executable],
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
        timeout=120,
    )
    last = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else ""
    assert done.returncode != 0 and not done.stdout
    if done.returncode < 0 or last.startswith(_PYTHON):
        pytest.skip("Python itself does not start in so little memory here")
    if "there is no index yet" in last:
        pytest.skip("so much memory is enough to see that there is no index")
    assert "memory" in last.lower() and last.startswith(("kb: ", "OpenBLAS error: ")), done.stderr[-600:]


def test_an_interrupt_by_a_person_is_still_one(tmp_path, root):
    words = (
        "import os, signal, click\n"
        "from kb.cli.main import main, root\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # who runs tests in the background ignores it\n"
        "@click.command('x')\n"
        "def command():\n    os.kill(os.getpid(), signal.SIGINT)\n"
        "type(root).get_command = lambda *_: command\n"
        "main(['x'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", words],
        capture_output=True,
        text=True,
        env={**os.environ, "KB_HOME": str(root)},
        timeout=60,
    )
    assert done.returncode == 1 and "Aborted" in done.stderr and "memory" not in done.stderr
