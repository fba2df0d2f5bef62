"""Reading: any document in, paragraphs with place out. The face is `read(path) -> Pages`."""
from kb.read.face import read
from kb.read.limits import Limits

__all__ = ["Limits", "read"]
