"""A private PostgreSQL: own data folder, own port, reached by TCP on 127.0.0.1 with a password."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from hubtools.place import Memory, Place, write_private
from hubtools.process import as_user
from hubtools.say import Failure
from hubtools.service import Service

ROLE = "hub"


def binaries() -> Path | None:
    """Folder of the newest installed PostgreSQL server; Debian keeps it out of PATH."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda folder: float(folder.parent.name), default=None)


def owner() -> str | None:
    """PostgreSQL refuses to run as root: the user that Debian's package made runs it then."""
    return "postgres" if os.geteuid() == 0 else None


@dataclass(frozen=True, slots=True)
class Database:
    """One database on the private server."""

    name: str
    port: int
    password: str

    @property
    def url(self) -> str:
        return f"postgresql://{ROLE}:{self.password}@127.0.0.1:{self.port}/{self.name}"

    def sql(self, statement: str) -> str:
        """Runs a statement with psql, gives its output; raises :class:`Failure` with what PostgreSQL said."""
        done = subprocess.run(
            [
                *("psql", "--no-psqlrc", "--tuples-only", "--no-align", "--quiet", "--set=ON_ERROR_STOP=1"),
                *("--host=127.0.0.1", f"--port={self.port}", f"--username={ROLE}", f"--dbname={self.name}"),
                *("--command", statement),
            ],
            env={**os.environ, "PGPASSWORD": self.password, "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise Failure(
                f"ask the database {self.name}",
                done.stderr.strip(),
                "`dev/hub status` shows whether it runs",
            )
        return done.stdout.strip()

    def create(self, name: str) -> Database:
        """The database ``name`` on the same server, made if it is not there."""
        if not self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
            self.sql(f'CREATE DATABASE "{name}" ENCODING \'UTF8\' TEMPLATE template0')
        return Database(name, self.port, self.password)

    def drop(self, name: str) -> None:
        """Drops a database of the same server, with whoever is connected to it."""
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def data_folder(place: Place) -> Path:
    """Where the data lies: in the hub's folder, or outside when the server's user cannot get in there.

    A checkout below /root or in a folder of mode 700 shuts everybody else out, whatever the rights of the data
    folder itself; then it goes below /var/tmp, under a name that belongs to this hub alone.
    """
    inside = place.home / "postgres"
    user = owner()
    if user is None or inside.is_dir() and not inside.is_symlink() or may_enter(user, place.home):
        return inside
    digest = hashlib.sha256(str(place.home).encode()).hexdigest()[:12]
    return Path(f"/var/tmp/emergent-hub-{digest}")


def may_enter(user: str, folder: Path) -> bool:
    """Whether the user can go through the folder and all above it."""
    return subprocess.run(["test", "-x", str(folder)], cwd="/", **as_user(user)).returncode == 0


def make_data(place: Place, folder: Path, password: str) -> None:
    """Makes the cluster once; an initdb that was interrupted is begun anew."""
    user = owner()
    # Anyone may make a folder in /var/tmp: one that is not the server's own is not trusted.
    if (folder / "made").exists() and user in {None, folder.owner()}:
        return
    server = binaries()
    assert server is not None, "installed by hubtools.system"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    if user is not None:
        shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
    password_file = Path(f"{folder}.password")
    write_private(password_file, password)
    if user is not None:
        shutil.chown(password_file, user)
    command = [
        *(str(server / "initdb"), f"--pgdata={folder / 'data'}", f"--username={ROLE}"),
        *(f"--pwfile={password_file}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"),
    ]
    with place.log("postgres").open("ab") as log:
        done = subprocess.run(command, cwd="/", stdout=log, stderr=log, **as_user(user))
    password_file.unlink()
    if done.returncode:
        raise Failure("make the database cluster", "initdb failed", "read its log", place.log("postgres"))
    (folder / "made").touch()


def remember_outside(place: Place, folder: Path) -> None:
    """A link in the hub's folder shows where the data went."""
    link = place.home / "postgres"
    if folder != link and not link.exists():
        link.unlink(missing_ok=True)
        link.symlink_to(folder)


def service(place: Place, memory: Memory, port: int) -> Service:
    server = binaries()
    assert server is not None, "installed by hubtools.system"
    folder = data_folder(place)
    password = memory.secret("postgres")

    def prepare() -> None:
        make_data(place, folder, password)
        remember_outside(place, folder)

    def ready() -> bool:
        command = [str(server / "pg_isready"), "--quiet", "--host=127.0.0.1", f"--port={port}"]
        return subprocess.run(command).returncode == 0

    return Service(
        name="postgres",
        title="PostgreSQL",
        port=port,
        # TCP only: a socket in a shared folder could meet another server's.
        command=(
            *(str(server / "postgres"), "-D", str(folder / "data"), "-p", str(port)),
            *("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="),
            *("-c", "max_connections=60", "-c", "shared_buffers=128MB", "-c", "log_timezone=UTC"),
        ),
        log=place.log("postgres"),
        mark=f"-D {folder / 'data'} ",
        prepare=prepare,
        ready=ready,
        user=owner(),
        stop_signal=signal.SIGINT,  # "fast": ends the sessions instead of waiting for them
    )


def remove_data(place: Place) -> None:
    folder = data_folder(place)
    shutil.rmtree(folder, ignore_errors=True)
    (place.home / "postgres").unlink(missing_ok=True)
