"""The table of licences, `licences.yaml`, read once and spelt out.

Comparison is by whole phrases of words (`words_of`) and whole addresses (`address_key`): never by
distance, never by beginning, for `CC-BY-NC-SA` is not `CC-BY`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import yaml


class Conformance(str, Enum):
    """What the Open Definition says of a licence, or why it cannot be asked.

    `approved`: open for data. `not_approved`: rejected, not reviewed or absent there. `software`:
    a licence for programs. `unrecognised`: stated, but not in the table. `unstated`: nothing said.
    """

    APPROVED = "approved"
    NOT_APPROVED = "not_approved"
    SOFTWARE = "software"
    UNRECOGNISED = "unrecognised"
    UNSTATED = "unstated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """One licence, in one version where the spelling tells it.

    `key` is the SPDX id where there is one (`spdx`), `ckan` the id in CKAN's default register.
    `generic` stands for any licence of a kind and names no terms. `family` is shared by the
    versions of one licence; `versioned` is false where the spelling left the version open.
    """

    key: str
    title: str
    conformance: Conformance
    spdx: str | None = None
    ckan: str | None = None
    url: str | None = None
    limits: tuple[str, ...] = ()
    generic: bool = False
    family: str | None = None
    versioned: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Every spelling: whole statements (`ids`), names inside a text, addresses; and the fillers."""

    ids: Mapping[str, Licence]
    names: Mapping[str, Licence]
    addresses: Mapping[str, Licence]
    unstated: frozenset[str]
    unstated_addresses: frozenset[str]
    id_addresses: tuple[str, ...]
    fillers: frozenset[str]
    credits: re.Pattern[str]
    longest: int


#: The same as `yaml.SafeLoader` and fifteen times quicker, where libyaml is there.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_WORD = re.compile(r"[^\W_]+|[?+!%&#<>=@*~^$£€]")
_CC_ADDRESS = re.compile(
    r"(creativecommons\.org/(?:licenses|publicdomain)/[a-z-]+)(/\d\.\d)?(?:/([a-z]{2}|igo|scotland))?"
    r"(?:/(?:legalcode|deed)(?:\.[a-z_-]{2,8})?)?"
)


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text in lower case, without punctuation; signs that ask or add stay words."""
    return tuple(_WORD.findall(text.casefold()))


def address_key(url: str) -> str:
    """A URL without scheme, `www`, final slash, Creative Commons' port, deed and language."""
    bare = re.sub(r"^https?://", "", url.strip().lower())
    bare = bare.removeprefix("www.").split("#", 1)[0].rstrip("/")
    return _without_cc_tail(bare.removesuffix("/legalcode"))


def _without_cc_tail(bare: str) -> str:
    found = _CC_ADDRESS.fullmatch(bare.split("?", 1)[0].rstrip("/"))
    if found is None:
        return bare
    code, version, port = found.groups()
    # Versions from 4.0 on have no ports; a country there is somebody's invention.
    if port is not None and (version is None or version >= "/4"):
        return bare
    return code + (version or "")


@cache
def table() -> Table:
    """The table, read from `licences.yaml` beside this module."""
    source = Path(__file__).with_name("licences.yaml")
    text = source.read_text(encoding="utf-8")
    return _spelt_out(yaml.load(text, Loader=_LOADER))  # noqa: S506 - one of two safe loaders


def _spelt_out(data: dict[str, Any]) -> Table:
    ids: dict[str, Licence] = {}
    names: dict[str, Licence] = {}
    addresses: dict[str, Licence] = {}
    for entry in data["families"]:
        for licence, spelling in _family_spellings(entry, data["ports"]):
            ids[spelling] = names[spelling] = licence
        addresses.update(_family_addresses(entry))
    for entry in data["licences"]:
        licence = _licence(entry)
        names.update((name, licence) for name in entry["names"])
        ids.update((name, licence) for name in [*entry["names"], *entry["ids"]])
        addresses.update((address_key(url), licence) for url in _urls(entry))
    for licence, spellings, urls in _software(data["software"]):
        for spelling in spellings:
            # A word such as "fair" or "intel" is a licence only where it is all that is said.
            ids.setdefault(spelling, licence)
        addresses.update((address_key(url), licence) for url in urls)
    return Table(
        ids=ids,
        names=names,
        addresses=addresses,
        unstated=frozenset(data["unstated"]["words"]),
        unstated_addresses=frozenset(data["unstated"]["urls"]),
        id_addresses=tuple(f"{address}/" for address in data["id_addresses"]),
        fillers=frozenset(data["fillers"]),
        credits=re.compile(rf"(?:{'|'.join(data['credits'])})(?= |$)"),
        longest=max(len(name.split()) for name in [*names, *data["fillers"]]),
    )


