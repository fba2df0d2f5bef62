"""Find and open the live index: the build to which the file `current` in the folder of indexes points."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kb.citing.promises import Promises
from kb.config import settings
from kb.engine import FullEngine
from kb.engine.local import LocalEngine
from kb.engine.local.passage_store import Store
from kb.engine.local.segments import PASSAGES, open_store
from kb.engine.local.terms import Terms
from kb.errors import IndexError_
from kb.files import replacing
from kb.index import manifest as manifests
from kb.index.expansions import Expansions
from kb.index.manifest import IndexManifest
from kb.index.names import LabelNames

if TYPE_CHECKING:
    import numpy as np

    from kb.engine.local.joined import JoinedSpace
    from kb.engine.local.vectors import Space
    from kb.index.encoders import Encoder

SPACES = ("english", "multilingual")


def current(indexes: Path) -> Path:
    """Return the folder of the live index. Raises IndexError_ when there is none."""
    pointer = indexes / "current"
    try:
        words = pointer.read_bytes().decode("utf-8")
        name = words.removesuffix("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise IndexError_("there is no index yet.", where=str(indexes), do="Run: kb build") from error
    folder = indexes / name
    if not name or not words.endswith("\n") or Path(name).name != name or not folder.is_dir():
        raise IndexError_(
            f"the live index {name[:60]!r}, which the file 'current' names, is not there.",
            where=str(indexes),
            do="Run: kb build",
        )
    return folder


def name(indexes: Path) -> str:
    """Return the name of the live index; '' when there is none."""
    try:
        return current(indexes).name
    except IndexError_:
        return ""


def switch(indexes: Path, name: str) -> None:
    """Make the build `name` the live one, by one atomic rename."""
    with replacing(indexes / "current") as beside:
        beside.write_text(name + "\n", encoding="utf-8")


@dataclass
class Index:
    """An open index. Its parts are loaded when first used, so that a word search loads no vectors."""

    folder: Path
    corpus: Path
    models: Path

    @cached_property
    def manifest(self) -> IndexManifest:
        """The manifest: what the index was built from. Raises IndexError_ when it is missing or damaged."""
        return manifests.read(self.folder)

    @cached_property
    def store(self) -> Store:
        """Passages and facets. Raises IndexError_ when they are not the ones that the manifest recorded."""
        self._prove(PASSAGES)
        store = open_store(self.folder)
        self._count("passages", store.size)
        return store

    @cached_property
    def terms(self) -> Terms:
        """The word index. Raises IndexError_ when its files are not those that the manifest recorded."""
        self._prove("terms/")
        terms = Terms(self.folder / "terms")
        self._count("entries of the word index", terms.size)
        return terms

    @cached_property
    def engine(self) -> FullEngine:
        """The engine that answers queries: the embedded one, or the one whose address is in KB_ENGINE.

        Raises IndexError_ when files of the index are not those that the manifest recorded, or when the other engine is
        unreachable, incomplete or holds another build.
        """
        address = settings().engine
        if not address:
            return self.engine_here
        from kb.engine.milvus import MilvusEngine

        return MilvusEngine(address, build=self.folder.name)

    @cached_property
    def engine_here(self) -> LocalEngine:
        """The embedded engine. Raises IndexError_ when files of the index are not those that the manifest recorded."""
        names = tuple(name for name in SPACES if name in self.manifest.spaces)
        return LocalEngine(self.store, lambda: self.terms, lambda: self.spaces, names)

    @cached_property
    def expansions(self) -> Expansions:
        """The table of equivalents of query words. Raises IndexError_ when the file is not the one that the manifest
        recorded."""
        self._prove(Expansions.FILE)
        return Expansions.load(self.folder)

    @cached_property
    def subjects(self) -> dict[str, np.ndarray]:
        """Vectors of the subjects that the texts do not cover, by space. Raises IndexError_ when a file is not the one
        that the manifest recorded."""
        from kb.index import subjects

        self._prove(subjects.BEGINNING)
        return subjects.load(self.folder)

    @cached_property
    def names(self) -> LabelNames:
        """The table of names that a question can contain. Raises IndexError_ when the file is not the one that the
        manifest recorded."""
        self._prove(LabelNames.FILE)
        return LabelNames.load(self.folder)

    @cached_property
    def promises(self) -> Promises:
        """The table that maps passages to promises; without a file it is built from the corpus. Raises IndexError_ when
        the file is not the one that the manifest recorded."""
        if not (self.folder / Promises.FILE).exists():
            return Promises.of_corpus(self.corpus)
        self._prove(Promises.FILE)
        return Promises.load(self.folder)

    def _prove(self, beginning: str) -> None:
        """Raise IndexError_ when a file of the index whose name begins with `beginning` is missing or changed. A
        long-running program does not hash a file again that it has verified and whose size and modification time are
        unchanged."""
        manifests.prove(self.folder, self.manifest, beginning, trust="proved")

    def _count(self, what: str, found: int) -> None:
        if found != self.manifest.passages:
            raise IndexError_(
                f"the index was changed: {found} {what}, {self.manifest.passages} were built.",
                where=str(self.folder),
                do="Run: kb build",
            )

    @cached_property
    def spaces(self) -> dict[str, tuple[Space | JoinedSpace, Space | JoinedSpace]]:
        """Map from each vector space to (vectors of whole passages, vectors of their parts). FAISS is imported only
        here."""
        from kb.engine.local.joined import open_space

        names = [name for name in SPACES if name in self.manifest.spaces]
        for name in names:
            self._prove(f"{name}-")
        return {
            name: (open_space(self.folder, f"{name}-whole"), open_space(self.folder, f"{name}-parts")) for name in names
        }

    @cached_property
    def encoders(self) -> dict[str, Encoder]:
        """The query encoder of each vector space, with the same identity as the encoder that made the space."""
        return {name: self._encoder(name) for name in self.manifest.spaces}

    def _encoder(self, name: str) -> Encoder:
        from kb.index.onnx_query import OnnxEncoder

        made_by = self.manifest.spaces[name].encoder
        return OnnxEncoder(self.models / made_by.replace("@", "-"), made_by)


def open_index(indexes: Path, corpus: Path) -> Index:
    """Open the live index in the folder `indexes`. Raises IndexError_ when it is missing, incomplete or of another
    layout."""
    index = Index(current(indexes), corpus, indexes / "models")
    _ = index.manifest  # read now, so that errors are reported before a search begins
    return index
