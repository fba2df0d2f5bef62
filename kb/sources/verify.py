"""Prove that quotations are unchanged: read each source again and compare every stored passage with the text at its
recorded place.

This proves the reader's output. Whether the file prints the same is another question: a second reading
(`kb.sources.compare`) helps, and only the page itself decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from pydantic import Field

from kb.errors import KBError
from kb.models import Model, Passage, Place
from kb.text import bare, sha256_of


class Fault(Model):
    """A passage that could not be verified, and why."""

    passage: str
    what: str


MEANS = (
    "Proved: the files are the recorded ones, and what our reader makes of them holds each passage, letter for letter, "
    "where it was recorded. Not proved: that the reader read what the file prints; look at the page before you quote."
)
"""What a proof without faults means and what it does not."""
FAULTY = (
    "Not proved of the passages that are named as faults. Of the others it is proved that the files are the recorded "
    "ones, and that what our reader makes of them holds each passage, letter for letter, where it was recorded; not "
    "that the reader read what the file prints: look at the page before you quote."
)
"""What a proof with some faults means."""
NOTHING = "Nothing is proved: every passage is named as a fault."
"""What a proof means where every passage is at fault."""


class Verification(Model):
    """The result of verifying passages."""

    means: str = Field(MEANS, description="what the proof says and what it does not")
    own_words: int = Field(
        0,
        description="of the passages, statements in this project's words: unchanged in the register, "
        "and no quotation of anything",
    )

    passages: int
    files: int
    faults: tuple[Fault, ...] = ()


Locate = Callable[[str], Path]
"""Return the path of a file from the name recorded in places."""
Decode = Callable[[Path], str]
"""Return the decoded text that character spans refer to."""

_PLAIN = {".txt", ".yaml", ".yml"}


def locator(*folders: Path) -> Locate:
    """Return a function that finds a file by name in these folders, in order; it raises OSError for a name that is in
    none or leads outside."""

    def locate(name: str) -> Path:
        """Return the file from the first folder that has it. Raises FileNotFoundError if none has it."""
        for folder in folders:
            path = folder / name
            if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
                return path
        raise FileNotFoundError(f"it is in none of {', '.join(folder.name for folder in folders)}")

    return locate


def decode(path: Path) -> str:
    """Return the text to which places in this file refer: for plain UTF-8 text that of the file itself, else that of
    the reader."""
    if path.suffix in _PLAIN:
        try:
            return path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            pass  # an older encoding, which the reader detects
    from kb.read import read

    return read(path).text


def source_text(place: Place, text: str) -> str:
    """Return the text of the source at `place`, with white space removed."""
    spans = place.pieces or ((place.chars,) if place.chars else ())
    return bare("".join(text[a:b] for a, b in spans))


def verify(passages: Iterable[Passage], locate: Locate, decode: Decode) -> Verification:
    """Read every source again and prove each passage: the file has the same hash, and the same characters are at the
    same place.

    `locate` returns the path of a file, `decode` its text. Only differences in white space are allowed. When a file
    cannot be read, each of its passages has a fault; passages of other files are still checked.
    """
    sources: dict[str, tuple[str, str] | str] = {}
    faults, count, own = [], 0, 0
    for passage in passages:
        count += 1
        own += passage.wording == "own-words"
        fault = _fault(passage, sources, locate, decode)
        if fault:
            faults.append(Fault(passage=passage.id, what=fault))
    means = MEANS if not faults else NOTHING if len(faults) == count else FAULTY
    return Verification(means=means, passages=count, own_words=own, files=len(sources), faults=tuple(faults))


def _fault(passage: Passage, sources: dict[str, tuple[str, str] | str], locate: Locate, decode: Decode) -> str | None:
    place = passage.place
    if place.file not in sources:
        sources[place.file] = _read(place.file, locate, decode)
    source = sources[place.file]
    if isinstance(source, str):
        return source
    digest, text = source
    if digest != place.sha256:
        return f"{place.file} has changed since it was indexed (sha256 {digest[:12]}…, recorded {place.sha256[:12]}…)"
    if source_text(place, text) != bare(passage.text):
        return f"the text at characters {place.chars} of {place.file} is not the stored quotation"
    return None


def _read(file: str, locate: Locate, decode: Decode) -> tuple[str, str] | str:
    """Return `(sha256, decoded text)` of a file, or a sentence that says why it cannot be read."""
    try:
        path = locate(file)
        return sha256_of(path), decode(path)
    except (OSError, ValueError, KBError) as error:
        return f"{file} cannot be read: {error}"
