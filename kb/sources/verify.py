"""Proof that quotations are there: re-read each source and find every stored passage at its recorded place."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from kb.models import Model, Passage, Place
from kb.text import bare, sha256_of


class Fault(Model):
    """A passage that could not be proved, and why."""

    passage: str
    what: str


class Proof(Model):
    """Outcome of a verification."""

    passages: int
    files: int
    faults: tuple[Fault, ...] = ()


Locate = Callable[[str], Path]
"""Finds a file by the name that places record."""
Decode = Callable[[Path], str]
"""Gives the decoded text that character spans point into."""


def source_text(place: Place, text: str) -> str:
    """What the source holds at `place`, white space removed."""
    spans = place.pieces or ((place.chars,) if place.chars else ())
    return bare("".join(text[a:b] for a, b in spans))


def verify(passages: Iterable[Passage], locate: Locate, decode: Decode) -> Proof:
    """Re-read every source and prove each passage: same file hash, and the same characters at the same place.

    White space apart, the text must be the source's text; nothing else is forgiven.
    """
    sources: dict[str, tuple[str, str]] = {}
    faults, count = [], 0
    for passage in passages:
        count += 1
        fault = _fault(passage, sources, locate, decode)
        if fault:
            faults.append(Fault(passage=passage.id, what=fault))
    return Proof(passages=count, files=len(sources), faults=tuple(faults))


def _fault(passage: Passage, sources: dict[str, tuple[str, str]], locate: Locate, decode: Decode) -> str | None:
    place = passage.place
    try:
        if place.file not in sources:
            path = locate(place.file)
            sources[place.file] = (sha256_of(path), decode(path))
    except (OSError, ValueError) as error:
        return f"{place.file} cannot be read: {error}"
    digest, text = sources[place.file]
    if digest != place.sha256:
        return f"{place.file} has changed since it was indexed (sha256 {digest[:12]}…, recorded {place.sha256[:12]}…)"
    if source_text(place, text) != bare(passage.text):
        return f"the text at characters {place.chars} of {place.file} is not the stored quotation"
    return None
