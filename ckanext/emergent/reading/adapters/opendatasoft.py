"""Opendatasoft, now Huwise: the Explore API, versions 2.1, 2.0 and 1.0.

The catalogue is handed out in pieces of 100 at most, up to 10,000
(https://help.opendatasoft.com/apis/ods-explore-v2/). Version 2.1 has the records in `results`, 2.0
in `datasets[].dataset`, 1.0 in `datasets` with its fields under other names.

**Identity** is `dataset_uid`; `dataset_id` can be renamed. Version 1.0 knows only the latter.

**Changes.** `where=modified>=date'…'` counts whole days; version 1.0 is read in full.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from ckanext.emergent.problem import Severity, problem
from ckanext.emergent.reading.adapter import Adapter, Capability, Listing, Page
from ckanext.emergent.reading.entries.opendatasoft import (
    entry_identifier,
    modified_at,
    record_from,
    unwrapped,
)
from ckanext.emergent.reading.errors import UnexpectedAnswer
from ckanext.emergent.reading.network.link import link_from
from ckanext.emergent.reading.offsets import Offsets, Piece, total_from
from ckanext.emergent.reading.received.shown import shown
from ckanext.emergent.reading.since import Since
from ckanext.emergent.reading.slices import Reader

if TYPE_CHECKING:
    from ckanext.emergent.reading.network.fetch import Answer, Fetch

#: `offset + limit` may not be more.
REACH = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One version of the interface: where it is, and what it calls things."""

    path: str
    items: str
    total: str
    limit: str = "limit"
    offset: str = "offset"
    #: Whether it can be asked to sort, and for what changed.
    sorts: bool = True


FORMS = (
    Form(path="/api/explore/v2.1/catalog/datasets", items="results", total="total_count"),
    Form(path="/api/v2/catalog/datasets", items="datasets", total="total_count"),
    Form(path="/api/explore/v2.0/catalog/datasets", items="datasets", total="total_count"),
    Form(
        path="/api/datasets/1.0/search",
        items="datasets",
        total="nhits",
        limit="rows",
        offset="start",
        sorts=False,
    ),
)


class Opendatasoft(Adapter):
    """Reads a site, by the newest form of the interface that it was found to have."""

    name = "opendatasoft"
    title = "Opendatasoft"
    capabilities = Capability.SINCE
    also_answers_as = frozenset({"dcat_us"})
    hints = ("opendatasoft", "huwise")
    rarity = 30

    @classmethod
    def probes(cls, link: str) -> tuple[str, ...]:
        site = link_from(link)
        return tuple(f"{site.joined(form.path).url}?{form.limit}=1" for form in FORMS)

    @classmethod
    def recognise(cls, link: str, answer: Answer) -> str | None:  # noqa: ARG003 - it is told by the answer
        address = urlsplit(answer.url)._replace(query="").geturl().rstrip("/")
        form = _form_of(address)
        if form is None:
            return None
        piece = _piece(answer, form)
        named = piece.total == 0 or any(_is_entry(item) for item in piece.items)
        return address if named and piece.total is not None else None

    def pages(
        self,
        fetch: Fetch,
        cursor: str | None = None,
        since: datetime | None = None,
    ) -> Iterator[Page]:
        address = urlsplit(self.link)._replace(query="").geturl().rstrip("/")
        form = _form_of(address)
        if form is None:
            form = FORMS[0]
            address = link_from(self.link).joined(form.path).url
        wanted = Since(since, address, modified_at, by_days=True)
        told = () if form.sorts else wanted.refused()
        is_window = since is not None and form.sorts
        reading = Offsets(
            ask=_Catalogue(fetch, address, form, wanted).ask,
            reader=Reader(identifier=entry_identifier, read=partial(record_from, api=address)),
            listing=Listing.WINDOW if is_window else Listing.COMPLETE,
            reach=REACH,
        )
        for page in reading.pages(cursor):
            yield replace(page, problems=told + page.problems)
            told = ()


class _Catalogue:
    """Asks one form of the interface for pieces of the catalogue."""

    def __init__(self, fetch: Fetch, address: str, form: Form, since: Since) -> None:
        self._fetch = fetch
        self._address = address
        self._form = form
        self._since = since

    def ask(self, start: int, size: int) -> Piece:
        try:
            return self._asked(start, size)
        except UnexpectedAnswer as error:
            if error.problem.code != "portal_refuses" or not (told := self._since.refused()):
                raise
        return replace(self._asked(start, size), problems=told)

    def _asked(self, start: int, size: int) -> Piece:
        asked = {self._form.limit: str(size), self._form.offset: str(start)}
        if self._form.sorts:
            asked["order_by"] = "modified"
        if self._since.moment is not None:
            asked["where"] = f"modified>=date'{self._since.moment:%Y-%m-%d}'"
        url = f"{self._address}?{urlencode(asked)}"
        with self._fetch.get(url, accept="application/json", expect="json") as answer:
            piece = _piece(answer, self._form)
        return replace(piece, problems=self._since.about(piece.items))


def _form_of(address: str) -> Form | None:
    path = urlsplit(address).path
    return next((form for form in FORMS if path == form.path), None)


def _is_entry(item: object) -> bool:
    return isinstance(item, dict) and entry_identifier(item) is not None and "metas" in item


def _piece(answer: Answer, form: Form) -> Piece:
    """The records in an answer. Raises `UnexpectedAnswer` when it has another form."""
    whole: Any = answer.json()
    items = whole.get(form.items) if isinstance(whole, dict) else None
    if not isinstance(items, list):
        begins = shown(answer.head(200).decode("utf-8", "replace"))
        raise UnexpectedAnswer(
            problem("not_an_explore_answer", None, begins, severity=Severity.ERROR, url=answer.url)
        )
    return Piece(items=tuple(map(unwrapped, items)), total=total_from(whole.get(form.total)))
