"""Close connections whose request arrives too slowly: many of them would block everybody else.

Where very many wait at once, the one that has waited longest is closed first.
"""

from __future__ import annotations

import asyncio
import socket
from typing import ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0
"""Seconds for the head of a request, from the connection or from its first byte; browsers send it in one packet."""

MOST_WAITING = 100
"""Connections that may wait for a head at once: half of those that `kb serve` accepts, so that others still connect."""

_SLOW = (
    b"HTTP/1.1 408 Request Timeout\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\nContent-Length: "
    b"29\r\n\r\n"
    b"The request came too slowly.\n"
)


class PatientProtocol(H11Protocol):
    """uvicorn's HTTP/1.1 with a time limit for the head of each request, and a limit on waiting connections."""

    _waiting: asyncio.TimerHandle | None = None
    _all: ClassVar[dict[PatientProtocol, None]] = {}

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Start waiting for a request, and send output at once (TCP_NODELAY).

        Head and body are two writes, and the second would wait 40 ms for a client that acknowledges the first late.
        asyncio sets this itself only where the listening socket names its protocol, which uvicorn's do not.
        """
        super().connection_made(transport)
        connection = transport.get_extra_info("socket")
        if connection is not None and connection.family in (socket.AF_INET, socket.AF_INET6):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Process received bytes. The timer runs while the head of a request is incomplete, and stops while a
        request is being answered."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop()
        elif self._waiting is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timer of a connection that was closed."""
        self._stop()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Stop the timer when an answer is complete: a connection that is kept open has uvicorn's own limit, and the
        head of the next request starts the timer again."""
        self._stop()
        super().on_response_complete()

    def _wait(self) -> None:
        self._waiting = asyncio.get_event_loop().call_later(HEAD_SECONDS, self._too_slow)
        self._all[self] = None  # a dict keeps the order in which they came
        if len(self._all) > MOST_WAITING:
            oldest = next(iter(self._all))
            oldest._stop()
            oldest._too_slow()

    def _stop(self) -> None:
        self._all.pop(self, None)
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _too_slow(self) -> None:
        self._waiting = None
        self._all.pop(self, None)
        if not self.transport.is_closing():
            self.transport.write(_SLOW)
            self.transport.close()
