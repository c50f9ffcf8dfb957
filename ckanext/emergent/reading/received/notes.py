"""What was wrong with a record, and what of it has no place of its own, gathered while reading."""

from __future__ import annotations

from ckanext.emergent.problem import Problem, Severity, problem
from ckanext.emergent.reading.received.shown import kept, shown
from ckanext.emergent.reading.received.text import clean, neutral

MOST_PROBLEMS = 200
NAME = 100


class Notes:
    """Problems and leftovers of one received object.

    `problems` is one list for all that is inside a record; `path` says where in it the object is,
    `prefix` what its leftovers are called by.
    """

    def __init__(
        self, *, path: str = "", prefix: str = "", problems: list[Problem] | None = None
    ) -> None:
        self.problems: list[Problem] = [] if problems is None else problems
        self.path = path
        self.prefix = prefix
        self.kept: list[tuple[str, str]] = []

    def note(
        self,
        code: str,
        key: str | None = None,
        received: object = None,
        severity: Severity = Severity.NOTE,
        **values: object,
    ) -> None:
        """Tell a problem about the field `key`."""
        if len(self.problems) > MOST_PROBLEMS:
            return
        if len(self.problems) == MOST_PROBLEMS:
            self.problems.append(problem("problems_cut", count=MOST_PROBLEMS))
            return
        field = None if key is None else self.path + clean(key)[:NAME]
        text = None if received is None else shown(received)
        self.problems.append(problem(code, field, text, severity=severity, **values))

    def warn(self, code: str, key: str, received: object = None, **values: object) -> None:
        """Tell a problem that somebody should look at."""
        self.note(code, key, received, Severity.WARNING, **values)

    def missing(self, key: str) -> None:
        self.note("field_missing", key)

    def keep(self, key: str, value: object) -> None:
        """Keep a value that has no place of its own."""
        text = kept(value)
        if text:
            name = " ".join((self.prefix + neutral(clean(key))).split())[:NAME]
            self.kept.append((name or "?", text))

    def unreadable(self, key: str, value: object) -> None:
        """The value is of no use as it is: keep it and tell."""
        self.warn("field_unreadable", key, value)
        self.keep(key, value)
