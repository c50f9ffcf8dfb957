"""`ckan emergent`: one group; the other plugins attach their commands to it."""

from __future__ import annotations

import sys
from collections import Counter

import click

from ckanext.emergent.telling import told

__all__ = ["emergent"]


@click.group(short_help="The Emergent data hub.")
def emergent() -> None:
    """Read links, classify datasets and run the Emergent data hub."""


@emergent.command()
@click.argument("link")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def detect(link: str, *, as_json: bool) -> None:
    """Say which family of portals LINK belongs to, and what was tried."""
    from ckanext.emergent.config import fetch_policy
    from ckanext.emergent.reading.command import run_detect

    sys.exit(run_detect(link, fetch_policy(), click.echo, as_json=as_json))


@emergent.command()
@click.argument("link")
@click.option("--adapter", metavar="A", help="Read it as this family, without looking.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def read(link: str, adapter: str | None, *, as_json: bool) -> None:
    """Write out the records of the portal at LINK as they are read. Nothing is saved.

    Ends with 0 when all is well, 1 when records have problems, 2 when it was not read to the end.
    """
    from ckanext.emergent.config import fetch_policy
    from ckanext.emergent.reading.command import run_read

    code = run_read(link, fetch_policy(), click.echo, _complain, adapter=adapter, as_json=as_json)
    sys.exit(code)


@emergent.command()
@click.option("--preview", is_flag=True, help="Only say what would be saved.")
@click.option(
    "--links-public",
    is_flag=True,
    help="Anyone can get what the records link to, unless they say otherwise: you vouch for it.",
)
def classify(*, preview: bool, links_public: bool) -> None:
    """Find levels of the Data Spectrum for the datasets that have none.

    A level is derived from what a record says about access and licence; access that nobody stated
    is not guessed, and the dataset stays unclassified. Ends with 0 when all is well, 1 when CKAN
    refused to save some.
    """
    from ckanext.emergent.classify import classify_catalogue

    counts: Counter[str] = Counter()
    refused = 0
    for one in classify_catalogue(links_public=links_public, preview=preview):
        level = one.found.level.value if one.found.level else "unclassified"
        click.echo(f"{one.name}  {level}  {told(one.found.reasons[0])}")
        if one.refused:
            refused += 1
            _complain(f"  not saved: {one.refused}")
        else:
            counts[level] += 1
    click.echo(", ".join(f"{count} {level}" for level, count in counts.items()) or "Nothing to do.")
    sys.exit(1 if refused else 0)


def _complain(line: str) -> None:
    click.echo(line, err=True)
