"""The five levels of the Data Spectrum in their three bands, and what they are called.

Based on The Data Spectrum by The Open Data Institute, CC BY
(https://theodi.org/about-the-odi/the-data-spectrum/); definitions, examples and consequences are
in our own words. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from ckanext.emergent.msgid import N_

#: A state, not a sixth level: nobody has said yet. Never stored as a level.
UNCLASSIFIED = "unclassified"


class Band(str, Enum):
    """The three parts of the spectrum, in order."""

    CLOSED = "closed"
    SHARED = "shared"
    OPEN = "open"

    @property
    def label(self) -> str:
        """What the band is called, as a message id."""
        return BAND_NAMES[self]


@dataclass(frozen=True, slots=True)
class LevelText:
    """What a level is called and means, as message ids: translated where shown."""

    name: str
    definition: str
    example: str
    consequence: str


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

    @property
    def texts(self) -> LevelText:
        """The level's name, definition, example and consequence."""
        return LEVEL_TEXTS[self]


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

_ORDER = {level: place for place, level in enumerate(Level)}

#: What the bands are called.
BAND_NAMES: Mapping[Band, str] = MappingProxyType(
    {Band.CLOSED: N_("Closed"), Band.SHARED: N_("Shared"), Band.OPEN: N_("Open")}
)

LEVEL_TEXTS: Mapping[Level, LevelText] = MappingProxyType(
    {
        Level.INTERNAL: LevelText(
            N_("Internal access"),
            N_("Only people inside the organisation that holds the data may use it."),
            N_("A company's sales reports"),
            N_("Its record is public, the data is not: people see that it exists and whom to ask."),
        ),
        Level.NAMED: LevelText(
            N_("Named access"),
            N_("Only the people or organisations named in an agreement may use it."),
            N_("Driving licence records"),
            N_("There is no download: the record says how to ask, and who decides."),
        ),
        Level.GROUP: LevelText(
            N_("Group-based access"),
            N_("Only members of a group may use it, once they have signed in."),
            N_("Medical research data, for approved researchers"),
            N_("There is no open download: the record says which group, and how to join or apply."),
        ),
        Level.PUBLIC: LevelText(
            N_("Public access"),
            N_("Anyone can get it, but its terms limit what they may do with it."),
            N_("A social network's public feed"),
            N_("People can look at it at once, and must read the terms before they reuse it."),
        ),
        Level.OPEN: LevelText(
            N_("Open"),
            N_("Anyone can get it, use it and share it, under an open licence."),
            N_("Bus timetables"),
            N_("People can use it for anything, at most with credit and on the same terms."),
        ),
    }
)

_EU_ACCESS_RIGHT = "http://publications.europa.eu/resource/authority/access-right/"

#: Level -> the EU's access right (`dct:accessRights`). The vocabulary does not see licences:
#: `public` and `open` are the same to it, so that the licence must always be given too.
ACCESS_RIGHTS: Mapping[Level, str] = MappingProxyType(
    {
        Level.INTERNAL: f"{_EU_ACCESS_RIGHT}NON_PUBLIC",
        Level.NAMED: f"{_EU_ACCESS_RIGHT}RESTRICTED",
        Level.GROUP: f"{_EU_ACCESS_RIGHT}RESTRICTED",
        Level.PUBLIC: f"{_EU_ACCESS_RIGHT}PUBLIC",
        Level.OPEN: f"{_EU_ACCESS_RIGHT}PUBLIC",
    }
)

#: Levels whose data is not for anyone who asks.
RESTRICTED = frozenset({Level.INTERNAL, Level.NAMED, Level.GROUP})


def is_at_most(level: Level, ceiling: Level) -> bool:
    """Whether a level is as closed as another, or more."""
    return _ORDER[level] <= _ORDER[ceiling]
