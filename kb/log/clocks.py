"""Which day an event belongs to, when clocks may be wrong: the order of the log decides, clocks only date it.

Events stand in the log in the order in which they were written; each carries the word of a clock: its author's, or for
an imported event the importer's, since it was not in this log before. A state "as of a day" is always the log up to one
place in it, never a choice of events. To find the place:

1. A word is not believed when it lies before this program existed or more than a day after the reader's clock. (Where
   that would leave none, the reader's own clock is the odd one, and all words stay.)
2. Of the others the longest run that agrees with the log's order is believed; of two equally long ones the shorter in
   time, so that one clock ten years off never outvotes its neighbours.
3. An event whose word is not believed counts from the next believed word after it, or from now if there is none: from
   the first moment at which it was certainly there.

What no rule can see: a log whose clocks were all wrong by the same amount.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

FIRST = datetime(2026, 1, 1, tzinfo=UTC)  # the year in which this program was written: no log is older
AHEAD = timedelta(days=1)  # clocks of one office, and zones that were set wrong, differ by less


def counted(words: Sequence[datetime], now: datetime) -> list[datetime]:
    """From when each event counts, in the order of the log; never earlier than the event before it."""
    chain = believed(words, now)
    moment = max([now, *(words[place] for place in chain)])
    found = []
    for place in range(len(words) - 1, -1, -1):
        moment = words[place] if place in chain else moment
        found.append(moment)
    return found[::-1]


def believed(words: Sequence[datetime], now: datetime) -> frozenset[int]:
    """Places of the words that are believed; see the rules above."""
    likely = [place for place, word in enumerate(words) if FIRST <= word <= now + AHEAD] or list(range(len(words)))
    if all(words[one] <= words[other] for one, other in pairwise(likely)):
        return frozenset(likely)
    return frozenset(_longest([words[place] for place in likely], likely))


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
