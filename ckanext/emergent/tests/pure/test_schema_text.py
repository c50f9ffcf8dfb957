"""Every text of the schemas can be translated."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ckanext.emergent.schema_text import extract

SCHEMAS = Path(__file__).parents[2] / "schemas"


@pytest.mark.parametrize("name", ["dataset.yaml", "organization.yaml", "presets.yaml"])
def test_labels_and_help_are_collected(name: str) -> None:
    with (SCHEMAS / name).open("rb") as file:
        collected = {message for _, _, message, _ in extract(file, (), (), {})}
    assert set(_texts(yaml.safe_load((SCHEMAS / name).read_text("utf-8")))) <= collected


def _texts(node: object) -> list[str]:
    if isinstance(node, list):
        return [text for item in node for text in _texts(item)]
    if not isinstance(node, dict):
        return []
    own = [node[key] for key in ("label", "help_text") if isinstance(node.get(key), str)]
    return own + [text for value in node.values() for text in _texts(value)]
