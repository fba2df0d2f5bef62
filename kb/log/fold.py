"""Convert the state of a stream into a validated model of a room above."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from kb.errors import InputError, WorkspaceError
from kb.models import Model

if TYPE_CHECKING:
    from kb.log.store import LogWriter, StreamState


def as_input_error(error: ValidationError) -> InputError:
    """Return a validation error as one sentence for a person."""
    first = error.errors()[0]
    return InputError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}.", do="Correct the value and try again.")


def refuse_other_fields(given: Iterable[str], known: Collection[str], what: str) -> None:
    """Raise InputError for a field that `what`, such as 'A finding', does not have; it names the known fields."""
    strange = sorted(set(given) - set(known))
    if strange:
        raise InputError(f"{what} has no '{strange[0]}' that can be set.", do=f"Fields are: {', '.join(known)}.")


def write_changes(
    writer: LogWriter,
    old: Model,
    stream: str,
    kind: str,
    fields: Mapping[str, object],
    *,
    by: str,
    expected: int,
    reason: str,
) -> None:
    """Append the changed fields that a person gave for the model `old`.

    Raises ConflictError if somebody else changed it since version `expected`, InputError if no field differs.
    """
    writer.refuse_stale(stream, expected, {**fields})
    if all(getattr(old, name) == value for name, value in fields.items()):
        raise InputError("There is nothing to change.", where=stream, do="Give another value.")
    writer.append(stream, kind, {**fields}, author=by, reason=reason, expected=expected)


Kind = TypeVar("Kind", bound=Model)


def validated(kind: type[Kind], data: Mapping[str, object]) -> Kind:
    """Return the model of a person's input. Raises InputError that names the field and the allowed values."""
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        raise as_input_error(error) from error


def model_of(kind: type[Kind], state: StreamState, **own: object) -> Kind:
    """Return the model of a stream's state, with `own` for fields that the state lacks.

    If the model has such fields, `version`, `sequence`, `changed_by` and `changed_at` are those of the last event.
    Raises WorkspaceError for an invalid state: it was altered, or a newer program wrote it.
    """
    last = {
        "version": state.version,
        "sequence": state.sequence,
        "changed_by": state.author,
        "changed_at": state.at,
    }
    known = {name: value for name, value in last.items() if name in kind.model_fields}
    try:
        return kind.model_validate({**state.data, **known, **own})
    except ValidationError as error:
        first = error.errors()[0]
        raise WorkspaceError(
            f"The stored {kind.__name__.lower()} cannot be read: {'.'.join(map(str, first['loc']))} is "
            f"{str(first.get('input'))[:60]!r}: {first['msg']}.",
            where=state.stream,
            do="Upgrade kb if a newer one wrote it; else restore a backup: kb restore FILE",
        ) from error
