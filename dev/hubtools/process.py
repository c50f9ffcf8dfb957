"""Background processes: with a session of their own, remembered on disk, found after a crash."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Process:
    """A process by its id and its start: an id is given again after a crash, the pair is not."""

    pid: int
    began: int
    #: The signal it takes as a request to end in order.
    stop: int = signal.SIGTERM

    @property
    def alive(self) -> bool:
        return began_at(self.pid) == self.began

    def end(self, seconds: float = 20) -> None:
        """Asks the process to end, and after ``seconds`` kills it with all its children."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, self.stop)
        if not wait_until(lambda: not self.alive, seconds):
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            wait_until(lambda: not self.alive, 5)


def began_at(pid: int) -> int | None:
    """When a living process started, in ticks since boot (proc(5), field 22); None for the dead."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, *fields = stat.rpartition(")")[2].split()
    if state in "ZX":
        with suppress(ChildProcessError):  # somebody else's child is theirs to collect
            os.waitpid(pid, os.WNOHANG)
        return None
    return int(fields[18])


def wait_until(happened: Callable[[], bool], seconds: float) -> bool:
    """Asks ten times a second until it has happened (True) or the time is over (False)."""
    end = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def start(
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    executable: str | None = None,
    stop: int = signal.SIGTERM,
) -> Process:
    """Starts a command that outlives a Ctrl-C of its terminal, its output appended to ``log``."""
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            executable=executable,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",  # PostgreSQL's user may not enter the folder we are in
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
    return Process(child.pid, began_at(child.pid) or 0, stop)


def find(mark: str) -> tuple[Process, ...]:
    """Processes with ``mark`` in their command line: what a crash left, orphaned children too."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        pid = int(folder.name)
        with suppress(OSError):
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if mark in words:
                found.append(Process(pid, began_at(pid) or 0))
    return tuple(found)


def anyone_works_in(folder: Path) -> bool:
    """Whether a living process has the folder as its working directory."""
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):
            if link.readlink() == folder.resolve():
                return True
    return False


class Records:
    """One small file for each process, so that the next command finds what this one started."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def living(self, name: str) -> Process | None:
        """The recorded process if it still runs; a record of a dead one is as good as none."""
        try:
            process = Process(**json.loads(self._file(name).read_text()))
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        return process if process.alive else None

    def keep(self, name: str, process: Process) -> None:
        self._file(name).write_text(json.dumps(asdict(process)))

    def forget(self, name: str) -> None:
        self._file(name).unlink(missing_ok=True)
