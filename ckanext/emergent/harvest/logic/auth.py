"""Who may see and change portals and runs."""

from __future__ import annotations

__all__: list[str] = []
