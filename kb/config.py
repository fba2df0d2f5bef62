"""Where things are. Everything can be moved with an environment variable; nothing is guessed from the machine."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


def _home() -> Path:
    """The folder that holds corpus/: KB_HOME, else the working folder, else where the package was installed from."""
    if os.environ.get("KB_HOME"):
        return Path(os.environ["KB_HOME"])
    here = Path.cwd()
    return here if (here / "corpus" / "sources.yaml").exists() else Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Folders and addresses in use; `settings()` reads them from the environment."""

    home: Path
    corpus: Path
    indexes: Path
    workspace: Path
    database_url: str
    model: str

    @property
    def library(self) -> Path:
        """Files that users added: official texts and policies."""
        return self.workspace / "library"


def settings() -> Settings:
    """The settings in force: KB_HOME, KB_CORPUS, KB_INDEXES, KB_WORKSPACE, KB_DATABASE_URL, KB_MODEL."""
    home = _home()
    env = os.environ
    workspace = Path(env.get("KB_WORKSPACE", home / "workspace"))
    return Settings(
        home=home,
        corpus=Path(env.get("KB_CORPUS", home / "corpus")),
        indexes=Path(env.get("KB_INDEXES", home / "indexes")),
        workspace=workspace,
        database_url=env.get("KB_DATABASE_URL") or f"sqlite:///{workspace / 'workspace.sqlite'}",
        model=env.get("KB_MODEL", "all-MiniLM-L6-v2"),
    )
