"""DataPress: Data Mill North, the London Datastore, Barnet, Calderdale and others.

One JSON list holds the whole catalogue (https://datapress.com/docs/api/dataset-export/), the
newest form of it first: `/api/v3/datasets/export.json`, `/api/datasets/export.json`,
`/api/v2/datasets/export.json`. One request a run; crawling and the site's imitation of CKAN's API
are of no use: it ignores what it is asked. There is no filter and no paging.

**Identity** is the 5-character `id`, which never changes; the slug follows the title.

**Access.** `sharing` is `public`, or the record is not public. With a key the export holds private
records too: of those only the identifier is read, so that one that was public is known to have
been withdrawn. An export without the word says nothing, and what says nothing is not published.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ckanext.emergent.problem import Severity, problem
from ckanext.emergent.reading.adapter import Adapter, Capability, End, Listing, Page
from ckanext.emergent.reading.entries.datapress import entry_identifier, record_from
from ckanext.emergent.reading.errors import UnexpectedAnswer
from ckanext.emergent.reading.network.link import link_from
from ckanext.emergent.reading.received.shown import shown
from ckanext.emergent.reading.slices import Items, Reader, holds_objects, slices

if TYPE_CHECKING:
    from ckanext.emergent.reading.network.fetch import Answer, Fetch

EXPORTS = (
    "/api/v3/datasets/export.json",
    "/api/datasets/export.json",
    "/api/v2/datasets/export.json",
)
#: An Emergent index has `id` and `sharing` as well, but no page of its own for each dataset.
OF_A_PAGE = ("webpage", "slug", "canonical")


class DataPress(Adapter):
    """Reads a site, from its address, or one export, from the address of the file."""

    name = "datapress"
    title = "DataPress"
    capabilities = Capability.CONDITIONAL
    also_answers_as = frozenset({"ckan", "dcat_us"})
    hints = ("datapress", "dp-prose")
    rarity = 5

    @classmethod
    def probes(cls, link: str) -> tuple[str, ...]:
        return tuple(link_from(link).joined(export).url for export in EXPORTS)

    @classmethod
    def recognise(cls, link: str, answer: Answer) -> str | None:  # noqa: ARG003 - it is told by the answer
        first = next(answer.items(), None)
        if not isinstance(first, dict) or not {"id", "sharing"} <= first.keys():
            return None
        if not any(first.get(key) for key in OF_A_PAGE):
            return None
        answered = link_from(answer.url)
        is_export = any(answered.joined(export).url == answered.url for export in EXPORTS)
        return answered.joined("/").url if is_export else answer.asked

    def pages(
        self,
        fetch: Fetch,
        cursor: str | None = None,
        since: datetime | None = None,
    ) -> Iterator[Page]:
        with self._export(fetch) as answer:
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

    def _export(self, fetch: Fetch) -> Answer:
        """The newest export that the site has. Raises what the first one raised if it has none."""
        failure: UnexpectedAnswer | None = None
        for address in self._addresses():
            answer = None
            try:
                answer = fetch.get(
                    address, accept="application/json", conditional=True, expect="json"
                )
                if not answer.not_modified:
                    _items(answer)
            except UnexpectedAnswer as error:
                if answer is not None:
                    answer.close()
                if error.problem.code == "portal_forbids":
                    raise
                failure = failure or error
            else:
                return answer
        assert failure is not None  # noqa: S101 - there is at least one address
        raise failure

    def _addresses(self) -> tuple[str, ...]:
        is_file = urlsplit(self.link).path.endswith(".json")
        return (self.link,) if is_file else self.probes(self.link)


def _items(answer: Answer) -> Items:
    """The records of an export. Raises `UnexpectedAnswer` when it is no list of objects."""
    if holds_objects(answer.items()) or answer.json() == []:
        return answer.items
    begins = shown(answer.head(200).decode("utf-8", "replace"))
    raise UnexpectedAnswer(
        problem("not_a_datapress_export", None, begins, severity=Severity.ERROR, url=answer.url)
    )
