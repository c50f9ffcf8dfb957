"""The README says what the code does: every setting, adapter, mapped field and action."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from ckanext.emergent.mapping.table import MAPPING, RESOURCE_MAPPING, Row
from ckanext.emergent.reading.detect import ADAPTERS

ROOT = Path(__file__).parents[4]
PACKAGE = ROOT / "ckanext" / "emergent"
README = (ROOT / "README.md").read_text(encoding="utf-8")


def rows_of_readme() -> set[tuple[str, ...]]:
    lines = (line for line in README.splitlines() if line.startswith("|"))
    return {tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines}


def settings() -> list[dict[str, object]]:
    found = []
    for declaration in sorted(PACKAGE.rglob("config_declaration.yaml")):
        declared = yaml.safe_load(declaration.read_text(encoding="utf-8"))
        found += [option for group in declared["groups"] for option in group["options"]]
    return found


@pytest.mark.parametrize("option", settings(), ids=lambda option: str(option["key"]))
def test_every_setting_is_told_as_it_is_declared(option: dict[str, object]) -> None:
    description = " ".join(str(option["description"]).split())
    told = {row[0]: row[2] for row in rows_of_readme() if len(row) == 3}
    assert told.get(f"`{option['key']}`") == description


def test_no_setting_is_told_that_does_not_exist() -> None:
    told = set(re.findall(r"`(ckanext\.emergent\.(?:fetch|harvest|hub)\.[a-z_]+)`", README))
    assert told <= {str(option["key"]) for option in settings()}


@pytest.mark.parametrize("row", [*MAPPING, *RESOURCE_MAPPING], ids=lambda row: row.dataset)
def test_every_mapped_field_is_told(row: Row) -> None:
    expected = (row.record or "–", f"`{row.dataset}`", row.term or "–", row.note)
    assert expected in rows_of_readme()


def test_the_listed_adapters_are_those_that_exist() -> None:
    section = README.split("### What is read")[1].split("###")[0]
    told = set(re.findall(r"^\| `([a-z_]+)` \|", section, re.MULTILINE))
    assert told == set(ADAPTERS)


def test_every_action_is_told() -> None:
    sources = [*PACKAGE.rglob("logic/action.py"), *PACKAGE.rglob("logic/action/*.py")]
    text = "\n".join(source.read_text(encoding="utf-8") for source in sources)
    actions = set(re.findall(r"^def (emergent_[a-z_]+)\(", text, re.MULTILINE))
    assert actions
    assert actions <= set(re.findall(r"`(emergent_[a-z_]+)`", README))


@pytest.mark.parametrize("target", re.findall(r"\]\(((?!https?:)[^)#]+)\)", README))
def test_every_linked_file_exists(target: str) -> None:
    assert (ROOT / target).exists()
