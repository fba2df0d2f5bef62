"""What a new user gets from the wheel: five tasks in at most three lines each, in a new environment outside the
checkout."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy
import pytest

pytestmark = pytest.mark.slow

TASKS = {
    "find": ("import kb", 'hit = kb.search("rural women land").hits[0]', "print(hit.citation, hit.force, sep=' | ')"),
    "quote": (
        "import kb",
        'record = kb.show("paper/r5").record',
        "print(record.text if record.may_quote else '', record.citation, sep=' | ')",
    ),
    "cite": (
        "import kb",
        'found = kb.cite("CRPD art. 33(2)")',
        "print(found.outcome, found.places[0].pinpoint, sep=' | ')",
    ),
    "know what is here": ("import kb", "print(*(each.id for each in kb.coverage() if each.only_own_words))"),
    "take away": (
        "import kb",
        'print(kb.export("commitments", "out.jsonl", format="jsonl", filters=(("document", "crpd"),)))',
    ),
}


@pytest.fixture(scope="module")
def wheel(root, tmp_path_factory) -> Path:
    """Return the wheel, built from a copy so that nothing is left in the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in ("kb", "corpus"):
        shutil.copytree(root / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (
        "app.py",
        "setup.py",
        "pyproject.toml",
        "MANIFEST.in",
        "README.md",
        "LICENSE",
        "NOTICE",
        "constraints.txt",
    ):
        shutil.copy(root / name, source / name)
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(folder), "."],
        cwd=source, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if "No module named pip" in done.stderr:
        pytest.skip("needs pip")
    assert done.returncode == 0, done.stderr
    (found,) = folder.glob("kb-*.whl")
    return found


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory) -> Path:
    """Return the interpreter of a new environment with the wheel; its dependencies are those installed here."""
    folder = tmp_path_factory.mktemp("fresh")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    interpreter = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    (site,) = folder.rglob("site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)  # a pure wheel is installed by unpacking it (PEP 427)
    (site / "dependencies.pth").write_text(str(Path(numpy.__file__).parents[1]) + "\n", encoding="utf-8")
    return interpreter


@pytest.fixture(scope="module")
def home(root, tmp_path_factory) -> Path:
    """Return a home with an empty data folder. Vectors that this checkout already has are copied to it, which saves two
    minutes."""
    folder = tmp_path_factory.mktemp("home")
    known = root / "indexes" / "vectors.sqlite"
    if known.is_file():
        version = next(
            line.split('"')[1]
            for line in (root / "pyproject.toml").read_text().splitlines()
            if line.startswith("version")
        )
        (folder / "kb" / f"indexes-{version}").mkdir(parents=True)
        shutil.copy(known, folder / "kb" / f"indexes-{version}" / "vectors.sqlite")
    return folder


def run(python: Path, home: Path, code: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the code in the new environment, in an empty working folder."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("KB_") and name != "PYTHONPATH"}
    (home / "work").mkdir(exist_ok=True)
    return subprocess.run(
        [python, "-c", code], cwd=home / "work", capture_output=True, text=True, check=False, timeout=900,
        env={**mine, "HOME": str(home), "XDG_DATA_HOME": str(home), "LOCALAPPDATA": str(home), **more},
    )  # fmt: skip


def test_the_wheel_carries_the_corpus_and_the_apps_files(wheel, root):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    corpus = {
        f"kb/_corpus/{path.relative_to(root / 'corpus').as_posix()}"
        for path in (root / "corpus").rglob("*")
        if path.is_file()
    }
    assert corpus <= names
    assert {"kb/_app.py", "kb/http/templates/base.html", "kb/ui/style.css", "kb/log/migrations/script.py.mako"} <= names
    assert not [name for name in names if name.startswith(("tests/", "indexes/", "workspace/"))]


def test_the_readme_says_how_large_the_wheel_is(wheel, root):
    said = re.search(r"their tags and their vectors \((\d+) MB\)", (root / "README.md").read_text(encoding="utf-8"))
    assert abs(int(said[1]) - wheel.stat().st_size / 1e6) <= 1


def test_five_tasks_in_three_lines_each(python, home):
    answers = {}
    for task, lines in TASKS.items():
        assert len(lines) <= 3
        done = run(python, home, "\n".join(lines))
        assert done.returncode == 0, done.stderr
        answers[task] = done.stdout.strip()
    assert " | legal-obligation" in answers["find"] or " | political-commitment" in answers["find"]
    assert "universal entitlements to pension" in answers["quote"] and "recommendation 5" in answers["quote"]
    assert answers["cite"] == "one | art. 33(2)" and "crpd" in answers["know what is here"]
    rows = (home / "work" / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(rows) > 200 and json.loads(rows[0])["citation"]
    assert list((home / "kb").glob("indexes-*/current")), "the index is in the platform's data folder"
    assert not (home / "work" / "indexes").exists() and not (home / "work" / "workspace").exists()


def test_the_commands_work_outside_the_checkout(python, home):
    done = run(python, home, "from kb.cli import main; main(['cite', 'CRPD art. 33(2)'])")
    assert done.returncode == 0 and "Legal obligation" in done.stdout, done.stderr


def test_a_data_folder_that_cannot_be_written_is_named_with_the_way_out(python, home):
    (home / "plain-file").write_text("")
    done = run(python, home, "from kb.cli import main; main(['build'])", XDG_DATA_HOME=str(home / "plain-file"))
    assert done.returncode == 4 and "KB_INDEXES" in done.stderr and "Traceback" not in done.stderr


def test_a_wheel_without_its_corpus_says_so(python, home):
    (site,) = python.parents[1].rglob("site-packages")
    os.rename(site / "kb" / "_corpus", site / "kb" / "_gone")
    try:
        done = run(python, home, "import kb\nkb.search('land')")
        assert done.returncode and "there is no corpus" in done.stderr and "KB_HOME" in done.stderr
    finally:
        os.rename(site / "kb" / "_gone", site / "kb" / "_corpus")
