"""How the spectrum is shown: template helpers about levels, bands and badges, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckanext.emergent.spectrum import UNCLASSIFIED, Level

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
else:
    import ckantoolkit as tk

__all__ = [
    "emergent_spectrum_badge",
    "emergent_spectrum_bands",
    "emergent_spectrum_facet",
    "emergent_spectrum_levels",
    "emergent_spectrum_link",
]


def emergent_spectrum_levels() -> list[dict[str, str]]:
    """The five levels in order: `level`, `name`, `band`, `band_name`, `definition`, `example`,
    `consequence`, all but the two slugs in the reader's language.
    """
    return [_level(level) for level in Level]


def emergent_spectrum_bands(levels: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Levels, each with at least `band` and `band_name`, grouped by band, in their order.

    Each group is `band` (slug), `name` and `levels`.
    """
    groups: dict[str, dict[str, Any]] = {}
    for level in levels:
        group = {"band": level["band"], "name": level["band_name"], "levels": []}
        groups.setdefault(level["band"], group)["levels"].append(level)
    return list(groups.values())


def emergent_spectrum_badge(level: str | None) -> dict[str, Any]:
    """What a badge says: `band` (slug or `unclassified`), `words`, `definition`, and `scale`,
    five booleans of which at most one, the dataset's place, is true.
    """
    known = _known(level)
    scale = [known is here for here in Level]
    if known is None:
        return {
            "band": UNCLASSIFIED,
            "words": tk._("Unclassified"),
            "definition": tk._("Nobody has said yet who may use this. Ask before you do."),
            "scale": scale,
        }
    shown = _level(known)
    return {
        "band": shown["band"],
        "words": _words(shown),
        "definition": shown["definition"],
        "scale": scale,
    }


def emergent_spectrum_facet(
    name: str, search_facets: dict[str, Any] | None
) -> list[dict[str, Any]]:
    """The filter's items in spectrum order: `name`, `words`, `band`, `active`, `count`.

    `count` is `None` where the search did not count that level, since another one is chosen.
    Levels that no dataset has are left out, and so is *unclassified*.
    """
    counts = _counts(name, search_facets)
    chosen = set(tk.request.args.getlist(name))
    slugs = [level.value for level in Level] + [UNCLASSIFIED]
    return [_facet_item(slug, counts, chosen) for slug in slugs if slug in counts or chosen]


def emergent_spectrum_link(level: str | None) -> str:
    """Where a level is explained."""
    known = _known(level)
    anchor = known.value if known else UNCLASSIFIED
    return tk.h.url_for("emergent.spectrum", _anchor=anchor)


def _known(level: str | None) -> Level | None:
    try:
        return Level(level)
    except ValueError:
        return None


def _level(level: Level) -> dict[str, str]:
    return {
        "level": level.value,
        "name": tk._(level.texts.name),
        "band": level.band.value,
        "band_name": tk._(level.band.label),
        "definition": tk._(level.texts.definition),
        "example": tk._(level.texts.example),
        "consequence": tk._(level.texts.consequence),
    }


def _words(shown: dict[str, str]) -> str:
    if shown["name"] == shown["band_name"]:
        return shown["name"]
    return tk._("{band} · {level}").format(band=shown["band_name"], level=shown["name"])


def _counts(name: str, search_facets: dict[str, Any] | None) -> dict[str, int]:
    items = ((search_facets or {}).get(name) or {}).get("items", [])
    return {item["name"]: item["count"] for item in items}


def _facet_item(slug: str, counts: dict[str, int], chosen: set[str]) -> dict[str, Any]:
    badge = emergent_spectrum_badge(slug)
    return {
        "name": slug,
        "words": badge["words"],
        "band": badge["band"],
        "active": slug in chosen,
        "count": counts.get(slug),
    }
