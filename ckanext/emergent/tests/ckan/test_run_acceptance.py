"""The real payloads of real portals, through the whole harvester."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ckan.tests import helpers

from ckanext.emergent.harvest.model import RunState
from ckanext.emergent.tests.ckan.harvesting import a_portal, harvest
from ckanext.emergent.tests.servers import Web, json_reply, serving

pytestmark = [
    pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins"),
    pytest.mark.ckan_config("ckanext.emergent.fetch.allowed_networks", "127.0.0.0/8"),
    pytest.mark.ckan_config("ckanext.emergent.fetch.pace", "0"),
]


@pytest.fixture
def indexes(shared_portals: Path) -> dict[str, Any]:
    folder = shared_portals / "emergent-index"
    return {
        "odi-leeds": json.loads((folder / "odi-leeds-organisation-index.json").read_text()),
        "public": json.loads((folder / "public-organisation-index.json").read_text()),
    }


@pytest.fixture
def web(indexes: dict[str, Any]) -> Iterator[Web]:
    """The central index of 2020 and its two organisations."""
    with serving({}) as server:
        server.answers["/index.json"] = json_reply(
            {
                "odi-leeds": {"author": "ODI Leeds", "index": server.url("/odi-leeds.json")},
                "public": {"author": "Public", "index": server.url("/public.json")},
            }
        )
        for key, index in indexes.items():
            server.answers[f"/{key}.json"] = json_reply(index)
        yield server


@pytest.fixture
def portal(web: Web) -> str:
    return a_portal(web.url("/index.json"))


class TestEmergentIndex:
    def test_all_21_records_arrive(self, portal: str) -> None:
        done = harvest(portal)

        assert done.state is RunState.FINISHED
        assert done.outcomes == {"created": 21}
        assert helpers.call_action("package_search", rows=0)["count"] == 21
