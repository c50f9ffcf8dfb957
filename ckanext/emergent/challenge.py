"""The Alliance's challenges, and recognising one that a portal names. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from ckanext.emergent.msgid import N_

#: Slug -> title, a message id. The four of 2020 (odileeds/emer2gent-data, challenges.json); a hub
#: adds its own in the settings.
CHALLENGES: Mapping[str, str] = MappingProxyType(
    {
        "rail": N_("Rail Services"),
        "aviation": N_("Aviation"),
        "supply-chain": N_("Supply Chains"),
        "aloha": N_("ALOHA: local and regional measures"),
    }
)


def challenge_from(stated: str, known: Mapping[str, str] = CHALLENGES) -> str | None:
    """The slug of the challenge that is named by its slug or its title, ignoring case."""
    wanted = _bare(stated)
    for slug, title in known.items():
        if wanted in {_bare(slug), _bare(title), _bare(title.split(":", 1)[0])}:
            return slug
    return None


@lru_cache(maxsize=1024)
def _bare(text: str) -> str:
    """Lower case without blanks, hyphens and a plural: `Supply Chains` is `supply-chain`."""
    return "".join(text.casefold().replace("-", " ").replace("_", " ").split()).removesuffix("s")
