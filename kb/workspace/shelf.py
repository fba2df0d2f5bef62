"""Change the library: one writer at a time, each change together with the index, and removal of a document."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kb.amounts import some
from kb.assessment import policies
from kb.build.pipeline import Coming
from kb.config import Settings
from kb.errors import IndexError_, InputError, KBError, NotFound, RefusedError
from kb.index import live
from kb.index.manifest import inputs_then
from kb.log import switch
from kb.log.store import Workspace, open_workspace
from kb.models import Document
from kb.sources import keep
from kb.sources.keep import LibraryChange
from kb.sources.library import LibraryRecord, Unreadable, scan, text_id
from kb.sources.seals import seal_known

Say = Callable[[str], None]
Progress = Callable[[str, int, int], None]

LATER = "To search it: kb build"


@contextmanager
def opened_for(ws: Workspace | None, needed: bool, settings: Settings) -> Iterator[Workspace | None]:
    """Yield `ws` if it is given; otherwise open the workspace for the block if `needed`, or yield None."""
    if ws is not None or not needed:
        yield ws
        return
    with open_workspace(settings.database_url) as own:
        yield own


@contextmanager
def holding(settings: Settings, ws: Workspace | None = None) -> Iterator[None]:
    """Lock the library for the block, after finishing or undoing an interrupted change."""
    with keep.holding(settings.library, partial(_in_set, settings, ws)):
        _seal(settings)
        yield


def settle(settings: Settings) -> None:
    """Finish or undo a change of the library that a killed program left incomplete, and delete its temporary files."""
    switch.settle(settings.database_url, settings.workspace)
    keep.settle(settings.library, partial(_in_set, settings, None), partial(_seal, settings))


def _seal(settings: Settings) -> None:
    """Add a seal (a hash of the record) to each record that an earlier version wrote without one, if its file has
    not changed since the last build."""
    if has_index(settings):
        seal_known(settings.library, inputs_then(live.current(settings.indexes)))


def _in_set(settings: Settings, ws: Workspace | None, change: LibraryChange) -> bool:
    """Return whether the policy of an interrupted addition is in its policy set already."""
    policy_set, policy, sha256 = change.place
    with opened_for(ws, True, settings) as opened:
        stored = (
            next((each for each in policies.policy_sets(opened) if each.id == policy_set), None) if opened else None
        )
    return stored is not None and any(
        version.sha256 == sha256 for each in stored.policies if each.id == policy for version in each.versions
    )


@dataclass(frozen=True)
class Publishing:
    """When and how the index is updated: at once if `now` is True, otherwise by a later `kb build`; and functions
    that report progress."""

    now: bool = True
    say: Say = lambda _: None
    progress: Progress = lambda step, done, total: None
    pages: Callable[[int, int], None] | None = None
    """Gets the number of pages read and the total; without it `progress` does, as the step `pages`."""
    text: Callable[[Document], None] = lambda _: None
    """Gets the text once it is read and checked, before it is added."""

    def read(self, done: int, total: int) -> None:
        """Report that `done` of `total` pages of the file are read."""
        self.pages(done, total) if self.pages else self.progress("pages", done, total)


AT_ONCE = Publishing()


def carry_out(
    settings: Settings,
    change: LibraryChange | None,
    document: Document | None,
    commit: Callable[[], None],
    publishing: Publishing,
    file: Path | None = None,
    fresh: bool = False,
) -> str:
    """Apply a change together with its index; return a sentence about what is still to do, or ''. `commit` is called
    when the change has become valid, for example to add the policy to its set. A failure before that undoes
    everything. With `fresh` the index has this text already and is not updated."""
    library, made = settings.library, []

    def count() -> None:
        """Make the change valid. If the index is rebuilt, this is called when the new index is complete and only a
        rename is left to make it live."""
        if change:
            change.apply(library)
        commit()
        made.append(True)

    try:
        if change:
            change.note(library)
            if file:
                change.copy_in(file, library)
        left = "" if fresh else _publish(settings, Coming(change, document, count), publishing)
        if fresh:
            count()
    except BaseException as error:
        if not made and change:
            change.undo(library)
            change.drop(library)
        if not made or not isinstance(error, KBError):
            raise
        left = f"The index could not be switched: {error.what.rstrip('.')}. {LATER}"
    if change:
        change.close(library)
    return left


def _publish(settings: Settings, coming: Coming, publishing: Publishing) -> str:
    """Build the new index and make it live, or only apply the change; return a sentence about what is still to do,
    or ''."""
    from kb.build import pipeline

    if not publishing.now:
        coming.commit()
        return f"The index was not brought up to date. {LATER}"
    if not has_index(settings):
        coming.commit()
        return f"There is no index yet. {LATER}"
    publishing.say("bringing the index up to date")
    pipeline.run(settings, publishing.say, publishing.progress, coming)
    return ""


def has_index(settings: Settings) -> bool:
    """Return whether there is a live index, even a damaged or outdated one."""
    try:
        live.current(settings.indexes)
    except IndexError_:
        return False
    return True


def is_published(settings: Settings, record: LibraryRecord) -> bool:
    """Return whether the live index contains the file of this record."""
    try:
        inputs = live.open_index(settings.indexes, settings.corpus).manifest.inputs
    except IndexError_:
        return False
    return inputs.get(f"library/{record.file}") == record.sha256


# --- out again ---


def remove(settings: Settings, record: LibraryRecord | Unreadable, publishing: Publishing = AT_ONCE) -> str:
    """Remove a file from the library and its passages from the index; return a sentence about what is still to do,
    or ''.

    Raises RefusedError if a policy set uses the file or people coded its passages. The log is never changed.
    """
    with open_workspace(settings.database_url) as ws, holding(settings, ws):
        if isinstance(record, LibraryRecord):
            refuse_used(settings, record, ws, "taken out", "Decisions stand on it. It stays.")
        return carry_out(settings, keep.removal(settings.library, record), None, lambda: None, publishing)


def to_remove(library: Path, id: str, language: str = "") -> LibraryRecord | Unreadable:
    """Return the record of the document with this id, which is its id in the library or in the index.

    Raises NotFound with the existing ids, InputError if the document exists in several languages and `language`
    names none of them.
    """
    found, damaged = scan(library)
    fits = [
        each
        for each in found.values()
        if id in (each.id, text_id(each) if each.kind == "official-text" else each.id)
        and language in ("", each.language)
    ]
    if len(fits) > 1:
        raise InputError(
            f"'{id}' is here in several languages: {', '.join(sorted(each.language for each in fits))}.",
            do="Say which with --language.",
        )
    broken = [each for each in damaged if id in (each.id, each.id.rpartition(".")[0], each.id.split(".")[0])]
    if fits or broken:
        return (fits or broken)[0]
    ids = ", ".join(sorted({each.id for each in found.values()} | {each.id for each in damaged})) or "none"
    raise NotFound(f"the library has no document '{id}'.", do=f"There are: {ids}.")


def refuse_used(settings: Settings, record: LibraryRecord, ws: Workspace | None, what: str, do: str) -> None:
    """Raise RefusedError, with a list of uses, if a policy set uses the file or people coded its passages. `what`
    completes the message 'It cannot be …', `do` is the advice in it."""
    with opened_for(ws, True, settings) as opened:
        assert opened is not None
        uses = [
            f"'{policy.id}' of the policy set '{policy_set.id}' (version '{version.label}')"
            for policy_set in policies.policy_sets(opened)
            for policy in policy_set.policies
            for version in policy.versions
            if version.sha256 == record.sha256 or version.file == record.file
        ]
        id = text_id(record) if record.kind == "official-text" else record.id
        with opened.reading() as reader:
            coded = len(reader.states(f"coding/{id}"))
    if coded:
        uses.append(f"{some(coded, 'code')} that people gave to its passages")
    if uses:
        raise RefusedError(
            f"'{record.id}' cannot be {what}; it is used by {'; '.join(uses)}.", where=record.file, do=do
        )
