"""Takes the texts of the schemas' YAML files into the translation catalogue.

Babel calls `extract` as babel.cfg says; scheming shows the same texts through gettext.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, BinaryIO

import yaml

#: Keys whose text a person reads.
_SHOWN = frozenset({"label", "help_text", "title", "repeating_label", "form_placeholder"})

_Message = tuple[int, str, str, list[str]]


def extract(
    file: BinaryIO,
    keywords: Collection[str],
    comment_tags: Collection[str],
    options: Mapping[str, Any],
) -> Iterator[_Message]:
    """Yield `(line, function, message, comments)` for every text of a schema, as Babel asks."""
    yield from _messages(yaml.compose(file))


def _messages(node: yaml.Node | None) -> Iterator[_Message]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _messages(item)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(value, yaml.ScalarNode):
                if key.value in _SHOWN:
                    yield value.start_mark.line + 1, "_", value.value, []
            else:
                yield from _messages(value)
