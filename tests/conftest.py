"""Shared fixtures: where the real files are, a toy index in memory, and the corpus indexed with a toy encoder."""

from __future__ import annotations

import ast
import gc
import os
import pathlib
import sys
from collections.abc import Iterator

import hypothesis
import pytest
from kb_toys import TOY, ToyEncoder, toy_searcher

from kb.build.job import BuildJob, build
from kb.models import Document
from kb.search import Searcher

pytest_plugins = ["workspace_fixtures"]  # workspaces on SQLite and PostgreSQL, for the rooms that write to the log
os.environ.update({"SE_AVOID_STATS": "true", "SE_OFFLINE": "true"})  # the browser driver's manager reports its use
ROOT = pathlib.Path(__file__).resolve().parent.parent

# A busy machine is no fault of what is tested: no example has a time limit.
hypothesis.settings.register_profile("kb", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("kb")

HEAVY = {"shared", "paper", "corpus_index", "live_kb", "postgres", "browser", "served", "port", "client", "wheel"}
"""Fixtures that read real files, build an index, or start a server or a browser: no quick test uses them."""
LONG = {
    *("api", "cli", "docs", "http", "i18n", "mcp", "report", "ui", "workspace", "build/test_build_job.py"),
    *("export/test_export_roundtrip.py", "coding/test_coding_agreement.py", "coding/test_coding_codebook_formats.py"),
    *("tagging/test_tagging_countries.py", "test_faults.py", "test_mutation.py", "search/test_search_invisible.py"),
    *("assess/test_assess_judged.py", "assess/test_assess_provisions.py", "read/test_read_guarded.py"),
    *("log/test_log_restore.py", "log/test_log_damage.py", "log/test_log_backup.py", "log/test_log_clocks.py"),
    *("search/test_search_pool.py", "search/test_search_light.py", "build/test_build_health.py"),
    *("export/test_export_memory.py", "export/test_export_request.py", "sources/test_sources_fetch.py"),
    *("commitments/test_commitments_against_text.py", "commitments/test_commitments_conference_registers.py"),
    *("structure/test_structure_resolution.py", "commitments/test_commitments_consistency.py", "test_wheel.py"),
    *("assessment/test_assessment_history.py", "test_supply.py", "build/test_build_bulk.py"),
    *("commitments/test_commitments_questions.py", "coding/test_coding_from_taxonomy.py", "test_privacy.py"),
    *("test_memory.py", "warm", "build/test_build_bulk.py", "build/test_build_inputs.py"),
    *("engine/test_engine_milvus.py", "export/test_export_readers.py", "build/test_build_grow.py"),
    *("index/test_index_live.py", "build/test_build_document_cache.py", "tagging/test_tagging_strength.py"),
    *("read/test_read_ink.py", "read/test_read_places.py", "read/test_read_images.py", "read/test_read_pdf_layers.py"),
    *("sources/test_sources_second.py", "citing/test_citing_cite.py", "tagging/test_tagging_tagger.py"),
    *("test_office.py", "test_languages.py", "export/test_export_collect.py", "citing/test_citing_lists.py"),
    *("search/test_search_wordwise.py", "test_amounts.py", "assess/test_assess_counter.py", "test_whole_file.py"),
    *("search/test_search_query.py", "coding/test_coding_vocabularies.py"),
}
"""Rooms and files under tests/ of which each took more than two seconds (`--durations=0`), or that begin processes."""


def _is_quick_run(config: pytest.Config) -> bool:
    return config.getoption("markexpr", "") == "quick"


def pytest_configure(config: pytest.Config) -> None:
    """Leave out of a quick run what costs most of its time; `make test` has all of it.

    - torch, which spaCy imports where it is installed: two seconds, and a hundred loggers, each of which pytest visits
      six times for each test (measured: a quarter of the run). No quick test uses a model.
    - a child process for each file that is read: the file is read in this process, by the function the child calls.
    - waiting for the disk: no test cuts the power.
    - most rounds of the garbage collector: trees of syntax and tables are many objects that live until the end.
    """
    if not _is_quick_run(config):
        return
    from kb.read import face, guarded

    sys.modules["torch"] = None  # type: ignore[assignment]  # importing it raises ImportError, as if not installed
    guarded.read_guarded = face.read_here
    os.fsync = lambda file: None
    gc.set_threshold(100_000, 50, 100)  # objects; the default is 700, 10, 10


def pytest_ignore_collect(collection_path: pathlib.Path, config: pytest.Config) -> bool | None:
    """In a quick run, skip long test files before they are imported."""
    tests = ROOT / "tests"
    if not _is_quick_run(config) or tests not in collection_path.parents:
        return None
    return collection_path.relative_to(tests).as_posix() in LONG or None


WAITED = r"Failed: waited \d+ s for|TimeoutException|ReadTimeoutError|StaleElementReference|ElementClickIntercepted"
"""How a test ends whose browser did not answer in time, or drew anew what the test just held. Two cores that do other
work too now and then stop a browser for longer than any limit; such a test is run once more, and pytest counts it as
a rerun. Any other failure stands."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as quick each test that is neither slow nor long and needs no heavy fixture and no server; mark browser
    tests."""
    for item in items:
        if {"browser", "chromium"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=[WAITED]))
        params = getattr(getattr(item, "callspec", None), "params", {})
        heavy = HEAVY & set(getattr(item, "fixturenames", ())) or {"postgresql", "milvus"} & set(
            map(str, params.values())
        )
        if not heavy and not item.get_closest_marker("slow"):
            item.add_marker("quick")


