"""A list that comes in one piece, read in slices that can be taken up again.

The bookmark after a slice holds how many items were passed and a digest of their identifiers. If
the list has changed at the front by the time it is taken up, it is read from its start again:
what was read before is found unchanged, and nothing is missed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ckanext.emergent.problem import Problem, Severity, problem
from ckanext.emergent.reading.errors import ReadingError
from ckanext.emergent.reading.received.shown import shown
from ckanext.emergent.reading.record import Record

SIZE = 100
#: Starts the iteration over the received items, from the first one.
Items = Callable[[], Iterator[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Some records in the list's order; `bookmark` is where to go on; the `last` ends the list."""

    records: tuple[Record, ...] = ()
    problems: tuple[Problem, ...] = ()
    bookmark: str = ""
    last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How one received item becomes a record.

    `identifier` gives the record's identifier, `None` where there is none; `read` is called with
    items that are objects and have one.
    """

    identifier: Callable[[Any], str | None]
    read: Callable[[dict[str, Any], str], Record]


def holds_objects(items: Iterator[Any]) -> bool:
    """Whether there is an object among the first ten: a list of numbers is another thing."""
    return any(isinstance(item, dict) for item in islice(items, 10))


def slices(
    items: Items, reader: Reader, bookmark: str | None = None, size: int = SIZE
) -> Iterator[Slice]:
    """Read the list from `bookmark` on. Raises what `items` raises, after what came before it."""
    walk, stream = _Walk(reader), items()
    told: tuple[Problem, ...] = ()
    if bookmark and not walk.skip(stream, bookmark):
        walk, stream = _Walk(reader), items()
        told = (listing_changed(),)
    for chunk, last in _chunks(stream, size):
        records, problems = walk.read(chunk)
        yield Slice(records=records, problems=told + problems, bookmark=walk.bookmark(), last=last)
        told = ()


def listing_changed() -> Problem:
    return problem("listing_changed", severity=Severity.NOTE)


def _chunks(stream: Iterator[Any], size: int) -> Iterator[tuple[list[Any], bool]]:
    chunk: list[Any] = []
    try:
        for item in stream:
            if len(chunk) == size:
                yield chunk, False
                chunk = []
            chunk.append(item)
    except ReadingError:
        yield chunk, False
        raise
    yield chunk, True


class _Walk:
    """What was passed of the list: how much, a digest of it, and every identifier."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._position = 0
        self._digest = hashlib.blake2b(digest_size=8)
        self._seen: set[str] = set()

    def bookmark(self) -> str:
        return f"{self._position}-{self._digest.hexdigest()}"

    def skip(self, stream: Iterator[Any], bookmark: str) -> bool:
        """Pass what the bookmark says was read; false when the list is not the same any more."""
        position = bookmark.partition("-")[0]
        if not (position.isascii() and position.isdigit()):
            return False
        for _ in range(int(position[:12])):
            try:
                identifier = self._step(next(stream))
            except (StopIteration, ReadingError):
                return False
            if identifier is not None:
                self._seen.add(identifier)
        return self.bookmark() == bookmark

    def read(self, chunk: list[Any]) -> tuple[tuple[Record, ...], tuple[Problem, ...]]:
        records: list[Record] = []
        problems: list[Problem] = []
        for item in chunk:
            identifier = self._step(item)
            if identifier is None or identifier in self._seen:
                problems.append(refusal(item, identifier, self._position))
                continue
            self._seen.add(identifier)
            records.append(self._reader.read(item, identifier))
        return tuple(records), tuple(problems)

    def _step(self, item: object) -> str | None:
        identifier = self._reader.identifier(item) if isinstance(item, dict) else None
        self._position += 1
        self._digest.update(repr(identifier).encode("utf-8", "replace"))
        return identifier


def refusal(item: object, identifier: str | None, position: int) -> Problem:
    """Why this item, the `position`th of its list, is left out."""
    if identifier is not None:
        code, received = "identifier_repeated", identifier
    else:
        known = isinstance(item, dict)
        code = "record_without_identifier" if known else "record_not_an_object"
        received = _brief(item)
    return problem(code, None, received, severity=Severity.ERROR, position=position)


def _brief(item: object) -> str:
    title = item.get("title") if isinstance(item, dict) else None
    return shown(title if title is not None else item)