def _urls(entry: dict[str, Any]) -> Iterator[str]:
    if "url" in entry:
        yield entry["url"]
    yield from entry.get("urls", ())


def _licence(entry: dict[str, Any]) -> Licence:
    return Licence(
        key=entry.get("spdx") or entry["key"],
        title=entry["title"],
        conformance=Conformance(entry["conformance"]),
        spdx=entry.get("spdx"),
        ckan=entry.get("ckan"),
        url=entry.get("url"),
        limits=tuple(entry.get("limits", ())),
        generic=entry.get("generic", False),
    )


def _family_licence(entry: dict[str, Any], version: str | None) -> Licence:
    approved = version not in entry.get("not_approved_versions", ())
    return Licence(
        key=f"{entry['stem']}-{version}" if version else entry["stem"],
        title=f"{entry['title']} {version}" if version else entry["title"],
        conformance=Conformance(entry["conformance"]) if approved else Conformance.NOT_APPROVED,
        spdx=f"{entry['stem']}-{version}" if version else None,
        ckan=entry["ckan"],
        url=entry["url"] + _version_path(entry, version) if version else entry["url"],
        limits=tuple(entry.get("limits", ())),
        family=entry["stem"],
        versioned=version is not None,
    )


def _version_path(entry: dict[str, Any], version: str) -> str:
    pattern: str = entry.get("version_path", "{version}/")
    return pattern.format(version=version, whole=version.removesuffix(".0"))


def _family_addresses(entry: dict[str, Any]) -> Iterator[tuple[str, Licence]]:
    for url in [entry["url"], *entry.get("urls", ())]:
        yield address_key(url), _family_licence(entry, None)
        for version in entry["versions"]:
            path = _version_path(entry, version)
            yield address_key(f"{url.rstrip('/')}/{path}"), _family_licence(entry, version)


def _family_spellings(
    entry: dict[str, Any], ports: dict[str, list[str]]
) -> Iterator[tuple[Licence, str]]:
    """Each id and name of a family with each version, and before 4.0 with each port."""
    stems = [*entry["ids"], *entry["names"]]
    plain = _family_licence(entry, None)
    for stem in stems:
        yield plain, stem
    for version in entry["versions"]:
        licence = _family_licence(entry, version)
        for number in _version_spellings(version):
            for stem in stems:
                yield licence, f"{stem} {number}"
            for name in entry.get("names_with_version", ()):
                for suffix in ("international", "unported", "generic"):
                    yield licence, f"{name} {number} {suffix}"
        if entry["stem"].startswith("CC-") and version < "4":
            yield from _ported(licence, stems, version, ports)


def _ported(
    licence: Licence, stems: Iterable[str], version: str, ports: dict[str, list[str]]
) -> Iterator[tuple[Licence, str]]:
    number = version.replace(".", " ")
    for code, countries in ports.items():
        for stem in stems:
            # As SPDX writes it (CC-BY-3.0-DE), and as the German list does (cc-by-de/3.0).
            yield licence, f"{stem} {number} {code}"
            yield licence, f"{stem} {code} {number}"
            for country in countries:
                yield licence, f"{stem} {number} {country}"


def _version_spellings(version: str) -> Iterator[str]:
    spaced = version.replace(".", " ")
    numbers = [spaced, version.removesuffix(".0")] if version.endswith(".0") else [spaced]
    for number in numbers:
        yield from (number, f"v{number}", f"v {number}", f"version {number}")


def _software(data: dict[str, Any]) -> Iterator[tuple[Licence, list[str], list[str]]]:
    for key in data["ids"]:
        licence = Licence(key=key, title=key, conformance=Conformance.SOFTWARE, spdx=key)
        spelling = " ".join(words_of(key))
        spellings = [spelling, *(f"{spelling} {end}" for end in ("only", "or later", "+"))]
        yield licence, spellings + data["also"].get(key, []), data["urls"].get(key, [])
    unnamed = Licence(
        key="other-opensource", title="Open-source licence", conformance=Conformance.SOFTWARE
    )
    yield unnamed, data["unnamed"], []
