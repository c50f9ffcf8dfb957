"""Every hostile value in every place of an answer, one at a time: what an adapter must survive."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from ckanext.emergent.reading.adapter import Page
from ckanext.emergent.reading.errors import FatalError
from ckanext.emergent.tests.pure.reading.hostile import HOSTILE
from ckanext.emergent.tests.pure.reading.test_hostile import check, check_mapped, places


def spoilt_one_by_one(whole: Any) -> Iterator[Any]:
    """The answer with one of its places filled with a hostile value, for each of both."""
    for way in places(whole):
        for hostile in HOSTILE:
            if not way:
                yield copy.deepcopy(hostile)
                continue
            other = copy.deepcopy(whole)
            parent = other
            for key in way[:-1]:
                parent = parent[key]
            parent[way[-1]] = copy.deepcopy(hostile)
            yield other


def survives(whole: Any, read: Callable[[Any], list[Page]]) -> int:
    """How many of those answers were read; each without an exception but ours, and without harm."""
    count = 0
    for spoilt in spoilt_one_by_one(whole):
        try:
            pages = read(spoilt)
        except FatalError:
            continue
        count += 1
        for record in check(pages):
            if record.published:
                check_mapped(record)
    return count
