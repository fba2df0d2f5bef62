"""Cache of read and tagged documents: one file each, named by the hash of everything that the document was made from.

When one policy changes, only that is read again; when the taxonomy changes, documents are tagged again but not read.
The folder may be deleted at any time; a file that does not match its checksum is made again.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError

from kb.build import inputs as made_from
from kb.build.inputs import Step
from kb.files import replacing
from kb.models import Document
from kb.text import sha256_text

FOLDER = "documents"
"""Name of the folder beside the index."""


class Shelf(Protocol):
    """Anything that returns stored documents by key."""

    def get(self, key: str) -> Document | None:
        """Return the document with this key, or None."""
        ...


class Folder:
    """Documents stored as files of a folder; `prune` removes those that the last build did not use."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._intact: set[str] = set()
        self.damaged = 0  # files that did not fit their checksum
        self._used: set[str] = set()
        self.is_complete = False  # whether every document of the library was asked for

    def get(self, key: str) -> Document | None:
        """Return the document with this key; None when it is missing or damaged."""
        self._used.add(key)
        path = self.path / key
        if not path.is_file():
            return None
        document = _read(path)
        self.damaged += document is None
        if document is not None:
            self._intact.add(key)
        return document

    def has(self, key: str) -> bool:
        """Return whether this object has read or written the document with this key."""
        return key in self._intact

    def put(self, key: str, document: Document) -> None:
        """Write a document under this key, atomically."""
        self._used.add(key)
        self._intact.add(key)
        self.path.mkdir(exist_ok=True)
        text = document.model_dump_json()
        with replacing(self.path / key) as beside:
            packed = zlib.compress(text.encode("utf-8"), 6)  # the level that zlib itself takes: size against time
            beside.write_bytes(hashlib.sha256(packed).hexdigest().encode("ascii") + packed)

    def prune(self) -> None:
        """Remove the files that this object neither read nor wrote, so that texts removed from the library do not stay
        on disk.

        Removes nothing unless the build requested all documents: a build that only renewed its manifest, or added
        documents to an index, requested some.
        """
        for path in self.path.glob("*") if self.is_complete else ():
            if path.name not in self._used:
                path.unlink(missing_ok=True)


def problems(path: Path) -> list[str]:
    """Return one line for each file of the folder that does not match its checksum."""
    return [f"{each.name[:12]}… does not fit its checksum" for each in sorted(path.glob("*")) if _read(each) is None]


def _read(path: Path) -> Document | None:
    try:
        data = path.read_bytes()
        text = zlib.decompress(data[64:]).decode("utf-8")
        sums = hashlib.sha256(data[64:]).hexdigest(), sha256_text(text)  # the second is an older format
        if data[:64].decode("ascii") not in sums:
            return None
        return Document.model_validate_json(text)
    except (OSError, zlib.error, UnicodeDecodeError, ValidationError):
        return None


class DocumentCache:
    """Cache of reading and tagging. It looks in a folder, then among the shipped documents; new results are stored in
    the folder.

    `inputs` maps file to sha256. The key of a document as read covers its facts (with the file's hash), the files that
    every reading uses, the code and the packages. The key of its tagged form covers the document as read, and the
    taxonomy.
    """

    OF_ONE: tuple[str, ...] = ("library/", "background-paper/", "commitments/", "sources.yaml")
    """Beginnings of the names of files that belong to a single document. They are not part of every key, because the
    hash of the document's own file covers them."""

    def __init__(
        self,
        shelf: Folder,
        inputs: Mapping[str, str],
        shipped: Shelf | None = None,
        seen: dict[str, Document] | None = None,
    ) -> None:
        """Set up the cache over the folder `shelf`, for builds with these `inputs`. `shipped` has ready-made documents;
        `seen`, when given, collects every document by the key under which it is shipped."""
        self._shelf, self._shipped, self._seen = shelf, shipped, seen
        self.read, self.tagged = 0, 0  # documents that had to be read, and to be tagged
        self._marks: dict[Step, tuple[str, str]] = {
            "read": (made_from.data_of("read", inputs, self.OF_ONE), made_from.version_of("read")),
            "tag": (made_from.data_of("tag", inputs), made_from.version_of("tag")),
        }

    def reading(self, facts: Mapping[str, object], make: Callable[[], Document]) -> Document:
        """Return the document with these facts (hash of its file, style, title, …) from the cache, or else from calling
        `make`, which reads it."""
        key, shipped = self._keys("read", json.dumps(facts, sort_keys=True, default=str))
        found = self._get(key, shipped)
        if found is None:
            found = make()
            self.read += 1
        return self._keep(found, key, shipped)

    def tagging(self, document: Document, make: Callable[[Document], Document]) -> Document:
        """Return the document with its tags from the cache, or else from calling `make`, which tags it."""
        key, shipped = self._keys("tag", document.model_dump_json())
        found = self._get(key, shipped)
        if found is None:
            found = make(document)
            self.tagged += 1
        return self._keep(found, key, shipped)

    def origin(self, facts: Mapping[str, object]) -> str:
        """Return one hash over everything from which the document with these facts is read and tagged."""
        key, _ = self._keys("read", json.dumps(facts, sort_keys=True, default=str))
        return sha256_text(json.dumps([key, *self._marks["tag"]]))

    def known_reading(self, facts: Mapping[str, object]) -> Document | None:
        """Return the document with these facts when it is cached, else None."""
        return self._get(*self._keys("read", json.dumps(facts, sort_keys=True, default=str)))

    def has_tagging(self, document: Document) -> bool:
        """Return whether the tagged form of this document is cached."""
        return self._get(*self._keys("tag", document.model_dump_json())) is not None

    def put_tagging(self, document: Document, tagged: Document) -> None:
        """Store the tagged form of a document, made by a worker."""
        self._shelf.put(self._keys("tag", document.model_dump_json())[0], tagged)

    def put_reading(self, facts: Mapping[str, object], document: Document) -> None:
        """Store a document that a worker read, under these facts."""
        self._shelf.put(self._keys("read", json.dumps(facts, sort_keys=True, default=str))[0], document)

    def _keys(self, step: Step, what: str) -> tuple[str, str]:
        """Return two keys for the result of a step on the input `what`: the key in the folder, and the key among
        shipped documents, which does not depend on the installed packages."""
        data, version = self._marks[step]
        return (
            sha256_text(json.dumps([step, data, version, what])),
            sha256_text(json.dumps([step, data, made_from.version_of(step, packages=False), what])),
        )

    def _keep(self, document: Document, key: str, shipped: str) -> Document:
        if not self._shelf.has(key):
            self._shelf.put(key, document)
        if self._seen is not None:
            self._seen[shipped] = document
        return document

    def _get(self, key: str, shipped: str) -> Document | None:
        found = self._shelf.get(key)
        if found is None and self._shipped is not None:
            found = self._shipped.get(shipped)
        return found
