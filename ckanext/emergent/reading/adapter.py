"""What every portal reader offers.

An adapter turns a portal's answers into records: a class in `adapters/`, one file for each family
of portals. Paging, retries and errors of the network are not its business: it asks `Fetch` for
an address and yields pages. It never names a CKAN field.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, Flag, auto
from typing import TYPE_CHECKING, ClassVar

from ckanext.emergent.problem import Problem
from ckanext.emergent.reading.record import Record

if TYPE_CHECKING:
    from ckanext.emergent.reading.network.fetch import Answer, Fetch


class Listing(str, Enum):
    """What the end of a listing tells about the records that were not in it."""

    #: Everything the portal has was listed: what is absent is gone there.
    COMPLETE = "complete"
    #: Only a part was listed (the latest, the changed): absence means nothing.
    WINDOW = "window"


class Capability(Flag):
    """What a family of portals can do to be read cheaply."""

    NONE = 0
    #: The listing can be asked for what changed since a moment.
    SINCE = auto()
    #: Answers carry an ETag or Last-Modified, so that an unchanged portal costs one request.
    CONDITIONAL = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a listing ended.

    `unread` names the scopes (see `Record.scope`) that could not be read this time: absence from
    them means nothing, whatever `listing` says of the rest.
    """

    listing: Listing
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some records, what was wrong besides them, and where to go on from.

    `cursor` is what `pages` needs to continue after this page; opaque text, at most 2,000
    characters. The last page, and only the last, carries `end`.
    """

    records: tuple[Record, ...] = ()
    problems: tuple[Problem, ...] = ()
    cursor: str | None = None
    end: End | None = None
    total: int | None = None


class Adapter(ABC):
    """Reads one family of portals. A subclass sets the names and writes two methods."""

    #: Key in settings, the command line and the database: the platform's own name.
    name: ClassVar[str]
    #: The platform's name as people write it.
    title: ClassVar[str]
    capabilities: ClassVar[Capability] = Capability.NONE
    #: Families whose answers this one gives as well, well or badly: it is asked about before them.
    also_answers_as: ClassVar[frozenset[str]] = frozenset()
    #: Words in a page of such a site, in lower case, that make its probes worth trying first.
    #: They prove nothing.
    hints: ClassVar[tuple[str, ...]] = ()
    #: Where a page gives no hint, families with a smaller number are asked about before others.
    rarity: ClassVar[int] = 100

    def __init__(self, link: str) -> None:
        #: The portal's address as `recognise` returned it.
        self.link = link

    @classmethod
    @abstractmethod
    def probes(cls, link: str) -> tuple[str, ...]:
        """Addresses worth asking to find out whether `link` belongs to this family."""

    @classmethod
    @abstractmethod
    def recognise(cls, link: str, answer: Answer) -> str | None:
        """The address to read the portal from, if `answer` is this family's; else `None`.

        Judged by what was answered, never by the shape of the address alone.
        """

    @abstractmethod
    def pages(
        self, fetch: Fetch, cursor: str | None = None, since: datetime | None = None
    ) -> Iterator[Page]:
        """Read the listing, page by page, from `cursor` on; only what changed after `since`.

        Raises `FatalError` when the listing cannot be read on; what was yielded before stands.
        """
