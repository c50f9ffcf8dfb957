"""What every adapter must do, whatever it reads: a base class of tests.

    class TestContract(AdapterContract):
        adapter = EmergentIndex
        link = "/index.json"
        def portal(self, site): ...

A new adapter's test begins with such a class; what is peculiar to its format comes after it.
"""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest

from ckanext.emergent.problem_sentences import SENTENCES
from ckanext.emergent.reading.adapter import Adapter, Page
from ckanext.emergent.reading.adapters import ADAPTERS
from ckanext.emergent.reading.detect import detect
from ckanext.emergent.reading.errors import FatalError, ReadingError, UnexpectedAnswer
from ckanext.emergent.reading.record import Record
from ckanext.emergent.reading.unfolded import unfolded
from ckanext.emergent.tests.pure.reading.foreign import FOREIGN
from ckanext.emergent.tests.pure.reading.hostile import HOSTILE, is_harmless, spoiled
from ckanext.emergent.tests.servers import Reply, Web, json_reply, page_reply, serving
from ckanext.emergent.tests.visits import visitor

LINKS = frozenset({"url", "landing_page", "source_url", "copied_from"})


class AdapterContract:
    """A subclass names the adapter, a link to its portal, and builds that portal's answers."""

    adapter: ClassVar[type[Adapter]]
    #: The path that a person would paste.
    link: ClassVar[str]
    #: How many records the portal lists: enough for several pages.
    size: ClassVar[int] = 250
    #: Whether records come before all of the listing has been parsed.
    streamed: ClassVar[bool] = True
    #: Those of `FOREIGN` that are this family's own, whatever address they are at.
    own: ClassVar[frozenset[str]] = frozenset()

    def portal(self, site: str) -> dict[str, Any]:
        """Path → JSON of a healthy portal at `site` that lists `size` records."""
        raise NotImplementedError

    @contextmanager
    def served(self) -> Iterator[tuple[Web, Adapter]]:
        with serving({}) as web:
            answers = self.portal(web.url("").rstrip("/"))
            web.answers.update({path: json_reply(value) for path, value in answers.items()})
            found = detect(web.url(self.link), visitor())
            assert found.adapter == self.adapter.name
            assert found.link is not None
            web.requests.clear()
            yield web, self.adapter(found.link)

    @pytest.fixture(scope="class")
    @classmethod
    def pages(cls) -> list[Page]:
        """The whole portal, read once for all tests that only look at it."""
        with cls().served() as (_, adapter):
            return list(adapter.pages(visitor()))

    def test_it_is_listed_under_the_name_of_its_file(self):
        module = importlib.import_module(self.adapter.__module__)
        assert module.__name__.rpartition(".")[2] == self.adapter.name
        assert ADAPTERS[self.adapter.name] is self.adapter
        assert self.adapter.title

    def test_its_own_link_is_claimed_with_five_requests_at_most(self):
        with serving({}) as web:
            answers = self.portal(web.url("").rstrip("/"))
            web.answers.update({path: json_reply(value) for path, value in answers.items()})
            found = detect(web.url(self.link), visitor())
        assert found.adapter == self.adapter.name
        assert len(web.requests) <= 5

    @pytest.mark.parametrize("name", FOREIGN)
    def test_what_others_answer_is_not_claimed(self, name: str):
        with serving({}) as web:
            web.answers["/"] = FOREIGN[name]
            with visitor().get(web.url("/")) as answer:
                try:
                    claimed = self.adapter.recognise(web.url("/"), answer)
                except ReadingError:
                    claimed = None
        assert (claimed is None) is (name not in self.own)

    def test_records_are_frozen_and_have_identifier_and_title(self, pages: list[Page]):
        records = [record for page in pages for record in page.records]
        assert len(records) == self.size
        assert all(record.identifier and record.title for record in records)
        with pytest.raises(dataclasses.FrozenInstanceError):
            records[0].title = "another"

    def test_missing_is_none_and_never_an_empty_text(self, pages: list[Page]):
        texts = [text for page in pages for text in all_texts(page.records)]
        assert texts
        assert "" not in texts

    def test_pages_end_and_only_the_last_says_so(self, pages: list[Page]):
        assert len(pages) > 2
        assert [page.end is not None for page in pages] == [False] * (len(pages) - 1) + [True]

    def test_every_page_but_the_last_can_be_gone_on_from(self, pages: list[Page]):
        *before, last = pages
        assert all(page.cursor and len(page.cursor) <= 2000 for page in before)
        assert last.cursor is None

    def test_no_identifier_comes_twice(self, pages: list[Page]):
        identifiers = [record.identifier for page in pages for record in page.records]
        assert len(set(identifiers)) == len(identifiers)

    def test_the_same_portal_reads_the_same_twice(self):
        with self.served() as (_, adapter):
            assert list(adapter.pages(visitor())) == list(adapter.pages(visitor()))

    def test_going_on_from_every_cursor_yields_the_same_rest(self):
        with self.served() as (_, adapter):
            pages = list(adapter.pages(visitor()))
            for number, page in enumerate(pages[:-1], start=1):
                assert list(adapter.pages(visitor(), page.cursor)) == pages[number:]

    @pytest.mark.parametrize("cursor", ["", "x", "1-0", "99999999-00", "-1", "٣-ff", "." * 9])
    def test_a_cursor_that_means_nothing_starts_from_the_beginning(self, cursor: str):
        with self.served() as (_, adapter):
            first = next(iter(adapter.pages(visitor())))
            again = next(iter(adapter.pages(visitor(), cursor)))
        assert again.records == first.records

    def test_a_page_is_handed_over_before_the_whole_is_read(self):
        with self.served() as (_, adapter):
            first = next(iter(adapter.pages(visitor())))
        assert 0 < len(first.records) < self.size

    @pytest.mark.parametrize(
        "reply",
        [
            page_reply(),
            page_reply(status=404),
            page_reply(status=500),
            page_reply(status=403),
            Reply(body=b""),
            Reply(body=b"<?xml version='1.0'?><x/>"),
            Reply(body=b'{"error": "no"}', headers={"Content-Type": "application/json"}),
            Reply(body=b"[1, 2, 3]", headers={"Content-Type": "application/json"}),
            Reply(body=b'"gone"', headers={"Content-Type": "application/json"}),
        ],
        ids=["page", "404", "500", "403", "empty", "xml", "error", "numbers", "text"],
    )
    def test_an_error_page_raises(self, reply: Reply):
        with self.served() as (web, adapter):
            web.answers = dict.fromkeys(web.answers, reply)
            with pytest.raises(FatalError):
                list(adapter.pages(visitor(tries=1)))

    def test_a_listing_that_breaks_off_raises_after_what_was_read(self):
        pages: list[Page] = []
        with self.served() as (web, adapter):
            path = max(web.answers, key=lambda path: len(web.answers[path].body))
            whole = web.answers[path].body
            web.answers[path] = Reply(body=whole[: len(whole) // 2])
            with pytest.raises(UnexpectedAnswer):
                keep(pages, adapter.pages(visitor()))
        if self.streamed:
            assert sum(len(page.records) for page in pages) > self.size // 4
        assert all(page.end is None for page in pages)

    @pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
    def test_hostile_text_survives_and_does_no_harm(self, hostile: Any):
        with serving({}) as web:
            site = web.url("").rstrip("/")
            answers = self.portal(site)
            web.answers.update(
                {path: json_reply(spoiled(value, hostile)) for path, value in answers.items()}
            )
            pages = list(self.adapter(web.url(self.link)).pages(visitor()))
        records = [record for page in pages for record in page.records]
        assert records
        assert [text for text in all_texts(records) if not is_harmless(text)] == []
        assert [
            url for url in all_links(records) if not url.startswith(("http://", "https://"))
        ] == []

    def test_every_problem_has_a_sentence(self, pages: list[Page]):
        for page in pages:
            for told in [*page.problems, *(p for record in page.records for p in record.problems)]:
                assert told.code in SENTENCES


def keep(pages: list[Page], reading: Iterator[Page]) -> None:
    """Keep each page as soon as it comes, so that an error loses none."""
    for page in reading:
        pages.append(page)


def all_texts(records: Iterable[Record]) -> list[str]:
    """Every text of the records but those that are kept as received: licences and keys."""
    bare = (dataclasses.replace(record, licence=(), problems=()) for record in records)
    found = (pair for record in bare for pair in texts_in(unfolded(record)))
    return [text for key, text in found if key not in {"identifier", "scope"}]


def all_links(records: Iterable[Record]) -> list[str]:
    """Every text that stands where a link belongs."""
    found = (pair for record in records for pair in texts_in(unfolded(record)))
    return [text for key, text in found if key in LINKS]


def texts_in(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text in JSON values, with the name of the field that it is in."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from texts_in(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner, key)
