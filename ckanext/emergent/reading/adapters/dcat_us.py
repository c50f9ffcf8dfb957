"""DCAT-US 1.1, once Project Open Data: `data.json`, on sites of many makers.

One JSON object holds the catalogue in `dataset` (https://resources.data.gov/resources/dcat-us/):
American agencies', ArcGIS Hub's feed `/api/feed/dcat-us/1.1.json`, Socrata's, and USMART's of
Scottish councils, with some keys of its own. One request a run; no paging, no filter. It is read
as it arrives.

**Identity** is `identifier`: a slug, a DOI, an address or a number. Where it is missing, the
landing page stands for it, and the record is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from ckanext.emergent.problem import Severity, problem
from ckanext.emergent.reading.adapter import Adapter, Capability, End, Listing, Page
from ckanext.emergent.reading.entries.dcat_us import entry_identifier, record_from
from ckanext.emergent.reading.errors import UnexpectedAnswer
from ckanext.emergent.reading.network.link import link_from
from ckanext.emergent.reading.received.shown import shown
from ckanext.emergent.reading.slices import Items, Reader, holds_objects, slices

if TYPE_CHECKING:
    from ckanext.emergent.reading.network.fetch import Answer, Fetch

FILES = ("/data.json", "/api/feed/dcat-us/1.1.json")
#: The catalogue's list, and that of version 1.0, which had no object around it.
PLACES = ("dataset.item", "item")
#: What `conformsTo` holds, whatever the host that the schema is said to be on.
SCHEMAS = ("project-open-data", "dcat-us", "pod/schema")


class DcatUs(Adapter):
    """Reads one `data.json`, from its own address."""

    name = "dcat_us"
    title = "DCAT-US"
    capabilities = Capability.CONDITIONAL
    hints = ("data.json", "usmart", "hub.arcgis.com", "opendata.arcgis.com")
    rarity = 20

    @classmethod
    def probes(cls, link: str) -> tuple[str, ...]:
        return tuple(link_from(link).joined(file).url for file in FILES)

    @classmethod
    def recognise(cls, link: str, answer: Answer) -> str | None:  # noqa: ARG003 - it is told by the answer
        first = next(answer.items("dataset.item"), None)
        conforms = str(next(answer.items("conformsTo"), "")).lower()
        claims = any(schema in conforms for schema in SCHEMAS)
        if isinstance(first, dict):
            claims = claims or {"title", "accessLevel"} <= first.keys()
            return answer.asked if claims else None
        return answer.asked if claims and answer.json().get("dataset") == [] else None

    def pages(
        self,
        fetch: Fetch,
        cursor: str | None = None,
        since: datetime | None = None,
    ) -> Iterator[Page]:
        with fetch.get(
            self._address(), accept="application/json", conditional=True, expect="json"
        ) as answer:
            if answer.not_modified:
                yield Page(end=End(listing=Listing.WINDOW))
                return
            reader = Reader(identifier=entry_identifier, read=partial(record_from, site=answer.url))
            for part in slices(_items(answer), reader, cursor):
                yield Page(
                    records=part.records,
                    problems=part.problems,
                    cursor=None if part.last else part.bookmark,
                    end=End(listing=Listing.COMPLETE) if part.last else None,
                )

    def _address(self) -> str:
        """A site's front page stands for its `data.json`."""
        link = link_from(self.link)
        return link.joined(FILES[0]).url if link.url == link.joined("/").url else self.link


def _items(answer: Answer) -> Items:
    """The catalogue's entries. Raises `UnexpectedAnswer` when there is no list of objects."""
    for place in PLACES:
        if holds_objects(answer.items(place)):
            return partial(answer.items, place)
    whole = answer.json()
    if whole == [] or (isinstance(whole, dict) and whole.get("dataset") == []):
        return lambda: iter(())
    begins = shown(answer.head(200).decode("utf-8", "replace"))
    raise UnexpectedAnswer(
        problem("not_a_data_json", None, begins, severity=Severity.ERROR, url=answer.url)
    )
