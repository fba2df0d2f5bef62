"""Where an installation stores data: a checkout beside itself, an installed package in the platform's data folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb import config


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Imitate a pip install: the package holds the corpus, no setting is made, the working folder is empty. Return the
    data folder."""
    for name in ("KB_HOME", "KB_CORPUS", "KB_INDEXES", "KB_WORKSPACE", "KB_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "site-packages" / "kb" / "_corpus").mkdir(parents=True)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setattr(config, "CARRIED", tmp_path / "site-packages" / "kb" / "_corpus")
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "data")
    return tmp_path / "data"


def test_an_installed_package_writes_nothing_beside_its_modules(installed: Path) -> None:
    found = config.settings()
    assert found.home == installed and found.corpus == config.CARRIED
    assert found.indexes.parent == found.workspace.parent == installed
    assert found.database_url == f"sqlite:///{installed / 'workspace' / 'workspace.sqlite'}"


def test_two_versions_have_an_index_each_and_one_workspace(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = []
    for version in ("1.0.0", "1.1.0"):
        monkeypatch.setattr("importlib.metadata.version", lambda _, version=version: version)
        folders.append((config.settings().indexes.name, config.settings().workspace.name))
    assert folders == [("indexes-1.0.0", "workspace"), ("indexes-1.1.0", "workspace")]


def test_a_checkout_wins_over_the_data_folder_and_a_setting_over_both(
    installed: Path, root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(root)
    assert config.settings().home == root and config.settings().indexes == root / "indexes"
    monkeypatch.setenv("KB_HOME", str(tmp_path / "mine"))
    assert config.settings().corpus == config.CARRIED, "a home without a corpus uses the one that is carried"
    (tmp_path / "mine" / "corpus").mkdir(parents=True)
    assert config.settings().corpus == tmp_path / "mine" / "corpus"
    monkeypatch.setenv("KB_INDEXES", str(tmp_path / "elsewhere"))
    assert config.settings().indexes == tmp_path / "elsewhere"


def test_settings_that_are_held_are_read_once(monkeypatch):
    with config.held():
        before = config.settings()
        monkeypatch.setenv("KB_MODEL", "another")
        assert config.settings() is before
    assert config.settings().model == "another"
