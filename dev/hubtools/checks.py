"""`dev/hub check`: format, lint, types, shell scripts, and no path of this machine in the files."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hubtools.place import Place
from hubtools.say import line

#: Modules of ckanext.emergent that know nothing of CKAN: each type is checked. CKAN ships no types,
#: so the rest is checked leniently.
PURE = (
    *("challenge", "chosen", "contact_privacy", "frequency", "harvest.landing", "harvest.merge"),
    *("index", "licences", "mapping", "msgid", "problem", "problem_sentences", "reading"),
    *("schema_text", "spectrum"),
)


@dataclass(frozen=True, slots=True)
class Check:
    title: str
    command: tuple[str, ...]


def checks(place: Place) -> Iterator[Check]:
    pure = [option for name in PURE for option in ("-p", f"ckanext.emergent.{name}")]
    yield Check("Format", (place.program("ruff"), "format", "--check", "."))
    yield Check("Lint", (place.program("ruff"), "check", "--output-format=concise", "."))
    yield Check("Types of the pure modules", (place.program("mypy"), "--strict", *pure))
    yield Check("Types", (place.program("mypy"), "ckanext/emergent", "dev"))
    yield Check("Types of dev/hub", (place.program("mypy"), "--strict", "dev/hubtools"))
    scripts = shell_scripts(place)
    if scripts:
        yield Check("Shell scripts", ("shellcheck", *scripts))


def shell_scripts(place: Place) -> list[str]:
    """Every committed file that says it is one."""
    return [
        name
        for name in committed(place)
        if name.endswith(".sh")
        or first_line(place.checkout / name).endswith(("/bash", "/sh", "env bash", "env sh"))
    ]


def committed(place: Place) -> list[str]:
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=place.checkout, capture_output=True, check=True, text=True
    ).stdout
    return [name for name in names.split("\0") if name and (place.checkout / name).is_file()]


def first_line(file: Path) -> str:
    with file.open("rb") as opened:
        return opened.readline(200).decode(errors="replace").strip()


def machine_paths(place: Place, names: Sequence[str]) -> list[str]:
    """Committed lines that name a folder of this machine: they mean nothing on another one."""
    folders = {f"{folder}/".encode() for folder in (place.checkout, place.home, Path.home())}
    found = []
    for name in names:
        for number, row in enumerate((place.checkout / name).read_bytes().splitlines(), 1):
            if any(folder in row for folder in folders - {b"//"}):
                found.append(f"{name}:{number}: names a folder of this machine")
    return found


def run(place: Place) -> int:
    """Runs every check, whatever the others said; 0 if all are content."""
    failed = []
    for check in checks(place):
        line(f"· {check.title}")
        if subprocess.run(check.command, cwd=place.checkout).returncode:
            failed.append(check.title)
    line("· Paths of this machine")
    paths = machine_paths(place, committed(place))
    if paths:
        line("\n".join(paths))
        failed.append("Paths of this machine")
    line(f"\nNot in order: {', '.join(failed)}" if failed else "\nAll in order.")
    return 1 if failed else 0
