"""Connect for downloads only to public addresses, to exactly the address that was checked, and for a limited time.

A name is resolved once; all of its addresses must be public; the connection uses one of them without a second lookup,
so that a changed DNS answer cannot redirect it. Host name and certificate are still those of the site.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import httpcore
import httpx

from kb.errors import RefusedError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[str]]
"""Return the addresses of a host and port, as text."""

_UNICAST = ipaddress.ip_network("2000::/3")
"""The only range of IPv6 that is assigned to the public internet (RFC 4291, 2.4)."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""The range by which networks without IPv4 map public IPv4 addresses (RFC 6052); the last 32 bits are the IPv4
address."""
_SPECIAL = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20")))
"""Special-purpose ranges (RFC 6890 and its registry) that some versions of Python count as global: protocol
assignments, documentation, and Teredo and 6to4, which contain an IPv4 address."""


def is_public(address: Address) -> bool:
    """Return whether an address belongs to the public internet: not this machine, its network, or a reserved range."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if address in _NAT64:
            # the last 32 bits of an IPv6 address that contains an IPv4 address
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address not in _UNICAST:
            return False
    if any(address.version == special.version and address in special for special in _SPECIAL):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def system_resolver(host: str, port: int) -> list[str]:
    """Return all addresses that this machine's resolver finds for a host, as text."""
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass
class Deadline:
    """The time by which a download must end, `seconds` from now."""

    seconds: float
    clock: Callable[[], float] = time.monotonic
    end: float = field(init=False)

    def __post_init__(self) -> None:
        self.end = self.clock() + self.seconds

    def left(self) -> float:
        """Return the seconds left; 0 when the time is over."""
        return max(0.0, self.end - self.clock())

    def within(self, timeout: float | None, failure: type[Exception]) -> float:
        """Return the shorter of `timeout` and the time left, in seconds. Raises `failure` when no time is left."""
        left = self.left()
        if not left:
            raise failure("the time for the whole download is over")
        return left if timeout is None else min(timeout, left)


class CheckedBackend(httpcore.NetworkBackend):
    """The network backend of httpcore that checks each address before it connects."""

    def __init__(
        self,
        deadline: Deadline,
        resolve: Resolve,
        may_reach: Callable[[Address], bool],
        inner: httpcore.NetworkBackend | None = None,
    ) -> None:
        self.deadline, self.resolve, self.may_reach = deadline, resolve, may_reach
        self.inner = inner or httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of `host` that answers. Raises RefusedError when any of its addresses is not
        public."""
        problem: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._checked(host, port, self.deadline.within(timeout, httpcore.ConnectTimeout)):
            try:
                stream = self.inner.connect_tcp(
                    address, port, self.deadline.within(timeout, httpcore.ConnectTimeout), local_address, socket_options
                )
                return _TimedStream(stream, self.deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
        raise problem

    def _checked(self, host: str, port: int, timeout: float) -> list[str]:
        """Return the addresses of a host. Raises RefusedError when any of them is not allowed."""
        found = [ipaddress.ip_address(text.partition("%")[0]) for text in self._resolved(host, port, timeout)]
        for address in found:
            if not self.may_reach(address):
                raise RefusedError(
                    f"it leads to {address}, which is no public address of the internet.",
                    where=host,
                    do="Download the text by hand and use kb add.",
                )
        return list(dict.fromkeys(map(str, found)))

    def _resolved(self, host: str, port: int, timeout: float) -> list[str]:
        """Return the addresses that the resolver finds within `timeout` seconds; it runs in a thread, because the
        system's resolver has no time limit."""
        answer: list[list[str] | Exception] = []

        def ask() -> None:
            """Append the addresses, or the error, to `answer`."""
            try:
                answer.append(self.resolve(host, port))
            except (OSError, UnicodeError) as error:  # UnicodeError: a label that is too long or no host name at all
                answer.append(error)

        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        thread.join(timeout)
        if not answer:
            raise httpcore.ConnectTimeout(f"no answer about the name {host}")
        if isinstance(answer[0], Exception):
            raise httpcore.ConnectError(str(answer[0])) from answer[0]
        return answer[0]


class _TimedStream(httpcore.NetworkStream):
    """A connection whose operations all end when the download's time is over."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self.inner, self.deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read at most `max_bytes` bytes, waiting at most `timeout` seconds."""
        return self.inner.read(max_bytes, self.deadline.within(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes."""
        self.inner.write(buffer, self.deadline.within(timeout, httpcore.WriteTimeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Return the connection with encryption; the certificate is checked against the host name."""
        left = self.deadline.within(timeout, httpcore.ConnectTimeout)
        return _TimedStream(self.inner.start_tls(ssl_context, server_hostname, left), self.deadline)

    def get_extra_info(self, info: str) -> object:
        """Return a property of the connection by name (`info`); called by httpcore."""
        return self.inner.get_extra_info(info)

    def close(self) -> None:
        """Close the connection."""
        self.inner.close()


def transport(backend: CheckedBackend) -> httpx.HTTPTransport:
    """Return an httpx transport that uses the checked connections. It uses no proxy, behind which no address could be
    checked."""
    made = httpx.HTTPTransport()
    # httpx has no public parameter for the backend of its pool; a test holds that this one is used
    made._pool = httpcore.ConnectionPool(ssl_context=httpx.create_ssl_context(), network_backend=backend)
    return made
