"""Citations that list several places: decide which numbers belong together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kb.commitments.register import Entry
from kb.ids import Locator, split


def filled(
    template: str, locator: Locator, by_kind: Mapping[str, Locator], instrument: str, entries: Mapping[str, Entry]
) -> list[str]:
    """Fill a template of identifiers with the typed numbers, and return the results. If an issue was typed without
    its priority direction, return one result for each direction that has it."""
    above = locator.above or (by_kind["direction"].number if "direction" in by_kind else "")
    if locator.above and "{above}" not in template:
        return []
    if "{above}" in template and not above:
        ending = f".{locator.number}"
        return [
            split(id)[1]
            for id, entry in entries.items()
            if split(id)[0] == instrument and entry.kind == "issue" and id.endswith(ending) and locator.kind == "issue"
        ]
    return [template.format(n=locator.number, above=above)]


def combinations(locators: Sequence[Locator]) -> tuple[tuple[Locator, ...], ...]:
    """Group the typed places, one group per cited place: 'Issue I.4, objective 1' is one place, 'arts. 5 and 6' are
    two."""
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
