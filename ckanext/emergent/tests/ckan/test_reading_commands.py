"""`ckan emergent detect|read`: the commands of `ckanext.emergent.reading`, with CKAN's settings."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from ckanext.emergent.cli import emergent
from ckanext.emergent.tests.servers import json_reply, serving

INDEX = {
    "version": "1.0",
    "datasets": [{"id": "a", "title": "A", "sharing": "public", "createdAt": "11-05-2020"}],
}
LOOPBACK = pytest.mark.ckan_config("ckanext.emergent.fetch.allowed_networks", "127.0.0.0/8")

pytestmark = pytest.mark.usefixtures("with_plugins")


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(emergent, arguments)


@LOOPBACK
def test_detect_names_the_family() -> None:
    with serving({"/": json_reply(INDEX)}) as web:
        done = invoke("detect", web.url("/"), "--json")
        assert done.exit_code == 0
        assert json.loads(done.stdout)["adapter"] == "emergent_index"


@LOOPBACK
def test_read_writes_a_record_a_line_and_ends_with_one_for_problems() -> None:
    with serving({"/": json_reply(INDEX)}) as web:
        done = invoke("read", web.url("/"), "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["identifier"] == "a"


@LOOPBACK
def test_an_unknown_family_is_told_with_those_that_are_known() -> None:
    done = invoke("read", "http://127.0.0.1/", "--adapter", "fortran")
    assert done.exit_code == 2
    assert "datapress" in done.stderr


def test_a_private_network_is_not_visited_unless_the_settings_allow_it() -> None:
    with serving({"/": json_reply(INDEX)}) as web:
        assert invoke("detect", web.url("/")).exit_code == 2
        assert web.asked == []
