"""Parse addresses and HTTP response headers: host, content type, size, and time to wait before a retry.

Numbers: status codes of HTTP (RFC 9110).
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urlsplit

import httpx

from kb.errors import InputError
from kb.sources.body import encoding


def parts_of(url: str) -> SplitResult:
    """Parse an address into its parts. Raises InputError when it is invalid, has no host, or contains a user name or
    password."""
    try:
        parts = urlsplit(url)
        valid = bool(parts.hostname) and "@" not in parts.netloc and (parts.port or 1) and bool(httpx.URL(url).host)
    except (ValueError, httpx.InvalidURL):  # a broken [ ], a port that is no number, letters that no address has
        valid = False
    if not valid:
        raise InputError(
            "this is no plain web address.",
            where=url.rpartition("@")[2][:200],
            do="Give the address of the document: https://site/path.",
        )
    return parts


def content_type(response: httpx.Response) -> str:
    """Return the media type without its parameters."""
    return response.headers.get("content-type", "").split(";")[0].strip().lower()


def total_size(response: httpx.Response) -> int | None:
    """Return the size of the complete file in bytes; None when it is not stated or the response is compressed."""
    if encoding(response) != "identity":
        return None
    if response.status_code == 206:
        return _count(response.headers.get("content-range", "").rpartition("/")[2])
    return _count(response.headers.get("content-length", ""))


def begins_at(response: httpx.Response) -> int | None:
    """Return the offset at which the received part of a file begins (0: the complete file); None when the site states
    no offset or no total size."""
    if response.status_code != 206:
        return 0
    first = response.headers.get("content-range", "").removeprefix("bytes ").partition("-")[0]
    return None if total_size(response) is None else _count(first)


def _count(text: str) -> int | None:
    """Parse a number of bytes; None when the text is none, or has more digits than any file size."""
    return int(text) if text.isdecimal() and len(text) < 20 else None  # 64 bits have 19 or 20 figures


def retry_after(value: str | None, default: float) -> float:
    """Return the seconds to wait, from a Retry-After value (a number or an HTTP date); `default` when that is missing
    or invalid."""
    if not value:
        return default
    if value.isdecimal():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except ValueError:
        return default
