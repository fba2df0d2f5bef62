"""Cache of read and tagged documents: one file each, named by the hash of everything it was made from.

A changed policy costs one policy, a changed taxonomy costs tagging but no reading. The folder may be deleted at any
time; a file that does not fit its checksum is made again.
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
    """Any store of documents by key."""

    def get(self, key: str) -> Document | None:
        """Return the document of that key, or None."""
        ...


class Folder:
    """Documents as files of a folder; `prune` removes those that the last build did not use."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._whole: set[str] = set()
        self.damaged = 0  # files that did not fit their checksum
        self._used: set[str] = set()

    def get(self, key: str) -> Document | None:
        """Return the document of that key; None where it is missing or damaged."""
        self._used.add(key)
        path = self.path / key
        if not path.is_file():
            return None
        document = _read(path)
        self.damaged += document is None
        if document is not None:
            self._whole.add(key)
        return document

    def has(self, key: str) -> bool:
        """Whether this object has read or written the document."""
        return key in self._whole

    def put(self, key: str, document: Document) -> None:
        """Write a document, atomically."""
        self._used.add(key)
        self._whole.add(key)
        self.path.mkdir(exist_ok=True)
        text = document.model_dump_json()
        with replacing(self.path / key) as beside:
            packed = zlib.compress(text.encode("utf-8"), 6)  # the level that zlib itself takes: size against time
            beside.write_bytes(hashlib.sha256(packed).hexdigest().encode("ascii") + packed)

    def prune(self) -> None:
        """Remove files that were not used: texts removed from the library do not stay here.

        A build that only renewed its manifest used none, and removes nothing.
        """
        for path in self.path.glob("*"):
            if self._used and path.name not in self._used:
                path.unlink(missing_ok=True)


def problems(path: Path) -> list[str]:
    """Return the files of the folder that do not fit their checksum."""
    return [f"{each.name[:12]}… does not fit its checksum" for each in sorted(path.glob("*")) if _read(each) is None]


def _read(path: Path) -> Document | None:
    try:
        data = path.read_bytes()
        text = zlib.decompress(data[64:]).decode("utf-8")
        sums = hashlib.sha256(data[64:]).hexdigest(), sha256_text(text)  # the second: of files from before
        if data[:64].decode("ascii") not in sums:
            return None
        return Document.model_validate_json(text)
    except (OSError, zlib.error, UnicodeDecodeError, ValidationError):
        return None


class DocumentCache:
    """Caches reading and tagging: looks in the folder, then in the shipped documents; new results are stored in the
    folder.

    `inputs` is file to sha256. The key of a reading covers the file's hash, its record, the files that every reading
    uses, the code and the packages; the key of a tagging covers the text as read, and the taxonomy.
    """

    OF_ONE: tuple[str, ...] = ("library/", "background-paper/", "commitments/", "sources.yaml")
    """Files that belong to one document; its own hash covers them, so they are not part of every key."""

    def __init__(
        self,
        shelf: Folder,
        inputs: Mapping[str, str],
        shipped: Shelf | None = None,
        seen: dict[str, Document] | None = None,
    ) -> None:
        """Set up the cache; `seen`, where given, collects every document by the key that it is shipped under."""
        self._shelf, self._shipped, self._seen = shelf, shipped, seen
        self.read, self.tagged = 0, 0  # documents that had to be read, and to be tagged
        self._marks: dict[Step, tuple[str, str]] = {
            "read": (made_from.data_of("read", inputs, self.OF_ONE), made_from.version_of("read")),
            "tag": (made_from.data_of("tag", inputs), made_from.version_of("tag")),
        }

    def reading(self, facts: Mapping[str, object], make: Callable[[], Document]) -> Document:
        """Return the document with those facts (hash of its file, style, title, …); `make` reads it where it is not
        cached."""
        key, shipped = self._keys("read", json.dumps(facts, sort_keys=True, default=str))
        found = self._get(key, shipped)
        if found is None:
            found = make()
            self.read += 1
        return self._keep(found, key, shipped)

    def tagging(self, document: Document, make: Callable[[Document], Document]) -> Document:
        """Return the document with its tags; `make` tags it where the result is not cached."""
        key, shipped = self._keys("tag", document.model_dump_json())
        found = self._get(key, shipped)
        if found is None:
            found = make(document)
            self.tagged += 1
        return self._keep(found, key, shipped)

    def known_reading(self, facts: Mapping[str, object]) -> Document | None:
        """Return the document with those facts if it is cached, else None."""
        return self._get(*self._keys("read", json.dumps(facts, sort_keys=True, default=str)))

    def has_tagging(self, document: Document) -> bool:
        """Whether the tagged document is cached."""
        return self._get(*self._keys("tag", document.model_dump_json())) is not None

    def put_tagging(self, document: Document, tagged: Document) -> None:
        """Store a document that a worker tagged."""
        self._shelf.put(self._keys("tag", document.model_dump_json())[0], tagged)

    def put_reading(self, facts: Mapping[str, object], document: Document) -> None:
        """Store a document that was read elsewhere, so that it is not read again."""
        self._shelf.put(self._keys("read", json.dumps(facts, sort_keys=True, default=str))[0], document)

    def _keys(self, step: Step, what: str) -> tuple[str, str]:
        """Return the key here, and the key of a shipped document, which does not cover installed packages."""
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
