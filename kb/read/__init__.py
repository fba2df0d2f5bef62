"""Read any supported file into paragraphs with their locations. The public interface is `read(path) -> Pages`."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.read.face import read, read_here
    from kb.read.limits import Limits, OverLimit, ReaderFault

__all__ = ["Limits", "OverLimit", "ReaderFault", "read", "read_here"]


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that a search, which needs only the sentence splitter, does not
    load the file readers."""
    if name not in __all__:
        raise AttributeError(f"module 'kb.read' has no attribute '{name}'")
    home = "face" if name.startswith("read") else "limits"
    return getattr(importlib.import_module(f"kb.read.{home}"), name)
