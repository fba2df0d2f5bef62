"""Print the requirements of pyproject.toml, those of its extras included, one per line: `make` installs them with
hashes.

pip cannot check a folder against a hash, so the project itself is installed after its requirements, without any.
"""

from __future__ import annotations

import tomllib
from pathlib import Path


def requirements(pyproject: Path) -> list[str]:
    """Return all requirements, each once, without those on the project's own extras, and with setuptools, which
    installs the project."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    named = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    for extra in project["project"]["optional-dependencies"].values():
        named += extra
    return sorted({each for each in named if not each.startswith(f"{project['project']['name']}[")})


if __name__ == "__main__":
    print("\n".join(requirements(Path(__file__).resolve().parent.parent / "pyproject.toml")))
