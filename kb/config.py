"""The program's folders and addresses. Each can be set with an environment variable."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
CARRIED = PACKAGE / "_corpus"
"""The corpus inside a wheel; a checkout does not have this folder."""


def _home() -> Path:
    """Return the folder that contains all others: KB_HOME, else the working folder if it has a corpus, else the
    checkout, else, for an installed package, the platform's data folder (nothing is written beside its modules)."""
    if os.environ.get("KB_HOME"):
        return Path(os.environ["KB_HOME"])
    here = Path.cwd()
    if (here / "corpus" / "sources.yaml").exists():
        return here
    return PACKAGE.parent if not CARRIED.is_dir() else _data_folder()


def _data_folder() -> Path:
    """Return the folder where an installed package keeps its index and workspace: ~/.local/share/kb,
    ~/Library/Application Support/kb, …"""
    import platformdirs

    return platformdirs.user_data_path("kb", appauthor=False)


def _corpus(home: Path) -> Path:
    """Return the folder of the corpus: KB_CORPUS, else the one in `home`, else the one inside the wheel."""
    if os.environ.get("KB_CORPUS"):
        return Path(os.environ["KB_CORPUS"])
    own = home / "corpus"
    return own if own.is_dir() or not CARRIED.is_dir() else CARRIED


def shipped_corpus() -> Path:
    """Return the folder of the corpus that came with the code: the one inside the wheel, or that of the checkout."""
    return CARRIED if CARRIED.is_dir() else PACKAGE.parent / "corpus"


def _indexes(home: Path) -> Path:
    """Return the folder of the indexes: KB_INDEXES, else `indexes` in `home`. For an installed package that uses its
    own corpus, the folder's name contains the version, so that each version has its own indexes."""
    if os.environ.get("KB_INDEXES"):
        return Path(os.environ["KB_INDEXES"])
    if not CARRIED.is_dir() or (home / "corpus").is_dir():
        return home / "indexes"
    from importlib.metadata import version

    return home / f"indexes-{version('kb')}"


@dataclass(frozen=True)
class Settings:
    """The folders and addresses in use; `settings()` reads them from the environment."""

    home: Path
    corpus: Path
    indexes: Path
    workspace: Path
    database_url: str
    model: str
    people: Path | None = None
    engine: str = ""
    """Address of an engine on other machines that answers searches; '' for the engine of this machine."""
    dask: str = ""
    """Address of a Dask scheduler whose workers read and embed for a build; '' to use this machine only."""

    @property
    def library(self) -> Path:
        """The folder of files that users added: official texts and policies."""
        return self.workspace / "library"


_HELD: ContextVar[Settings | None] = ContextVar("settings", default=None)


@contextmanager
def held() -> Iterator[Settings]:
    """Inside the block, `settings()` reads the environment only once. A page of the app needs the settings about fifty
    times, and each reading accesses the disk."""
    token = _HELD.set(settings())
    try:
        yield settings()
    finally:
        _HELD.reset(token)


def settings() -> Settings:
    """Return the present settings, read from KB_HOME, KB_CORPUS, KB_INDEXES, KB_WORKSPACE, KB_DATABASE_URL, KB_MODEL,
    KB_PEOPLE, KB_ENGINE and KB_DASK."""
    return _HELD.get() or _settings()


def _settings() -> Settings:
    home = _home()
    env = os.environ
    workspace = Path(env.get("KB_WORKSPACE", home / "workspace"))
    return Settings(
        home=home,
        corpus=_corpus(home),
        indexes=_indexes(home),
        workspace=workspace,
        database_url=env.get("KB_DATABASE_URL") or f"sqlite:///{workspace / 'workspace.sqlite'}",
        model=env.get("KB_MODEL", "all-MiniLM-L6-v2"),
        people=Path(env["KB_PEOPLE"]) if env.get("KB_PEOPLE") else None,
        engine=env.get("KB_ENGINE", ""),
        dask=env.get("KB_DASK", ""),
    )
