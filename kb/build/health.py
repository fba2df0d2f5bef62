"""Check programs, models, index and disk space; each fault is reported with the command that repairs it."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Literal

from pydantic import Field

from kb.amounts import some
from kb.build import document_cache, merging
from kb.build.job import is_stale
from kb.build.pipeline import identities, unreadable_documents
from kb.build.sweeping import left_over
from kb.build.writing import prove_index
from kb.config import Settings
from kb.errors import KBError
from kb.extras import install
from kb.index import cache, live
from kb.index import manifest as manifests
from kb.index.encoders import load_models, locate, prove
from kb.index.manifest import IndexManifest
from kb.index.weights import sums
from kb.models import Model
from kb.sources.library import records
from kb.text import sha256_of

ROOM = 900_000_000
"""Bytes of free disk space that a build needs beside the live index: two copies of the index, the two query encoders
(90 and 75 MB), the multilingual checkpoint (235 MB), and a margin."""

Status = Literal["ok", "missing", "broken"]


class Check(Model):
    """The result of one health check."""

    what: str
    status: Status = Field(description="'missing' is an optional part that is not installed; only 'broken' is a fault")
    detail: str
    do: str = Field("", description="the command that mends it")


def examine(settings: Settings) -> list[Check]:
    """Run every check; return the results in the order in which faults should be repaired."""
    parts: tuple[Callable[[], Iterable[Check]], ...] = (
        _packages,
        _extras,
        *(
            partial(part, settings)
            for part in (
                *(_sources, _library, _corpus, _models, _folders),
                *(_index, _earlier, _left_over, _encoders, _cache),
            )
        ),
    )
    return [
        Check(what="python", status="ok", detail=sys.version.split()[0]),
        *(check for part in parts for check in _guarded(part)),
    ]


def _guarded(part: Callable[[], Iterable[Check]]) -> Iterator[Check]:
    """Yield the checks of one part; an unexpected exception becomes a check that is 'broken'."""
    try:
        yield from part()
    except Exception as error:  # noqa: BLE001 - a check that cannot be made must not end the others
        name = getattr(part, "func", part).__name__.strip("_")
        yield Check(
            what=name,
            status="broken",
            detail=f"it cannot be looked at: {type(error).__name__}: {error}",
            do="kb build, or restore the corpus from the repository",
        )


def _packages() -> Iterator[Check]:
    """Report the versions of packages that affect an index."""
    found = manifests.packages()
    yield Check(what="packages", status="ok", detail=", ".join(f"{name} {v}" for name, v in found.items()))


def _extras() -> Iterator[Check]:
    """Report each optional extra, with its missing packages."""
    wanted: dict[str, list[str]] = {}
    for line in requires("kb") or []:
        name, _, condition = line.partition(";")
        if "extra ==" in condition and not name.strip().startswith("kb["):
            extra = condition.split("extra ==")[1].strip().strip("\"'")
            wanted.setdefault(extra, []).append(_bare(name))
    for extra, names in wanted.items():
        absent = [name for name in names if not _is_installed(name)]
        if absent:
            yield Check(
                what=f"extra {extra}",
                status="missing",
                detail=f"not installed: {', '.join(absent)}",
                do=install(extra),
            )
        else:
            yield Check(what=f"extra {extra}", status="ok", detail=some(len(names), "package"))


def _bare(requirement: str) -> str:
    """Return the package name of a requirement: 'psycopg' for 'psycopg[binary]>=3.2'."""
    return re.split(r"[^\w.-]", requirement.strip(), maxsplit=1)[0]


def _is_installed(name: str) -> bool:
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False


def _sources(settings: Settings) -> Iterator[Check]:
    """Compare every file listed in the corpus's manifest with its hash."""
    from kb.sources.manifest import checked_file, load_manifest

    try:
        files = [
            checked_file(source, settings.corpus) for source in load_manifest(settings.corpus).sources if source.file
        ]
        yield Check(what="sources", status="ok", detail=f"{some(len(files), 'file')} of the corpus as recorded")
    except KBError as error:
        yield Check(what="sources", status="broken", detail=f"{error.where}: {error.what}", do=error.do)


