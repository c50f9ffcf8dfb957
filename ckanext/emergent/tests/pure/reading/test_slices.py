from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ckanext.emergent.problem import problem
from ckanext.emergent.reading.errors import UnexpectedAnswer
from ckanext.emergent.reading.record import Record
from ckanext.emergent.reading.slices import Reader, Slice, slices

READER = Reader(
    identifier=lambda item: item.get("id"), read=lambda item, name: Record(identifier=name)
)


def listing(*names: str) -> list[Any]:
    return [{"id": name} for name in names]


def read(items: list[Any], bookmark: str | None = None, size: int = 2) -> list[Slice]:
    return list(slices(lambda: iter(items), READER, bookmark, size))


def names(parts: list[Slice]) -> list[list[str]]:
    return [[record.identifier for record in part.records] for part in parts]


def test_a_list_comes_in_slices_and_the_last_says_so():
    parts = read(listing(*"abcde"))
    assert names(parts) == [["a", "b"], ["c", "d"], ["e"]]
    assert [part.last for part in parts] == [False, False, True]


@pytest.mark.parametrize("text", ["", "ab"])
def test_the_last_slice_is_last_even_where_the_list_ends_with_it(text: str):
    assert [part.last for part in read(listing(*text))] == [True]


def test_a_bookmark_goes_on_where_it_was_put():
    parts = read(listing(*"abcde"))
    assert read(listing(*"abcde"), parts[0].bookmark) == parts[1:]


def test_a_list_that_grew_at_its_end_goes_on():
    bookmark = read(listing(*"abc"))[0].bookmark
    assert names(read(listing(*"abcde"), bookmark)) == [["c", "d"], ["e"]]


@pytest.mark.parametrize("changed", ["xabcde", "bacde", "bcde", "a", ""])
def test_a_list_that_changed_at_its_front_is_read_from_its_start(changed: str):
    bookmark = read(listing(*"abcde"))[0].bookmark
    parts = read(listing(*changed), bookmark)
    assert [name for part in names(parts) for name in part] == list(changed)
    assert [told.code for told in parts[0].problems] == ["listing_changed"]


def test_an_identifier_that_comes_again_after_a_bookmark_is_known():
    bookmark = read(listing(*"abca"))[0].bookmark
    (rest,) = read(listing(*"abca"), bookmark)
    assert names([rest]) == [["c"]]
    assert [told.code for told in rest.problems] == ["identifier_repeated"]


def test_what_came_before_a_break_is_handed_over():
    def broken() -> Iterator[Any]:
        yield from listing(*"abc")
        raise UnexpectedAnswer(problem("answer_truncated"))

    reading = slices(broken, READER, None, 2)
    parts = [next(reading), next(reading)]
    assert names(parts) == [["a", "b"], ["c"]]
    assert not any(part.last for part in parts)
    with pytest.raises(UnexpectedAnswer):
        next(reading)
