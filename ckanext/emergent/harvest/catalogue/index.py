"""The search index: documents as CKAN makes them, posted many at a time.

What Solr refuses is found by halving. What cannot be posted, because Solr is down, is not an
error of any dataset: it stays noted in `emergent_index_debt` until `repair` has indexed it.
"""

from __future__ import annotations

import hashlib
import logging
import re
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ckan.lib.search.index as ckan_index
import pysolr
from ckan.common import config
from ckan.lib.search.common import make_connection

log = logging.getLogger(__name__)

_SLICE = 100
_PAGE = 1000
_REFUSED = re.compile(r"\(HTTP 400\)")


class IndexUnavailableError(Exception):
    """Solr did not answer, or not as Solr: nothing is known about the documents."""


@dataclass(frozen=True, slots=True)
class Document:
    """What the index shall hold for one dataset; `body` None takes the dataset out."""

    dataset_id: str
    body: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What the index keeps of a dataset for `package_show`, and the last edit it knows of."""

    edited: str
    shown: str


class _Collector:
    """Stands where CKAN's index code expects a Solr connection, and keeps the document."""

    def __init__(self) -> None:
        self.body: dict[str, Any] | None = None

    def add(self, docs: list[dict[str, Any]], **_commit: bool) -> None:
        (self.body,) = docs


class _CollectingIndex(ckan_index.PackageSearchIndex):
    """CKAN's own document for a dataset, handed over instead of posted.

    `index_package` opens its connection by a name of its module. Bound to a copy of that
    module's names in which the connection is ours, the same code runs unchanged, and CKAN's
    module stays as it is.
    """

    def __init__(self) -> None:
        super().__init__()
        self.collector = _Collector()
        original = ckan_index.PackageSearchIndex.index_package
        names = {**original.__globals__, "make_connection": lambda: self.collector}
        collecting = types.FunctionType(
            original.__code__, names, original.__name__, original.__defaults__
        )
        self.index_package = types.MethodType(collecting, self)  # type: ignore[method-assign]

    def delete_package(self, pkg_dict: dict[str, Any]) -> None:
        """A deleted dataset has no document, unless the site says otherwise."""
        del pkg_dict
        self.collector.body = None


def document(plain: dict[str, Any], shown: dict[str, Any]) -> Document:
    """Make a dataset's Solr document by CKAN's own code and every plugin's hooks.

    `plain` is the dataset under CKAN's default schema, `shown` under its own.
    """
    index = _CollectingIndex()
    index.index_package({**plain, "with_custom_schema": shown})
    return Document(plain["id"], index.collector.body)


class Index:
    """One connection to Solr."""

    def __init__(self) -> None:
        self._solr = make_connection(decode_dates=False)

    def post(self, documents: Sequence[Document]) -> dict[str, str]:
        """Post documents without committing; dataset id -> reason of those that are refused.

        Raises `IndexUnavailableError`. Of a refused POST some documents are taken and some not, so
        that all of it is posted again, in halves.
        """
        added = [d.body for d in documents if d.body is not None]
        gone = [_index_id(d.dataset_id) for d in documents if d.body is None]
        refused: dict[str, str] = {}
        for start in range(0, len(added), _SLICE):
            refused |= self._add(added[start : start + _SLICE])
        if gone:
            self._call("delete", id=gone, commit=False)
        return refused

    def commit(self) -> None:
        """Make what was posted visible, unless the site leaves commits to Solr itself."""
        if config.get("ckan.search.solr_commit"):
            self._call("commit")

    def kept(self, ids: Sequence[str]) -> dict[str, Kept]:
        """Dataset id -> what the index keeps of it. Raises `IndexUnavailableError`."""
        found: dict[str, Kept] = {}
        for start in range(0, len(ids), _SLICE):
            some = ids[start : start + _SLICE]
            docs = self._select(
                [f"{{!terms f=id}}{','.join(some)}"],
                fl="id,metadata_modified,validated_data_dict",
                rows=len(some),
            ).docs
            found |= {doc["id"]: _kept(doc) for doc in docs if "validated_data_dict" in doc}
        return found

    def moments(self) -> Iterator[tuple[str, str]]:
        """(id, moment of the last edit) of each active dataset in the index, page by page."""
        cursor, before = "*", None
        while cursor != before:
            page = self._select(
                ["+state:active"],
                fl="id,metadata_modified",
                rows=_PAGE,
                sort="index_id asc",
                cursorMark=cursor,
            )
            for doc in page.docs:
                yield doc["id"], _from_solr(doc["metadata_modified"])
            cursor, before = page.nextCursorMark, cursor

    def _select(self, filters: list[str], **parameters: Any) -> Any:
        ours = f'+site_id:"{config.get("ckan.site_id")}" +entity_type:package'
        try:
            return self._call("search", q="*:*", fq=[ours, *filters], **parameters)
        except pysolr.SolrError as error:
            raise IndexUnavailableError(_reason(error)) from error

    def _add(self, bodies: list[dict[str, Any]]) -> dict[str, str]:
        try:
            self._call("add", docs=bodies, commit=False)
        except pysolr.SolrError as error:
            if len(bodies) == 1:
                return {bodies[0]["id"]: _reason(error)}
            middle = len(bodies) // 2
            return self._add(bodies[:middle]) | self._add(bodies[middle:])
        return {}

    def _call(self, name: str, **arguments: Any) -> Any:
        """Call Solr; a `SolrError` that passes through means refused, not unreachable."""
        try:
            return getattr(self._solr, name)(**arguments)
        except pysolr.SolrError as error:
            if _REFUSED.search(str(error)):
                raise
            raise IndexUnavailableError(_reason(error)) from error
        except OSError as error:
            raise IndexUnavailableError(str(error)) from error


def moment(edited: datetime) -> str:
    """A dataset's last edit as the index knows it, to the millisecond."""
    return edited.isoformat(timespec="milliseconds")


def _from_solr(text: str) -> str:
    """Solr leaves out zeros at the end: `2024-01-01T00:00:00.5Z`."""
    seconds, _, fraction = text.rstrip("Z").partition(".")
    return f"{seconds}.{fraction[:3]:0<3}"


def _kept(doc: Mapping[str, str]) -> Kept:
    return Kept(_from_solr(doc["metadata_modified"]), doc["validated_data_dict"])


def _reason(error: Exception) -> str:
    text = str(error)
    found = re.search(r"\[Reason: (.*?)\]?$", text, re.DOTALL)
    return found.group(1) if found else text


def _index_id(dataset_id: str) -> str:
    """The key of a dataset's document, made as in `PackageSearchIndex.index_package`."""
    return hashlib.md5(
        f"{dataset_id}{config.get('ckan.site_id')}".encode(), usedforsecurity=False
    ).hexdigest()
