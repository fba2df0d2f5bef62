"""Write constraints.lock: every package that any supported Python and system may need, each with the hashes of its
files.

Run it with `make lock` after a change of pyproject.toml or constraints.txt. It asks the package index for names of
files and their hashes alone; the versions are those of constraints.txt.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAD = """# Made by `make lock`; do not edit. Versions are those of constraints.txt, hashes those of every file of \
that version.
# `make` installs nothing whose hash is not here. To install from files that were built elsewhere: make HASHES=no
"""
ELSEWHERE = {
    # torch without CUDA, CPython 3.11 on Linux x86-64, as its maker publishes it beside the package index
    "torch==2.13.0": ["sha256:6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b"],
}
TOOLS = ("pip==26.3", "setuptools==84.2.1")
"""What installs and builds; not dependencies of the project, and pinned like them."""


def main() -> None:
    """Resolve the dependencies for all systems at once, add the hashes that the index does not list, and write
    constraints.lock."""
    with tempfile.TemporaryDirectory() as scratch:
        tools = Path(scratch) / "tools.in"
        tools.write_text("\n".join(TOOLS), encoding="utf-8")
        done = subprocess.run(
            [
                Path(sys.executable).with_name("uv"),
                "pip",
                "compile",
                "--universal",
                "--python-version",
                "3.11",
                "--no-config",
                "--generate-hashes",
                "--no-header",
                "--no-annotate",
                "--quiet",
                "--extra",
                "all",
                "--extra",
                "test",
                "--constraint",
                ROOT / "constraints.txt",
                ROOT / "pyproject.toml",
                tools,
            ],
            check=True,
            capture_output=True,
            text=True,
        )
    lock = with_elsewhere(done.stdout)
    (ROOT / "constraints.lock").write_text(HEAD + lock, encoding="utf-8")
    pip = re.search(r"^pip==(?:[^\n]*\\\n)+[^\n]*\n", lock, re.MULTILINE)
    (ROOT / ".ci" / "pip.lock").write_text(HEAD + pip[0], encoding="utf-8")


def with_elsewhere(text: str) -> str:
    """Return the text of the lock file with the hashes of ELSEWHERE added to their packages."""
    for name, hashes in ELSEWHERE.items():
        block = re.search(rf"^{re.escape(name)}(?:[^\n]*\\\n)+[^\n]*$", text, re.MULTILINE)
        if not block:
            raise SystemExit(f"{name} is not in the lock: update ELSEWHERE in {Path(__file__).name}")
        more = "".join(f" \\\n    --hash={each}" for each in hashes)
        text = text[: block.end()] + more + text[block.end() :]
    return text


if __name__ == "__main__":
    main()
