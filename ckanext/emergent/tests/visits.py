"""Visits to the servers of `servers.py`: a policy that may, and a clock that does not wait."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from ipaddress import ip_network
from typing import Any

from ckanext.emergent.reading.network.fetch import Fetch, FetchPolicy, Key, Validator
from ckanext.emergent.reading.network.guard import Resolve
from ckanext.emergent.reading.network.pace import Clock, Pace

#: For the marker `allow_hosts` of pytest-socket: tests with several hosts need several addresses.
HOSTS = ["127.0.0.1", "127.0.0.2", "127.0.0.3", "::1"]
LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


class StoppedTime:
    """Time that passes only when somebody sleeps; `slept` tells how long, each time."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.start = datetime(2026, 5, 3, 12, 0, tzinfo=timezone.utc)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def passed(self) -> float:
        return sum(self.slept)

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.passed())

    @property
    def clock(self) -> Clock:
        return Clock(monotonic=self.passed, now=self.now, sleep=self.sleep, chance=lambda: 1.0)


def visitor(
    validators: Mapping[str, Validator] | None = None,
    *,
    key: Key | None = None,
    time: StoppedTime | None = None,
    addresses: Mapping[str, tuple[str, ...]] | None = None,
    **policy: Any,
) -> Fetch:
    """A `Fetch` that may visit this machine, never waits and knows the names in `addresses`."""
    known = dict(addresses or {})
    look_up: Resolve = lambda host, port: known[host]  # noqa: E731 - a name would say no more
    policy = {"allowed_networks": LOOPBACK, "pace": 0, "connect_timeout": 2, **policy}
    return Fetch(
        FetchPolicy(**policy),
        validators,
        key=key,
        clock=(time or StoppedTime()).clock,
        pace=Pace(),
        resolve=look_up,
    )


def visit(fetch: Fetch, url: str, **asked: Any) -> None:
    """Visit and put the answer away: for tests of what was asked."""
    fetch.get(url, **asked).close()
