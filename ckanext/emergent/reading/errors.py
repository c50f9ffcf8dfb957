"""Errors of reading, named for what happens next.

    ReadingError ─┬─ SkippableError   this record is left out, the next one is read
                  ├─ RetriableError   wait and try again; after the last try, fatal
                  └─ FatalError ──────┬─ RefusedLink       the link may not be fetched at all
                                      └─ UnexpectedAnswer  the portal answered with something else
                                         └─ Imitation      another family answers as this one

Raising describes; the run decides. Every error carries a `Problem`, from which its sentence is
composed where it is shown.
"""

from __future__ import annotations

from ckanext.emergent.problem import Problem


class ReadingError(Exception):
    """Something could not be read; `problem` says what, in a code and values."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem

    def __str__(self) -> str:
        values = ", ".join(f"{key}={value}" for key, value in self.problem.values)
        return f"{self.problem.code}({values})"


class SkippableError(ReadingError):
    """One record cannot be read: leave it out and go on."""


class RetriableError(ReadingError):
    """The portal may answer later: wait `retry_after` seconds (or back off) and try again."""

    def __init__(self, problem: Problem, retry_after: float | None = None) -> None:
        super().__init__(problem)
        self.retry_after = retry_after


class FatalError(ReadingError):
    """The run cannot go on; what was read is kept, nothing is retired."""


class RefusedLink(FatalError):
    """The link leads to where this hub must not go."""


class UnexpectedAnswer(FatalError):
    """The portal answered, but not with what this adapter reads."""


class Imitation(UnexpectedAnswer):
    """The portal imitates this family; one that is known to do so should be asked about."""
