"""A list that a portal hands out piece by piece: so many records, from such a place on.

Portals give fewer than they are asked for, list a record twice when another came in meanwhile,
answer with the same piece for ever, or stop before the total that they name. So the place moves on
by what was *received*; a listing is complete only when as much arrived as was announced.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ckanext.emergent.problem import Problem, Severity, problem
from ckanext.emergent.reading.adapter import End, Listing, Page
from ckanext.emergent.reading.errors import ReadingError
from ckanext.emergent.reading.record import Record
from ckanext.emergent.reading.slices import Reader, refusal

#: What is asked for at once; less where an answer of that many is larger than the hub reads.
SIZES = (100, 10, 1)
#: A list that is longer than this has no end.
MOST = 2_000_000
_CURSOR = re.compile(r"at(\d{1,9})-(\d{1,9})-(\d{1,12})(!?)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What one answer held: its items, and how many the whole list has, where that is told."""

    items: tuple[Any, ...] = ()
    total: int | None = None
    problems: tuple[Problem, ...] = ()
    #: Items that are there and cannot be had.
    missed: int = 0


#: Asks for a piece, from a place (the first is 0) and of a size.
Ask = Callable[[int, int], Piece]


def no_item(_item: dict[str, Any]) -> bool:
    """Leaves nothing out."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Offsets:
    """How such a list is read.

    `leaves_out` tells the items that are no datasets, `kinds` what they are called in a report.
    `listing` is what the end of a whole list means; `reach` the place beyond which the portal
    hands out nothing.
    """

    ask: Ask
    reader: Reader
    leaves_out: Callable[[dict[str, Any]], bool] = no_item
    kinds: str = ""
    listing: Listing = Listing.COMPLETE
    reach: int = MOST

    def pages(self, cursor: str | None = None) -> Iterator[Page]:
        """Read from `cursor` on. Raises what asking raises, after what came before it."""
        walk = _Walk(self)
        walk.take_up(cursor)
        while True:
            page = walk.page()
            yield page
            if page.end is not None:
                return


def total_from(value: object) -> int | None:
    """A portal's count of its records, a number or one in quotation marks."""
    if isinstance(value, str) and re.fullmatch(r"\d{1,12}", value, re.ASCII):
        value = int(value)
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**12
    return value if is_count and isinstance(value, int) else None


@dataclass(slots=True)
class _Walk:
    """Where reading is, and what came of it so far."""

    plan: Offsets
    position: int = 0
    left_out: int = 0
    #: The largest count that the portal named.
    total: int = 0
    #: Whether something could not be had, so that absence means nothing.
    gaps: bool = False
    again: int = 0
    #: Pieces in a row that held nothing new.
    idle: int = 0
    begun_at: int = 0
    sizes: tuple[int, ...] = SIZES
    seen: set[str] = field(default_factory=set)

    def take_up(self, cursor: str | None) -> None:
        found = _CURSOR.fullmatch(cursor or "")
        if found is not None:
            self.position, self.left_out, self.total = map(int, found.groups()[:3])
            self.gaps = bool(found[4])
            self.begun_at = self.position

    def page(self) -> Page:
        piece = self._piece()
        known = len(self.seen)
        records, problems = self._read(piece)
        self.position += len(piece.items) + piece.missed
        self.total = max(self.total, piece.total or 0)
        self.gaps = self.gaps or piece.missed > 0
        self.idle = self.idle + 1 if piece.items and len(self.seen) == known else 0
        told = piece.problems + problems
        if self._is_over(piece):
            listing, about = self._verdict(piece)
            end = End(listing=listing)
            return Page(records=records, problems=told + about, end=end, total=piece.total)
        cursor = f"at{self.position}-{self.left_out}-{self.total}{'!' if self.gaps else ''}"
        return Page(records=records, problems=told, cursor=cursor, total=piece.total)

    def _is_over(self, piece: Piece) -> bool:
        if not piece.items and not piece.missed:
            return True
        all_came = piece.total is not None and self.position >= self.total
        return all_came or self.idle == 2 or self.position >= min(self.plan.reach, MOST)

    def _verdict(self, piece: Piece) -> tuple[Listing, tuple[Problem, ...]]:
        """What the end means, and what is to be told about the list as such."""
        different = self.begun_at + len(self.seen)
        got = min(self.position, different) if self.again else self.position
        without_end = piece.total is None and piece.items
        is_short = got < self.total or bool(without_end)
        notes = (("records_left_out", self.left_out), ("records_again", self.again))
        told = tuple(self._note(code, count) for code, count in notes if count)
        if is_short:
            count = self.total or "?"
            told = (problem("listing_short", None, different, count=count), *told)
        return Listing.WINDOW if is_short or self.gaps else self.plan.listing, told

    def _note(self, code: str, count: int) -> Problem:
        return problem(code, severity=Severity.NOTE, count=count, kinds=self.plan.kinds)

    def _piece(self) -> Piece:
        """As much as fits; where one record alone is too large, the list without it."""
        while True:
            try:
                return self.plan.ask(self.position, self._size())
            except ReadingError as error:
                if error.problem.code != "answer_too_big":
                    raise
                if len(self.sizes) == 1:
                    return self._missed(error)
                self.sizes = self.sizes[1:]

    def _size(self) -> int:
        return max(1, min(self.sizes[0], self.plan.reach - self.position))

    def _missed(self, error: ReadingError) -> Piece:
        place = self.position + 1
        told = problem("record_too_big", severity=Severity.ERROR, position=place)
        return Piece(missed=1, problems=(told, error.problem), total=self.total or None)

    def _read(self, piece: Piece) -> tuple[tuple[Record, ...], tuple[Problem, ...]]:
        records: list[Record] = []
        problems: list[Problem] = []
        here: set[str] = set()
        for place, item in enumerate(piece.items, start=self.position + 1):
            name = self.plan.reader.identifier(item) if isinstance(item, dict) else None
            if isinstance(item, dict) and self.plan.leaves_out(item):
                self.left_out += 1
                here.add(f"{place if name is None else name} (left out)")
            elif name is None or name in here:
                problems.append(refusal(item, name, place))
            elif name in self.seen:
                self.again += 1
            else:
                records.append(self.plan.reader.read(item, name))
                here.add(name)
        self.seen |= here
        return tuple(records), tuple(problems)