def _library(settings: Settings) -> Iterator[Check]:
    """Report files of the user's library that cannot be used and are therefore not in the index."""
    faults = unreadable_documents(settings)
    for words in faults:
        yield Check(what="library", status="broken", detail=words, do="kb build, when that is done")
    if not faults:
        yield Check(
            what="library",
            status="ok",
            detail=f"{some(len(records(settings.library)), 'added file')} as recorded",
        )


def _corpus(settings: Settings) -> Iterator[Check]:
    """Check the register, the framework, the taxonomy and the links between them."""
    from kb.commitments.consistency import check_corpus

    try:
        check_corpus(settings.corpus)
    except KBError as error:
        yield Check(what="corpus", status="broken", detail=f"{error.where}: {error.what}", do=error.do)
        return
    yield Check(what="corpus", status="ok", detail="register, framework, taxonomy and links agree with each other")


def _models(settings: Settings) -> Iterator[Check]:
    """Check that the models are installed and their files match the recorded hashes."""
    try:
        specs = load_models(settings.corpus).models
    except KBError as error:
        yield Check(what="models", status="broken", detail=f"{error.where}: {error.what}", do=error.do)
        return
    for spec in specs:
        folder, needed = locate(spec), spec.name == settings.model and _is_installed("sentence-transformers")
        if folder is None:
            yield Check(
                what=f"model {spec.name}",
                status="broken" if needed else "missing",
                detail="not installed",
                do=install("build"),
            )
            continue
        try:
            prove(spec, folder)
            hashes = ", ".join(f"{name} {digest[:12]}…" for name, digest in spec.files.items())
            yield Check(what=f"model {spec.name}", status="ok", detail=hashes)
        except KBError as error:
            yield Check(what=f"model {spec.name}", status="broken", detail=error.what, do=install("build"))


def _folders(settings: Settings) -> Iterator[Check]:
    """Check free space and write permission of the folders for indexes and decisions."""
    for what, folder in (("indexes", settings.indexes), ("workspace", settings.workspace)):
        there = _nearest(folder)
        free = shutil.disk_usage(there).free
        if not os.access(there, os.W_OK):
            yield Check(
                what=f"folder {what}",
                status="broken",
                detail=f"{folder} is read-only",
                do=f"chmod u+w {there}, or set KB_{what.upper()} to another folder",
            )
        elif free < ROOM:
            yield Check(
                what=f"folder {what}",
                status="broken",
                detail=f"{free / 1e6:.0f} MB free, a build needs {ROOM / 1e6:.0f} MB",
                do="Remove files from this disk, then: kb build",
            )
        else:
            yield Check(what=f"folder {what}", status="ok", detail=f"{folder}, {free / 1e9:.1f} GB free")


def _nearest(folder: Path) -> Path:
    """Return the folder itself, or its nearest ancestor that exists."""
    return folder if folder.exists() else _nearest(folder.parent)


def _index(settings: Settings) -> Iterator[Check]:
    """Check that the live index is complete, matches its manifest and is up to date."""
    try:
        index = live.open_index(settings.indexes, settings.corpus)
        made = index.manifest
        prove_index(index.folder, made)
        if not made.sealed:
            yield Check(
                what="index manifest", status="missing", detail="it has no checksum of its own yet", do="kb build"
            )
        yield Check(
            what="index",
            status="ok",
            detail=f"{index.folder.name}: {some(made.passages, 'passage')} of "
            f"{some(len(made.documents), 'document')}, {', '.join(made.spaces)}",
        )
        yield _query_encoder(index.models, made)
        if failed := merging.fault(settings.indexes):
            yield Check(
                what="index merge",
                status="broken",
                detail=f"the last merge of its parts failed, {failed}",
                do="Make room on the disk if it is full; kb build --from-scratch makes all of it at once",
            )
        inputs = manifests.inputs_of(settings.corpus, settings.library)
        stale = is_stale(settings.indexes, inputs, identities(settings))
    except KBError as error:
        yield Check(what="index", status="broken", detail=f"{error.where}: {error.what}".lstrip(": "), do="kb build")
        return
    changed = sorted(name for name in {*inputs, *made.inputs} if inputs.get(name) != made.inputs.get(name))
    # five names fit a line
    more = f" and {len(changed) - 5} more" if len(changed) > 5 else ""
    why = (
        f"changed since: {', '.join(changed[:5])}{more}"
        if changed
        else "made with other versions of models or packages"
    )
    yield Check(
        what="index state",
        status="broken" if stale else "ok",
        detail=why if stale else "up to date",
        do="kb build" if stale else "",
    )


