"""Places of a citation that lists several: which of them belong together."""

from __future__ import annotations

from collections.abc import Sequence

from kb.ids import Locator


def combinations(locators: Sequence[Locator]) -> tuple[tuple[Locator, ...], ...]:
    """One set of places for each member of a list: 'Issue I.4, objectives 1' is one, 'arts. 5 and 6' are two."""
    kinds = list(dict.fromkeys(each.kind for each in locators))
    first = {kind: next(each for each in locators if each.kind == kind) for kind in kinds}
    if not kinds:
        return ()
    listed = [kind for kind in kinds if sum(each.kind == kind for each in locators) > 1]
    if not listed:
        return (tuple(first.values()),)
    groups: list[list[Locator]] = []
    for each in locators:
        groups = [*groups, [each]] if each.kind == kinds[0] else [*groups[:-1], [*groups[-1], each]]
    if len(groups) > 1 and all(len(group) == len({each.kind for each in group}) > 1 for group in groups):
        return tuple(tuple(group) for group in groups)  # "issue I.4, objective 1; issue I.5, objective 2"
    fixed = [each for kind, each in first.items() if kind not in listed]
    return tuple((*fixed, each) for kind in listed for each in locators if each.kind == kind)
