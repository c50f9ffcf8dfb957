"""PostgreSQL, Redis and Solr together: the last one who uses them stops them.

The hub and a test run share the three services, each with its own database, Redis number and core.
Every user holds a shared lock for as long as it needs them; who can take the lock alone is the last
one. The kernel drops the locks of a killed process, so a crash leaves nothing to clean up.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hubtools import postgres, redis, solr
from hubtools.database import Database
from hubtools.place import Memory, Place
from hubtools.ports import Ports
from hubtools.process import Process, Records
from hubtools.say import step
from hubtools.service import Service

#: Who is served, by database, Redis number and Solr core.
HUB = ("hub", 0)
#: The tests run in two processes, which must not see each other's rows.
TESTS = (("test", 1), ("test-2", 2))
#: See CONFIG_FROM_ENV_VARS in ckan/config/environment.py.
VARIABLES = {
    "sqlalchemy.url": "CKAN_SQLALCHEMY_URL",
    "ckan.redis.url": "CKAN_REDIS_URL",
    "solr_url": "CKAN_SOLR_URL",
}
MAKERS: dict[str, Callable[[Place, Memory, int], Service]] = {
    "postgres": postgres.service,
    "redis": redis.service,
    "solr": solr.service,
}


@dataclass(frozen=True, slots=True)
class Data:
    """The three services, running, and the addresses that CKAN needs."""

    services: tuple[Service, ...]
    database: Database
    redis_password: str

    def port(self, name: str) -> int:
        return next(service.port or 0 for service in self.services if service.name == name)

    def settings(self, user: tuple[str, int]) -> dict[str, str]:
        """CKAN's settings that say where the hub, or the tests, find the three."""
        name, number = user
        return {
            "sqlalchemy.url": self.database.create(name).url,
            "ckan.redis.url": redis.url(self.port("redis"), self.redis_password, number),
            "solr_url": solr.url(self.port("solr"), name),
        }

    def variables(self, user: tuple[str, int]) -> dict[str, str]:
        """The same as environment variables, which win over an ini file."""
        return {VARIABLES[name]: value for name, value in self.settings(user).items()}


@contextmanager
def running(place: Place) -> Iterator[Data]:
    """The three services for the time of the block, started if they do not run."""
    memory, records = Memory(place), Records(place.run)
    with locked(place.run / "data.lock", fcntl.LOCK_SH) as lock:
        try:
            with locked(place.run / "start.lock", fcntl.LOCK_EX):
                services = start_missing(place, memory, records)
            server = next(service for service in services if service.name == "postgres")
            database = Database("postgres", server.port or 0, memory.secret("postgres"))
            yield Data(services, database, memory.secret("redis"))
        finally:
            stop_if_last(lock, records)


def start_missing(place: Place, memory: Memory, records: Records) -> tuple[Service, ...]:
    """The three, on the ports they run on already, or on held ones that they take over."""
    with Ports(memory, place.home).held() as ports:
        services = tuple(
            make(place, memory, port_of(name, ports, records)) for name, make in MAKERS.items()
        )
        missing = [service for service in services if not service.running(records)]
        if missing:
            with step("Start " + ", ".join(service.title for service in missing)):
                start_together(missing, ports, records)
    return services


def port_of(name: str, ports: Ports, records: Records) -> int:
    kept = ports.kept(name)
    return kept if kept and records.living(name) else ports.choose(name)


def start_together(missing: list[Service], ports: Ports, records: Records) -> None:
    """Starts them at the same time and waits for each."""

    def bring_up(service: Service) -> None:
        ports.release(service.name)
        service.wait(service.start(records))

    with ThreadPoolExecutor(len(missing)) as pool:
        for done in [pool.submit(bring_up, service) for service in missing]:
            done.result()


def stop_if_last(lock: int, records: Records) -> bool:
    """Stops what runs unless somebody else uses it; whether anything was stopped."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    found = [process for name in MAKERS if (process := records.living(name))]
    with ThreadPoolExecutor(len(MAKERS)) as pool:
        list(pool.map(Process.end, found))
    for name in MAKERS:
        records.forget(name)
    return bool(found)


def stop_unused(place: Place) -> bool:
    """Stops the services that a killed hub has left."""
    with locked(place.run / "data.lock", fcntl.LOCK_SH) as lock:
        return stop_if_last(lock, Records(place.run))


@contextmanager
def locked(file: Path, how: int, waiting: Callable[[], None] | None = None) -> Iterator[int]:
    """Holds a lock on the file; calls ``waiting`` once if somebody else has it."""
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if waiting is not None:
                waiting()
            fcntl.flock(handle, how)
        yield handle
    finally:
        os.close(handle)
