"""The README tells every command of `ckan emergent`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from ckanext.emergent.cli import emergent

README = (Path(__file__).parents[4] / "README.md").read_text(encoding="utf-8")


def paths_of(command: click.Command, *above: str) -> Iterator[str]:
    """The command's words, and those of the commands in it, as people type them."""
    words = (*above, command.name or "")
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from paths_of(inner, *words)
    else:
        yield " ".join(words)


@pytest.mark.usefixtures("with_plugins")
def test_every_command_is_told() -> None:
    commands = set(paths_of(emergent, "ckan"))
    assert "ckan emergent harvest" in commands
    assert {one for one in commands if not re.search(rf"{one}\b", README)} == set()
