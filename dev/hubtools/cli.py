"""The verbs of `dev/hub`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Sequence

from hubtools import checks, data, hub, system, tiers
from hubtools.data import HUB
from hubtools.place import Place, place_from
from hubtools.say import Failure, warn
from hubtools.signals import stopped_by_signals


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="dev/hub", description="Runs the Emergent hub and its tests.", allow_abbrev=False
    )
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    up = verbs.add_parser("up", help="run the hub until Ctrl-C; installs what is missing")
    up.add_argument("--port", type=int, help="port of the web server (5000, or the next free one)")
    up.add_argument(
        "--detach", action="store_true", help="return when it is ready; leave it running"
    )
    verbs.add_parser("down", help="stop the hub")
    verbs.add_parser("status", help="what runs, where, and its log")
    reset = verbs.add_parser("reset", help="delete the hub's data; keep what was installed")
    reset.add_argument("--yes", action="store_true", help="do not ask")
    verbs.add_parser("ckan", help="CKAN's own command: dev/hub ckan user list", add_help=False)
    test = verbs.add_parser("test", help="run the tests; other arguments go to pytest")
    test.add_argument("--all", action="store_true", help="the slow ones too: browser and faults")
    verbs.add_parser("check", help="format, lint, types, shell scripts")
    return top


def main(arguments: Sequence[str]) -> int:
    verb_first = arguments[:1] == ["ckan"]  # all that follows is CKAN's, its --help too
    options, rest = parser().parse_known_args(arguments[:1] if verb_first else arguments)
    if verb_first:
        rest = list(arguments[1:])
    elif rest and options.verb != "test":
        parser().error(f"{options.verb} does not know: {' '.join(rest)}")
    place = place_from(os.environ)
    place.make_folders()
    try:
        with stopped_by_signals():
            return run(place, options, rest)
    except Failure as failure:
        warn(f"\n{failure}")
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader, `head` perhaps, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def run(place: Place, options: argparse.Namespace, rest: list[str]) -> int:
    verbs: dict[str, Callable[[], int]] = {
        "up": lambda: hub.up(place, port=options.port, detach=options.detach),
        "down": lambda: hub.down(place),
        "status": lambda: hub.status(place),
        "reset": lambda: hub.reset(place, yes=options.yes),
        "ckan": lambda: ckan(place, rest),
        "test": lambda: test(place, rest, slow=options.all),
        "check": lambda: check(place),
    }
    return verbs[options.verb]()


def ckan(place: Place, arguments: Sequence[str]) -> int:
    """CKAN's command on the hub's data, which runs for as long as the command does."""
    if not place.ini.exists():
        raise Failure("run CKAN's command", "this hub was never started", "`dev/hub up` makes it")
    hub.install(place)
    with data.running(place) as services:
        return subprocess.run(
            [place.program("ckan"), "-c", str(place.ini), *arguments],
            env={**os.environ, **services.variables(HUB)},
        ).returncode


def test(place: Place, arguments: Sequence[str], *, slow: bool) -> int:
    hub.install(place)
    if slow:
        system.ensure(place, system.SLOW_TESTS)
    return tiers.run(place, arguments, slow=slow)


def check(place: Place) -> int:
    hub.install(place)
    system.ensure(place, system.CHECKS)
    return checks.run(place)
