"""The connection to Milvus: every request has a time limit, and failures become errors with a clear message."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from kb.errors import IndexError_, InputError
from kb.extras import missing

Untyped = Any  # pymilvus gives no types: neither of its client and schemas, nor of what it answers
Entity = dict[str, Untyped]
"""What Milvus stores under one identifier: the name of a field to its value."""
LAYOUT = 1
"""Version of the stored layout; an engine with another one is refused."""
PIECE = 16_000
"""Characters of a text in one value: Milvus takes 65,535 bytes, and a character has at most four."""
MOST = 16_384
"""Rows that Milvus returns for one request at most."""
_SECONDS = 30.0
"""Time limit of one request: ten times what a search over a hundred million vectors takes."""
_AT_ONCE = 500
"""Passages sent or read at once: some megabytes, below the 64 MB that Milvus takes in one message."""


def target(address: str) -> dict[str, str]:
    """Return the connection arguments of the Milvus client for an address (`milvus://host:port` or
    `milvus:///file.db`). Raises InputError for any other form."""
    parts = urlsplit(address)
    if parts.scheme != "milvus" or not (parts.netloc or parts.path):
        raise InputError(
            f"'{address}' is no address of an engine.", do="Write milvus://host:19530 or milvus:///folder/kb.db"
        )
    if not parts.netloc:
        return {"uri": parts.path}
    # 19530 is the port of Milvus
    host = f"http://{parts.hostname}:{parts.port or 19530}"
    return {"uri": host, "user": parts.username or "", "password": parts.password or ""}


def shown(address: str) -> str:
    """Return the address without user and password, for messages."""
    parts = urlsplit(address)
    # 19530 is the port of Milvus
    return f"milvus://{parts.hostname}:{parts.port or 19530}" if parts.netloc else address


class Door:
    """The connection to a Milvus server; no other class calls Milvus."""

    def __init__(self, address: str) -> None:
        """Connect to `address`. Raises InputError for a malformed address, NotFound when the extra `milvus` is not
        installed, IndexError_ when the server is unreachable."""
        self.where = shown(address)
        wanted = target(address)
        try:
            from pymilvus import MilvusClient
        except ImportError as error:
            raise (missing(error) or error) from error
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # its errors are shown once, by this program
        try:
            self._client: Untyped = MilvusClient(**wanted, timeout=_SECONDS)
        except Exception as error:  # its client raises several kinds, without one root
            raise self._away(error) from error

    def call(self, act: str, *arguments: Untyped, **named: Untyped) -> Untyped:
        """Call the client's method `act` with these arguments and return its result. Raises IndexError_ with the
        client's message when it fails."""
        try:
            return getattr(self._client, act)(*arguments, timeout=_SECONDS, **named)
        except Exception as error:  # as above
            raise self._away(error) from error

    def _away(self, error: Exception) -> IndexError_:
        message = " ".join(str(getattr(error, "message", error)).split())[:200]
        return IndexError_(
            f"the engine gives no answer ({message}).",
            where=self.where,
            do="Start it, or search without it: unset KB_ENGINE",
        )

    def answering(self, name: str) -> str:
        """Return the name of the collection that the alias `name` points to; '' when there is no such alias."""
        aliases = {alias for held in self.call("list_collections") for alias in self._aliases(held)}
        return str(self.call("describe_alias", name)["collection_name"]) if name in aliases else ""

    def _aliases(self, collection: str) -> list[str]:
        found = self.call("list_aliases", collection)
        return list(found["aliases"] if isinstance(found, dict) else found)

    def rows(self, collection: str, where: str, fields: Sequence[str]) -> Iterator[Entity]:
        """Yield these fields of every row that matches the expression `where`, by ascending row number, read in
        batches."""
        last = -1
        while True:
            after = f"(row > {last})" + (f" and ({where})" if where else "")
            wanted = list(dict.fromkeys(["row", *fields]))
            found = sorted(
                self.call("query", collection, filter=after, output_fields=wanted, limit=_AT_ONCE),
                key=lambda row: row["row"],
            )
            yield from found
            if len(found) < _AT_ONCE:
                return
            last = found[-1]["row"]

    def count(self, collection: str, where: str) -> int:
        """Count the rows of a collection that match the expression `where`."""
        return int(self.call("query", collection, filter=where, output_fields=["count(*)"])[0]["count(*)"])

    def nearest(
        self, collection: str, field: str, wanted: Untyped, where: str, k: int, fields: Sequence[str], group: str = ""
    ) -> list[tuple[Entity, float]]:
        """Return the `k` rows with the best scores, each with its score, best first; every row has the `fields`.

        `wanted` is a vector, or words when `field` is a word field; `where` is an expression that rows must match. With
        `group` (a field), only the best row for each value of that field is returned.
        """
        more = {"group_by_field": group} if group else {}
        found = self.call(
            "search",
            collection,
            data=[wanted],
            anns_field=field,
            filter=where,
            limit=max(1, min(k, MOST)),
            output_fields=list(fields),
            **more,
        )[0]
        return [(hit["entity"], float(hit["distance"])) for hit in found]


def schema(description: str) -> Untyped:
    """Create an empty collection schema with this description."""
    from pymilvus import MilvusClient

    return MilvusClient.create_schema(auto_id=False, description=description)


def pieces(text: str) -> list[str]:
    """Split a text into pieces short enough for one Milvus value; [""] for an empty text."""
    return [text[i : i + PIECE] for i in range(0, len(text), PIECE)] or [""]


def batches(rows: Sequence[Entity]) -> Iterator[Sequence[Entity]]:
    """Split rows into batches, each sent in one request."""
    return (rows[i : i + _AT_ONCE] for i in range(0, len(rows), _AT_ONCE))


def quoted(text: str) -> str:
    """Quote a text as a string value in a Milvus expression."""
    return json.dumps(text, ensure_ascii=False)
