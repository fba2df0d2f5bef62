"""The log and its writers: versions, order, chain, and errors of the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, text

from kb.errors import InputError, RefusedError, WorkspaceError
from kb.log import decisions, open_workspace
from kb.log.database import connect, transaction


def put(ws, value, **how):
    """Append one event to one stream."""
    return ws.append("note/a", "note.written", {"value": value}, **{"author": "Ana", **how})


def test_state_is_the_fold_of_the_events(ws):
    put(ws, 1, reason="first")
    ws.append("note/a", "note.written", {"other": "x"}, author="Ben")
    put(ws, 2)
    state = ws.state("note/a")
    assert state.data == {"value": 2, "other": "x"} and state.version == 3
    assert decisions.fold(ws.events("note/a")) == state.data


def test_event_keeps_what_was_before(ws):
    put(ws, 1)
    event = put(ws, 2, reason="a better count")
    assert (event.before, event.after, event.reason) == ({"value": 1}, {"value": 2}, "a better count")


def test_stale_write_is_refused_and_names_who_changed_what(ws):
    put(ws, 1, expected=0)
    put(ws, 2, expected=1, author="Ben")
    with pytest.raises(RefusedError, match="Ben.*value was changed from 1 to 2"):
        put(ws, 3, expected=1)
    assert ws.state("note/a").data == {"value": 2}


@pytest.mark.parametrize("nobody", ["", "   "])
def test_change_without_author_is_refused(ws, nobody):
    with pytest.raises(RefusedError, match="needs an author"):
        put(ws, 1, author=nobody)


def test_machine_may_only_write_kinds_of_the_machine(ws):
    ws.append("run/1", "machine.proposed", {"n": 1}, author="model", origin="machine")
    with pytest.raises(RefusedError, match="only a person decides"):
        put(ws, 1, origin="machine", author="model")


def test_history_cannot_be_changed_even_by_sql(ws):
    put(ws, 1)
    for statement in ("update events set author = 'Eve'", "delete from events"):
        with pytest.raises(RefusedError, match="written once"), transaction(ws.engine, write=True) as connection:
            connection.execute(text(statement))
    assert [event.author for event in ws.events()] == ["Ana"]


def test_clock_that_goes_back_keeps_the_order_and_is_flagged(ws, clock):
    put(ws, "morning")
    clock.time -= timedelta(days=400)
    event = put(ws, "evening")
    assert event.behind and event.sequence == 2
    assert ws.state("note/a").data == {"value": "evening"}
    assert event.effective >= ws.events()[0].effective
    assert decisions.fold(ws.events("note/a", until=ws.events()[0].effective)) == {"value": "evening"}


def test_events_until_a_date_or_a_sequence(ws, clock):
    put(ws, 1)
    between = clock.time + timedelta(seconds=1)
    put(ws, 2)
    assert decisions.fold(ws.events("note/a", until=between)) == {"value": 1}
    assert decisions.fold(ws.events("note/a", until=1)) == {"value": 1}
    assert decisions.fold(ws.events("note/a")) == {"value": 2}


def test_streams_of_a_prefix_do_not_mix(ws):
    for name in ("set/a", "set/a/1", "set/A/1", "set/ab/1", "set/a_b"):
        ws.append(name, "x", {"n": name}, author="Ana")
    assert [state.stream for state in ws.states("set/a")] == ["set/a", "set/a/1"]


def test_slash_in_an_identifier_is_part_of_it(ws):
    assert decisions.stream("coding", "paper/r4", "b") != decisions.stream("coding", "paper", "r4/b")


def test_failed_transaction_leaves_nothing(ws):
    with pytest.raises(RefusedError), ws.writing() as writer:
        writer.append("note/a", "x", {"value": 1}, author="Ana")
        writer.append("note/b", "x", {"value": 1}, author="")
    assert ws.events() == [] and ws.state("note/a").version == 0


def test_chain_shows_a_changed_event_and_a_missing_one(ws):
    for value in range(4):
        put(ws, value)
    events = ws.events()
    assert decisions.broken(events) == []
    forged = events[1].model_copy(update={"after": {"value": 99}})
    assert any("event 2" in line for line in decisions.broken([events[0], forged, *events[2:]]))
    assert any("missing" in line for line in decisions.broken([events[0], *events[2:]]))


def test_reopening_finds_everything(url, clock):
    with open_workspace(url, clock=clock) as first:
        put(first, "kept")
    with open_workspace(url) as again:
        assert again.state("note/a").data == {"value": "kept"}


def test_two_handles_write_in_turn(url, clock):
    with open_workspace(url, clock=clock) as one, open_workspace(url, clock=clock) as two:
        for value in range(5):
            put(one, value)
            put(two, -value - 1)
        assert [event.sequence for event in one.events()] == list(range(1, 11))
        assert decisions.broken(two.events()) == []


def test_an_event_that_changes_nothing_and_gives_no_reason_is_not_written(ws):
    put(ws, 1)
    with pytest.raises(InputError, match="nothing to change"):
        put(ws, 1)
    put(ws, 1, reason="looked at it again")
    assert [event.reason for event in ws.events()] == ["", "looked at it again"]


def test_file_that_is_no_database_is_named(tmp_path):
    file = tmp_path / "w.sqlite"
    file.write_bytes(b"no database at all, only words" * 100)
    with pytest.raises(WorkspaceError, match="no readable workspace.*restore"):
        open_workspace(f"sqlite:///{file}")


def test_locked_database_says_so(url, monkeypatch):
    monkeypatch.setattr("kb.log.database.WAIT_SECONDS", 1)
    with open_workspace(url) as ws, open_workspace(url) as other:
        with other.writing(), pytest.raises(WorkspaceError, match="locked by another program"):
            put(ws, 1)
        put(ws, 1)
        assert ws.state("note/a").version == 1


def test_server_that_only_reads_says_so(url):
    with open_workspace(url) as ws:
        put(ws, 1)
        name = ws.engine.url.database
        if ws.engine.dialect.name == "sqlite":
            url = f"sqlite:///file:{name}?mode=ro&uri=true"
        else:
            with transaction(ws.engine, write=True) as connection:
                connection.execute(text(f'alter database "{name}" set default_transaction_read_only = on'))
    with open_workspace(url) as ws:
        assert ws.state("note/a").data == {"value": 1}
        with pytest.raises(WorkspaceError, match="cannot be written"):
            put(ws, 2)


def test_full_database_keeps_what_was_there(tmp_path):
    with open_workspace(f"sqlite:///{tmp_path / 'w.sqlite'}") as ws:
        put(ws, "small")
        ws.engine.dispose()
        event.listen(ws.engine, "connect", lambda raw, _: raw.execute("pragma max_page_count=1"))
        with pytest.raises(WorkspaceError, match="full; nothing was written"):
            put(ws, ["x" * 100_000] * 10)
        assert ws.state("note/a").data == {"value": "small"}


@pytest.mark.parametrize("address", ["nonsense", "mysql://host/db", "sqlite://", "sqlite:///:memory:"])
def test_address_that_is_none_is_refused(address):
    with pytest.raises(InputError):
        connect(address)


def test_unreachable_server_says_what_to_check():
    with pytest.raises(WorkspaceError, match="KB_DATABASE_URL"):
        open_workspace("postgresql://nobody@127.0.0.1:1/none")


def test_time_without_zone_is_taken_as_utc():
    assert decisions.stamp(datetime(2026, 1, 2)) == decisions.stamp(datetime(2026, 1, 2, tzinfo=UTC))
