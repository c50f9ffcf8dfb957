"""When to ask: one request at a time per host, not too soon, and later when told so."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime


def _now() -> datetime:
    return datetime.now(timezone.utc)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Time and chance, so that a test can have its own."""

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = _now
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


class Budget:
    """The seconds that one `get` may use on the network, counted by the real clock."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def left(self, most: float) -> float:
        """How long the next step may take, `most` at most. Raises `TimeoutError` when spent."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time for this request is used up")
        return min(left, most)

    @property
    def spent(self) -> bool:
        return time.monotonic() >= self._until

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Do not count the time inside, which is spent waiting."""
        before = time.monotonic()
        yield
        self._until += time.monotonic() - before


class Pace:
    """Turns at each host. One object serves a process, so that its threads queue up."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._turns: dict[str, threading.Lock] = {}
        self._last: dict[str, float] = {}

    @contextmanager
    def turn(self, host: str, interval: float, patience: float, clock: Clock) -> Iterator[None]:
        """Hold the host's turn, `interval` seconds after the last began.

        Raises `TimeoutError` when others hold it for longer than `patience` seconds.
        """
        with self._guard:
            lock = self._turns.setdefault(host, threading.Lock())
        if not lock.acquire(timeout=patience):
            raise TimeoutError(host)
        try:
            last = self._last.get(host)
            wait = 0.0 if last is None else last + interval - clock.monotonic()
            if wait > 0:
                clock.sleep(wait)
            self._last[host] = clock.monotonic()
            yield
        finally:
            lock.release()


#: The turns of this process.
PACE = Pace()


def back_off(attempt: int, first: float, clock: Clock) -> float:
    """Seconds before the next try: doubled each time, half of it by chance."""
    return float(first * 2 ** (attempt - 1) * (0.5 + clock.chance() / 2))


def retry_after(text: str | None, clock: Clock) -> float | None:
    """Seconds that a `Retry-After` header asks for: a number or a date (RFC 9110, 10.2.3)."""
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return max(0.0, (moment - clock.now()).total_seconds())
