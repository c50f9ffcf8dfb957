"""The virtual environment: made once, renewed when setup.cfg or the constraints change."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from hubtools.place import Place, digest
from hubtools.say import Failure, step

SOURCES = ("setup.cfg", "dev/constraints.txt")


def wanted_stamp(place: Place) -> str:
    """What the environment depends on: when it differs, install again."""
    python = ".".join(str(part) for part in sys.version_info[:2])
    return f"{place.checkout} {python} {digest(*(place.checkout / name for name in SOURCES))}"


def ensure(place: Place) -> None:
    stamp = place.venv / ".installed"
    wanted = wanted_stamp(place)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    log = place.log("pip")
    log.unlink(missing_ok=True)
    if not (place.venv / "bin" / "pip").exists():
        with step("Make the virtual environment"):
            run([sys.executable, "-m", "venv", "--clear", str(place.venv)], log)
    with step("Install CKAN and what the hub needs (about two minutes the first time)"):
        pip = [place.program("python"), "-m", "pip", "--disable-pip-version-check"]
        constraints = str(place.checkout / "dev" / "constraints.txt")
        run(
            [*pip, "install", "--editable", f"{place.checkout}[dev]", "--constraint", constraints],
            log,
        )
    stamp.write_text(wanted)


def run(command: list[str], log: Path) -> None:
    with log.open("ab") as output:
        done = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT)
    if done.returncode:
        raise Failure(
            "install the Python packages",
            f"{Path(command[0]).name} ended with code {done.returncode}",
            "check the network and read the log; the next run goes on from here",
            log,
        )
