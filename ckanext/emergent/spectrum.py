"""The Data Spectrum: five levels in three bands, and reading a level from evidence.

The level is the more restrictive of two axes: who can get the data, and what the licence allows
(the project's domain notes, section 3). Pure: knows no CKAN, no portal and no sentence about a
problem, only codes. Based on The Data Spectrum by The Open Data Institute, CC BY
(https://theodi.org/about-the-odi/the-data-spectrum/); definitions and examples are our own words.
"""

from __future__ import annotations

from enum import Enum

from ckanext.emergent.access import Access, access_from

__all__ = ["UNCLASSIFIED", "Access", "Band", "Basis", "Level", "access_from"]

#: A state, not a sixth level: nobody has said yet. Never stored as a level.
UNCLASSIFIED = "unclassified"


class Band(str, Enum):
    """The three parts of the spectrum, in order."""

    CLOSED = "closed"
    SHARED = "shared"
    OPEN = "open"


class Level(str, Enum):
    """The five levels, from the most closed to the open one; show and sort them in this order."""

    INTERNAL = "internal"
    NAMED = "named"
    GROUP = "group"
    PUBLIC = "public"
    OPEN = "open"

    @property
    def band(self) -> Band:
        """The part of the spectrum that the level belongs to; `public` is shared, not open."""
        return _BANDS[self]


class Basis(str, Enum):
    """How a level was found: a person declared it, or it was derived from what was received."""

    DECLARED = "declared"
    DERIVED = "derived"


_BANDS = {
    Level.INTERNAL: Band.CLOSED,
    Level.NAMED: Band.SHARED,
    Level.GROUP: Band.SHARED,
    Level.PUBLIC: Band.SHARED,
    Level.OPEN: Band.OPEN,
}
