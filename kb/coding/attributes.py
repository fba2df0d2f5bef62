"""Attributes of a study's sources (region, sex, kind of town), imported with the cases of other programs; the log
records who imported each from which file.

A case of NVivo, MAXQDA, ATLAS.ti or QualCoder stands for one or more sources. One source may belong to several
cases, as a conversation belongs to each speaker, so an attribute is identified by document, case and name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, get_args

from pydantic import Field

from kb.errors import InputError
from kb.log.decisions import stream
from kb.log.fold import model_of
from kb.models import Model

if TYPE_CHECKING:
    from kb.log.store import LogWriter, StreamState, Workspace

AttributeKind = Literal["Text", "Boolean", "Integer", "Float", "Date", "DateTime"]
KINDS: tuple[str, ...] = get_args(AttributeKind)
"""The types that a variable of REFI-QDA may have."""


class Attribute(Model):
    """One value of one variable (`name`) for one case and one source (`document`)."""

    document: str
    case: str = Field("", description="name of the case; empty where it is the source itself")
    name: str = Field(description="the variable, as the other program calls it")
    kind: AttributeKind = "Text"
    value: str = Field(description="as the file writes it")
    by: str = Field("", description="who brought it in or gave it")
    at: datetime | None = None
    version: int = 0

    @property
    def words(self) -> str:
        """The attribute as one line of text for people."""
        return f"{self.case + ', ' if self.case else ''}{self.name}: {self.value}"


def checked(value: str, kind: str) -> str:
    """Return `value` unchanged if it fits its kind, such as a date or a number. Raises InputError if it does not
    fit, or if the kind is unknown."""
    try:
        _READ[kind](value)
    except KeyError:
        raise InputError(f"'{kind}' is no kind of value", do=f"Kinds are: {', '.join(KINDS)}.") from None
    except ValueError:
        raise InputError(f"'{value[:60]}' is no {kind}") from None
    return value


def _truth(value: str) -> None:
    if value.lower() not in ("true", "false", "0", "1"):
        raise ValueError


_READ: dict[str, Callable[[str], object]] = {
    "Text": str,
    "Boolean": _truth,
    "Integer": int,
    "Float": float,
    "Date": date.fromisoformat,
    "DateTime": datetime.fromisoformat,
}


def set_attribute(
    ws: Workspace | LogWriter, wanted: Attribute, *, by: str, source: str = "", replace: bool = False
) -> bool:
    """Store an attribute. Return True, or False if the same value is stored already. `source` names the file from
    which it was imported.

    Raises InputError for an empty name or a value that does not fit its kind, and, unless `replace` is True, for an
    attribute that already has another value.
    """
    from kb.log.store import Workspace  # the log is opened by who keeps an attribute, not by who reads documents

    if isinstance(ws, Workspace):
        with ws.writing() as writer:
            return set_attribute(writer, wanted, by=by, source=source, replace=replace)
    if not wanted.name.strip() or not wanted.value.strip():
        raise InputError("an attribute needs a name and a value")
    name = stream("attribute", wanted.document, wanted.case, wanted.name)
    data = {"kind": wanted.kind, "value": checked(wanted.value, wanted.kind)}
    held = ws.state(name)
    if held.version and held.data == data:
        return False
    if held.version and not replace:
        raise InputError(f"it is '{held.data['value']}' here, by {held.author}, and '{wanted.value}' in the file")
    ws.append(name, "attribute.set", data, author=by, reason=f"from {source}" if source else "")
    return True


def as_attribute(state: StreamState) -> Attribute:
    """Return the attribute that the events of its stream add up to."""
    document, case, name = state.parts
    return model_of(Attribute, state, document=document, case=case, name=name, by=state.author, at=state.at)


def attributes(ws: Workspace, document: str = "") -> Iterator[Attribute]:
    """Yield all attributes, or those of one document, sorted by document, case and name."""
    with ws.reading() as reader:
        found = reader.states(stream("attribute", document) if document else "attribute")
    yield from map(as_attribute, found)


def by_document(given: Iterable[Attribute]) -> dict[str, tuple[Attribute, ...]]:
    """Group attributes by their document."""
    found: dict[str, tuple[Attribute, ...]] = {}
    for each in given:
        found[each.document] = (*found.get(each.document, ()), each)
    return found
