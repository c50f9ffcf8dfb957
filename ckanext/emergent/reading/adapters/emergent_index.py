"""The Emergent index, version 1.0: the format of the Alliance's hub of 2020.

A central index is an object: organisation key → `{author, description, url, index}`. Each `index`
leads to an organisation's own file or API, `{"version": "1.0", "datasets": [...]}`. The 2020 hub
also kept both merged, `datasets` beside `index`. All three are read here. Specification:
https://github.com/odileeds/emer2gent-data/blob/master/schemas/subindex-v1.0.json

**Identity.** Through a central index a record is `organisation key/id`, for `id` is unique in one
index only; a `/` or `%` in the key is escaped. An organisation index read by itself does not know
its key: there the record is `id`. What the two readings share is `copied_from` of the one and
`source_url` of the other, the index's address with `#id`: by it a dataset that comes both ways is
known to be one, and the organisation's own index to be nearer to the source.

**Dates.** `createdAt` and `updatedAt` are of the entry in the index, not of the data: they are
kept as extras under these names and are nobody's `issued` or `modified`.

**Sizes.** `check_size` is in KB by the schema and in bytes in the data: kept as an extra, as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ckanext.emergent.problem import Problem, Severity, problem
from ckanext.emergent.reading.adapter import Adapter, Capability, End, Listing, Page
from ckanext.emergent.reading.entries.emergent_index import entry_identifier, record_from
from ckanext.emergent.reading.entries.emergent_members import (
    Member,
    is_central,
    members_from,
    not_an_index,
)
from ckanext.emergent.reading.errors import ReadingError
from ckanext.emergent.reading.record import Record
from ckanext.emergent.reading.slices import (
    Items,
    Reader,
    Slice,
    holds_objects,
    listing_changed,
    slices,
)

if TYPE_CHECKING:
    from ckanext.emergent.reading.network.fetch import Answer, Fetch

VERSIONS = ("1.0", "1")


class EmergentIndex(Adapter):
    """Reads a central index, an organisation's index, or both merged into one file."""

    name = "emergent_index"
    title = "Emergent index"
    #: Of the organisations' indexes; the central one is read each time, to know them.
    capabilities = Capability.CONDITIONAL

    @classmethod
    def probes(cls, link: str) -> tuple[str, ...]:
        return (link,)

    @classmethod
    def recognise(cls, link: str, answer: Answer) -> str | None:
        if answer.asked != link:
            return None
        if next(answer.items("version"), None) is None:
            return link if is_central(answer.json()) else None
        first = next(answer.items("datasets.item"), None)
        if first is None:
            return link if answer.json().get("datasets") == [] else None
        return link if isinstance(first, dict) and "id" in first else None

    def pages(
        self,
        fetch: Fetch,
        cursor: str | None = None,
        since: datetime | None = None,
    ) -> Iterator[Page]:
        with fetch.get(self.link, accept="application/json", expect="json") as answer:
            items = _datasets(answer)
            if items is not None:
                yield from self._organisation(answer, items, cursor)
                return
            members = members_from(answer, self.link)
        yield from _Central(self.link, members).pages(fetch, cursor)

    def _organisation(self, answer: Answer, items: Items, cursor: str | None) -> Iterator[Page]:
        reader = _reader(Member(key="", index=self.link), None)
        told = _version_problems(answer)
        for part in slices(items, reader, cursor):
            yield Page(
                records=part.records,
                problems=told + part.problems,
                cursor=None if part.last else part.bookmark,
                end=End(listing=Listing.COMPLETE) if part.last else None,
            )
            told = ()


