"""Settings of the harvester, one typed getter each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
else:
    import ckantoolkit as tk

_PREFIX = "ckanext.emergent.harvest."


def batch_size() -> int:
    """How many records are written together, at least 1."""
    return max(1, int(tk.config[_PREFIX + "batch_size"]))


def lease_seconds() -> int:
    """After how many seconds of silence a run has lost its worker."""
    return int(tk.config[_PREFIX + "lease_seconds"])


def grace_runs() -> int:
    """In how many complete listings a record is absent before it is retired."""
    return int(tk.config[_PREFIX + "grace_runs"])


def grace_days() -> int:
    """After how many days of absence a record is retired, however few listings were read."""
    return int(tk.config[_PREFIX + "grace_days"])


def hold_percent() -> int:
    """The share of vanished records, in percent, above which a run is held."""
    return int(tk.config[_PREFIX + "hold_percent"])


def hold_at_least() -> int:
    """The number of vanished records up to which a run is never held."""
    return int(tk.config[_PREFIX + "hold_at_least"])


def history_runs() -> int:
    """How many finished runs of each portal are kept."""
    return int(tk.config[_PREFIX + "history_runs"])


def plain_writes() -> bool:
    """Whether each dataset is written by CKAN's own actions, one by one."""
    return bool(tk.asbool(tk.config[_PREFIX + "plain_writes"]))
