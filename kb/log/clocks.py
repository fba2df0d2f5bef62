"""Which day an event belongs to, when clocks may be wrong: the order of the log decides, clocks only date it.

Events stand in the log in the order in which they were written; each carries the word of a clock: its author's, or for
an imported event the importer's, since it was not in this log before. A state "as of a day" is always the log up to one
place in it, never a choice of events. To find the place:

1. A word is not believed when it lies before this program existed or more than a day after the reader's clock. (Where
   that would leave none, the reader's own clock is the odd one, and all words stay.)
2. Of the others the longest run that agrees with the log's order is believed; of two equally long ones the shorter in
   time, so that one clock ten years off never outvotes its neighbours.
3. An event whose word is not believed counts from the next believed word after it, or from now if there is none: from
   the first moment at which it was certainly there. A word that lies less than a day behind the one before it counts
   from that one: clocks of one office differ by as much.
4. A run that is longer is not right for that: a laptop whose clock fell back by months can write more than its
   neighbours. Where the words that were left out make a run of their own, and the believed ones that contradict it are
   not of `CLEAR` times as many days, nobody knows which clock is right. Each event then counts from the later of its
   two days: none stands in the state of a day on which it was perhaps not yet there.

What was dated by rule 3 or 4 is in doubt, where more than a day lies between its earliest and its latest day; a state
as of a day between them does not hold the event, and says so.

What no rule can see: a log whose clocks were all wrong by the same amount, and a wrong clock that wrote on `CLEAR`
times as many days as the right ones that it contradicts.
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
    """When an event was written, as far as the clocks and the order of the log tell."""

    earliest: datetime
    since: datetime
    """The first moment at which it was certainly there: from here it counts."""

    @property
    def in_doubt(self) -> bool:
        """More than the difference of good clocks lies between the two."""
        return self.since - self.earliest > AHEAD


def dated(words: Sequence[datetime], now: datetime) -> list[Dated]:
    """Earliest and latest moment of each event, in the order of the log; neither ever goes back."""
    likely = [place for place, word in enumerate(words) if FIRST <= word <= now + AHEAD] or list(range(len(words)))
    chain = frozenset(longest(words, likely))
    found = _by(words, chain, now)
    if rival := _rival(words, chain, likely):
        found = [
            Dated(min(one.earliest, other.earliest), max(one.since, other.since))
            for one, other in zip(found, _by(words, rival, now), strict=True)
        ]
    return found


def _by(words: Sequence[datetime], chain: frozenset[int], now: datetime) -> list[Dated]:
    """The dates if the words at the places of `chain` are right."""
    after = max([now, *(words[place] for place in chain)])
    latest: list[datetime] = []
    for place in range(len(words) - 1, -1, -1):
        after = words[place] if place in chain else after
        latest.append(after)
    found: list[Dated] = []
    before: datetime | None = None
    for place, since in enumerate(reversed(latest)):
        word = words[place]
        if place in chain:
            before = word
            found.append(Dated(word, word))
        elif before is not None and before - AHEAD <= word <= before:
            found.append(Dated(before, before))
        elif since <= word <= since + AHEAD:
            found.append(Dated(since, since))
        else:
            found.append(Dated(min(before or FIRST, since), since))
    return found


def _rival(words: Sequence[datetime], chain: frozenset[int], likely: Sequence[int]) -> frozenset[int]:
    """Another order of the times that may be right as well: the places of the longest run among those left out, with
    all of `chain` that agrees with it. Empty where there is none, or where the days of `chain` that contradict it are
    many more than its own."""
    run = longest(words, [place for place in likely if place not in chain])
    if not run:
        return frozenset()
    agreeing, at = set(run), 0
    for place in sorted(chain):
        while at < len(run) and run[at] < place:
            at += 1
        before = words[run[at - 1]] if at else words[place]
        after = words[run[at]] if at < len(run) else words[place]
        if before <= words[place] <= after:
            agreeing.add(place)
    against = _days(words, chain - agreeing)
    return frozenset() if against >= CLEAR * _days(words, run) else frozenset(agreeing)


def _days(words: Sequence[datetime], places: Collection[int]) -> int:
    """On how many days the words at these places lie: an evening of forty events is one witness."""
    return len({words[place].date() for place in places})


def longest(words: Sequence[datetime], among: Sequence[int] | None = None) -> list[int]:
    """Places of the longest run of words that agrees with the order of the log; of equally long ones the shortest in
    time. Only the places `among` are looked at, if any are given."""
    places = list(range(len(words))) if among is None else list(among)
    if all(words[one] <= words[other] for one, other in pairwise(places)):
        return places
    return sorted(_longest([words[place] for place in places], places))


def _longest(words: list[datetime], places: list[int]) -> list[int]:
    """Places of the longest run that never goes back; of equally long ones the shortest in time.

    Each word extends the best run that ends at or before it: the longest, then the one that began last. A tree of
    prefix maxima over the ranks of the words finds it in steps that grow with the logarithm.
    """
    ranks = {word: rank for rank, word in enumerate(sorted(set(words)), 1)}
    tree: list[tuple[int, datetime, int] | None] = [None] * (len(ranks) + 1)
    before: list[int] = []
    best: tuple[int, timedelta, int] | None = None
    for place, word in enumerate(words):
        run = _best_up_to(tree, ranks[word])
        length, start, last = (run[0] + 1, run[1], run[2]) if run else (1, word, -1)
        before.append(last)
        _put(tree, ranks[word], (length, start, place))
        if best is None or (length, start - word) > best[:2]:
            best = (length, start - word, place)
    found, place = [], best[2] if best else -1
    while place >= 0:
        found.append(places[place])
        place = before[place]
    return found


def _best_up_to(tree: list[tuple[int, datetime, int] | None], rank: int) -> tuple[int, datetime, int] | None:
    """The best run that ends in a word of `rank` or below (a Fenwick tree of maxima)."""
    best = None
    while rank:
        here = tree[rank]
        if here is not None and (best is None or here > best):
            best = here
        rank &= rank - 1
    return best


def _put(tree: list[tuple[int, datetime, int] | None], rank: int, run: tuple[int, datetime, int]) -> None:
    """Note a run that ends in a word of `rank`."""
    while rank < len(tree):
        here = tree[rank]
        if here is None or run > here:
            tree[rank] = run
        rank += rank & -rank
