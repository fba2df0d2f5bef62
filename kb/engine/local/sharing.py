"""Find the passages that have the largest share of their terms in common with a given passage, from the term numbers
stored with each."""

from __future__ import annotations

from itertools import islice

import numpy as np

from kb.engine.local.entry import NUMBER
from kb.engine.local.passage_store import Store

_AT_ONCE = 10_000
"""Number of passages whose terms are compared in one step: ten megabytes."""


def sharing(store: Store, id: str, most: int) -> list[str]:
    """Return at most `most` identifiers of passages that share the largest part of their terms with the passage `id`,
    which is included. The part is relative to the passage with fewer terms.

    Returns all passages when there are at most `most`, or when the index is older and stores no term numbers; none when
    `id` is unknown or has no terms.
    """
    size, row = store.size, store.row(id)
    mine = store.terms_of([row]) if row else []
    if size <= most or mine is None:
        return store.ids()
    if not mine or not len(mine[0]):
        return []
    rows, shares = np.zeros(0, dtype=np.int64), np.zeros(0)
    asked = store.terms_by_row()
    while part := list(islice(asked, _AT_ONCE)):
        sizes = np.asarray([len(data) for _, data in part]) // NUMBER.itemsize
        every = np.frombuffer(b"".join([data for _, data in part]), dtype=NUMBER)
        at = np.minimum(np.searchsorted(mine[0], every), len(mine[0]) - 1)
        common = np.bincount(np.repeat(np.arange(len(part)), sizes)[mine[0][at] == every], minlength=len(part))
        rows = np.concatenate([rows, [one for one, _ in part]])
        shares = np.concatenate([shares, common / np.maximum(1, np.minimum(sizes, len(mine[0])))])
        best = np.argsort(-shares, kind="stable")[:most]
        rows, shares = rows[best], shares[best]
    return store.ids(rows.tolist())