def _earlier(settings: Settings) -> Iterator[Check]:
    """Check the builds kept beside the live index; those of an older layout are skipped."""
    alive = live.name(settings.indexes)
    for folder in sorted(path for path in settings.indexes.glob("*T*-*") if path.is_dir() and path.name != alive):
        try:
            if folder.suffix != ".part":
                manifests.prove(folder, manifests.read(folder))
        except KBError as error:
            if "has layout" not in error.what:
                yield Check(
                    what=f"earlier index {folder.name}", status="broken", detail=error.what, do=f"rm -r {folder}"
                )


def _left_over(settings: Settings) -> Iterator[Check]:
    """Report the space that stopped builds and merges take until the next build or addition removes what they left."""
    found = left_over(settings.indexes, live.name(settings.indexes))
    if found:
        files = [path for left in found for path in (left.rglob("*") if left.is_dir() else [left]) if path.is_file()]
        size = sum(path.stat().st_size for path in files) / 1_000_000  # in megabytes
        yield Check(
            what="left over",
            status="ok",
            detail=f"stopped builds or merges left {', '.join(path.name for path in found)} ({size:.0f} MB; "
            "files of the live index are counted too where they share them); the next kb build or kb add removes them",
        )


def _encoders(settings: Settings) -> Iterator[Check]:
    """Check every folder of exported model files beside the index, whether used or not."""
    for folder in sorted(path for path in (settings.indexes / "models").glob("*") if path.is_dir()):
        what = f"exported encoder {folder.name}"
        try:
            sums.prove(folder)
        except KBError as error:
            yield Check(what=what, status="broken", detail=error.what, do=error.do)
            continue
        yield Check(what=what, status="ok", detail="model and tokenizer as exported")


def _cache(settings: Settings) -> Iterator[Check]:
    """Check the cached vectors and documents against their checksums."""
    wrong = document_cache.problems(settings.indexes / document_cache.FOLDER)
    if wrong:
        yield Check(what="documents", status="broken", do="kb build --from-scratch", detail="; ".join(wrong[:5]))
    for name, remake in (("vectors.sqlite", "kb build"), ("assess-vectors.sqlite", "delete it; it is made anew")):
        if name != "vectors.sqlite" and not (settings.indexes / name).exists():
            continue
        found = cache.problems(settings.indexes / name)
        yield Check(
            what="vectors",
            status="broken" if found else "ok",
            do=remake if found else "",
            detail=f"{name}: {'; '.join(found[:5]) if found else 'every vector fits its checksum, the file its own'}",
        )


def _query_encoder(models: Path, made: IndexManifest) -> Check:
    """Compare the hash of the exported query encoder in `models` with the one in the manifest."""
    name = "query encoder"
    if not made.query_encoder:
        return Check(what=name, status="ok", detail="none was exported")
    path = models / made.spaces["english"].encoder.replace("@", "-") / "model.onnx"
    if not path.exists() or sha256_of(path) != made.query_encoder:
        return Check(
            what=name, status="broken", detail="the exported model is missing or not the one recorded", do="kb build"
        )
    return Check(what=name, status="ok", detail=f"model.onnx {made.query_encoder[:12]}…")
