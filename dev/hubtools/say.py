"""What people read while the hub works: one line a step, and failures that say what to do."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TAIL = 12


class Failure(Exception):
    """A step that could not be done.

    ``step`` is what was tried, ``why`` what happened, ``remedy`` what the reader can do, ``log``
    the file that knows more.
    """

    def __init__(self, step: str, why: str, remedy: str, log: Path | None = None) -> None:
        super().__init__(why)
        self.step = step
        self.why = why
        self.remedy = remedy
        self.log = log

    def __str__(self) -> str:
        lines = [
            f"Could not finish: {self.step}.",
            f"  Why: {self.why}",
            f"  What to do: {self.remedy}",
        ]
        if self.log is not None and self.log.exists():
            lines += [
                f"  Last lines of {self.log}:",
                *(f"    {line}" for line in last_lines(self.log)),
            ]
        return "\n".join(lines)


def last_lines(log: Path, count: int = TAIL) -> list[str]:
    """The end of a log file, without reading more than its last few kilobytes."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 16_384))
        return file.read().decode(errors="replace").splitlines()[-count:]


def line(text: str) -> None:
    print(text, flush=True)


def warn(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Names a step before it begins and says how long it took when it is worth knowing."""
    began = time.monotonic()
    line(f"· {text}")
    yield
    seconds = time.monotonic() - began
    if seconds >= 5:
        line(f"  done in {seconds:.0f} s")
