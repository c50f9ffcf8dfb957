"""Actions, auth functions and validators of the `emergent` plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ckan.types import Action


def actions() -> dict[str, Action]:
    """Our own actions, and those of CKAN that we add to or filter."""
    from ckanext.emergent.logic import action, exits, warnings

    return {
        **{name: getattr(action, name) for name in action.__all__},
        **exits.exits(),
        **warnings.saving(),
    }
