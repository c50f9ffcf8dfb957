"""Look at a portal without CKAN: `python -m ckanext.emergent.reading detect|read LINK`."""

from __future__ import annotations

import argparse
import sys
from ipaddress import ip_network

from ckanext.emergent.reading.adapters import ADAPTERS
from ckanext.emergent.reading.command import run_detect, run_read
from ckanext.emergent.reading.network.policy import FetchPolicy


def main(arguments: list[str] | None = None) -> int:
    """Run one of the two commands; returns its exit code."""
    given = _parser().parse_args(arguments)
    policy = FetchPolicy(allowed_networks=tuple(given.allow))
    if given.command == "detect":
        return run_detect(given.link, policy, _say, as_json=given.json)
    return run_read(given.link, policy, _say, _complain, adapter=given.adapter, as_json=given.json)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ckanext.emergent.reading",
        description="Look at a portal as a hub would. Nothing is written anywhere.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    detect = commands.add_parser("detect", help="say which family of portals a link belongs to")
    read = commands.add_parser("read", help="write out the records that a portal has")
    read.add_argument("--adapter", choices=sorted(ADAPTERS), help="read it as this family")
    for command in (detect, read):
        command.add_argument("link", metavar="LINK", help="any link of the portal")
        command.add_argument("--json", action="store_true", help="one JSON object a line")
        command.add_argument(
            "--allow",
            metavar="NETWORK",
            type=ip_network,
            action="append",
            default=[],
            help="a private network that may be visited, for example 127.0.0.0/8",
        )
    return parser


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _complain(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stderr.close()
        sys.exit(0)
