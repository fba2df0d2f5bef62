"""Decompress the body of an HTTP response in steps of limited size."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import httpx

from kb.errors import InputError


def encoding(response: httpx.Response) -> str:
    """Return the content encoding of the body. 'identity' is requested, but some sites compress nevertheless."""
    return response.headers.get("content-encoding", "identity").strip().lower() or "identity"


def decoded(response: httpx.Response) -> Iterator[bytes]:
    """Yield the body in decompressed blocks of at most a megabyte, so that a small compressed response cannot fill the
    memory.

    Raises InputError for an unknown encoding or damaged data.
    """
    how = encoding(response)
    if how == "identity":
        yield from response.iter_raw()
        return
    if how not in ("gzip", "x-gzip", "deflate"):
        raise InputError(
            f"the site packs it as '{how[:40]}'.", where=str(response.url), do="Download it by hand and use kb add."
        )
    unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # finds out whether it is gzip or zlib
    try:
        for packed in response.iter_raw():
            rest = packed
            while rest and not unpack.eof:
                yield unpack.decompress(rest, 1 << 20)  # a megabyte at a time
                rest = unpack.unconsumed_tail
    except zlib.error as error:
        raise InputError(
            f"what it says is {how} is not.", where=str(response.url), do="Download it by hand and use kb add."
        ) from error


def beginning(response: httpx.Response, most: int) -> str:
    """Return the first `most` bytes of a body, decompressed and decoded as text."""
    held = b""
    for block in decoded(response):
        held += block
        if len(held) >= most:
            break
    return held[:most].decode("utf-8", "replace")
