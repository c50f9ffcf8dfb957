"""Actions on portals, runs and problems."""

from __future__ import annotations

__all__: list[str] = []
