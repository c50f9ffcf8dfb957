"""A record's fingerprint: the same when, and only when, mapping it again would change nothing.

It covers the record, the mapping's version and the portal's rules, so that a better mapping
re-applies itself. Left out is what changes by itself (counts of views) and what is not order but
chance (the order of keywords).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any

from ckanext.emergent.mapping.rules import Rules
from ckanext.emergent.reading.record import Record

#: Raise it with every change of the mapping that alters datasets: all are mapped again.
MAPPING_VERSION = 1

#: Extras that change without anybody changing the record.
VOLATILE = frozenset(
    {
        "downloads",
        "harvested_at",
        "page_views",
        "processed_at",
        "recent_views",
        "tracking_summary",
        "views",
    }
)


def fingerprint(record: Record, rules: Rules) -> str:
    """SHA-256, in hexadecimal, of what the dataset is made from."""
    digest = hashlib.sha256(_made_by(rules))
    digest.update(_ENCODER.encode(_canonical(record)).encode("ascii"))
    return digest.hexdigest()


#: Lists whose order says nothing, and what does not make the dataset.
_UNORDERED = ("keywords", "themes", "challenges", "languages")
_LEFT_OUT = ("problems", "extras", *_UNORDERED)

_sets_of = attrgetter(*_UNORDERED)
_rest_of = attrgetter(*(one.name for one in fields(Record) if one.name not in _LEFT_OUT))


def _canonical(record: Record) -> list[Any]:
    extras = [pair for pair in record.extras if pair[0] not in VOLATILE]
    return [_rest_of(record), [sorted(values) for values in _sets_of(record)], sorted(extras)]


@lru_cache(maxsize=64)
def _made_by(rules: Rules) -> bytes:
    return _ENCODER.encode([MAPPING_VERSION, rules]).encode("ascii")


def _members(value: Any) -> Any:
    """A dataclass inside a record, for JSON: its values in the order of its fields."""
    return _getter(value.__class__)(value)


@cache
def _getter(kind: Any) -> attrgetter[Any]:
    return attrgetter(*(one.name for one in fields(kind)))


_ENCODER = json.JSONEncoder(default=_members, separators=(",", ":"))
