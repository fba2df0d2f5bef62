"""From the state of a stream to a validated model of the room that owns it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from kb.errors import InputError, WorkspaceError
from kb.models import Model

if TYPE_CHECKING:
    from kb.log.store import State


def as_input_error(error: ValidationError) -> InputError:
    """A validation error as one sentence for a person."""
    first = error.errors()[0]
    return InputError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}.", do="Correct the value and try again.")


Kind = TypeVar("Kind", bound=Model)


def model_of(kind: type[Kind], state: State, **own: Any) -> Kind:
    """The model that a stream's state holds. Raises WorkspaceError for a state with a word that does not exist: it was
    altered, or a newer program wrote it."""
    try:
        return kind.model_validate({**state.data, **own})
    except ValidationError as error:
        first = error.errors()[0]
        raise WorkspaceError(
            f"The stored {kind.__name__.lower()} cannot be read: {'.'.join(map(str, first['loc']))} is "
            f"{str(first.get('input'))[:60]!r}: {first['msg']}.",
            where=state.stream,
            do="Upgrade kb if a newer one wrote it; else restore a backup: kb restore FILE",
        ) from error
