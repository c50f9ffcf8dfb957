"""The guard at the door: a connection is made to an address that was judged, not to a name.

A name can resolve to several addresses, or to another one a second later. So the guard resolves
it when a connection is made, judges what came back and connects to exactly that; the name stays
in the `Host` header and in the check of the certificate. Each new connection is judged again.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from ckanext.emergent.problem import Problem, Severity, problem
from ckanext.emergent.reading.errors import ReadingError, RefusedLink, RetriableError
from ckanext.emergent.reading.network.address import Address, address_from, is_allowed, is_public
from ckanext.emergent.reading.network.pace import Budget
from ckanext.emergent.reading.network.policy import FetchPolicy

#: Host and port to the addresses that may answer. Raises `OSError` when the name is unknown.
Resolve = Callable[[str, int], Sequence[str]]


def resolve(host: str, port: int) -> tuple[str, ...]:
    """What the system's resolver says, in its order, each address once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class Guard:
    """Opens sockets where the policy allows, within the time of the current request."""

    def __init__(self, policy: FetchPolicy, resolve: Resolve = resolve) -> None:
        self._policy = policy
        self._resolve = resolve
        self.budget = Budget(policy.total_timeout)

    def judge(self, address: Address, host: str, port: int) -> RefusedLink | None:
        """Why `address` may not be connected to at `port`, or `None` when it may."""
        if is_allowed(address, self._policy.allowed_networks):
            return None
        if not is_public(address):
            # the address itself stays out of the report: it may tell about somebody's network
            return RefusedLink(_problem("link_address_refused", host))
        return self._judge_port(host, port)

    def check_unresolved(self, host: str, port: int) -> None:
        """The same of a host that a proxy will look up: an address it spells, and the port.

        Raises `RefusedLink`.
        """
        address = address_from(host)
        refused = self.judge(address, host, port) if address else self._judge_port(host, port)
        if refused is not None:
            raise refused

    def _judge_port(self, host: str, port: int) -> RefusedLink | None:
        if port in self._policy.allowed_ports:
            return None
        return RefusedLink(_problem("link_port_refused", host, port=port))

    def is_own(self, host: str) -> bool:
        """Whether `host` is an address in a network that the administrator opened."""
        address = address_from(host)
        return address is not None and is_allowed(address, self._policy.allowed_networks)

    def connect(self, host: str, port: int) -> socket.socket:
        """A socket to the first of the host's addresses that may be reached and answers.

        Raises `RefusedLink` when none may be, `RetriableError` when none answers.
        """
        failure: ReadingError | None = None
        refusal: ReadingError | None = None
        for address in self._addresses(host, port):
            refused = self.judge(address, host, port)
            if refused is not None:
                refusal = refused
                continue
            try:
                return self._open(address, port)
            except TimeoutError:
                failure = RetriableError(_problem("portal_timed_out", host))
            except OSError:
                failure = RetriableError(_problem("portal_unreachable", host))
        raise failure or refusal or RetriableError(_problem("portal_name_unknown", host))

    def _addresses(self, host: str, port: int) -> list[Address]:
        literal = address_from(host)
        if literal is not None:
            return [literal]
        try:
            texts = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise RetriableError(_problem("portal_name_unknown", host)) from error
        return [address for text in texts if (address := address_from(text)) is not None]

    def _open(self, address: Address, port: int) -> socket.socket:
        timeout = self.budget.left(self._policy.connect_timeout)
        return socket.create_connection((str(address), port), timeout)

    def patience(self) -> float:
        """How long the next read may wait. Raises `TimeoutError` when all time is used up."""
        return self.budget.left(self._policy.read_timeout)


class _Watched(io.RawIOBase):
    """A socket's bytes, each read with the time that is left: a drip cannot outlast it."""

    def __init__(
        self, raw: io.RawIOBase, sock: socket.socket, patience: Callable[[], float]
    ) -> None:
        self._raw = raw
        self._sock = sock
        self._patience = patience

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._patience())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _WatchedResponse(http.client.HTTPResponse):
    def __init__(
        self, sock: socket.socket, *args: Any, patience: Callable[[], float], **kwargs: Any
    ) -> None:
        super().__init__(sock, *args, **kwargs)
        buffered: Any = self.fp
        self.fp = io.BufferedReader(_Watched(buffered.detach(), sock, patience))


# urllib3 calls `_new_conn` "intended to be overridden"; both methods are stable since 1.26
if TYPE_CHECKING:
    _Base = HTTPConnection
else:
    _Base = object


class _Guarded(_Base):
    guard: Guard

    def _new_conn(self) -> socket.socket:
        sock = self.guard.connect(self._dns_host, self.port or self.default_port)
        for option in self.socket_options or ():
            sock.setsockopt(*option)
        watched = partial(_WatchedResponse, patience=self.guard.patience)
        self.response_class = cast("type[http.client.HTTPResponse]", watched)
        return sock


def guarded_pools(guard: Guard, **options: Any) -> PoolManager:
    """Connection pools of urllib3 whose every connection is opened by `guard`."""

    class Http(_Guarded, HTTPConnection):
        pass

    class Https(_Guarded, HTTPSConnection):
        pass

    class HttpPool(HTTPConnectionPool):
        ConnectionCls = Http

    class HttpsPool(HTTPSConnectionPool):
        ConnectionCls = Https

    for kind in (Http, Https):
        kind.guard = guard
    pools = PoolManager(**options)
    pools.pool_classes_by_scheme = {"http": HttpPool, "https": HttpsPool}
    return pools


def distrusts(error: BaseException | None) -> bool:
    """Whether a certificate was refused, which no other try will change."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__context__
    return False


def _problem(code: str, host: str, **values: object) -> Problem:
    return problem(code, "link", host, severity=Severity.ERROR, host=host, **values)
