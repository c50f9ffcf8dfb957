"""The tests, tier by tier: the pure ones first, then those against the real three services."""

from __future__ import annotations

import fcntl
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from hubtools import data
from hubtools.data import TESTS, Data, locked
from hubtools.database import Database
from hubtools.place import Memory, Place, digest
from hubtools.say import line

FOLDER = Path("ckanext/emergent/tests")
NOTHING_COLLECTED = 5  # pytest's exit code
#: A file is never split: its tests may share what its first one made.
PARALLEL = (f"-n{len(TESTS)}", "--dist=loadfile")
#: Options with which a person sits before the tests, one at a time.
ALONE = {"-s", "--capture=no", "--pdb", "--trace"}
ONLY_QUICK = ("-m", "not (browser or faults or slow)", "--hypothesis-profile=quick")


@dataclass(frozen=True, slots=True)
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped
        )

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


@dataclass(frozen=True, slots=True)
class Tier:
    """Tests that run in one pytest."""

    name: str
    title: str
    paths: tuple[str, ...]
    options: tuple[str, ...]


def tiers(arguments: Sequence[str], checkout: Path, *, slow: bool) -> tuple[Tier, ...]:
    """What to run for pytest's arguments: both tiers, or those whose files are named."""
    paths = tuple(word for word in arguments if names_tests(word, checkout))
    options = tuple(word for word in arguments if word not in paths)
    if not paths:
        paths = tuple(
            str(FOLDER / folder)
            for folder in ("pure", "ckan", *(("browser",) if slow else ()))
            if (checkout / FOLDER / folder).is_dir()
        )
        parallel = () if ALONE.intersection(options) else PARALLEL
        options = (*parallel, *(() if slow else ONLY_QUICK), *options)
    pure = tuple(path for path in paths if is_pure(path, checkout))
    rest = tuple(path for path in paths if path not in pure)
    return tuple(
        tier
        for tier in (
            Tier("pure", "Pure tests", pure, ("-p", "no:ckan", "-p", "no:ckan_fixtures", *options)),
            # Their modules share a database for speed: in the order in which they are written.
            Tier(
                "ckan",
                "Tests with CKAN",
                rest,
                ("--ckan-ini=test.ini", "--randomly-dont-reorganize", *options),
            ),
        )
        if tier.paths
    )


def names_tests(word: str, checkout: Path) -> bool:
    """Whether an argument is a path, maybe with ``::test``, and no option or an option's value."""
    return not word.startswith("-") and (checkout / word.partition("::")[0]).exists()


def is_pure(path: str, checkout: Path) -> bool:
    return (checkout / path.partition("::")[0]).resolve().is_relative_to(checkout / FOLDER / "pure")


def run(place: Place, arguments: Sequence[str], *, slow: bool) -> int:
    """Runs every tier, whatever the one before said; 0 if all tests passed."""
    wanted = tiers(arguments, place.checkout, slow=slow)
    results = [run_tier(place, tier) for tier in wanted]
    line(f"\n{sum((counts for _, counts in results), Counts())}")
    codes = [code for code, _ in results]
    if all(code == NOTHING_COLLECTED for code in codes):
        return NOTHING_COLLECTED
    return max((code for code in codes if code != NOTHING_COLLECTED), default=1)


def run_tier(place: Place, tier: Tier) -> tuple[int, Counts]:
    line(f"\n{tier.title}")
    if tier.name == "pure":
        return run_pytest(place, tier, {})
    with (
        data.running(place) as services,
        # Two runs at a time would empty each other's database.
        locked(place.run / "test.lock", fcntl.LOCK_EX, waiting=say_waiting),
    ):
        make_databases(place, services.database)
        return run_pytest(place, tier, variables(services))


def make_databases(place: Place, server: Database) -> None:
    """The tests' databases; new ones when a migration was edited, which the old cannot know."""
    memory, now = Memory(place), digest(*place.migrations)
    outdated = memory.get("stamps", "test-tables") != now
    for name, _ in TESTS:
        if outdated:
            server.drop(name)
        server.create(name)
        # A power cut may cost the tests' last rows; waiting for the disk costs them minutes.
        server.sql(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    memory.keep("stamps", "test-tables", now)


def variables(services: Data) -> dict[str, str]:
    """Where pytest finds the services, and where each process of pytest-xdist does: `…_gw0`."""
    of_workers = {
        f"{name}_gw{number}": value
        for number, test in enumerate(TESTS)
        for name, value in services.variables(test).items()
    }
    return {**services.variables(TESTS[0]), **of_workers}


def say_waiting() -> None:
    line("· Another test run uses the test database; waiting for its end")


def run_pytest(place: Place, tier: Tier, variables: Mapping[str, str]) -> tuple[int, Counts]:
    report = place.run / f"{tier.name}-{os.getpid()}.xml"
    done = subprocess.run(
        [
            *(place.program("python"), "-m", "pytest", *tier.options, *tier.paths),
            f"--junitxml={report}",
        ],
        cwd=place.checkout,
        env={**os.environ, **variables},
    )
    return done.returncode, counts_in(report, code=done.returncode)


def counts_in(report: Path, *, code: int) -> Counts:
    """The figures of pytest's report; a run that ended without one counts as a failure."""
    try:
        root = ElementTree.parse(report).getroot()
    except FileNotFoundError:
        return Counts(failed=0 if code == 0 else 1)
    report.unlink()
    suites = [
        {name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")}
        for suite in root.iter("testsuite")
    ]
    total = {name: sum(suite[name] for suite in suites) for name in suites[0]} if suites else {}
    failed = total.get("failures", 0) + total.get("errors", 0)
    skipped = total.get("skipped", 0)
    return Counts(total.get("tests", 0) - failed - skipped, failed, skipped)
