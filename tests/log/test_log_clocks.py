"""The order of the log decides to which day a decision belongs; a clock that is ten years off changes nothing."""

from __future__ import annotations

import random
from datetime import UTC, datetime, time, timedelta

import pytest
from workspace_toys import framework, judged

from kb.assessment.findings import finding
from kb.assessment.history import history, lines
from kb.log import clocks, open_workspace
from kb.log.proving import prove
from kb.workspace.exchange import export_assessment, import_assessment

FRAMEWORK = framework()
DAY, TEN_YEARS = timedelta(days=1), timedelta(days=3652)
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def end_of(day):
    return datetime.combine(day.date(), time.max, UTC)


def put(ws, clock, when, value, author="Ana"):
    """Append one event to one stream while the clock is at `when`."""
    clock.time = when
    ws.append("note/a", "note.written", {"value": value}, author=author)


def value(ws, day):
    return ws.state("note/a", until=end_of(day)).data.get("value")


@pytest.mark.parametrize("off", [TEN_YEARS, -TEN_YEARS, 20 * DAY, -20 * DAY])
@pytest.mark.parametrize("later", [True, False], ids=["a right clock follows", "it is the last word"])
def test_decision_of_today_by_a_wrong_clock_is_in_today_and_not_in_yesterday(ws, clock, off, later):
    put(ws, clock, MONDAY, "monday")
    put(ws, clock, MONDAY + 3 * DAY + off, "thursday")
    if later:
        put(ws, clock, MONDAY + 3 * DAY + timedelta(hours=1), "thursday evening")
    clock.time = MONDAY + 3 * DAY + timedelta(hours=2)
    assert value(ws, MONDAY) == value(ws, MONDAY + 2 * DAY) == "monday"
    assert value(ws, MONDAY + 3 * DAY) == ("thursday evening" if later else "thursday")
    assert value(ws, MONDAY - 2 * TEN_YEARS) is None


@pytest.mark.parametrize("off", [TEN_YEARS, -TEN_YEARS])
def test_many_words_of_one_wrong_clock_do_not_outvote_the_calendar(ws, clock, off):
    put(ws, clock, MONDAY, "monday")
    for minute in range(5):
        put(ws, clock, MONDAY + 3 * DAY + off + timedelta(minutes=minute), f"thursday {minute}", author="Ben")
    clock.time = MONDAY + 3 * DAY + timedelta(hours=2)
    assert value(ws, MONDAY) == "monday" and value(ws, MONDAY + 3 * DAY) == "thursday 4"


@pytest.mark.parametrize("off", [TEN_YEARS, -TEN_YEARS])
def test_reader_whose_clock_is_wrong_sees_the_same_days(ws, clock, off):
    for day in range(3):
        put(ws, clock, MONDAY + day * DAY, day)
    clock.time = MONDAY + 2 * DAY + off
    assert [value(ws, MONDAY + day * DAY) for day in range(-1, 3)] == [None, 0, 1, 2]


def test_two_authors_whose_clocks_differ_keep_the_order_of_the_log(ws, clock):
    for day in range(6):
        put(
            ws,
            clock,
            MONDAY + day * DAY + (timedelta(minutes=7) if day % 2 else timedelta(0)),
            day,
            author="Ben" if day % 2 else "Ana",
        )
    clock.time = MONDAY + 9 * DAY
    assert [value(ws, MONDAY + day * DAY) for day in range(6)] == list(range(6))


def test_state_of_a_day_is_the_log_up_to_one_place(ws, clock):
    """Whatever the clocks say: a later day never has less, and the last day has everything."""
    dice = random.Random(7)
    for count in range(40):
        put(ws, clock, MONDAY + count * DAY + dice.choice([0, 0, 0, 1, -1, 0.003]) * TEN_YEARS, count)
    clock.time = MONDAY + 40 * DAY
    found = [len(ws.events(until=end_of(MONDAY + day * DAY))) for day in range(-1, 41)]
    assert found == sorted(found) and found[0] == 0 and found[-1] == 40
    assert all(abs(count - day - 1) <= 5 for day, count in enumerate(found[1:41]))


def test_imported_decision_counts_from_the_day_it_came(land, clock, other_url):
    """Its author's clock is shown in words; the decision was not in this log before."""
    judged(land, "R2.a", {"status": "partial", "rationale": "x"}, by="Ana", expected=0)
    content = export_assessment(land, "land")
    with open_workspace(other_url, clock=clock) as elsewhere:
        put(elsewhere, clock, MONDAY + 5 * DAY, "before")
        clock.time = MONDAY + 6 * DAY
        import_assessment(elsewhere, content, by="Eli")
        clock.time = MONDAY + 7 * DAY
        assert finding(elsewhere, "land", "R2.a", until=end_of(MONDAY + 5 * DAY)).status == "not-assessed"
        assert finding(elsewhere, "land", "R2.a", until=end_of(MONDAY + 6 * DAY)).status == "partial"
        assert finding(elsewhere, "land", "R2.a").changed_at < MONDAY


def test_history_keeps_the_word_of_the_clock_and_says_from_when_the_event_counts(ws, clock):
    put(ws, clock, MONDAY, 1)
    put(ws, clock, MONDAY + TEN_YEARS, 2)
    put(ws, clock, MONDAY + DAY, 3)
    with ws.reading() as reader:
        told = lines(history(ws), reader.counted())
    assert "2036" in told[1] and "not believed; counts from 2026-03-03" in told[1]
    assert "not believed" not in told[0] + told[2]
    assert prove(ws).is_complete and prove(ws).doubted == (2,)


def test_words_before_the_program_count_where_no_other_word_is_left():
    words = [MONDAY - TEN_YEARS, MONDAY - TEN_YEARS + DAY]
    assert [one.since for one in clocks.dated(words, MONDAY - TEN_YEARS + 2 * DAY)] == words


