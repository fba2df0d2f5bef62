"""Text that a person typed and has not recorded yet. It is stored in the workspace's folder, never in the log or the
address, and survives a reload, a change of page and a restart of the server.

A draft is deleted when its form is recorded or discarded, and when everything in it is already recorded (`sweep`, when
its form opens): a tab that was closed after another tab recorded the same words leaves no draft.
"""

from __future__ import annotations

import contextlib
import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from pydantic import Field, ValidationError

from kb.config import settings
from kb.errors import DataError
from kb.files import replacing
from kb.models import Model

KeptValue: TypeAlias = str | bool | int | float | list[str] | None
"""The value of a field as JSON; a date is a string."""


class FormDraft(Model):
    """The unrecorded input of one form in one browser tab."""

    form: str
    tab: str
    by: str = Field("", description="the name that the person had written then")
    fields: dict[str, KeptValue] = Field(description="field to what was typed, where it differs from `base`")
    base: dict[str, KeptValue] = Field(description="field to what was recorded when the person began")
    at: datetime


def folder() -> Path:
    """Return the folder of drafts: beside the database, and not part of a backup."""
    return settings().workspace / "drafts"


def _path(form: str, tab: str) -> Path:
    """Return the file of a form in a tab; the form's name is hashed, since it may hold characters that a file name may
    not."""
    return folder() / f"{hashlib.sha256(form.encode()).hexdigest()[:32]}-{tab}.json"


def keep(form: str, tab: str, by: str, fields: dict[str, KeptValue], base: dict[str, KeptValue]) -> FormDraft:
    """Write a draft atomically: the former one of this tab is replaced once the new one is complete. Raises InputError
    if the folder cannot be written."""
    draft = FormDraft(form=form, tab=tab, by=by, fields=fields, base=base, at=datetime.now(UTC))
    with replacing(_path(form, tab)) as part:
        part.write_text(draft.model_dump_json(), encoding="utf-8")
    return draft


def find(form: str, tab: str, by: str) -> FormDraft | None:
    """Return the draft of this tab, otherwise the newest one that a person of this name left in another tab. Raises
    DataError for a file that is not a draft. None if there is no draft."""
    own = _path(form, tab)
    if own.exists():
        return _read(own)
    others = [_read(path) for path in folder().glob(f"{own.name.removesuffix(f'-{tab}.json')}-*.json")] if by else []
    return max((draft for draft in others if draft and draft.by == by), key=lambda draft: draft.at, default=None)


def _read(path: Path) -> FormDraft | None:
    try:
        return FormDraft.model_validate_json(path.read_bytes())
    except FileNotFoundError:  # recorded or let go of meanwhile
        return None
    except (ValidationError, OSError) as error:
        raise DataError(
            "This draft cannot be read; what was recorded is not touched.",
            where=str(path),
            do="Look into the file, then move it away.",
        ) from error


def of(by: str) -> list[FormDraft]:
    """Return the drafts of the person named `by`, newest first; empty for ''.

    An unreadable file is skipped; its error is shown when its form opens.
    """
    found = []
    for path in folder().glob("*.json") if by else ():
        with contextlib.suppress(DataError):
            draft = _read(path)
            found += [draft] if draft and draft.by == by else []
    return sorted(found, key=lambda draft: draft.at, reverse=True)


def sweep(form: str, recorded: dict[str, KeptValue]) -> int:
    """Delete the drafts of a form, of any tab, in which everything is already recorded; return their number.

    A draft with other text stays until its person records or discards it.
    """
    mine = _path(form, "").name.removesuffix("-.json")
    gone = 0
    for path in folder().glob(f"{mine}-*.json"):
        with contextlib.suppress(DataError):
            draft = _read(path)
            if draft and all(name in recorded and recorded[name] == value for name, value in draft.fields.items()):
                path.unlink(missing_ok=True)
                gone += 1
    return gone


def drop(form: str, tab: str) -> None:
    """Delete a draft that was recorded or discarded."""
    with contextlib.suppress(FileNotFoundError):
        _path(form, tab).unlink()
