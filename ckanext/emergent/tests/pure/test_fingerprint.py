"""A record's fingerprint changes when mapping it again would, and only then."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from ckanext.emergent.mapping import digest as module
from ckanext.emergent.mapping.digest import fingerprint
from ckanext.emergent.mapping.rules import Rules
from ckanext.emergent.problem import problem
from ckanext.emergent.reading.record import (
    Agent,
    Distribution,
    Link,
    LinkKind,
    Period,
    Place,
    Record,
    Reference,
    ResourceKind,
)
from ckanext.emergent.spectrum.access import Access
from ckanext.emergent.spectrum.level import Level

RECORD = Record(
    identifier="buses",
    scope="leeds",
    title="Bus stops",
    publisher=Agent(name="City"),
    keywords=("bus", "stop"),
    temporal=(Period(start="2020"),),
    spatial=(Place(text="Leeds"),),
    links=(Link(kind=LinkKind.STORY, url="https://example.org/story"),),
    references=(Reference(url="https://example.org/naptan"),),
    distributions=(Distribution(url="https://example.org/a.csv", kind=ResourceKind.DATA),),
    extras=(("views", "12"), ("ward", "3")),
)
RULES = Rules(portal_name="leeds")


def test_the_same_record_has_the_same_fingerprint() -> None:
    assert fingerprint(RECORD, RULES) == fingerprint(replace(RECORD), replace(RULES))


def test_a_fingerprint_is_the_same_in_every_process() -> None:
    """Were it not, each restart would write every dataset anew."""
    script = (
        "from ckanext.emergent.tests.pure.test_fingerprint import RECORD, RULES, fingerprint;"
        "print(fingerprint(RECORD, RULES))"
    )
    told = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONHASHSEED": "4711"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert told.stdout.strip() == fingerprint(RECORD, RULES)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Bus stops of Leeds"},
        {"description": "All of them"},
        {"scope": "bradford"},
        {"access": Access.GROUP},
        {"published": False},
        {"publisher": Agent(name="City", email="a@example.org")},
        {"keywords": ("bus",)},
        {"temporal": (Period(end="2020"),)},
        {"distributions": ()},
        {"distributions": (Distribution(url="https://example.org/a.csv", size=1),)},
        {"extras": (("ward", "4"),)},
        {"licence": ("CC-BY-4.0",)},
    ],
)
def test_a_change_of_the_record_changes_it(change: dict[str, Any]) -> None:
    assert fingerprint(replace(RECORD, **change), RULES) != fingerprint(RECORD, RULES)


@pytest.mark.parametrize(
    "change",
    [
        {"problems": (problem("text_padded", "title"),)},
        {"keywords": ("stop", "bus")},
        {"extras": (("ward", "3"), ("views", "13"))},
        {"extras": (("ward", "3"),)},
    ],
)
def test_what_does_not_change_the_dataset_does_not_change_it(change: dict[str, Any]) -> None:
    assert fingerprint(replace(RECORD, **change), RULES) == fingerprint(RECORD, RULES)


@pytest.mark.parametrize(
    "change",
    [
        {"owner_org": "city"},
        {"default_tags": ("leeds",)},
        {"ceiling": Level.PUBLIC},
        {"licences": (("cc-by", "approved"),)},
    ],
)
def test_a_change_of_the_portals_rules_changes_it(change: dict[str, Any]) -> None:
    assert fingerprint(RECORD, replace(RULES, **change)) != fingerprint(RECORD, RULES)


def test_a_better_mapping_changes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(RECORD, RULES)
    monkeypatch.setattr(module, "MAPPING_VERSION", module.MAPPING_VERSION + 1)
    module._made_by.cache_clear()
    after = fingerprint(RECORD, RULES)
    module._made_by.cache_clear()
    assert after != before


def test_values_cannot_pass_from_one_field_to_the_next() -> None:
    one = Record(identifier="a", title="b", description=None)
    other = Record(identifier="a", title=None, description="b")
    assert fingerprint(one, RULES) != fingerprint(other, RULES)
