"""Measure the disk space of the base install and of each extra, and the time of the first search after an install.

    .venv/bin/python benchmarks/install.py [--no-scratch] [--fresh [EXTRA ...]]

Sizes are those of the packages as they are installed here, with all that they require in turn. For the times, an
environment is created that can import the packages of the base install and no others, linked from here: no download is
counted. The ratio is to the same two commands when a build uses nothing that is shipped. With `--fresh`, pip installs
the project with each named extra (all, if none is named) into a new environment, which is deleted again: the time
includes the downloads that pip's cache lacks.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = ("build", "app", "assess", "ocr", "export", "server", "fetch", "workspace", "sign", "accounts", "milvus")
EXTRAS += ("cluster", "all")


def project() -> dict:
    """Return the table `project` of pyproject.toml."""
    import tomllib

    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def closure(lines: Iterable[str], extras: dict[str, list[str]]) -> dict[str, Distribution]:
    """Return name to every installed package that these requirements need, directly or through others. Requirements on
    the project's own `extras` are replaced by theirs."""
    found: dict[str, Distribution] = {}
    waiting = [Requirement(line) for line in lines]
    while waiting:
        need = waiting.pop()
        if need.name == "kb":
            waiting += [Requirement(line) for extra in need.extras for line in extras[extra]]
            continue
        for distribution_, wanted in _installed(need):
            name = canonicalize_name(need.name)
            if name not in found or wanted:
                fresh = name not in found
                found[name] = distribution_
                waiting += list(_needs(distribution_, wanted, fresh))
    return found


def _installed(need: Requirement) -> Iterator[tuple[Distribution, set[str]]]:
    try:
        yield distribution(need.name), set(need.extras)
    except PackageNotFoundError:
        return


def _needs(package: Distribution, extras: set[str], fresh: bool) -> Iterator[Requirement]:
    """Yield what a package requires: its own requirements if it is new (`fresh`), and those of the requested
    `extras`."""
    for line in package.requires or []:
        need = Requirement(line)
        by_itself = need.marker is None or need.marker.evaluate({"extra": ""})
        if (fresh and by_itself) or (
            not by_itself and any(need.marker.evaluate({"extra": extra}) for extra in extras if need.marker)
        ):
            yield need


def size(packages: Iterable[Distribution]) -> int:
    """Return the total bytes of the files of these packages."""
    files = (Path(str(file.locate())) for each in packages for file in each.files or [])
    return sum(path.stat().st_size for path in files if path.is_file())


def environment(folder: Path, packages: Iterable[Distribution]) -> Path:
    """Create an environment that can import these packages and the project, and nothing else; return its
    interpreter."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (site,) = folder.glob("lib/python3*/site-packages")
    for each in packages:
        for file in each.files or []:
            top = file.parts[0]
            here = Path(str(each.locate_file(top)))
            if top not in ("..", "__pycache__") and here.exists() and not (site / top).exists():
                (site / top).symlink_to(here)
    (site / "project.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    return folder / "bin" / "python"


def first_search(python: Path, home: Path, *how: str) -> tuple[float, float]:
    """Return the seconds of the first build and of the first search, in an empty home."""
    env = {**os.environ, "KB_INDEXES": str(home / "indexes"), "KB_WORKSPACE": str(home / "workspace")}
    seconds = []
    for arguments in (("build", *how), ("search", "rural women land")):
        start = time.perf_counter()
        subprocess.run([python, "-m", "kb", *arguments], check=True, env=env, cwd=ROOT, capture_output=True)
        seconds.append(time.perf_counter() - start)
    return seconds[0], seconds[1]


def fresh(extra: str, folder: Path) -> tuple[float, float]:
    """Install the project with an extra ('' for none) in a new environment by pip; return the seconds and the MB."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    what = f"{ROOT}[{extra}]" if extra else str(ROOT)
    start = time.perf_counter()
    pip = [folder / "bin" / "python", "-m", "pip", "install", "-q", "-c", ROOT / "constraints.txt", what]
    subprocess.run(pip, check=True, cwd=folder)
    seconds = time.perf_counter() - start
    files = (path for path in (folder / "lib").rglob("*") if path.is_file() and not path.is_symlink())
    weight = sum(path.stat().st_size for path in files)
    shutil.rmtree(folder)
    return seconds, weight / 1e6


def main() -> None:
    """Print the tables of sizes and times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--no-scratch", action="store_true", help="leave out the build that uses nothing shipped (minutes)"
    )
    parser.add_argument("--fresh", nargs="*", metavar="EXTRA", help="install by pip, each in its own environment")
    options = parser.parse_args()
    if options.fresh is not None:
        print(f"{'pip install':14} {'seconds':>8} {'MB':>7}")
        for extra in options.fresh or ("", *EXTRAS):
            with tempfile.TemporaryDirectory() as scratch:
                seconds, weight = fresh(extra, Path(scratch) / "venv")
            print(f"{f'kb[{extra}]' if extra else 'kb (base)':14} {seconds:8.0f} {weight:7.0f}", flush=True)
        return
    table = project()
    extras = table["optional-dependencies"]
    base = closure(table["dependencies"], extras)
    print(f"{'install':14} {'packages':>8} {'MB':>7} {'MB more':>8}")
    print(f"{'kb (base)':14} {len(base):8} {size(base.values()) / 1e6:7.0f}")
    for extra in EXTRAS:
        whole = base | closure(extras[extra], extras)
        print(
            f"{f'kb[{extra}]':14} {len(whole):8} {size(whole.values()) / 1e6:7.0f} "
            f"{(size(whole.values()) - size(base.values())) / 1e6:8.0f}"
        )
    with tempfile.TemporaryDirectory() as scratch:
        python = environment(Path(scratch) / "venv", base.values())
        build, search = first_search(python, Path(scratch) / "home")
        print(f"\nbase install: first build {build:.1f} s, first search {search:.1f} s")
        if not options.no_scratch:
            slow, _ = first_search(Path(sys.executable), Path(scratch) / "other", "--from-scratch")
            print(f"everything installed, nothing shipped: first build {slow:.1f} s, ratio {slow / build:.1f}")


if __name__ == "__main__":
    main()
