"""The public interface of `kb.api` equals the stored list: a change of it is a change of version and must be
deliberate."""

from __future__ import annotations

import ast
import enum
import inspect
import pathlib
import re
import subprocess
import sys
from typing import Literal

import pydantic
import pytest

import kb
from kb import api

KEPT = pathlib.Path(__file__).with_name("surface.txt")


def surface() -> str:
    """Return the interface as text: names with their parameters and defaults, models with their fields, one per
    line."""
    lines = []
    for name in sorted(api.__all__):
        value = getattr(api, name)
        if inspect.isclass(value) and issubclass(value, pydantic.BaseModel):
            lines += [f"{name}.{field}: {_plain(info.annotation)}" for field, info in value.model_fields.items()]
            own = (part for part in vars(value) if isinstance(vars(value)[part], property))
            lines += [f"{name}.{part} (property)" for part in own]
        elif callable(value):
            lines.append(f"{name}{inspect.signature(value)}")
        else:
            lines.append(f"{name} = {value!r}")
    return "\n".join(lines) + "\n"


def _plain(annotation: object) -> str:
    """Return a type as a reader sees it; for an enumeration its values, which callers and files use."""
    if inspect.isclass(annotation) and issubclass(annotation, enum.StrEnum):
        return str(Literal[tuple(member.value for member in annotation)]).removeprefix("typing.")
    return (
        re.sub(r"\b(?:typing|collections\.abc|kb(?:\.\w+)+)\.", "", str(annotation))
        .replace("<class '", "")
        .replace("'>", "")
    )


def test_the_surface_is_the_kept_one():
    assert surface() == KEPT.read_text(encoding="utf-8"), (
        "The public surface changed. If it is meant: raise the version, say it in CHANGELOG.md, and write the new surface "
        "with: python tests/api/test_api_surface.py"
    )


def test_what_the_package_offers_is_in_the_surface():
    assert set(kb._FUNCTIONS) <= set(api.__all__)


def test_importing_the_package_is_light():
    code = "import sys, kb; print([m for m in ('numpy', 'pydantic', 'yaml', 'click', 'torch', 'kb.api') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_room_can_be_called_whichever_is_imported_first(live_kb):
    import kb.search.searcher

    assert kb.search("pension").hits and kb.search.searcher.Searcher
    from kb.search import searcher

    assert kb.search.searcher is searcher
    assert {"search", "cite", "__version__"} <= set(dir(kb))


def test_the_package_says_which_version_it_is():
    from importlib.metadata import version

    import kb

    assert kb.__version__ == version("kb")
    with pytest.raises(AttributeError, match="no attribute '__author__'"):
        kb.__author__  # noqa: B018  (asking is the test)


if __name__ == "__main__":
    KEPT.write_text(surface(), encoding="utf-8")


def test_a_reader_of_types_finds_every_function_on_the_package():
    tree = ast.parse(pathlib.Path(kb.__file__).read_text(encoding="utf-8"))
    seen = {
        alias.asname
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "kb.api"
        for alias in node.names
    }
    assert seen == set(kb._FUNCTIONS) - {"export"}
