"""The guard against asking private addresses, and the deadline of one whole answer, both held where bytes flow.

A check of the host's name before the request leaves a hole: the name may resolve to another address when it is dialled.
So the address is resolved here, checked here, and this very address is dialled. The deadline is held on each read and
write for the same reason: a server that drips one header byte a second never lets the caller's loop look at its clock.
Limit: the system's resolver has no timeout of its own in Python; it counts against the deadline only afterwards.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

import httpcore2
import httpx2

from newsdetect.errors import Refused

#: When the answer now being read must be there (time.monotonic); one value a thread.
DEADLINE: ContextVar[float | None] = ContextVar("newsdetect_fetch_deadline", default=None)

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to the open internet; addresses that carry an IPv4 one are judged by it."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:  # a scope such as fe80::1%eth0 may not parse everywhere: nothing public has one
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _left(timeout: float | None) -> float | None:
    """Cut a step's timeout to what is left of the whole answer's."""
    deadline = DEADLINE.get()
    if deadline is None:
        return timeout
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout("the whole answer's time is up")
    return left if timeout is None else min(timeout, left)


class _TimedStream(httpcore2.NetworkStream):
    """A stream whose every step ends with the deadline."""

    def __init__(self, stream: httpcore2.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 -- as the base class has it
        return self._stream.get_extra_info(info)


class _GuardedBackend(httpcore2.NetworkBackend):
    """Dials only addresses it has resolved and judged itself."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._dialler = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        fault: Exception | None = None
        for address in self._addresses(host, port):
            try:
                stream = self._dialler.connect_tcp(address, port, _left(timeout), local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as raised:
                fault = raised  # the next address of the host may answer
            else:
                return _TimedStream(stream)
        raise fault or httpcore2.ConnectError(f"{host} has no address")

    def _addresses(self, host: str, port: int) -> list[str]:
        """Resolve a host to the addresses that may be dialled."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as fault:
            raise httpcore2.ConnectError(f"{host} cannot be resolved: {fault}") from fault
        addresses = list(dict.fromkeys(str(row[4][0]) for row in found))
        allowed = [each for each in addresses if self._allow_private or is_public(each)]
        if addresses and not allowed:
            raise Refused(
                f"{host} is at {addresses[0]}, a private address: set fetch.allow_private if you mean to read there",
                key=host,
            )
        return allowed


class GuardedTransport(httpx2.HTTPTransport):
    """httpx2's transport over guarded connections; no proxy of the environment: it would dial unguarded."""

    def __init__(self, *, allow_private: bool) -> None:
        context = httpx2.create_ssl_context()
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore2.ConnectionPool(
            ssl_context=context,
            max_connections=20,
            max_keepalive_connections=10,
            keepalive_expiry=15.0,
            network_backend=_GuardedBackend(allow_private=allow_private),
        )
