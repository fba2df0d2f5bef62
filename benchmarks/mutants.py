"""Put the faults listed in `benchmarks/mutants.yaml`, chosen by hand, into the program one at a time, and check that a
test fails.

    python benchmarks/mutants.py [WORDS OF A NAME]

Prints one line per fault, killed or survived; exit code 1 if one survived. Works on a copy; about ten seconds per
fault.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
COPIED = (
    "kb",
    "tests",
    "corpus",
    "pyproject.toml",
    "README.md",
    "docs",
    "benchmarks",
    "app.py",
    "Makefile",
    "constraints.txt",
)


def broken(folder: Path, mutant: dict) -> str:
    """Return 'killed' if one of the named tests fails with the fault, otherwise 'SURVIVED'. Raises SystemExit for a
    fault whose place is no longer in the code."""
    path = folder / mutant["file"]
    text = path.read_text(encoding="utf-8")
    if text.count(mutant["find"]) != 1:
        raise SystemExit(
            f"{mutant['name']}: the words to change stand {text.count(mutant['find'])} times in {mutant['file']}"
        )
    path.write_text(text.replace(mutant["find"], mutant["put"]), encoding="utf-8")
    try:
        return "SURVIVED" if passes(folder, mutant["tests"]) else "killed"
    finally:
        path.write_text(text, encoding="utf-8")


def passes(folder: Path, tests: list[str]) -> bool:
    """Return whether `tests` pass on the copy of the project in `folder`."""
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "not slow", *tests],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
    )
    if run.returncode not in (0, 1):
        raise SystemExit(run.stdout.decode()[-2000:])
    return run.returncode == 0


def main() -> None:
    """Test every fault whose name contains the given words; exit code 1 if one survives."""
    wanted = " ".join(sys.argv[1:])
    mutants = [
        one for one in yaml.safe_load((ROOT / "benchmarks" / "mutants.yaml").read_text()) if wanted in one["name"]
    ]
    if not mutants:
        raise SystemExit(f"no fault of mutants.yaml has '{wanted}' in its name: give words of one, or nothing for all")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "copy"
        folder.mkdir()
        for part in COPIED:
            source = ROOT / part
            shutil.copytree(
                source, folder / part, ignore=shutil.ignore_patterns("__pycache__")
            ) if source.is_dir() else shutil.copy(source, folder / part)
        tests = sorted({test for one in mutants for test in one["tests"]})
        if not passes(folder, tests):
            raise SystemExit("the tests fail before anything is broken")
        found = []
        for mutant in mutants:
            found.append(broken(folder, mutant))
            print(f"{found[-1]:8}  {mutant['name']}", flush=True)
    print(f"{found.count('killed')} of {len(found)} killed")
    sys.exit(int("SURVIVED" in found))


if __name__ == "__main__":
    main()
