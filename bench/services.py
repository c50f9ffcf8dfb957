"""The test services for a benchmark, as `dev/hub test` uses them: PostgreSQL, Redis and Solr.

    from services import with_services
    if __name__ == "__main__":
        sys.exit(with_services(__file__, main))

Started outside of the hub's virtual environment, a benchmark starts itself again inside, with the
services' addresses, while no test run uses them.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
INSIDE = "EMERGENT_BENCH_INSIDE"


def with_services(script: str, main: Callable[[], int]) -> int:
    """Run `main` where the services are, starting them and this script again if need be."""
    if INSIDE in os.environ:
        return main()
    sys.path.insert(0, str(ROOT / "dev"))
    from hubtools import data, environment, solr, tiers
    from hubtools.data import TEST, locked
    from hubtools.place import place_from

    place = place_from(os.environ)
    place.make_folders()
    environment.ensure(place)
    solr.fetch_jars(place)
    with (
        data.running(place) as services,
        locked(place.run / "test.lock", fcntl.LOCK_EX),
    ):
        tiers.make_database(place, services.database)
        command = [place.program("python"), script, *sys.argv[1:]]
        inside = {**os.environ, **services.variables(TEST), INSIDE: "1"}
        return subprocess.run(command, env=inside, cwd=ROOT, check=False).returncode  # noqa: S603 - our own
