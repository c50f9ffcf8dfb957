"""What every tier shares; imports nothing from CKAN, so that the pure tier stays pure."""

from __future__ import annotations

import ipaddress
import os
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[3]
HERE = {"localhost", None, ""}

# A busy machine is no reason to fail. `dev/hub test` takes the quick one unless asked for all.
settings.register_profile("thorough", deadline=None)
settings.register_profile("quick", deadline=None, max_examples=20)
settings.load_profile("thorough")

# `dev/hub test` runs two processes: what is named CKAN_SOLR_URL_gw1 is the second one's.
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    for name in [name for name in os.environ if name.endswith(f"_{worker}")]:
        os.environ[name.removesuffix(f"_{worker}")] = os.environ[name]


@pytest.fixture(scope="session")
def shared_portals() -> Path:
    """Folder of what real portals sent; it lies beside the checkout and is no part of it."""
    folder = ROOT.parent / "shared" / "portals"
    if not folder.is_dir():
        pytest.skip("the real portals' payloads are not on this machine")
    return folder


@pytest.fixture(autouse=True)
def no_names_are_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections to other machines are refused by pytest-socket; this keeps DNS out as well."""
    look_up = socket.getaddrinfo

    def local_only(host: Any, *arguments: Any, **named: Any) -> Any:
        if host not in HERE and not is_address(host):
            raise RuntimeError(f"A test asked the network for the address of {host!r}.")
        return look_up(host, *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", local_only)


def is_address(host: Any) -> bool:
    try:
        ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host)
    except ValueError:
        return False
    return True
