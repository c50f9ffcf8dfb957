"""CKAN, versions 2.0 to 2.12, and sites that answer like it, such as DKAN.

The listing is `/api/3/action/package_search`, sorted by id
(https://docs.ckan.org/en/2.12/api/). Sites give fewer records at once than they are asked for,
without a word (`ckan.search.rows_max`), so the place in the list moves on by what was received. A
site without that action has `current_package_list_with_resources`, which names no total.

**Identity** is `id`, a UUID; `name` follows the title at times.

**Changes.** Solr is asked for `metadata_modified` from an hour before the last reading on. A site
that does not know the filter, or gives older records all the same, is read in full and told.

**Imitators.** DataPress answers `package_search` as well, and ignores what it is asked: whoever
gives records where none were wanted is not CKAN.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from ckanext.emergent.problem import Problem, Severity, problem
from ckanext.emergent.reading.adapter import Adapter, Capability, Listing, Page
from ckanext.emergent.reading.entries.ckan import (
    OTHER_TYPES,
    entry_identifier,
    is_no_dataset,
    modified_at,
    record_from,
)
from ckanext.emergent.reading.errors import Imitation, UnexpectedAnswer
from ckanext.emergent.reading.network.link import link_from
from ckanext.emergent.reading.offsets import Offsets, Piece, total_from
from ckanext.emergent.reading.received.shown import shown
from ckanext.emergent.reading.since import Since
from ckanext.emergent.reading.slices import Reader

if TYPE_CHECKING:
    from ckanext.emergent.reading.network.fetch import Answer, Fetch

SEARCH = "api/3/action/package_search"
LIST = "api/3/action/current_package_list_with_resources"
#: CKAN may live below the root of its host: what stands before one of its own pages.
_PLACE = re.compile(r"/(dataset|organization|group|user|harvest|showcase|api)(/|$)")
_ACTION = re.compile(r"api/(3/)?action/\w+$")
#: What a portal answers to an action that it has not, or to a filter that it does not know.
_DECLINED = frozenset({"page_not_found", "portal_refuses", "ckan_declined", "not_a_ckan_answer"})


class Ckan(Adapter):
    """Reads a site, from the address of any of its pages."""

    name = "ckan"
    title = "CKAN"
    capabilities = Capability.SINCE
    hints = ("ckan", "dkan")
    rarity = 10

    @classmethod
    def probes(cls, link: str) -> tuple[str, ...]:
        places = dict.fromkeys([_site_of(link), link_from(link).joined("/").url])
        searches = [f"{place}{SEARCH}?rows=0" for place in places]
        return (*searches, f"{_site_of(link)}{LIST}?limit=1")

    @classmethod
    def recognise(cls, link: str, answer: Answer) -> str | None:  # noqa: ARG003 - it is told by the answer
        asked, answered = urlsplit(answer.asked), urlsplit(answer.url)
        site = _ACTION.sub("", answered.path)
        if site == answered.path or asked.query not in {"rows=0", "limit=1"}:
            return None
        if asked.query == "rows=0" and next(answer.items("result.results.item"), None):
            raise Imitation(_told("ckan_imitated", answer))
        found = _piece(answer)
        if asked.query == "rows=0" and found.total is None:
            return None
        if asked.query == "limit=1" and not any(map(_is_record, found.items)):
            return None
        return link_from(answer.url).joined(site).url

    def pages(
        self,
        fetch: Fetch,
        cursor: str | None = None,
        since: datetime | None = None,
    ) -> Iterator[Page]:
        site = _site_of(self.link)
        reading = Offsets(
            ask=_Listing(fetch, site, Since(since, site, modified_at)).ask,
            reader=Reader(identifier=entry_identifier, read=partial(record_from, site=site)),
            leaves_out=is_no_dataset,
            kinds=", ".join(sorted(OTHER_TYPES)),
            listing=Listing.COMPLETE if since is None else Listing.WINDOW,
        )
        yield from reading.pages(cursor)


class _Listing:
    """Asks the site for records, in the way that it answers."""

    def __init__(self, fetch: Fetch, site: str, since: Since) -> None:
        self._fetch = fetch
        self._site = site
        self._since = since
        self._action = SEARCH
        self._has_answered = False

    def ask(self, start: int, size: int) -> Piece:
        try:
            piece = self._asked(start, size)
        except UnexpectedAnswer as error:
            if self._has_answered or error.problem.code not in _DECLINED:
                raise
            piece = self._asked_otherwise(start, size, error)
        self._has_answered = True
        return piece

    def _asked_otherwise(self, start: int, size: int, error: UnexpectedAnswer) -> Piece:
        """Without the filter, and by the older action. Raises what the first way raised."""
        told = self._since.refused()
        for self._action in (SEARCH, LIST) if told else (LIST,):
            try:
                piece = self._asked(start, size)
            except UnexpectedAnswer:
                continue
            return replace(piece, problems=told)
        raise error

    def _asked(self, start: int, size: int) -> Piece:
        with self._fetch.get(
            self._address(start, size), accept="application/json", expect="json"
        ) as answer:
            piece = _piece(answer)
            if self._action == SEARCH and len(piece.items) > size:
                raise Imitation(_told("ckan_imitated", answer))
        return replace(piece, problems=self._since.about(piece.items))

    def _address(self, start: int, size: int) -> str:
        if self._action == LIST:
            return f"{self._site}{LIST}?limit={size}&offset={start}"
        asked = {"rows": str(size), "start": str(start), "sort": "id asc"}
        if self._since.moment is not None:
            asked["fq"] = f"metadata_modified:[{self._since.moment:%Y-%m-%dT%H:%M:%SZ} TO *]"
        return f"{self._site}{SEARCH}?{urlencode(asked, quote_via=quote)}"


def _site_of(link: str) -> str:
    """The address below which CKAN's own pages and its API lie, with a slash at its end."""
    parts = link_from(link)
    path = urlsplit(parts.url).path
    before = _PLACE.split(path, maxsplit=1)[0] if _PLACE.search(path) else path
    if before == path and not path.endswith("/"):
        before = ""
    return parts.joined(before.rstrip("/") + "/").url


def _is_record(item: object) -> bool:
    return isinstance(item, dict) and {"id", "name", "title"} <= item.keys()


def _piece(answer: Answer) -> Piece:
    """The records in an answer. Raises `UnexpectedAnswer` when it holds none, or says no."""
    whole = answer.json()
    if not isinstance(whole, dict) or whole.get("success") is False or "result" not in whole:
        code = "ckan_declined" if isinstance(whole, dict) else "not_a_ckan_answer"
        raise UnexpectedAnswer(_told(code, answer, whole))
    result = whole["result"]
    if isinstance(result, dict) and isinstance(result.get("results"), list):
        return Piece(items=tuple(result["results"]), total=total_from(result.get("count")))
    if isinstance(result, list):
        return Piece(items=tuple(_unpacked(result)))
    raise UnexpectedAnswer(_told("not_a_ckan_answer", answer, whole))


def _unpacked(result: list[Any]) -> list[Any]:
    """DKAN 1 puts the list of records into a list of its own."""
    return result[0] if len(result) == 1 and isinstance(result[0], list) else result


def _told(code: str, answer: Answer, whole: object = None) -> Problem:
    error = whole.get("error") if isinstance(whole, dict) else whole
    words = error.get("message") or error if isinstance(error, dict) else error
    received = words or answer.head(200).decode("utf-8", "replace")
    return problem(code, None, shown(received), severity=Severity.ERROR, url=answer.url)
