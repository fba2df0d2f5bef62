"""Which day an event belongs to when clocks may be wrong: the order of the log decides, clocks only give dates.

Events are in the log in the order in which they were written. Each carries the time of a clock: its author's, or for an
imported event the importer's, since it was not in this log before. A state "as of a day" is always the log up to one
position, never a selection of events. To find the position:

1. A time is not trusted if it is before this program existed or more than a day after the reader's clock. (If that
   would leave no time, the reader's own clock is wrong, and all times are kept.)
2. Of the others, the longest sequence that agrees with the log's order is trusted; of two equally long ones the one
   that covers the shorter period, so that one clock ten years off never outvotes its neighbours.
3. An event whose time is not trusted counts from the next trusted time after it, or from now if there is none: the
   first moment at which it certainly existed. A time less than a day before the previous one counts from that one:
   clocks of one office differ by as much.
4. The longer sequence is not always right: a laptop whose clock is months behind can write more than its neighbours. If
   the times left out form a sequence of their own, and the trusted ones that contradict it are not on `CLEAR` times as
   many days, it is unknown which clock is right. Each event then counts from the later of its two days, so that no
   state contains an event that perhaps did not exist yet.

An event dated by rule 3 or 4 is in doubt if more than a day lies between its earliest and its latest day; a state as of
a day between them leaves the event out, with a warning.

No rule can detect a log whose clocks were all wrong by the same amount, or a wrong clock that wrote on `CLEAR` times as
many days as the right ones that it contradicts.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

FIRST = datetime(2026, 1, 1, tzinfo=UTC)  # the year in which this program was written: no log is older
AHEAD = timedelta(days=1)  # clocks of one office, and zones that were set wrong, differ by less
CLEAR = 3  # one day against three: a single wrong evening is outvoted within the week, a wrong month never


@dataclass(frozen=True)
class Dated:
    """The earliest and the latest time at which an event may have been written, as far as clocks and the order of
    the log show."""

    earliest: datetime
    since: datetime
    """The first moment at which the event certainly existed; it counts from here."""

    @property
    def in_doubt(self) -> bool:
        """Whether the two times differ by more than correct clocks do."""
        return self.since - self.earliest > AHEAD


def dated(times: Sequence[datetime], now: datetime) -> list[Dated]:
    """Return the earliest and the latest time of each event. `times` are the recorded times in the order of the log,
    `now` is the reader's clock. Neither of the returned times ever decreases from event to event."""
    likely = [place for place, time in enumerate(times) if FIRST <= time <= now + AHEAD] or list(range(len(times)))
    chain = frozenset(longest(times, likely))
    found = _by(times, chain, now)
    if rival := _rival(times, chain, likely):
        found = [
            Dated(min(one.earliest, other.earliest), max(one.since, other.since))
            for one, other in zip(found, _by(times, rival, now), strict=True)
        ]
    return found


def _by(times: Sequence[datetime], chain: frozenset[int], now: datetime) -> list[Dated]:
    """Return the earliest and latest time of each event, assuming that the times at the positions `chain` are right."""
    after = max([now, *(times[place] for place in chain)])
    latest: list[datetime] = []
    for place in range(len(times) - 1, -1, -1):
        after = times[place] if place in chain else after
        latest.append(after)
    found: list[Dated] = []
    before: datetime | None = None
    for place, since in enumerate(reversed(latest)):
        time = times[place]
        if place in chain:
            before = time
            found.append(Dated(time, time))
        elif before is not None and before - AHEAD <= time <= before:
            found.append(Dated(before, before))
        elif since <= time <= since + AHEAD:
            found.append(Dated(since, since))
        else:
            found.append(Dated(min(before or FIRST, since), since))
    return found


def _rival(times: Sequence[datetime], chain: frozenset[int], likely: Sequence[int]) -> frozenset[int]:
    """Return the positions of another sequence of times that may be right as well: the longest among those left out,
    with all of `chain` that agrees with it.

    Empty if there is none, or if the days of `chain` that contradict it are many more than its own.
    """
    run = longest(times, [place for place in likely if place not in chain])
    if not run:
        return frozenset()
    agreeing, at = set(run), 0
    for place in sorted(chain):
        while at < len(run) and run[at] < place:
            at += 1
        before = times[run[at - 1]] if at else times[place]
        after = times[run[at]] if at < len(run) else times[place]
        if before <= times[place] <= after:
            agreeing.add(place)
    against = _days(times, chain - agreeing)
    return frozenset() if against >= CLEAR * _days(times, run) else frozenset(agreeing)


def _days(times: Sequence[datetime], places: Collection[int]) -> int:
    """Return the number of different days among the times at the positions `places`; forty events in one evening
    count once."""
    return len({times[place].date() for place in places})


def longest(times: Sequence[datetime], among: Sequence[int] | None = None) -> list[int]:
    """Return the positions of the longest sequence of times that agrees with the order of the log; of equally long ones
    the one that covers the shortest period. If `among` is given, only these positions are used."""
    places = list(range(len(times))) if among is None else list(among)
    if all(times[one] <= times[other] for one, other in pairwise(places)):
        return places
    return sorted(_longest([times[place] for place in places], places))


def _longest(times: list[datetime], places: list[int]) -> list[int]:
    """Return the positions (from `places`) of the longest non-decreasing sequence of `times`; of equally long ones the
    one that covers the shortest period.

    Each time extends the best sequence that ends at or before it: the longest, then the one that began last. A Fenwick
    tree of prefix maxima over the ranks of the times finds it in logarithmic time.
    """
    ranks = {time: rank for rank, time in enumerate(sorted(set(times)), 1)}
    tree: list[tuple[int, datetime, int] | None] = [None] * (len(ranks) + 1)
    before: list[int] = []
    best: tuple[int, timedelta, int] | None = None
    for place, time in enumerate(times):
        run = _best_up_to(tree, ranks[time])
        length, start, last = (run[0] + 1, run[1], run[2]) if run else (1, time, -1)
        before.append(last)
        _put(tree, ranks[time], (length, start, place))
        if best is None or (length, start - time) > best[:2]:
            best = (length, start - time, place)
    found, place = [], best[2] if best else -1
    while place >= 0:
        found.append(places[place])
        place = before[place]
    return found


def _best_up_to(tree: list[tuple[int, datetime, int] | None], rank: int) -> tuple[int, datetime, int] | None:
    """Return the best sequence that ends in a time of `rank` or a lower rank; None if there is none. `tree` is a
    Fenwick tree of maxima; a sequence is (length, its first time, position of its last time)."""
    best = None
    while rank:
        here = tree[rank]
        if here is not None and (best is None or here > best):
            best = here
        rank &= rank - 1
    return best


def _put(tree: list[tuple[int, datetime, int] | None], rank: int, run: tuple[int, datetime, int]) -> None:
    """Store in the tree the sequence `run` (length, its first time, position of its last time), which ends in a time
    of `rank`."""
    while rank < len(tree):
        here = tree[rank]
        if here is None or run > here:
            tree[rank] = run
        rank += rank & -rank
