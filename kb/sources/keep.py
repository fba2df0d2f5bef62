"""Add files to the library and remove them, atomically even if the program is interrupted.

A change is first written to a note (`LibraryChange`), then made by replacing or deleting one record; from then on it is
valid. The next command that changes the library finds the note of an interrupted change, and completes or reverts it. A
new file never overwrites an older one: both exist until the record is replaced.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import Field, ValidationError

from kb.errors import InputError, RefusedError, WorkspaceError
from kb.files import replacing, sweep, sync, unwritable
from kb.models import Model
from kb.sources.facts import STEM_BYTES, policy_record, text_record
from kb.sources.library import ASIDE, CHANGE_NOTE, RECORD, LibraryRecord, Unreadable, files, scan
from kb.sources.manifest import Source
from kb.text import sha256_of, sha256_text

WAIT = 1800.0
"""Seconds that a second change of the library waits for the first, as long as a build waits for another."""


LOCK = ".library.lock"
"""Lock file beside the library: changes, backups and restores run one at a time."""


class LibraryChange(Model):
    """One change of the library; `before` and `after` are the texts of its record, '' when there is none."""

    path: str = Field(description="of the record, below the library")
    before: str = Field("", description="the record's text before")
    after: str = Field("", description="the record's text after")
    old_file: str = ""
    new_file: str = ""
    place: tuple[str, ...] = Field(
        (), description="policy set, policy and sha256 of the file, where it goes into a set"
    )

    @property
    def record(self) -> LibraryRecord:
        """Return the record that the change adds."""
        return LibraryRecord.model_validate_json(self.after)

    def note(self, library: Path) -> None:
        """Write the note of the change, from which it can be completed or reverted."""
        with replacing(_note(library)) as beside:
            beside.write_text(self.model_dump_json(), encoding="utf-8")

    def copy_in(self, file: Path, library: Path) -> None:
        """Copy the file into the library. Raises InputError when its bytes do not match the record."""
        with replacing(library / self.new_file) as beside:
            shutil.copyfile(file, beside)
            if sha256_of(beside) != self.record.sha256:
                raise InputError("the file changed while it was copied.", where=str(file), do="Try again.")

    def apply(self, library: Path) -> None:
        """Replace the old record by the new one; from this point on the change is valid."""
        self._put(self.after, library)

    def undo(self, library: Path) -> None:
        """Restore the old record and delete the new file."""
        self._put(self.before, library)
        _delete(library, self.new_file)

    def close(self, library: Path) -> None:
        """Delete the replaced or removed file, and the note."""
        _delete(library, self.old_file)
        _note(library).unlink(missing_ok=True)

    def drop(self, library: Path) -> None:
        """Delete the note of a reverted change."""
        _note(library).unlink(missing_ok=True)

    def is_made(self, library: Path) -> bool:
        """Return whether the new record is already in place."""
        path = library / self.path
        return (path.read_text(encoding="utf-8") if path.exists() else "") == self.after

    def _put(self, text: str, library: Path) -> None:
        path = library / self.path
        if text:
            with replacing(path) as beside:
                beside.write_text(text, encoding="utf-8")
        elif path.exists():
            path.unlink()
            sync(path.parent)


def _delete(library: Path, file: str) -> None:
    if file and (library / file).exists():
        (library / file).unlink()
        sync((library / file).parent)


def _note(library: Path) -> Path:
    return library.parent / CHANGE_NOTE


# --- one at a time ---


def _unsettled(change: LibraryChange) -> bool:
    """Raise WorkspaceError, because an interrupted change that adds to a policy set cannot be completed or reverted
    without the workspace."""
    raise WorkspaceError(
        f"An addition to the policy set '{change.place[0]}' was interrupted.",
        where=change.path,
        do="Run any command that adds or removes a document, or kb build.",
    )


@contextmanager
def holding(library: Path, in_set: Callable[[LibraryChange], bool] = _unsettled) -> Iterator[None]:
    """Lock the library for one writer during the block. An interrupted change is first completed or reverted, and
    temporary files are deleted.

    `in_set` returns whether the file of a change that adds to a policy set is already in that set. Raises InputError
    when the folder cannot be written, RefusedError when another writer holds the lock for half an hour.
    """
    try:
        library.mkdir(parents=True, exist_ok=True)
        with FileLock(library.parent / LOCK, timeout=WAIT):
            _settle(library, in_set)
            _sweep(library)
            yield
    except Timeout as error:
        raise _busy(library) from error
    except PermissionError as error:
        raise unwritable(library, error) from error
    except OSError as error:
        if error.filename in (str(library), str(library.parent / LOCK)):
            raise unwritable(library, error) from error
        raise


@contextmanager
def still(library: Path) -> Iterator[None]:
    """Keep the library unchanged during the block: no writer can lock it. Does nothing when its folder cannot be
    written, because then nothing can change it. Raises RefusedError when a writer holds the lock for half an hour."""
    try:
        library.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(library.parent / LOCK, timeout=WAIT)
        lock.acquire()
    except Timeout as error:
        raise _busy(library) from error
    except OSError:
        yield
        return
    try:
        yield
    finally:
        lock.release()


def _busy(library: Path) -> RefusedError:
    return RefusedError(
        "another program has been changing the library for half an hour.",
        where=str(library),
        do="Wait for it to end, or stop it, and try again.",
    )


def settle(
    library: Path, in_set: Callable[[LibraryChange], bool] = _unsettled, then: Callable[[], object] = lambda: None
) -> None:
    """Complete or revert an interrupted change, delete temporary files and call `then`. Does nothing without a library,
    or while another writer holds the lock. `in_set` as in `holding`."""
    if not library.is_dir():
        return
    try:
        with FileLock(library.parent / LOCK, timeout=0):
            _settle(library, in_set)
            _sweep(library)
            then()
    except (Timeout, OSError):
        return


def _settle(library: Path, in_set: Callable[[LibraryChange], bool]) -> None:
    note = _note(library)
    if not note.exists():
        return
    try:
        change = LibraryChange.model_validate_json(note.read_text(encoding="utf-8"))
    except (ValidationError, UnicodeDecodeError) as error:
        raise WorkspaceError(
            "the note of an interrupted change cannot be read.",
            where=str(note),
            do="Look at the library with kb doctor, then delete this file.",
        ) from error
    if in_set(change) if change.place else change.is_made(library):
        change.apply(library)
        change.close(library)
    else:
        change.undo(library)
        change.drop(library)


def _sweep(library: Path) -> None:
    """Delete temporary files, and move files without a record to `.orphans`, which no command uses and `kb doctor`
    lists."""
    sweep(_note(library))
    known = set(files(library))
    damaged = [each.file.removesuffix(RECORD).partition(".")[0] for each in scan(library)[1]]
    for path in [*library.glob("official/*"), *library.glob("policies/*")]:
        name = path.relative_to(library).as_posix()
        if path in known or not path.is_file():
            continue
        if path.name.startswith(".") and path.name.endswith(".part"):
            path.unlink()
        elif not any(name.startswith(f"{stem}.") for stem in damaged):
            aside = library / ASIDE / f"{sha256_text(name)[:8]}-{path.name[-STEM_BYTES:]}"
            aside.parent.mkdir(exist_ok=True)
            path.replace(aside)


# --- what may come in ---


# --- changes ---


def addition(
    record: LibraryRecord, library: Path, *, replace: bool = False, place: tuple[str, ...] = ()
) -> LibraryChange | None:
    """Return the change that adds a record; None when the library has the same bytes and facts already. `place` is the
    position in a policy set, as in `LibraryChange`.

    Raises RefusedError when another text of the same document and language exists and `replace` is False.
    """
    found, damaged = scan(library)
    path, old = next(
        ((path, each) for path, each in found.items() if (each.id, each.language) == (record.id, record.language)),
        (f"{record.file}{RECORD}", None),
    )
    if old and not replace:
        _refuse_other(old, record)
    if old and _facts(old) == _facts(record) and _is_complete(library / old.file, old.sha256):
        return None
    if path in {each.file for each in damaged}:
        raise RefusedError(
            f"the record of '{record.id}' in the library cannot be read.",
            where=path,
            do=f"Take it out first: kb remove {record.id}",
        )
    if (library / record.file).exists():
        stem, _, ending = (
            record.file.rpartition(".") if "." in record.file.rpartition("/")[2] else (record.file, "", "")
        )
        name = f"{stem}.{record.sha256[:12]}"
        record = record.model_copy(update={"file": f"{name}.{ending}" if ending else name})
    return LibraryChange(
        path=path,
        before=_text(library / path) if old else "",
        after=record.sealed().model_dump_json(indent=2) + "\n",
        old_file=old.file if old else "",
        new_file=record.file,
        place=place,
    )


def _refuse_other(old: LibraryRecord, new: LibraryRecord) -> None:
    """Raise RefusedError because under that name the library has another file, or the same file with other facts."""
    if old.sha256 != new.sha256:
        raise RefusedError(
            f"another text of '{new.id}' is in the library (added {old.added}).",
            where=old.file,
            do="A newer text of a policy in a set: kb policies add … --version-of. To put it in the "
            "other's place: kb add … --replace. Or give it another title.",
        )
    was, now = _facts(old), _facts(new)
    other = [f"{name} {was[name]}, not {now[name]}" for name in was if was[name] != now[name]]
    if other:
        raise RefusedError(
            f"this file is in the library with other facts: {'; '.join(other)}.",
            where=old.file,
            do="To change them: kb add … --replace.",
        )


def _facts(record: LibraryRecord) -> dict[str, object]:
    """Return the fields of a record that describe the text itself, not how it was added."""
    return record.model_dump(include={"sha256", "title", "language", "style", "force", "country", "date", "status"})


def _is_complete(path: Path, sha256: str) -> bool:
    return path.exists() and sha256_of(path) == sha256


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def removal(library: Path, record: LibraryRecord | Unreadable) -> LibraryChange:
    """Return the change that removes a record and its file."""
    if isinstance(record, Unreadable):
        path, file = record.file, record.file.removesuffix(RECORD)
        return LibraryChange(
            path=path, before=(library / path).read_text(encoding="utf-8", errors="replace"), old_file=file
        )
    path = next(path for path, each in scan(library)[0].items() if each == record)
    return LibraryChange(path=path, before=_text(library / path), old_file=record.file)


def put(change: LibraryChange | None, file: Path, library: Path) -> None:
    """Make an addition (None: do nothing): copy `file` in and replace the record. The caller must hold the lock of the
    library."""
    if change is None:
        return
    change.note(library)
    try:
        change.copy_in(file, library)
        change.apply(library)
    except BaseException:
        change.undo(library)
        change.drop(library)
        raise
    change.close(library)


def add_text(file: Path, source: Source, library: Path, *, replace: bool = False, **facts: object) -> LibraryRecord:
    """Add an official text to the library without reading it, and return its record; `replace` an earlier text. `facts`
    and errors as in `text_record`."""
    return _add(file, text_record(file, source, **facts), library, replace)  # type: ignore[arg-type]


def add_policy(file: Path, library: Path, *, replace: bool = False, **facts: object) -> LibraryRecord:
    """Add a policy to the library without reading it, and return its record; `replace` an earlier file of the same id.
    `facts` and errors as in `policy_record`."""
    return _add(file, policy_record(file, **facts), library, replace)  # type: ignore[arg-type]


def _add(file: Path, record: LibraryRecord, library: Path, replace: bool) -> LibraryRecord:
    with holding(library):
        change = addition(record, library, replace=replace)
        put(change, file, library)
        return (
            change.record
            if change
            else next(
                each for each in scan(library)[0].values() if (each.id, each.language) == (record.id, record.language)
            )
        )
