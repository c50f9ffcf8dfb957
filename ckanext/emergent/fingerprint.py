"""A record's fingerprint: the same when, and only when, mapping it again would change nothing.

It covers the record, the mapping's version and the portal's rules, so that a better mapping
re-applies itself. Left out is what changes by itself (counts of views) and what is not order but
chance (the order of keywords).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, replace
from functools import cache, lru_cache
from typing import Any

from ckanext.emergent.reading.record import Record
from ckanext.emergent.rules import Rules

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
    said = json.dumps(_canonical(record), default=_members, separators=(",", ":"))
    digest = hashlib.sha256(_made_by(rules))
    digest.update(said.encode("ascii"))
    return digest.hexdigest()


def _canonical(record: Record) -> Record:
    extras = tuple(sorted(pair for pair in record.extras if pair[0] not in VOLATILE))
    return replace(
        record,
        problems=(),
        extras=extras,
        keywords=tuple(sorted(record.keywords)),
        themes=tuple(sorted(record.themes)),
        challenges=tuple(sorted(record.challenges)),
        languages=tuple(sorted(record.languages)),
    )


@lru_cache(maxsize=64)
def _made_by(rules: Rules) -> bytes:
    return json.dumps([MAPPING_VERSION, rules], default=_members).encode("ascii")


def _members(value: Any) -> dict[str, Any]:
    """A dataclass as JSON: the fields that have a value, so that a new field changes nothing."""
    named = ((name, getattr(value, name)) for name in _names(value.__class__))
    return {name: member for name, member in named if member is not None and member != ()}


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
