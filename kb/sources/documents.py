"""Read sources as structured documents: the corpus's own files and the user's library."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from pydantic import Field

from kb.data import load_yaml
from kb.models import Document, Model
from kb.sources.library import ReadOnce, read_now
from kb.sources.manifest import Manifest, Source, checked_file, load_manifest
from kb.text import sha256_of

if TYPE_CHECKING:
    from kb.sources.library import Unreadable
    from kb.structure import Meta


class Typo(Model):
    """One printed typing error, its corrected form, and the lines where it is printed."""

    printed: str
    normal: str
    lines: tuple[tuple[int, int], ...] = ()


class TypoList(Model):
    """A source's typing errors with their corrected forms."""

    typos: tuple[Typo, ...] = Field(default=())


def read_source(source: Source, corpus: Path) -> Document:
    """Read and structure the file of a source, after checking its hash. Raises DataError when the file differs."""
    from kb.read import read_here
    from kb.structure import parse

    path = checked_file(source, corpus)
    pages = read_here(path)  # a file of our own, its hash proved
    pages = pages.model_copy(update={"file": source.file, "language": source.language})
    return parse(pages, source.style, **_meta(source, corpus))


def _meta(source: Source, corpus: Path) -> Meta:
    """Return the metadata that the style's `parse` needs: facts of the source, its heading levels and typing errors."""
    from kb.structure import Meta

    options = Meta(document=source.id, title=source.title, force=source.force)
    if source.style == "paper":
        options["cite_as"] = source.cite_as
    if source.levels:
        options["levels"] = yaml.safe_load((corpus / source.levels).read_text(encoding="utf-8"))
    if source.typos:
        listed = load_yaml(corpus / source.typos, TypoList).typos
        options["typos"] = {typo.printed: typo.normal for typo in listed}
    return options


def corpus_documents(
    corpus: Path, manifest: Manifest | None = None, reading: ReadOnce = read_now
) -> Iterator[Document]:
    """Yield the document of every source of the corpus that has a file, each obtained by calling `reading`."""
    for source in (manifest or load_manifest(corpus)).sources:
        if source.file:
            checked_file(source, corpus)
            yield reading(_facts(source, corpus), partial(read_source, source, corpus))


def _facts(source: Source, corpus: Path) -> dict[str, object]:
    """Return the facts on which the document of a source depends: its manifest entry, and hashes of its files."""
    files = [name for name in (source.levels, source.typos) if name]
    return {**source.model_dump(mode="json"), "beside": {name: sha256_of(corpus / name) for name in files}}


def library_documents(
    library: Path,
    on_fault: Callable[[Unreadable], None] | None = None,
    skip: str = "",
    reading: ReadOnce = read_now,
) -> Iterator[Document]:
    """Yield every text of the user's library, structured as its record says; none when there is no library.

    A text that cannot be read is passed to `on_fault` and left out; when that is None, its error is raised. The record
    at the path `skip` is ignored.
    """
    if not library.is_dir():
        return
    from kb.sources.library import documents

    yield from documents(library, on_fault=on_fault, skip=skip, reading=reading)
