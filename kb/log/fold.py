"""Convert the state of a stream into a validated model (Finding, Action, Coding, …), and write changes of models."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from kb.errors import InputError, WorkspaceError
from kb.models import Model

if TYPE_CHECKING:
    from kb.log.store import LogWriter, StreamState


def as_input_error(error: ValidationError) -> InputError:
    """Return an InputError with the first message of a pydantic validation error as one sentence."""
    first = error.errors()[0]
    return InputError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}.", do="Correct the value and try again.")


def refuse_other_fields(given: Iterable[str], known: Collection[str], what: str) -> None:
    """Raise InputError, which lists the `known` fields, if `given` contains another one. `what` starts the message:
    'A finding'."""
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
    """Append an event of `kind` with those `fields` whose values differ from the model `old`.

    Raises ConflictError if the stream is no longer at version `expected`, InputError if no field differs.
    """
    writer.refuse_stale(stream, expected, {**fields})
    if all(getattr(old, name) == value for name, value in fields.items()):
        raise InputError("There is nothing to change.", where=stream, do="Give another value.")
    writer.append(stream, kind, {**fields}, author=by, reason=reason, expected=expected)


Kind = TypeVar("Kind", bound=Model)


def validated(kind: type[Kind], data: Mapping[str, object]) -> Kind:
    """Return `data` as a model of class `kind`. Raises InputError with the field and its allowed values."""
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        raise as_input_error(error) from error


def model_of(kind: type[Kind], state: StreamState, **own: object) -> Kind:
    """Return a stream's state as a model of class `kind`; `own` gives fields that the state does not hold, such as
    the id.

    If the model has the fields `version`, `sequence`, `changed_by` and `changed_at`, they describe the last event.
    Raises WorkspaceError for an invalid state, which was altered or written by a newer program.
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
