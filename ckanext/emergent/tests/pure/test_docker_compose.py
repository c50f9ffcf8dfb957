"""docker-compose.yml, as the real docker-compose reads it; CI has no engine to start it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from typing import Any

import pytest

from ckanext.emergent.tests.conftest import ROOT


def compose_command() -> list[str] | None:
    if shutil.which("docker-compose"):
        return ["docker-compose"]
    if shutil.which("docker"):
        asked = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
        return ["docker", "compose"] if asked.returncode == 0 else None
    return None


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """What docker-compose understood, with nothing set in the environment."""
    command = compose_command()
    if command is None:
        pytest.skip("docker-compose is not on this machine; `dev/hub test --all` installs it")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    done = subprocess.run(
        [*command, "-f", "docker-compose.yml", "config"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return read_yaml(done.stdout)["services"]


def read_yaml(text: str) -> Any:
    yaml = pytest.importorskip("yaml")
    return yaml.safe_load(text)


def test_every_lasting_service_but_the_worker_has_a_health_check(services: dict[str, Any]) -> None:
    lasting = {name for name, service in services.items() if service.get("restart")}
    checked = {name for name, service in services.items() if service.get("healthcheck")}
    assert lasting - checked == {"worker"}


def test_only_the_web_server_can_be_reached_and_only_from_this_machine(
    services: dict[str, Any],
) -> None:
    open_ports = {
        name: service["ports"] for name, service in services.items() if "ports" in service
    }
    assert set(open_ports) == {"web"}
    assert "127.0.0.1" in json.dumps(open_ports)


def test_no_secret_is_written_in_the_file(services: dict[str, Any]) -> None:
    secret = re.compile("PASSWORD|SECRET|TOKEN", re.IGNORECASE)
    named = {
        name
        for service in services.values()
        for name in service.get("environment", {})
        if secret.search(name)
    }
    assert named == {"POSTGRES_PASSWORD_FILE"}


def test_all_data_is_in_named_volumes(services: dict[str, Any]) -> None:
    text = json.dumps([service.get("volumes", []) for service in services.values()])
    for volume in ("hub", "database", "database-password", "index", "queue"):
        assert f'"{volume}' in text


def test_web_and_worker_wait_until_the_site_is_prepared(services: dict[str, Any]) -> None:
    for name in ("web", "worker"):
        waits = services[name]["depends_on"]["prepare"]["condition"]
        assert waits == "service_completed_successfully"
