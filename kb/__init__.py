"""Social-integration knowledge base: commitments, policies and judgements, located and quotable.

`import kb` loads little. The functions of `kb.api` are attributes of the package and are imported when they are first
used: `kb.search("rural women land").hits[0].citation`.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

from kb.privacy import keep_private

TYPE_CHECKING = False  # same as typing.TYPE_CHECKING; importing typing takes longer than a warm search
if TYPE_CHECKING:
    from typing import Any

    # for readers of types; not `export`, whose keywords are of any type (a door between rooms has none)
    from kb.api import assess as assess
    from kb.api import cite as cite
    from kb.api import coverage as coverage
    from kb.api import criteria as criteria
    from kb.api import documents as documents
    from kb.api import facets as facets
    from kb.api import search as search
    from kb.api import show as show

    __version__: str

keep_private()

_FUNCTIONS = ("search", "show", "cite", "facets", "coverage", "documents", "assess", "criteria", "export")
"""Functions of `kb.api` that the package offers under the same name. `search`, `assess` and `export` are also names of
folders in it."""


class _Room(ModuleType):
    """A subpackage that has the same name as a function of `kb.api`, and can therefore be called: `kb.search.searcher`
    is a module of it, `kb.search("…")` calls the function."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Call the function of this name in `kb.api` and return its answer."""
        return getattr(importlib.import_module("kb.api"), self.__name__.removeprefix("kb."))(*args, **options)


class _Package(ModuleType):
    """The package `kb`. When a subpackage is imported whose name is also that of a function of `kb.api`, it makes the
    subpackage callable."""

    def __setattr__(self, name: str, value: Any) -> None:
        """Set an attribute; Python's import system sets each imported subpackage this way."""
        if name in _FUNCTIONS and type(value) is ModuleType:
            value.__class__ = _Room
        super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        """Return a function of `kb.api`, which is imported now, or `__version__`, the installed version. Raises
        AttributeError for any other name."""
        if name in _FUNCTIONS:
            return getattr(importlib.import_module("kb.api"), name)
        if name == "__version__":
            return importlib.import_module("importlib.metadata").version("kb")
        raise AttributeError(f"module 'kb' has no attribute '{name}'")

    def __dir__(self) -> list[str]:
        """List the attributes, including the functions of `kb.api` and the version."""
        return sorted({*super().__dir__(), *_FUNCTIONS, "__version__"})


sys.modules[__name__].__class__ = _Package
