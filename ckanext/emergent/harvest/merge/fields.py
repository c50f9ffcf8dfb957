"""Rule by field: an edit made here stays, anything else follows the portal. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from ckanext.emergent.harvest.merge.sameness import plain, same


class Verdict(Enum):
    """What happens to one field."""

    AGREED = auto()
    ADOPT = auto()
    KEEP = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedFields:
    """Fields that take the portal's value, and fields in which an edit made here won.

    `withheld` holds every edited field with what was written before the edit: it stays the
    measure, so that the edit is still one at the next run.
    """

    adopted: Mapping[str, Any] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    withheld: Mapping[str, Any] = field(default_factory=dict)


def merge_fields(
    names: Iterable[str],
    written: Mapping[str, Any],
    shown: Mapping[str, Any],
    new: Mapping[str, Any],
    keep_fields: Collection[str] = (),
) -> MergedFields:
    """Merge the named fields; those in `keep_fields` never lose a value that they have."""
    adopted, kept, withheld = {}, [], {}
    for name in names:
        was, here, offered = written.get(name), shown.get(name), new.get(name)
        verdict = verdict_on(was, here, offered, protected=name in keep_fields)
        if verdict is Verdict.ADOPT:
            adopted[name] = offered
        elif verdict is Verdict.KEEP:
            withheld[name] = was
            if plain(was) is not None or plain(offered) is not None:
                kept.append(name)
    return MergedFields(adopted=adopted, kept=tuple(kept), withheld=withheld)


def verdict_on(was: Any, here: Any, offered: Any, *, protected: bool = False) -> Verdict:
    """Judge one field by what we wrote, what is here, and what the portal offers."""
    if same(offered, here):
        return Verdict.AGREED
    edited = not same(was, here)
    if edited or (protected and plain(here) is not None):
        return Verdict.KEEP
    return Verdict.ADOPT
