"""One private process of the hub: how it is started, when it is ready, how it ends."""

from __future__ import annotations

import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hubtools import process
from hubtools.process import Process, Records
from hubtools.say import Failure


@dataclass(frozen=True, slots=True)
class Service:
    """Everything about a service that differs from the other ones."""

    #: Key of its port, log and record: "postgres".
    name: str
    #: What people read: "PostgreSQL".
    title: str
    command: tuple[str, ...]
    log: Path
    #: A piece of its command line that no other program has, to recognise it after a crash.
    mark: str
    ready: Callable[[], bool]
    #: Makes its folders and configuration; called before each start.
    prepare: Callable[[], None] = lambda: None
    port: int | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    executable: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    seconds: float = 60

    def running(self, records: Records) -> Process | None:
        return records.living(self.name)

    def start(self, records: Records) -> Process:
        """Starts it, unready; whatever a crash left of it is ended first."""
        for orphan in process.find(self.mark):
            orphan.end()
        self.prepare()
        started = process.start(
            self.command,
            log=self.log,
            environment=self.environment,
            executable=self.executable,
            stop=self.stop_signal,
        )
        records.keep(self.name, started)
        return started

    def wait(self, started: Process) -> None:
        """Returns when it answers.

        Raises :class:`Failure` when the process has ended or the time is over.
        """
        end = time.monotonic() + self.seconds
        while not self.ready():
            if not started.alive:
                raise self.failure("it ended right after its start")
            if time.monotonic() > end:
                raise self.failure(f"it gave no answer within {self.seconds:.0f} s")
            time.sleep(0.1)

    def stop(self, records: Records) -> None:
        running = self.running(records)
        if running is not None:
            running.end()
        records.forget(self.name)

    def failure(self, why: str) -> Failure:
        return Failure(
            f"start {self.title}",
            why,
            "read its log; `dev/hub up` tries again, `dev/hub reset` begins with empty data",
            self.log,
        )


def accepts(port: int) -> bool:
    """Whether something listens on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def answers(link: str, seconds: float = 10) -> bool:
    """Whether a GET of the link succeeds."""
    return status_of(link, seconds) == 200


def status_of(link: str, seconds: float) -> int | None:
    """HTTP status of a GET, after redirects; None when there was no answer."""
    try:
        with urllib.request.urlopen(link, timeout=seconds) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None
