"""The CKAN site of the hub: its configuration, tables, administrator, assets and demo.

Each piece of work is done once, and again when what it depends on has changed: a second start is
quick.
"""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hubtools import ini
from hubtools.place import Memory, Place, digest, digest_of, write_private
from hubtools.say import Failure, step

ADMINISTRATOR = "admin"


@dataclass(frozen=True, slots=True)
class Site:
    place: Place
    memory: Memory
    #: Where people find the hub, and where the harvester finds the demo's portal.
    address: str
    demo_address: str

    def write_ini(self, settings: Mapping[str, str]) -> None:
        """Writes ckan.ini: the given settings, and what every hub has."""
        own = {
            "SECRET_KEY": self.memory.secret("ckan"),
            "ckan.site_url": self.address.rstrip("/"),
            # Browsers share cookies among the ports of one host: two hubs would log each other out.
            "SESSION_COOKIE_NAME": f"hub-{digest_of(self.address)[:8]}",
            "REMEMBER_COOKIE_NAME": f"hub-{digest_of(self.address)[:8]}-remember",
            "ckan.storage_path": str(self.place.storage),
        }
        write_private(self.place.ini, ini.render({**own, **settings}))

    def prepare(self) -> None:
        """All that must be there before the web server starts."""
        package = self.place.checkout / "ckanext" / "emergent"
        constraints = self.place.checkout / "dev" / "constraints.txt"
        assets = digest(constraints, *sorted(package.rglob("assets")))
        self.once("Make the tables", digest(*self.place.migrations), self.migrate)
        if not self.place.admin_password.exists():
            with step("Make the administrator"):
                self.make_administrator()
        self.once("Build the assets", assets, self.build_assets)

    def load_demo(self) -> None:
        """Members and their first harvest; the demo's portal must be up."""
        version = f"{digest(self.place.checkout / 'dev' / 'demo')} {self.demo_address}"
        self.once("Load the demo: its members and their first harvest", version, self.harvest_demo)

    def once(self, title: str, version: str, work: Callable[[], None]) -> None:
        """Does the work unless it was done for this very version."""
        if self.memory.get("stamps", title) != version:
            with step(title):
                work()
            self.memory.keep("stamps", title, version)

    def migrate(self) -> None:
        self.run("make the tables", [self.place.program("ckan"), "db", "upgrade"])

    def make_administrator(self) -> None:
        password = secrets.token_urlsafe(12)
        python = [self.place.program("python"), "-m", "hubtools.administrator"]
        command = [*python, str(self.place.ini), ADMINISTRATOR]
        self.run("make the administrator", command, given=password)
        write_private(self.place.admin_password, f"{password}\n")

    def build_assets(self) -> None:
        # Two web workers that find an empty folder would race for it.
        self.run("build the assets", [self.place.program("ckan"), "asset", "build"])

    def harvest_demo(self) -> None:
        script = str(self.place.checkout / "dev" / "demo" / "load.py")
        command = [self.place.program("python"), script, "--config", str(self.place.ini)]
        self.run("load the demo", [*command, "--demo-url", self.demo_address])

    def run(self, what: str, command: Sequence[str], *, given: str | None = None) -> None:
        log = self.place.log("site")
        with log.open("ab") as output:
            done = subprocess.run(
                command,
                input=None if given is None else given.encode(),
                stdin=subprocess.DEVNULL if given is None else None,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.place.home,
                env={**os.environ, **environment(self.place)},
            )
        if done.returncode:
            raise Failure(
                what,
                f"the command ended with code {done.returncode}",
                "read its log; `dev/hub up` tries again, `dev/hub reset` begins with empty data",
                log,
            )


def environment(place: Place) -> dict[str, str]:
    """What CKAN's programs need to find the hub, and Python these modules."""
    return {"CKAN_INI": str(place.ini), "PYTHONPATH": str(place.checkout / "dev")}
