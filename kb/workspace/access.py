"""Limit what a person may see and write by their role and countries, where the log is read and written.

A PersonalWorkspace has the interface of a Workspace. Data of other countries does not appear in it: not in lists,
not in the history, not by name. A write that role or countries do not allow is refused before the log is changed;
every event is written in the person's name. Not secret are the number of events in the complete log, its head and
its clocks. A stored text can only be found by its hash, which only a version of a policy states.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Unpack, cast

from pydantic import Field, model_validator
from sqlalchemy import Connection, Row, Select, select
from sqlalchemy.sql.util import find_tables

from kb.data import load_yaml
from kb.errors import InputError, NotFound, RefusedError
from kb.iso import check_country
from kb.log.decisions import Event, EventOptions, names_in, parts, records_in, stream
from kb.log.states import StreamState
from kb.log.store import LogReader, LogWriter, Workspace
from kb.log.tables import EventRow, ProposalRow, RunRow, StateRow
from kb.models import Model, Worded


class Role(Worded):
    """What a person may do in the countries that they see; one of four roles."""

    READER = "reader", "Reader"
    REVIEWER = "reviewer", "Reviewer"
    OFFICER = "officer", "Officer"
    ADMINISTRATOR = "administrator", "Administrator"


OF_SET = frozenset({"set", "policy", "finding", "run", "verdict", "opinion", "measure"})
"""Topics of the log whose first identifier is an assessment."""
CODING = frozenset({"coding", "unit", "session", "attribute"})
"""Topics of coding: visible unless they concern a document of another country."""
MAY_WRITE: dict[Role, frozenset[str] | None] = {
    Role.READER: frozenset(),
    Role.REVIEWER: frozenset({"opinion", "coding", "unit"}),
    Role.OFFICER: OF_SET | CODING | {"action"},
    Role.ADMINISTRATOR: None,
}
"""Topics of the log that a role may write; None for all."""


class Person(Model):
    """A person with an account: name in the log, role, and the countries they may see."""

    name: str = Field(pattern=r"\S", description="as it stands in the log")
    role: Role = Role.READER
    countries: tuple[str, ...] = Field((), description="ISO 3166-1 alpha-3; what is of another country is not seen")
    everywhere: bool = Field(False, description="sees every country")

    @property
    def scope(self) -> str:
        """The countries that the person sees, as one string that can be compared: their codes, or '*' for all."""
        return "*" if self.everywhere else ",".join(sorted(self.countries)) or "-"

    @model_validator(mode="after")
    def _real_countries(self) -> Person:
        for code in self.countries:
            try:
                check_country(code)
            except InputError as error:  # so that the file and the line are named
                raise ValueError(error.what) from error
        return self


class People(Model):
    """The content of the file of people; a person who is not in it has no access."""

    people: dict[str, Person] = Field(description="address that the identity provider vouches for, to the person")

    @model_validator(mode="after")
    def _one_name_each(self) -> People:
        names = [person.name.casefold() for person in self.people.values()]
        if len(set(names)) != len(names):
            raise ValueError("two people have the same name: the log could not tell them apart")
        return self

    def named(self, name: str) -> Person:
        """Return the person with this name in the log. Raises RefusedError if there is none in the file."""
        found = next((person for person in self.people.values() if person.name == name), None)
        if found is None:
            raise RefusedError(f"{name or '–'} has no access here.", do="Ask the administrator of this server.")
        return found

    def person(self, address: str) -> Person:
        """Return the person with this e-mail address. Raises RefusedError if there is none in the file."""
        found = {known.casefold(): person for known, person in self.people.items()}.get(address.strip().casefold())
        if found is None:
            raise RefusedError(f"{address} has no access here.", do="Ask the administrator of this server.")
        return found


def load_people(path: Path) -> People:
    """Load the file of people. Raises DataError with file, line and entry."""
    return load_yaml(path, People)


class _Scope:
    """The policy sets and documents that a person may see, computed from one state of the workspace."""

    def __init__(self, reader: LogReader, person: Person) -> None:
        self.reader, self.person, self._known = reader, person, dict[str, bool]()
        countries = {one.parts[0]: one.data.get("country", "") for one in LogReader.states(reader, "set")}
        self.sets = {id for id, country in countries.items() if person.everywhere or country in person.countries}
        held = [one.parts[:2] for one in LogReader.states(reader, "policy")]
        seen = {policy for policy_set, policy in held if policy_set in self.sets}
        self.foreign = {policy for policy_set, policy in held if policy_set not in self.sets} - seen

    def sees(self, stream: str) -> bool:
        """Return whether the person may see a stream."""
        if self.person.everywhere:
            return True
        if stream not in self._known:
            self._known[stream] = self._sees(stream.split("/", 1)[0], parts(stream), stream)
        return self._known[stream]

    def _sees(self, topic: str, names: tuple[str, ...], stream: str) -> bool:
        if topic in OF_SET:
            return bool(names) and names[0] in self.sets
        if topic == "action":
            return self.serves(LogReader.state(self.reader, stream).data)
        if topic == "session":
            data = LogReader.state(self.reader, stream).data
            return all(map(self.reads, (*names_in(data, "sample"), *_shared(data))))
        return topic in CODING and bool(names) and self.reads(names[0])

    def serves(self, data: Mapping[str, object]) -> bool:
        """Return whether the action with the fields `data` serves at least one assessment, and only ones that the
        person sees."""
        wanted = {str(one.get("policy_set")) for one in records_in(data, "findings")}
        return bool(wanted) and wanted <= self.sets

    def reads(self, passage: str) -> bool:
        """Return whether the person may see a passage: False if it belongs to a document of another country."""
        return passage.split("/", 1)[0] not in self.foreign


def _shared(data: Mapping[str, object]) -> Iterator[str]:
    """Yield the passages that a session assigns to its coders."""
    shares = data.get("assignments")
    for coder in shares if isinstance(shares, dict) else ():
        yield from names_in(cast(Mapping[str, object], shares), coder)


class _Scoped(LogReader):
    """A reader limited to what a person may see."""

    person: Person
    _scope: _Scope | None = None

    @property
    def scope(self) -> _Scope:
        """What the person may see now."""
        if self._scope is None:
            self._scope = _Scope(self, self.person)
        return self._scope

    def state(self, stream: str, *, until: datetime | int | None = None) -> StreamState:
        """Like `LogReader.state`; an empty state for a stream that the person may not see."""
        return super().state(stream, until=until) if self.scope.sees(stream) else StreamState(stream)

    def states(self, prefix: str, *, until: datetime | int | None = None) -> list[StreamState]:
        """Like `LogReader.states`, without states that the person may not see."""
        return [one for one in super().states(prefix, until=until) if self.scope.sees(one.stream)]

    def events(
        self, prefix: str | None = None, *, until: datetime | int | None = None, since: int = 0
    ) -> Iterator[Event]:
        """Like `LogReader.events`, without events that the person may not see."""
        return (one for one in super().events(prefix, until=until, since=since) if self.scope.sees(one.stream))

    def known_version(self, stream: str, by: str) -> int:
        """Like `LogReader.known_version`; 0 for a stream that the person may not see."""
        return super().known_version(stream, by) if self.scope.sees(stream) else 0

    def rows(self, query: Select) -> list[Row]:
        """Like `LogReader.rows`; runs and proposals only of assessments that the person sees. Raises RefusedError for a
        query on events or states."""
        if self.person.everywhere:
            return super().rows(query)
        tables = set(find_tables(query, include_joins=True, check_columns=True))
        if tables & {EventRow.__table__, StateRow.__table__}:
            raise RefusedError("The log is read by its streams.", do="Ask for states or events.")
        mine = RunRow.policy_set.in_(self.scope.sets)
        if RunRow.__table__ in tables:
            query = query.where(mine)
        if ProposalRow.__table__ in tables:
            query = query.where(ProposalRow.run.in_(select(RunRow.id).where(mine)))
        return super().rows(query)


class ScopedReader(_Scoped):
    """A reader limited to what a person may see, within one transaction."""

    def __init__(self, connection: Connection, clock: Callable[[], datetime], person: Person) -> None:
        super().__init__(connection, clock)
        self.person = person


class ScopedWriter(_Scoped, LogWriter):
    """A writer limited to what a person may write; every event is written in their name."""

    def __init__(self, connection: Connection, clock: Callable[[], datetime], person: Person) -> None:
        LogWriter.__init__(self, connection, clock)
        self.person = person

    def append(self, stream: str, kind: str, wanted: Mapping[str, object], **how: Unpack[EventOptions]) -> Event:
        """Like `LogWriter.append`. Raises RefusedError for an event that the role does not allow or that another
        person signs, RefusedError or NotFound for an event that concerns another country."""
        is_named = how.get("origin") == "machine" or (how.get("imported") and self.person.role is Role.ADMINISTRATOR)
        self._refuse(stream, wanted, self.person.name if is_named else how.get("author", ""))
        event = LogWriter.append(self, stream, kind, wanted, **how)
        self._scope = None  # a new assessment, or another country, changes what is seen
        return event

    def _refuse(self, stream: str, wanted: Mapping[str, object], author: str) -> None:
        topic, _, _ = stream.partition("/")
        allowed = MAY_WRITE[self.person.role]
        if allowed is not None and topic not in allowed:
            raise RefusedError(
                f"{self.person.name} may not do this as {self.person.role}.", do="Ask somebody whose role allows it."
            )
        if author.strip() != self.person.name:
            raise RefusedError(
                f"{self.person.name} cannot sign as {author or 'nobody'}.", do="Everybody signs in their own name."
            )
        if self.person.everywhere:
            return
        names, exists = parts(stream), LogReader.state(self, stream).version > 0
        if exists and not self.scope.sees(stream):
            raise RefusedError("This name is taken.", do="Choose another one.")
        if topic == "set" and wanted.get("country", "" if not exists else None) is not None:
            if wanted.get("country", "") not in self.person.countries:
                raise self._outside(str(wanted.get("country", "")))
        elif topic in OF_SET - {"set"} and names[0] not in self.scope.sets:
            raise NotFound(f"There is no assessment '{names[0]}'.", do="Create it first.")
        elif topic == "action" and "findings" in wanted and not self.scope.serves(wanted):
            raise NotFound("The action serves an assessment that is not here.", do="Choose one of the list.")
        elif topic in ("coding", "unit", "attribute") and not self.scope.reads(names[0]):
            raise NotFound(f"There is no passage '{names[0]}'.", do="Search for its words.")
        elif topic == "action" and not exists and "findings" not in wanted:
            raise RefusedError("An action serves an assessment.", do="Name its findings.")

    def _outside(self, country: str) -> RefusedError:
        own = ", ".join(self.person.countries) or "none"
        return RefusedError(
            f"'{country}' is not among the countries of {self.person.name} ({own}).", do="Choose one of them."
        )


WORK: dict[str, frozenset[Role]] = {
    "take-in": frozenset({Role.OFFICER, Role.ADMINISTRATOR}),
    "look-again": frozenset({Role.OFFICER, Role.ADMINISTRATOR}),
    "add-text": frozenset({Role.ADMINISTRATOR}),
    "build": frozenset({Role.ADMINISTRATOR}),
    "sample": frozenset({Role.OFFICER, Role.ADMINISTRATOR}),
    "report": frozenset(Role),
    "export": frozenset(Role),
}
"""Kind of job to the roles that may submit it; a kind that is missing here is not available with accounts. An export is
made from what the person may see when it is written. A report is made in the page, and the job only writes its file."""


class PersonalWorkspace(Workspace):
    """A workspace limited to what a person may see and write. It shares the connections of the full workspace."""

    def __init__(self, workspace: Workspace, person: Person) -> None:
        super().__init__(workspace.engine, workspace.clock, writable=workspace.writable)
        self.person = person

    def close(self) -> None:
        """Do nothing: the connections belong to the full workspace."""

    def _writer(self, connection: Connection) -> LogWriter:
        return ScopedWriter(connection, self.clock, self.person)

    def _reader(self, connection: Connection) -> LogReader:
        return ScopedReader(connection, self.clock, self.person)

    def refuse_work(self, kind: str, given: Mapping[str, object]) -> None:
        """Raise RefusedError for a job that the role does not allow, NotFound for one on an assessment that the person
        does not see. `given` holds the job's parameters."""
        if self.person.role not in WORK.get(kind, frozenset()):
            raise RefusedError(
                f"{self.person.name} may not do this as {self.person.role}.", do="Ask somebody whose role allows it."
            )
        if "set" in given and not self.sees_set(str(given["set"])):
            raise NotFound(f"There is no assessment '{given['set']}'.", do="Create it first.")
        if given.get("viewer", self.person.name) != self.person.name:
            raise RefusedError(
                f"{self.person.name} cannot read what is hidden from everybody but {given['viewer']}.",
                do="Ask for what you may see yourself.",
            )

    def sees_set(self, policy_set: str) -> bool:
        """Return whether the person sees an assessment."""
        with self.reading() as reader:
            return reader.state(stream("set", policy_set)).version > 0

    def sees_work(self, by: str, given: Mapping[str, object]) -> bool:
        """Return whether the person may see a job submitted by `by` with the parameters `given`: their own job, or
        one for an assessment that they see. A file made for them when they had access to other countries (`scope`
        in `given`) is no longer shown."""
        if given.get("scope", self.person.scope) != self.person.scope:
            return False
        return by == self.person.name or ("set" in given and self.sees_set(str(given["set"])))
