"""Social-integration knowledge base: commitments, policies and judgements, located and quotable.

`import kb` is light. The functions of `kb.api` are attributes of the package and are imported when they are first used:
`kb.search("rural women land").hits[0].citation`.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

from kb.privacy import keep_private

TYPE_CHECKING = False  # as typing's, whose import takes longer than a warm search
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
"""What `kb.api` offers under the same name on the package. `search`, `assess` and `export` are also rooms of the
house."""


class _Room(ModuleType):
    """A room that is called like the function of the same name: `kb.search.searcher` is a module, `kb.search("…")` an
    answer."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        """What the function of that name in `kb.api` returns."""
        return getattr(importlib.import_module("kb.api"), self.__name__.removeprefix("kb."))(*args, **options)


class _Package(ModuleType):
    """The package `kb`. A room whose name is also a function of `kb.api` can be called as soon as it is imported."""

    def __setattr__(self, name: str, value: Any) -> None:
        """Set an attribute; the import system sets each room so."""
        if name in _FUNCTIONS and type(value) is ModuleType:
            value.__class__ = _Room
        super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        """A function of `kb.api`, imported now; or the version that is installed."""
        if name in _FUNCTIONS:
            return getattr(importlib.import_module("kb.api"), name)
        if name == "__version__":
            return importlib.import_module("importlib.metadata").version("kb")
        raise AttributeError(f"module 'kb' has no attribute '{name}'")

    def __dir__(self) -> list[str]:
        """The attributes, the functions of `kb.api` and the version among them."""
        return sorted({*super().__dir__(), *_FUNCTIONS, "__version__"})


sys.modules[__name__].__class__ = _Package