def test_ten_thousand_words_of_changing_clocks_are_dated():
    dice = random.Random(3)
    words = [MONDAY + timedelta(minutes=count + dice.choice([0, 0, 0, 0, 5000])) for count in range(10_000)]
    found = [one.since for one in clocks.dated(words, MONDAY + 30 * DAY)]
    assert found == sorted(found) and len(found) == 10_000


def test_longest_run_is_the_one_that_trying_all_finds():
    dice = random.Random(5)
    for _ in range(200):
        words = [MONDAY + dice.randrange(6) * DAY for _ in range(7)]
        chain = sorted(clocks.longest(words))
        runs = [[p for p in range(7) if mask >> p & 1] for mask in range(1, 128)]
        runs = [run for run in runs if all(words[a] <= words[b] for a, b in zip(run, run[1:]))]
        best = max(runs, key=lambda run: (len(run), words[run[0]] - words[run[-1]]))
        assert (len(chain), words[chain[-1]] - words[chain[0]]) == (len(best), words[best[-1]] - words[best[0]])


@pytest.mark.parametrize("off", [TEN_YEARS, -TEN_YEARS])
def test_word_of_a_wrong_clock_alone_on_its_day_counts_from_the_next_sure_moment_never_earlier(ws, clock, off):
    """It is unknown when between Monday and Wednesday it was written: it is in the state of the day on which it
    certainly existed."""
    put(ws, clock, MONDAY, "monday")
    put(ws, clock, MONDAY + DAY + off, "tuesday")
    put(ws, clock, MONDAY + 2 * DAY, "wednesday")
    clock.time = MONDAY + 3 * DAY
    assert [value(ws, MONDAY + day * DAY) for day in range(3)] == ["monday", "monday", "wednesday"]


def journal(ws, clock, *words):
    """Append one event for each (day of the year, author), and set the clock to the day after the last."""
    for number, (day, author) in enumerate(words):
        put(ws, clock, MONDAY + day * DAY + timedelta(minutes=number), number, author)
    clock.time = MONDAY + max(day for day, _ in words) * DAY + DAY


def held(ws, day):
    """Return how many events are in the state as of a day, and how many are in doubt."""
    with ws.reading() as reader:
        return reader.place_of(end_of(MONDAY + day * DAY)), reader.in_doubt("note", end_of(MONDAY + day * DAY))


@pytest.mark.parametrize(
    "days", [[0] * 6, [0, 0, 1, 1, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7]], ids=["a day", "three", "eight"]
)
def test_longer_run_of_a_clock_months_behind_does_not_outvote_the_right_one(ws, clock, days):
    """Ana decides in November; Ben's laptop fell back to March and writes more than she does; she ends the month."""
    journal(ws, clock, *((245 + n, "Ana") for n in range(4)), *((n, "Ben") for n in days), (272, "Ana"))
    assert held(ws, 10)[0] == 0 and held(ws, 10)[1] == 4 + len(days)
    assert held(ws, 249) == (4, len(days)), "hers are there from her days on; of his it is said that nobody knows"
    assert held(ws, 272) == (5 + len(days), 0)
    assert [event.at for event in ws.events()][4] < MONDAY + DAY, "the word of his clock stays"


@pytest.mark.parametrize("days", [1, 2, 3, 5])
def test_clock_months_behind_at_the_end_of_the_log_counts_from_today(ws, clock, days):
    journal(ws, clock, (245, "Ana"), (246, "Ana"), *((n, "Ben") for n in range(days)))
    assert held(ws, 5)[0] == 0
    assert held(ws, 246) == (2, days)
    assert held(ws, 247) == (2 + days, 0)


def test_single_event_months_ahead_is_outvoted_by_three_days(ws, clock):
    journal(ws, clock, (0, "Ana"), (245, "Ben"), (1, "Ana"), (2, "Ana"), (3, "Ana"), (300, "Ana"))
    assert [held(ws, day)[0] for day in (0, 1, 2, 3, 299, 300)] == [1, 3, 4, 5, 5, 6]


def test_single_event_months_ahead_among_few_leaves_their_day_in_doubt_and_says_so(ws, clock):
    journal(ws, clock, (0, "Ana"), (245, "Ben"), (1, "Ana"), (300, "Ana"))
    assert held(ws, 0) == (1, 1), "Ben's may have been written on the first day"
    assert held(ws, 1) == (1, 2) and held(ws, 300) == (4, 0)


@pytest.mark.parametrize("place", range(1, 8))
def test_single_event_months_behind_is_never_in_the_state_of_its_wrong_day(ws, clock, place):
    days = [(200 + n, "Ana") for n in range(8)]
    journal(ws, clock, *days[:place], (3, "Ben"), *days[place:])
    assert held(ws, 100)[0] == 0
    assert held(ws, 200 + place)[0] == place + 2, "from the next sure word on"


def test_neighbours_whose_clocks_differ_by_hours_are_not_in_doubt(ws, clock):
    for number, hours in enumerate([0, -3, 1, -2, 2, -1]):
        put(ws, clock, MONDAY + timedelta(hours=hours), number, f"Author {'AB'[number % 2]}")
    clock.time = MONDAY + 30 * DAY
    assert held(ws, 0) == (6, 0)


def test_dates_never_go_back_whatever_the_clocks_say():
    dice = random.Random(9)
    for _ in range(300):
        words = [MONDAY + dice.choice([0, 0, 0, 90, -90, 3650, -3650]) * DAY + n * DAY for n in range(12)]
        found = clocks.dated(words, MONDAY + 20 * DAY)
        assert [one.since for one in found] == sorted(one.since for one in found)
        assert all(one.earliest <= one.since for one in found)
