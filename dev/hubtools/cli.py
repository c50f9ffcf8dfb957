"""The verbs of `dev/hub`."""

from __future__ import annotations

import argparse
import os
import subprocess
from collections.abc import Sequence

from hubtools import data, environment, solr, tiers
from hubtools.data import HUB
from hubtools.place import Place, place_from
from hubtools.say import Failure, warn


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="dev/hub", description="Runs the Emergent hub and its tests.", allow_abbrev=False
    )
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    test = verbs.add_parser("test", help="run the tests", add_help=False, allow_abbrev=False)
    test.add_argument("--all", action="store_true", help="the slow tiers too: browser and faults")
    ckan = verbs.add_parser("ckan", help="CKAN's own command", add_help=False, prefix_chars="\0")
    ckan.add_argument("arguments", nargs="*")
    return top


def main(arguments: Sequence[str]) -> int:
    options, rest = parser().parse_known_args(arguments)
    place = place_from(os.environ)
    place.make_folders()
    try:
        return VERBS[options.verb](place, options, rest)
    except Failure as failure:
        warn(f"\n{failure}")
        return 1


def test(place: Place, options: argparse.Namespace, rest: list[str]) -> int:
    environment.ensure(place)
    solr.fetch_jars(place)
    return tiers.run(place, rest, slow=options.all)


VERBS = {"test": test}
