"""The manifest corpus/sources.yaml: every source with its force, licence, address and hash."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, model_validator

from kb.data import load_yaml
from kb.errors import DataError, NotFound
from kb.languages import MAIN
from kb.models import Force, Model
from kb.text import sha256_of


class KnownText(Model):
    """An official text that the project has read, identified by its hash; the text itself is not distributed."""

    language: str = Field(description="ISO 639-1")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    what: str = Field(description="what the file is and what of the instrument it holds")


class Source(Model):
    """One source of the corpus; `file` is None for official texts, which a user adds."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    title: str
    cite_as: str = Field(description="how a citation begins")
    author: str = ""
    symbol: str = ""
    date: str = Field(description="ISO date, month or year")
    force: Force
    language: str = MAIN
    licence: str
    url: str = ""
    url_verified: bool = Field(True, description="False where the address is from memory")
    style: str = Field(description="document style: paper, treaty, resolution, generic")
    file: str | None = Field(None, description="path below corpus/")
    sha256: str | None = None
    levels: str | None = Field(None, description="heading levels, path below corpus/")
    typos: str | None = Field(None, description="printed typing errors, path below corpus/")
    notes: tuple[str, ...] = ()
    texts: tuple[KnownText, ...] = Field(
        (), description="files of an official text that its register was checked against"
    )

    @model_validator(mode="after")
    def _file_has_hash(self) -> Source:
        if self.file and not self.sha256:
            raise ValueError(f"{self.id}: a file needs its sha256")
        return self


class Manifest(Model):
    """All sources of the corpus."""

    version: str
    sources: tuple[Source, ...]

    @model_validator(mode="after")
    def _ids_once(self) -> Manifest:
        ids = [s.id for s in self.sources]
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            raise ValueError(f"these ids stand twice: {', '.join(twice)}")
        return self

    def get(self, id: str) -> Source:
        """Return the source with this id. Raises NotFound, with the known ids, when there is none."""
        for source in self.sources:
            if source.id == id:
                return source
        raise NotFound(f"no source '{id}'.", do=f"There are: {', '.join(s.id for s in self.sources)}.")


def load_manifest(corpus: Path) -> Manifest:
    """Load `corpus`/sources.yaml. Raises DataError with file, line and entry when it is invalid."""
    return load_yaml(corpus / "sources.yaml", Manifest)


def checked_file(source: Source, corpus: Path) -> Path:
    """Return the path of the source's file, after checking its hash. Raises NotFound when the source has no file,
    DataError when it is missing or differs."""
    if source.file is None:
        raise NotFound(f"the text of '{source.id}' is not here.", do=f"Add it: kb add FILE --as {source.id}")
    path = corpus / source.file
    if not path.exists():
        raise DataError("the file is missing.", where=source.file, do="Restore it from the repository.")
    found = sha256_of(path)
    if found != source.sha256:
        raise DataError(
            f"the file differs from the one recorded (sha256 {found[:12]}…, recorded {(source.sha256 or '')[:12]}…).",
            where=source.file,
            do="Restore the file, or record the new hash in corpus/sources.yaml if the change is meant.",
        )
    return path
