"""Template helpers, all named `emergent_*`."""

from __future__ import annotations

from typing import Any

__all__ = ["emergent_challenge_choices"]

CHALLENGES = {
    "rail": "Rail Services",
    "aviation": "Aviation",
    "supply-chain": "Supply Chains",
    "aloha": "ALOHA: local and regional measures",
}


def emergent_challenge_choices(field: dict[str, Any]) -> list[dict[str, str]]:
    """The challenges that a dataset can name, as scheming's choices."""
    return [{"value": slug, "label": title} for slug, title in CHALLENGES.items()]
