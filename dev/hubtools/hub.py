"""The verbs that run the hub: up, down, status, reset."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from typing import NoReturn

from hubtools import data, environment, ini, postgres, process, solr, system
from hubtools.data import HUB, locked
from hubtools.place import Memory, Place
from hubtools.ports import Ports
from hubtools.process import Process, Records, began_at
from hubtools.programs import programs
from hubtools.say import Failure, line, step, warn
from hubtools.service import Service
from hubtools.site import ADMINISTRATOR, Site
from hubtools.supervisor import supervise

#: Records of the process that keeps the hub running: from its first moment, and when all is ready.
KEEPER, READY = "hub", "ready"
PROGRAMS = ("web", "worker", "demo")


def install(place: Place) -> None:
    """Everything that must be on the machine before anything can start."""
    with locked(place.run / "install.lock", fcntl.LOCK_EX, waiting=say_installing):
        system.ensure(place, system.HUB)
        environment.ensure(place)
        solr.fetch_jars(place)


def say_installing() -> None:
    line("· Another dev/hub is installing; waiting for its end")


def up(place: Place, *, port: int | None, detach: bool) -> int:
    if Records(place.run).living(KEEPER):
        return already_up(place, port)
    install(place)
    return detached(place, port) if detach else keep_up(place, port)


def already_up(place: Place, port: int | None) -> int:
    ready = Records(place.run).living(READY) is not None
    kept = Memory(place).get("ports", "web")
    if port is not None and str(port) != kept:
        raise Failure(
            f"start on port {port}", f"the hub already runs on port {kept}", "`dev/hub down` first"
        )
    line(
        "The hub is already running."
        if ready
        else "The hub is starting; `dev/hub status` shows how far it is."
    )
    if ready:
        announce(place)
    return 0


def announce(place: Place) -> None:
    password = place.admin_password.read_text().strip()
    line(f"\n  The hub:        http://127.0.0.1:{Memory(place).get('ports', 'web')}/")
    line(f"  Administrator:  {ADMINISTRATOR}, password {password}\n")


def keep_up(place: Place, port: int | None) -> int:
    """Starts everything, stays until Ctrl-C or a signal, stops everything."""
    records = Records(place.run)
    with locked(place.run / "hub.lock", fcntl.LOCK_EX):
        records.keep(KEEPER, itself())
        try:
            serve(place, port, records)
        except KeyboardInterrupt:
            line("· The hub is stopped")
        finally:
            records.forget(READY)
            records.forget(KEEPER)
    return 0


def serve(place: Place, port: int | None, records: Records) -> NoReturn:
    stop_programs(records)  # of a hub whose keeper was killed; they may run older code
    memory = Memory(place)
    with data.running(place) as services, Ports(memory, place.home).held() as ports:
        port, demo = ports.choose("web", wanted=port), ports.choose("demo")
        site = Site(place, memory, f"http://127.0.0.1:{port}/", f"http://127.0.0.1:{demo}/")
        site.write_ini({**services.settings(HUB), **ini.DEMO_ON_THIS_MACHINE})
        site.prepare()
        try:
            portal, *others = programs(site, port, demo)
            started = start_programs((portal,), ports, records)
            # Before anybody can look: the hub page keeps its counts for a minute.
            load_demo(site)
            started += start_programs(tuple(others), ports, records)
            records.keep(READY, itself())
            announce(place)
            supervise((*services.services, *started), records)
        finally:
            with step("Stop the hub"):
                stop_programs(records)


def start_programs(
    wanted: tuple[Service, ...], ports: Ports, records: Records
) -> tuple[Service, ...]:
    for program in wanted:
        ports.release(program.name)
        with step(f"Start {program.title}"):
            program.wait(program.start(records))
    return wanted


def load_demo(site: Site) -> None:
    """A hub without its demo is still a hub: what failed is said, and tried at the next start."""
    try:
        site.load_demo()
    except Failure as failure:
        warn(f"\n{failure}\n  The hub runs without it.")


def itself() -> Process:
    return Process(os.getpid(), began_at(os.getpid()) or 0)


def detached(place: Place, port: int | None) -> int:
    """Starts `dev/hub up` in a session of its own and shows what it says until it is ready."""
    log = place.log("hub")
    log.unlink(missing_ok=True)
    command = [sys.executable, str(place.checkout / "dev" / "hub"), "up"]
    child = process.start(
        [*command, *(("--port", str(port)) if port else ())],
        log=log,
        environment={"HUB_HOME": str(place.home)},
    )
    records = Records(place.run)
    with log.open() as said:
        while child.alive and records.living(READY) != child:
            process.wait_until(lambda: not child.alive or records.living(READY) == child, 0.5)
            print(said.read(), end="", flush=True)
        print(said.read(), end="", flush=True)
    return 0 if child.alive else 1


def down(place: Place) -> int:
    records = Records(place.run)
    keeper = records.living(KEEPER)
    if keeper is not None:
        with step("Stop the hub"):
            keeper.end(seconds=90)
    left = stop_programs(records)
    left = data.stop_unused(place) or left
    line("The hub is stopped." if keeper or left else "The hub was not running.")
    return 0


def stop_programs(records: Records) -> bool:
    """Stops the web server, the worker and the demo's portal; whether any was running."""
    running = [(name, records.living(name)) for name in PROGRAMS]
    for name, found in running:
        if found is not None:
            found.end()
        records.forget(name)
    return any(found for _, found in running)


def status(place: Place) -> int:
    """One line a service; 0 when the whole hub is up, 3 when it is not."""
    records, memory = Records(place.run), Memory(place)
    line(f"{'':10}{'state':10}{'port':>6}{'pid':>9}  log")
    for name in (*data.MAKERS, *reversed(PROGRAMS)):
        found = records.living(name)
        port = memory.get("ports", name) or ""
        state, pid = ("running", str(found.pid)) if found else ("stopped", "")
        line(f"{name:10}{state:10}{port:>6}{pid:>9}  {place.log(name)}")
    if not records.living(READY):
        line("\nThe hub is starting." if records.living(KEEPER) else "\nThe hub is not running.")
        return 3
    announce(place)
    return 0


def reset(place: Place, *, yes: bool) -> int:
    """Deletes what the hub knows; what was installed stays."""
    if not yes and not agreed(place):
        line("Nothing was changed.")
        return 1
    down(place)
    with (
        locked(place.run / "data.lock", fcntl.LOCK_EX, waiting=say_waiting),
        step("Delete the hub's data"),
    ):
        postgres.remove_data(place)
        solr.remove_data(place)
        for folder in (place.home / "redis", place.storage):
            shutil.rmtree(folder, ignore_errors=True)
        for file in (place.ini, place.admin_password):
            file.unlink(missing_ok=True)
        Memory(place).forget("stamps")
    return 0


def agreed(place: Place) -> bool:
    if not sys.stdin.isatty():
        raise Failure(
            "reset the hub", "nobody is there to be asked", "`dev/hub reset --yes` if you mean it"
        )
    said = input(
        f"This deletes all datasets, users and uploads of the hub in {place.home}.\n"
        "Type yes to go on: "
    )
    return said.strip().lower() == "yes"


def say_waiting() -> None:
    line("· A test run uses the services; waiting for its end")