class _Central:
    """The organisations of a central index, one after the other.

    The cursor is `digest.position.unread.bookmark`: a digest of the organisations' keys, the
    number of the one to go on with, the unread ones as bits, and a bookmark inside the list of
    that one. Where the keys have changed since, all is read from the start.
    """

    def __init__(self, link: str, members: tuple[Member, ...]) -> None:
        self._link = link
        self._members = members
        keys = "\0".join(member.key for member in members)
        self._digest = hashlib.blake2b(keys.encode(), digest_size=8).hexdigest()

    def pages(self, fetch: Fetch, cursor: str | None) -> Iterator[Page]:
        position, unread, bookmark, told = self._from_cursor(cursor)
        for number in range(position, len(self._members)):
            for part, is_read in self._parts(fetch, self._members[number], bookmark):
                unread |= 0 if is_read else 1 << number
                yield self._page(replace(part, problems=told + part.problems), number, unread)
                told = ()
            bookmark = None

    def _from_cursor(self, cursor: str | None) -> tuple[int, int, str | None, tuple[Problem, ...]]:
        if cursor is None:
            return 0, 0, None, ()
        digest, position, unread, bookmark = (cursor.split(".") + [""] * 4)[:4]
        try:
            number, bits = int(position), int(unread, 16)
        except ValueError:
            number = -1
        if digest != self._digest or not 0 <= number < len(self._members):
            return 0, 0, None, (listing_changed(),)
        return number, bits, bookmark or None, ()

    def _page(self, part: Slice, number: int, unread: int) -> Page:
        end = None
        if part.last and number == len(self._members) - 1:
            keys = (member.key for member in self._members)
            scopes = tuple(key for bit, key in enumerate(keys) if unread >> bit & 1)
            end = End(listing=Listing.COMPLETE, unread=scopes)
        at, bookmark = (number + 1, "") if part.last else (number, part.bookmark)
        cursor = None if end else f"{self._digest}.{at}.{unread:x}.{bookmark}"
        return Page(records=part.records, problems=part.problems, cursor=cursor, end=end)

    def _parts(
        self, fetch: Fetch, member: Member, bookmark: str | None
    ) -> Iterator[tuple[Slice, bool]]:
        """The slices of one organisation, each with whether all went well.

        A broken index costs only itself: its organisation counts as unread, and the next is read.
        """
        if member.hindrance is not None:
            yield Slice(problems=(member.hindrance,), last=True), False
            return
        try:
            yield from self._read(fetch, member, bookmark)
        except ReadingError as error:
            told = problem(
                "index_unread", "index", member.index, severity=Severity.ERROR, key=member.key
            )
            yield Slice(problems=(told, error.problem), last=True), False

    def _read(
        self, fetch: Fetch, member: Member, bookmark: str | None
    ) -> Iterator[tuple[Slice, bool]]:
        reader = _reader(member, self._link)
        if member.datasets is not None:
            for part in slices(lambda: iter(member.datasets or ()), reader, bookmark):
                yield part, True
            return
        index = member.index or ""
        with fetch.get(index, accept="application/json", conditional=True, expect="json") as answer:
            if answer.not_modified:
                # unread, for absence means nothing: the engine leaves its records as they are
                yield Slice(last=True), False
                return
            items = _datasets(answer)
            if items is None:
                raise not_an_index(answer)
            told = member.notes + _version_problems(answer)
            for part in slices(items, reader, bookmark):
                yield replace(part, problems=told + part.problems), True
                told = ()


def _reader(member: Member, central: str | None) -> Reader:
    """How an entry of this organisation becomes a record; `central` is the index that named it."""
    scope = None if central is None else member.key
    prefix = "" if scope is None else scope.replace("%", "%25").replace("/", "%2F") + "/"

    def identifier(entry: dict[str, Any]) -> str | None:
        own = entry_identifier(entry)
        return None if own is None else prefix + own

    def read(entry: dict[str, Any], name: str) -> Record:
        place = f"{member.index or central}#{quote(name[len(prefix) :])}"
        return replace(
            record_from(entry, name),
            scope=scope,
            publisher=member.publisher,
            source_url=place,
            copied_from=None if scope is None or member.index is None else place,
        )

    return Reader(identifier=identifier, read=read)


def _datasets(answer: Answer) -> Items | None:
    """The entries of an organisation's index, as often as one likes; `None` if it is none.

    Some write the list without the object around it. Asked for the first items only, the parser
    stops there, so that the whole is in memory only when there are none.
    """
    for prefix in ("datasets.item", "item"):
        if holds_objects(answer.items(prefix)):
            return partial(answer.items, prefix)
    whole = answer.json()
    if whole == [] or (isinstance(whole, dict) and whole.get("datasets") == []):
        return lambda: iter(())
    return None


def _version_problems(answer: Answer) -> tuple[Problem, ...]:
    version = next(answer.items("version"), None)
    if str(version) in VERSIONS:
        return ()
    return (problem("index_version_unknown", "version", version, severity=Severity.NOTE),)
