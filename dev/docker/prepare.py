"""Prepares the hub of docker-compose.yml, before its web server and worker start.

``prepare.py secrets`` makes the database's password, ``prepare.py site`` all the rest. Both do only
what is not done yet, so that `docker compose up` is one command, the first time and every time.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

from hubtools.place import CHECKOUT, Memory, Place, write_private
from hubtools.say import Failure
from hubtools.site import ADMINISTRATOR, Site

PLACE = Place(CHECKOUT, Path("/var/lib/hub"), venv=Path("/usr/local"))
#: In a volume of its own: the database's container need not see the hub's other secrets.
DATABASE_PASSWORD = Path("/var/lib/hub-database/password")
DEMO = "demo"


def make_secrets() -> None:
    if not DATABASE_PASSWORD.exists():
        write_private(DATABASE_PASSWORD, Memory(PLACE).secret("postgres"))


def prepare_site() -> None:
    PLACE.make_folders()
    address = os.environ["HUB_SITE_URL"] or f"http://localhost:{os.environ['HUB_PORT']}/"
    site = Site(PLACE, Memory(PLACE), address, f"http://{DEMO}:8000/")
    password = DATABASE_PASSWORD.read_text()
    site.write_ini(
        {
            "sqlalchemy.url": f"postgresql://hub:{password}@db/hub",
            "solr_url": "http://solr:8983/solr/ckan",
            "ckan.redis.url": "redis://redis:6379/0",
            # The demo's portal, and nothing else of the network that the containers share.
            "ckanext.emergent.fetch.allowed_networks": f"{socket.gethostbyname(DEMO)}/32",
        }
    )
    site.prepare()
    site.load_demo()
    print(f"The hub: {site.address}")
    print(f"Administrator: {ADMINISTRATOR}, password {PLACE.admin_password.read_text().strip()}")


if __name__ == "__main__":
    try:
        {"secrets": make_secrets, "site": prepare_site}[sys.argv[1]]()
    except Failure as failure:
        sys.exit(f"{failure}")
