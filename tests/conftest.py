"""Shared fixtures: where the real files are, a toy index in memory, and the corpus indexed with a toy encoder."""

from __future__ import annotations

import os
import pathlib

import pytest
from kb_toys import TOY, ToyEncoder, toy_searcher

from kb.index.build import Job, build
from kb.models import Document
from kb.search import Searcher

pytest_plugins = ["workspace_fixtures"]  # workspaces on SQLite and PostgreSQL, for the rooms that write to the log
os.environ.update({"SE_AVOID_STATS": "true", "SE_OFFLINE": "true"})  # the browser driver's manager reports its use
ROOT = pathlib.Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _same_environment():
    """What a test changes in the environment (a reader's child does, when it is called in process) ends with the
    test."""
    before = dict(os.environ)
    yield
    if dict(os.environ) != before:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="session")
def root() -> pathlib.Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> pathlib.Path:
    """Real files that are not part of the project; tests that need them skip where they are absent."""
    folder = ROOT.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("needs the shared data folder beside the checkout")
    return folder


@pytest.fixture(scope="session")
def kb_in_memory(root) -> Searcher:
    """Ten toy passages of two documents, ready to search."""
    return toy_searcher(TOY, root / "corpus")


@pytest.fixture(scope="session")
def paper(root) -> Document:
    """The background paper, read and structured as the build does it."""
    from kb.sources.documents import read_source
    from kb.sources.manifest import load_manifest

    return read_source(load_manifest(root / "corpus").get("paper"), root / "corpus")


@pytest.fixture(scope="session")
def corpus_index(root, paper, tmp_path_factory) -> pathlib.Path:
    """A folder with a live index of the paper and the register, with the toy encoder and without tags by rule."""
    from kb.commitments.documents import register_documents

    folder = tmp_path_factory.mktemp("indexes")
    build(
        Job(
            indexes=folder,
            tag=lambda document: document,
            encoders={"english": ToyEncoder()},
            inputs={},
            documents=lambda: [paper, *register_documents(root / "corpus" / "commitments", root / "corpus")],
        )
    )
    return folder


@pytest.fixture
def live_kb(corpus_index, root, monkeypatch, tmp_path) -> pathlib.Path:
    """Commands find the corpus's toy index and an empty workspace; gives the indexes folder."""
    from kb.index import live

    monkeypatch.setenv("KB_INDEXES", str(corpus_index))
    monkeypatch.setenv("KB_CORPUS", str(root / "corpus"))
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setattr(live.Index, "_encoder", lambda index, name: ToyEncoder())
    return corpus_index
