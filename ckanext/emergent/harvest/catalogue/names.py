"""Names of new datasets, made once from their titles."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from ckan import model
from ckan.lib.munge import munge_title_to_name

_RESERVED = {"new", "edit", "search"}  # words of CKAN's own addresses
_FALLBACK = "dataset"
_AT_ONCE = 50
_LONGEST = model.PACKAGE_NAME_MAX_LENGTH


def free_names(titles: Sequence[str]) -> tuple[str, ...]:
    """For each title a name in ASCII that no dataset has, deleted ones included, each another."""
    stems = [_stem(title) for title in titles]
    taken = _RESERVED | _taken(stems)
    names: list[str] = []
    for stem in stems:
        name = stem if stem not in taken else _next_numbered(stem, taken)
        taken.add(name)
        names.append(name)
    return tuple(names)


def _stem(title: str) -> str:
    """A title in a script without ASCII letters leaves nothing, or only dashes."""
    name = munge_title_to_name(title).strip("-_")[: _LONGEST - 5].rstrip("-_")
    return name if len(name) >= model.PACKAGE_NAME_MIN_LENGTH else _FALLBACK


def _next_numbered(stem: str, taken: set[str]) -> str:
    """The first free of `stem-2`, `stem-3`, …; `taken` grows by what was asked for."""
    for start in itertools.count(2, _AT_ONCE):
        candidates = [_numbered(stem, number) for number in range(start, start + _AT_ONCE)]
        if not taken.issuperset(candidates):
            taken |= _taken(candidates)
        for candidate in candidates:
            if candidate not in taken:
                return candidate
    raise AssertionError("numbers do not end")


def _numbered(stem: str, number: int) -> str:
    suffix = f"-{number}"
    return stem[: _LONGEST - len(suffix)] + suffix


def _taken(names: Collection[str]) -> set[str]:
    column = model.package_table.c.name
    return set(model.Session.scalars(sa.select(column).where(column.in_(set(names)))))
