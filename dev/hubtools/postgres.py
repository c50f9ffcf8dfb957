"""A private PostgreSQL: own data folder, own port, reached by TCP on 127.0.0.1 with a password."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from hubtools import process
from hubtools.database import ROLE
from hubtools.place import Memory, Place, digest_of, write_private
from hubtools.say import Failure
from hubtools.service import Service

#: Debian's package makes this user to run the server, which refuses to run as root.
USER = "postgres"
SHARED_FOLDER = Path("/var/tmp")  # noqa: S108 - guarded by is_ours()


def server_programs() -> Path | None:
    """Folder of the newest installed server; Debian keeps it out of PATH."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda folder: float(folder.parent.name), default=None)


def program(name: str) -> str:
    folder = server_programs()
    if folder is None:
        raise Failure("find PostgreSQL's server", "it is not installed", "run `dev/hub up`")
    return str(folder / name)


def as_owner(command: Sequence[str]) -> tuple[str, ...]:
    """The command, by the one who owns the data: ourselves, or root stepping down."""
    if os.geteuid() != 0:
        return tuple(command)
    return ("setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", *command)


def data_folder(place: Place) -> Path:
    """Where the data lies: in the hub's folder, or outside if the server's user cannot get in.

    A checkout below /root, or in a folder of mode 700, shuts that user out whatever the rights of
    the data folder itself. Then it goes to /var/tmp, under a name that belongs to this hub alone.
    """
    inside = place.home / "postgres"
    if (inside.is_dir() and not inside.is_symlink()) or may_enter(place.home):
        return inside
    return SHARED_FOLDER / f"emergent-hub-{digest_of(str(place.home))[:12]}"


def may_enter(folder: Path) -> bool:
    """Whether the owner of the data can go through the folder and all above it."""
    return subprocess.run(as_owner(["test", "-x", str(folder)]), cwd="/").returncode == 0


def is_ours(folder: Path) -> bool:
    """Anyone may make a folder in /var/tmp: one that is not the server's own is not trusted."""
    return folder.is_dir() and (os.geteuid() != 0 or folder.owner() == USER)


def make_data(place: Place, folder: Path, password: str) -> None:
    """Makes the cluster once; one that was interrupted is begun anew."""
    if is_ours(folder) and (folder / "made").exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    secret = folder / "password"
    write_private(secret, password)
    if os.geteuid() == 0:
        for path in (folder, secret):
            shutil.chown(path, USER, USER)
    command = (
        *(program("initdb"), "--pgdata", str(folder / "data"), "--username", ROLE),
        *("--pwfile", str(secret), "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"),
    )
    with place.log("postgres").open("ab") as log:
        done = subprocess.run(as_owner(command), cwd="/", stdout=log, stderr=log)
    secret.unlink()
    if done.returncode:
        raise Failure(
            "make the database cluster",
            f"initdb ended with code {done.returncode}",
            "read its log, then run the command again",
            place.log("postgres"),
        )
    (folder / "made").touch()


def remove_stale_lock(data: Path) -> None:
    """Removes the lock of a server that was killed.

    Its process id may be another program's by now, or a zombie that nobody collects: PostgreSQL
    would refuse to start. Its orphaned sessions, which work in the data folder, end by themselves
    and must be gone first.
    """
    if process.wait_until(lambda: not process.anyone_works_in(data), seconds=20):
        (data / "postmaster.pid").unlink(missing_ok=True)


def leave_a_link(place: Place, folder: Path) -> None:
    """Shows in the hub's folder where the data went, if it went outside."""
    link = place.home / "postgres"
    if folder != link and not link.exists():
        link.unlink(missing_ok=True)
        link.symlink_to(folder)


def service(place: Place, memory: Memory, port: int) -> Service:
    folder = data_folder(place)
    data = folder / "data"
    password = memory.secret("postgres")
    asked = [program("pg_isready"), "--quiet", "--host=127.0.0.1", f"--port={port}"]

    def prepare() -> None:
        make_data(place, folder, password)
        remove_stale_lock(data)
        leave_a_link(place, folder)

    return Service(
        name="postgres",
        title="PostgreSQL",
        port=port,
        # TCP only: a socket in a shared folder could meet another server's.
        command=as_owner(
            (
                *(program("postgres"), "-D", str(data), "-p", str(port)),
                *("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="),
                *("-c", "max_connections=60"),
            )
        ),
        log=place.log("postgres"),
        mark=f"-D {data} ",
        prepare=prepare,
        ready=lambda: subprocess.run(asked).returncode == 0,
        stop_signal=signal.SIGINT,  # "fast": ends the sessions instead of waiting for them
    )


def remove_data(place: Place) -> None:
    shutil.rmtree(data_folder(place), ignore_errors=True)
    (place.home / "postgres").unlink(missing_ok=True)
