"""`ckan emergent`: one group; the other plugins attach their commands to it."""

from __future__ import annotations

import click

__all__ = ["emergent"]


@click.group(short_help="The Emergent data hub.")
def emergent() -> None:
    """Read links, classify datasets and run the Emergent data hub."""
