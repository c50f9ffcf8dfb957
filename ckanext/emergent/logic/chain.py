"""Chains around CKAN's own actions that keep what the API says about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
    from ckan.types import Action, ChainedAction
else:
    import ckantoolkit as tk


def chained(action: ChainedAction, around: Action) -> ChainedAction:
    """Mark an action as a chain around another one, under its name and with its documentation.

    CKAN hides a chained action behind a `functools.partial`, and copies to it what is in the
    chain's `__dict__`: there the docstring must be for `help_show` to find it.
    """
    action.__name__ = around.__name__
    action.__dict__["__doc__"] = around.__doc__
    if getattr(around, "side_effect_free", False):
        action = tk.side_effect_free(action)
    return tk.chained_action(action)
