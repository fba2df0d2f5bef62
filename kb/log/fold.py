"""From the state of a stream to a validated model of the room that owns it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from kb.errors import InputError, WorkspaceError
from kb.models import Model

if TYPE_CHECKING:
    from kb.log.store import State, Writer


def as_input_error(error: ValidationError) -> InputError:
    """A validation error as one sentence for a person."""
    first = error.errors()[0]
    return InputError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}.", do="Correct the value and try again.")


def refuse_other_fields(given: Iterable[str], known: Collection[str], what: str) -> None:
    """Raises InputError for a field that `what`, as 'A finding', does not have, with the names of those it has."""
    strange = sorted(set(given) - set(known))
    if strange:
        raise InputError(f"{what} has no '{strange[0]}' that can be set.", do=f"Fields are: {', '.join(known)}.")


def write_changes(
    writer: Writer,
    old: Model,
    stream: str,
    kind: str,
    fields: Mapping[str, object],
    *,
    by: str,
    expected: int,
    reason: str,
) -> None:
    """Append the changes of the fields that a person gave for what `old` shows.

    Raises ConflictError if somebody else changed it since version `expected`, InputError when all of it stands there.
    """
    writer.refuse_stale(stream, expected, {**fields})
    if all(getattr(old, name) == value for name, value in fields.items()):
        raise InputError("There is nothing to change.", where=stream, do="Give another value.")
    writer.append(stream, kind, {**fields}, author=by, reason=reason, expected=expected)


Kind = TypeVar("Kind", bound=Model)


def validated(kind: type[Kind], data: Mapping[str, object]) -> Kind:
    """The model of what a person gave. Raises InputError that names the field and the values it takes."""
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        raise as_input_error(error) from error


def model_of(kind: type[Kind], state: State, **own: object) -> Kind:
    """Make the model of a stream from its state, with `own` for fields that the state lacks.

    Where the kind has such fields, `version`, `sequence`, `changed_by` and `changed_at` are those of the last event.
    Raises WorkspaceError for a state with a word that does not exist: it was altered, or a newer program wrote it.
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
