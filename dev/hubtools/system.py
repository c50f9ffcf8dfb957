"""Programs and libraries of the machine: apt installs what is missing, and nothing else."""

from __future__ import annotations

import ctypes.util
import importlib.util
import os
import shutil
import subprocess
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hubtools import postgres, redis
from hubtools.place import Place
from hubtools.say import Failure, step, warn

#: Debian's postgresql package makes a cluster and starts it, and again at each boot. This setting,
#: which the package's scripts read, keeps it from that. It stays for the time of the
#: installation only.
NO_CLUSTER = Path("/etc/postgresql-common/createcluster.d/emergent-hub.conf")


@dataclass(frozen=True, slots=True)
class Need:
    """Something the machine must have, and the Debian packages that bring it."""

    what: str
    present: Callable[[], bool]
    packages: tuple[str, ...]


def has_program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def has_compose() -> bool:
    """As a program of its own or as a part of Docker's."""
    if shutil.which("docker-compose"):
        return True
    return (
        shutil.which("docker") is not None
        and subprocess.run(["docker", "compose", "version"], capture_output=True).returncode == 0
    )


#: To run the hub.
HUB = (
    Need("PostgreSQL's server", lambda: postgres.server_programs() is not None, ("postgresql",)),
    Need("PostgreSQL's client", has_program("psql"), ("postgresql-client",)),
    Need("Redis", lambda: redis.program() is not None, ("redis-tools",)),
    Need("Java with its compiler", has_program("javac"), ("default-jdk-headless",)),
    Need("Maven", has_program("mvn"), ("maven",)),
    Need("a C compiler", has_program("gcc", "cc"), ("gcc", "libc6-dev")),
    Need("PostgreSQL's C library", has_program("pg_config"), ("libpq-dev",)),
    Need(
        "Python's C headers",
        lambda: Path(sysconfig.get_paths()["include"], "Python.h").exists(),
        ("python3-dev",),
    ),
    Need(
        "Python's venv",
        lambda: importlib.util.find_spec("ensurepip") is not None,
        ("python3-venv",),
    ),
    Need("libmagic", lambda: ctypes.util.find_library("magic") is not None, ("libmagic1",)),
)
#: For the slow tiers of the tests.
SLOW_TESTS = (
    Need("Chromium", has_program("chromium", "chromium-browser", "google-chrome"), ("chromium",)),
    Need("docker-compose", has_compose, ("docker-compose",)),
)
#: For `dev/hub check`.
CHECKS = (Need("shellcheck", has_program("shellcheck"), ("shellcheck",)),)


def missing(needs: Iterable[Need]) -> tuple[Need, ...]:
    return tuple(need for need in needs if not need.present())


def ensure(place: Place, needs: Iterable[Need]) -> None:
    """Installs what is missing; asks nothing and changes nothing when all is there."""
    lacking = missing(needs)
    if not lacking:
        return
    packages = [package for need in lacking for package in need.packages]
    what = ", ".join(need.what for need in lacking)
    as_root = root_command(packages, what)
    with step(f"Install {what}"), without_cluster(as_root):
        apt(place, [*as_root, "apt-get", "update"])
        apt(
            place,
            [
                *(*as_root, "env", "DEBIAN_FRONTEND=noninteractive"),
                *("apt-get", "install", "--yes", "--no-install-recommends", *packages),
            ],
        )
    still = missing(needs)
    if still:
        raise Failure(
            "install what is missing",
            f"{', '.join(need.what for need in still)}: not found after apt had installed it",
            "install it by hand; dev/hub looks for it in PATH",
        )


def root_command(packages: Iterable[str], what: str) -> list[str]:
    """What to put before a command that root must run."""
    if shutil.which("apt-get") is None:
        raise Failure(
            "install what is missing", "this is no Debian or Ubuntu", f"install {what} by hand"
        )
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        raise Failure(
            "install what is missing",
            "only root may install packages, and there is no sudo",
            f"as root: apt-get install {' '.join(packages)}",
        )
    warn("  sudo may ask for your password.")
    return ["sudo"]


def apt(place: Place, command: list[str]) -> None:
    with place.log("apt").open("ab") as log:
        done = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT)
    if done.returncode:
        raise Failure(
            "install what is missing",
            f"`{' '.join(command)}` ended with code {done.returncode}",
            "read its log, mend what it says, and run the command again",
            place.log("apt"),
        )


@contextmanager
def without_cluster(as_root: list[str]) -> Iterator[None]:
    """Keeps Debian's PostgreSQL package from making and starting a cluster of its own."""
    if NO_CLUSTER.exists():
        yield
        return
    subprocess.run([*as_root, "mkdir", "-p", str(NO_CLUSTER.parent)], check=True)
    text = "create_main_cluster = false\n"
    tee = [*as_root, "tee", str(NO_CLUSTER)]
    subprocess.run(tee, input=text, text=True, stdout=subprocess.DEVNULL, check=True)
    try:
        yield
    finally:
        subprocess.run([*as_root, "rm", "-f", str(NO_CLUSTER)], check=True)
