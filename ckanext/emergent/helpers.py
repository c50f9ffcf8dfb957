"""Template helpers, all named `emergent_*`."""

from __future__ import annotations

from typing import Any

from ckanext.emergent.spectrum_helpers import (
    emergent_spectrum_badge,
    emergent_spectrum_bands,
    emergent_spectrum_facet,
    emergent_spectrum_levels,
    emergent_spectrum_link,
)

__all__ = [
    "emergent_challenge_choices",
    "emergent_spectrum_badge",
    "emergent_spectrum_bands",
    "emergent_spectrum_facet",
    "emergent_spectrum_levels",
    "emergent_spectrum_link",
]

CHALLENGES = {
    "rail": "Rail Services",
    "aviation": "Aviation",
    "supply-chain": "Supply Chains",
    "aloha": "ALOHA: local and regional measures",
}


def emergent_challenge_choices(field: dict[str, Any]) -> list[dict[str, str]]:
    """The challenges that a dataset can name, as scheming's choices."""
    return [{"value": slug, "label": title} for slug, title in CHALLENGES.items()]
