"""The database tables of the workspace. The log of events is authoritative; `states` is computed from it and stored
for fast reading.

Times are ISO 8601 text in UTC and values are canonical JSON text, so that a hash on SQLite is the same on
PostgreSQL. Events, documents, runs and proposals are written once: triggers in the migrations refuse changes.

Numbers: lengths of columns, in characters. 64 hold a sha256 in hexadecimal digits, 32 a time from `stamp`, 40 an
identifier that this program makes; the others are at least the limits of `kb.log.bounds`.
"""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

BYTES = Text().with_variant(Text(collation="C"), "postgresql")  # sorts by code point, as SQLite does
WRITTEN_ONCE = ("events", "documents", "runs", "proposals")

_SQLITE = """create trigger {table}_keep_{verb} before {verb} on {table}
begin select raise(abort, '{table}: written once, never changed'); end"""

_POSTGRES = """create trigger {table}_keep_{verb} before {verb} on {table}
for each statement execute function kb_keep()"""


def trigger(dialect: str, table: str) -> list[tuple[str, str]]:
    """Return (name, SQL statement) of each trigger that protects a table from changes in one database `dialect`."""
    postgres = dialect == "postgresql"
    pattern, verbs = (_POSTGRES, ("update", "delete", "truncate")) if postgres else (_SQLITE, ("update", "delete"))
    return [(f"{table}_keep_{verb}", pattern.format(table=table, verb=verb)) for verb in verbs]


class Base(DeclarativeBase):
    """Base class of the tables."""


class EventRow(Base):
    """One event of the log. Rows are never updated or deleted."""

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("stream", "version", name="one_version_once"),
        CheckConstraint("length(trim(author)) > 0", name="author_named"),
        CheckConstraint("origin in ('person', 'machine')", name="origin_known"),
        CheckConstraint("origin = 'person' or kind like 'machine.%'", name="machine_never_decides"),
    )

    sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    stream: Mapped[str] = mapped_column(BYTES)
    version: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(60))
    author: Mapped[str] = mapped_column(String(200))
    origin: Mapped[str] = mapped_column(String(10))
    at: Mapped[str] = mapped_column(String(32), doc="when the author acted, by the clock of that machine")
    effective: Mapped[str] = mapped_column(String(32), index=True, doc="`at`, never before the stream's last event")
    behind: Mapped[bool] = mapped_column(Boolean, doc="the clock stood before the log's last event")
    reason: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    imported: Mapped[str | None] = mapped_column(Text, doc="where an imported event came from, and who imported it")
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class HeadRow(Base):
    """The end of the log: a single row, which each writer locks."""

    __tablename__ = "head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    sequence: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[str] = mapped_column(String(32))


class StateRow(Base):
    """The state of one stream; it can be deleted and computed again from the log."""

    __tablename__ = "states"

    stream: Mapped[str] = mapped_column(BYTES, primary_key=True)
    topic: Mapped[str] = mapped_column(String(40), index=True)
    version: Mapped[int] = mapped_column(Integer)
    sequence: Mapped[int] = mapped_column(Integer)
    data: Mapped[str] = mapped_column(Text)


class DocumentRow(Base):
    """The structured text of a policy, stored under the hash of its JSON; quotations are verified against it."""

    __tablename__ = "documents"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    data: Mapped[str] = mapped_column(Text)


class RunRow(Base):
    """One run of `kb assess` over one policy."""

    __tablename__ = "runs"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    policy_set: Mapped[str] = mapped_column(String(200), index=True)
    policy: Mapped[str] = mapped_column(String(200))
    document: Mapped[str] = mapped_column(String(64))
    framework: Mapped[str] = mapped_column(String(60))
    models: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(String(32))
    sequence: Mapped[int] = mapped_column(Integer, doc="of the event that announced the run")
    digest: Mapped[str | None] = mapped_column(String(64), doc="of the run and its proposals (proof.run_digest)")


class ProposalRow(Base):
    """One passage that a run proposed for one criterion, or, at rank 0, the run's state of that criterion."""

    __tablename__ = "proposals"
    __table_args__ = (Index("proposals_of_criterion", "run", "criterion"),)

    run: Mapped[str] = mapped_column(ForeignKey("runs.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(40), primary_key=True)
    rank: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    mark: Mapped[str] = mapped_column(String(64), doc="hash of the quotation without white space and case")
    data: Mapped[str] = mapped_column(Text)