@pytest.fixture(autouse=True)
def _same_environment():
    """Restore the environment variables after a test; a reader's child process that is called in this process changes
    them."""
    before = dict(os.environ)
    yield
    if dict(os.environ) != before:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="session")
def modules() -> dict[str, tuple[str, ast.Module]]:
    """Return name to (text, syntax tree) of every module. Each is parsed once, and one test checks a rule on all
    modules and names those that break it, since a test for each rule and module would take longer to set up than to
    run."""
    texts = {str(p.relative_to(ROOT)): p.read_text(encoding="utf-8") for p in sorted((ROOT / "kb").rglob("*.py"))}
    return {name: (text, ast.parse(text)) for name, text in texts.items()}


@pytest.fixture(scope="session")
def root() -> pathlib.Path:
    """Return the folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> pathlib.Path:
    """Return the folder of real files that are not part of the project; tests that need them are skipped without it."""
    folder = ROOT.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("needs the shared data folder beside the checkout")
    return folder


@pytest.fixture(scope="session")
def kb_in_memory(root) -> Searcher:
    """Return a searcher over ten toy passages of two documents."""
    return toy_searcher(TOY, root / "corpus")


@pytest.fixture(scope="session")
def paper(root) -> Document:
    """Return the background paper, read and structured as the build does it."""
    from kb.sources.documents import read_source
    from kb.sources.manifest import load_manifest

    return read_source(load_manifest(root / "corpus").get("paper"), root / "corpus")


@pytest.fixture(scope="session")
def corpus_index(root, paper, tmp_path_factory) -> pathlib.Path:
    """Return a folder with a live index of the paper and the register, made with the toy encoder and without tags by
    rule."""
    from kb.commitments.documents import register_documents

    folder = tmp_path_factory.mktemp("indexes")
    build(
        BuildJob(
            indexes=folder,
            tag=lambda document: document,
            encoders={"english": ToyEncoder()},
            inputs={},
            documents=lambda: [paper, *register_documents(root / "corpus" / "commitments", root / "corpus")],
        )
    )
    return folder


@pytest.fixture
def live_kb(corpus_index, root, monkeypatch, tmp_path) -> Iterator[pathlib.Path]:
    """Set the settings to the corpus's toy index and an empty workspace; return the indexes folder. All tests share
    this index: a test that builds must copy it first."""
    from kb.index import live

    before = sorted(file.name for file in corpus_index.iterdir() if file.is_dir())

    monkeypatch.setenv("KB_INDEXES", str(corpus_index))
    monkeypatch.setenv("KB_CORPUS", str(root / "corpus"))
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setattr(live.Index, "_encoder", lambda index, name: ToyEncoder())
    yield corpus_index
    after = sorted(file.name for file in corpus_index.iterdir() if file.is_dir())
    assert after == before, "a test built into the index that all tests share: copy it first"
