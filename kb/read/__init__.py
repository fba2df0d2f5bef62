"""Reading: any document in, paragraphs with place out. The face is `read(path) -> Pages`."""

from kb.read.face import read, read_here
from kb.read.limits import Limits, OverLimit, ReaderFault

__all__ = ["Limits", "OverLimit", "ReaderFault", "read", "read_here"]
