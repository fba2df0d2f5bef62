"""Paging by cursor: a cursor is valid for one query, one index and one page."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from kb.errors import InputError
from kb.text import sha256_text

LAST_PAGE = 100
"""Most pages of a query: 100 of 10 hits of each force are more than the index has of any."""


@dataclass(frozen=True)
class Cursor:
    """A search request, with the mark that ties each cursor to this request and index."""

    query: str
    facet: tuple[str, ...]
    filters: tuple[tuple[str, str], ...]
    mode: str
    limit: int
    mark: str

    @classmethod
    def of(cls, query: str, facet: Sequence[str], mode: str, limit: int, index: str) -> Cursor:
        """Return the `Cursor` of a request; `index` is the identity of the index. Raises InputError for a facet that is
        not NAME=VALUE."""
        from kb.search.filters import read_filter

        mark = sha256_text(repr((query, sorted(facet), mode, limit, index)))[:16]
        return cls(query, tuple(facet), tuple(map(read_filter, facet)), mode, limit, mark)

    def page(self, cursor: str) -> int:
        """Return the page number (from 0) in a cursor; 0 for ''. Raises InputError for a cursor of another request or
        index."""
        if not cursor:
            return 0
        try:
            mark, _, number = base64.urlsafe_b64decode(cursor.encode("ascii")).decode("ascii").partition(":")
            page = int(number)
        except (binascii.Error, ValueError) as error:
            raise InputError("the cursor cannot be read.", do="Take `next` of an answer as it is.") from error
        if mark != self.mark or not 0 < page <= LAST_PAGE:
            raise InputError("the cursor belongs to another question or index.", do="Ask again without a cursor.")
        return page

    def after(self, page: int) -> str:
        """Return the cursor of the page after `page`."""
        return base64.urlsafe_b64encode(f"{self.mark}:{page + 1}".encode()).decode("ascii")

    def address(self, cursor: str) -> str:
        """Return the address of the page that `cursor` names."""
        pairs = [
            ("q", self.query),
            *(("facet", each) for each in self.facet),
            ("mode", self.mode),
            ("limit", str(self.limit)),
        ]
        return f"/search?{urlencode([*pairs, ('cursor', cursor)])}"
