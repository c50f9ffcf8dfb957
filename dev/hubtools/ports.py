"""Ports of 127.0.0.1: each hub keeps its own, so that two clones never meet."""

from __future__ import annotations

import socket
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hubtools.place import Memory
from hubtools.say import Failure

WEB = 5000
FIRST, COUNT = 20_000, 12_000  # below the ports that Linux gives to outgoing connections


def hold(port: int) -> socket.socket | None:
    """A socket that keeps ``port`` for us until it is closed, or None if somebody has it."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind(("127.0.0.1", port))
        held.listen(1)  # without this, a second holder's SO_REUSEADDR would let it in
    except OSError:
        held.close()
        return None
    return held


def is_free(port: int) -> bool:
    held = hold(port)
    if held is not None:
        held.close()
    return held is not None


def candidates(name: str, home: Path) -> Iterator[int]:
    """Ports worth trying: the web server's where people look for it, the others' anywhere."""
    if name == "web":
        yield from range(WEB, WEB + 100)
    start = zlib.crc32(f"{home}:{name}".encode())
    yield from (FIRST + (start + offset) % COUNT for offset in range(COUNT))


class Ports:
    """Chooses a port for each service and holds it until the service takes it over."""

    def __init__(self, memory: Memory, home: Path) -> None:
        self._memory = memory
        self._home = home
        self._held: dict[str, socket.socket] = {}

    def kept(self, name: str) -> int | None:
        port = self._memory.get("ports", name)
        return int(port) if port else None

    def choose(self, name: str, *, wanted: int | None = None) -> int:
        """The wanted port, else the one it had before, else a free one.

        Raises :class:`Failure` if the wanted one is taken.
        """
        if name in self._held:
            self._held.pop(name).close()
        kept = self.kept(name)
        first = [wanted] if wanted else [kept] if kept else []
        rest = [] if wanted else candidates(name, self._home)
        for port in (*first, *rest):
            held = hold(port)
            if held is not None:
                self._held[name] = held
                self._memory.keep("ports", name, str(port))
                return port
        raise Failure(
            f"take port {wanted}",
            "another program listens there",
            "choose another with --port, or leave it out",
        )

    def release(self, name: str) -> None:
        """Lets go of the port right before its service binds it."""
        held = self._held.pop(name, None)
        if held is not None:
            held.close()

    @contextmanager
    def held(self) -> Iterator[Ports]:
        """Whatever is still held at the end is let go."""
        try:
            yield self
        finally:
            for name in list(self._held):
                self.release(name)
