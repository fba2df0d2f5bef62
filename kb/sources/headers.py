"""What an address and the headers of an answer say: host, content type, size, when to try again.

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
    """The parts of an address. Raises InputError where it is none, names no site, or holds a name and password."""
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
    """The media type without its parameters."""
    return response.headers.get("content-type", "").split(";")[0].strip().lower()


def total_size(response: httpx.Response) -> int | None:
    """Bytes of the whole file as the site states them; a compressed answer states another number."""
    if encoding(response) != "identity":
        return None
    if response.status_code == 206:
        return _count(response.headers.get("content-range", "").rpartition("/")[2])
    return _count(response.headers.get("content-length", ""))


def begins_at(response: httpx.Response) -> int | None:
    """Where the part of a file begins that a site sent (0: whole); None where it says no place, or no size of all."""
    if response.status_code != 206:
        return 0
    first = response.headers.get("content-range", "").removeprefix("bytes ").partition("-")[0]
    return None if total_size(response) is None else _count(first)


def _count(text: str) -> int | None:
    """A number of bytes; None for what is none, or has more figures than any file."""
    return int(text) if text.isdecimal() and len(text) < 20 else None  # 64 bits have 19 or 20 figures


def retry_after(value: str | None, default: float) -> float:
    """Seconds to wait: a number or an HTTP date."""
    if not value:
        return default
    if value.isdecimal():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except ValueError:
        return default
