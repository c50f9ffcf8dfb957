"""Socrata, now Tyler Data & Insights: the Discovery API of one site.

`/api/catalog/v1?domains=<host>` hands out the catalogue in pieces, up to 10,000
(https://dev.socrata.com/docs/other/discovery). There is no filter for what changed, and `$order`
is ignored: it is called `order`. Views that somebody derived from a dataset are listed as well;
they are no datasets, and counted.

**Identity** is `resource.id`, the "4x4" (`8ect-6jqj`). The site's `data.json` lists the same data
under other identifiers and without licences: it is not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

from ckanext.emergent.problem import Severity, problem
from ckanext.emergent.reading.adapter import Adapter, Capability, Page
from ckanext.emergent.reading.entries.socrata import (
    entry_identifier,
    is_no_dataset,
    record_from,
)
from ckanext.emergent.reading.errors import UnexpectedAnswer
from ckanext.emergent.reading.network.link import link_from
from ckanext.emergent.reading.offsets import Offsets, Piece, total_from
from ckanext.emergent.reading.received.shown import shown
from ckanext.emergent.reading.slices import Reader

if TYPE_CHECKING:
    from ckanext.emergent.reading.network.fetch import Answer, Fetch

CATALOGUE = "/api/catalog/v1"
#: `offset + limit` may not be more.
REACH = 10_000


class Socrata(Adapter):
    """Reads the datasets of one site, from its front page or its catalogue's address."""

    name = "socrata"
    title = "Socrata"
    capabilities = Capability.NONE
    also_answers_as = frozenset({"dcat_us"})
    hints = ("socrata", "tylertech")
    rarity = 40

    @classmethod
    def probes(cls, link: str) -> tuple[str, ...]:
        site = link_from(link)
        return (f"{site.joined(CATALOGUE).url}?domains={site.host}&limit=1",)

    @classmethod
    def recognise(cls, link: str, answer: Answer) -> str | None:  # noqa: ARG003 - it is told by the answer
        if urlsplit(answer.url).path != CATALOGUE:
            return None
        piece = _piece(answer)
        known = all(isinstance(item, dict) and entry_identifier(item) for item in piece.items)
        return _address(answer.url, _domain(answer.url)) if known else None

    def pages(
        self,
        fetch: Fetch,
        cursor: str | None = None,
        since: datetime | None = None,
    ) -> Iterator[Page]:
        domain = _domain(self.link)
        reading = Offsets(
            ask=_Catalogue(fetch, _address(self.link, domain)).ask,
            reader=Reader(
                identifier=entry_identifier,
                read=partial(record_from, site=link_from(self.link).joined("/").url, domain=domain),
            ),
            leaves_out=is_no_dataset,
            kinds="derived views, charts, stories",
            reach=REACH,
        )
        yield from reading.pages(cursor)


class _Catalogue:
    """Asks for pieces of the catalogue, in the order of identifiers where the site can sort."""

    def __init__(self, fetch: Fetch, address: str) -> None:
        self._fetch = fetch
        self._address = address
        self._order = "&order=dataset_id"

    def ask(self, start: int, size: int) -> Piece:
        try:
            return self._asked(start, size)
        except UnexpectedAnswer as error:
            if error.problem.code != "portal_refuses" or not self._order:
                raise
            self._order = ""
        return self._asked(start, size)

    def _asked(self, start: int, size: int) -> Piece:
        url = f"{self._address}&only=datasets&limit={size}&offset={start}{self._order}"
        with self._fetch.get(url, accept="application/json", expect="json") as answer:
            return _piece(answer)


def _domain(link: str) -> str:
    """The site that is asked about: another host may answer for it."""
    named = parse_qs(urlsplit(link).query).get("domains")
    return named[0] if named else link_from(link).host


def _address(link: str, domain: str) -> str:
    return f"{link_from(link).joined(CATALOGUE).url}?{urlencode({'domains': domain})}"


def _piece(answer: Answer) -> Piece:
    """The results in an answer. Raises `UnexpectedAnswer` when it has another form."""
    whole = answer.json()
    results = whole.get("results") if isinstance(whole, dict) else None
    total = total_from(whole.get("resultSetSize")) if isinstance(whole, dict) else None
    if isinstance(results, list) and (total is not None or any(map(_is_result, results))):
        return Piece(items=tuple(results), total=total)
    begins = shown(answer.head(200).decode("utf-8", "replace"))
    raise UnexpectedAnswer(
        problem("not_a_discovery_answer", None, begins, severity=Severity.ERROR, url=answer.url)
    )


def _is_result(item: object) -> bool:
    return isinstance(item, dict) and isinstance(item.get("resource"), dict)
