"""What is installed from the package is what lies in the checkout."""

from __future__ import annotations

import configparser
import subprocess
import sys
from pathlib import Path

import pytest

from ckanext.emergent.tests.conftest import ROOT
from ckanext.emergent.tests.pure.test_walls import PURE

sys.path.insert(0, str(ROOT / "dev"))

from hubtools import checks
from hubtools.place import place_from


def package_files(root: Path) -> set[str]:
    """All files of the extension but its tests and what Python compiled."""
    package = root / "ckanext" / "emergent"
    return {
        str(path.relative_to(root))
        for path in package.rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and not path.is_relative_to(package / "tests")
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of the package, from a copy, since setuptools writes beside its sources."""
    copy, target = (tmp_path_factory.mktemp(name) for name in ("copy", "built"))
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if tracked.returncode:
        pytest.skip("this is no checkout")
    for name in filter(None, tracked.stdout.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((ROOT / name).read_bytes())
    command = [sys.executable, "setup.py", "-q", "build_py", "--build-lib", str(target)]
    subprocess.run(command, cwd=copy, capture_output=True, check=True)
    (target / "sources").symlink_to(copy)
    return target


def test_every_template_migration_and_table_is_installed(built: Path) -> None:
    assert package_files(built) == package_files(built / "sources")


def test_the_tests_are_not_installed(built: Path) -> None:
    assert not (built / "ckanext" / "emergent" / "tests").exists()


def test_the_namespace_stays_open_for_other_extensions(built: Path) -> None:
    assert "extend_path" in (built / "ckanext" / "__init__.py").read_text()


def test_the_test_configuration_loads_every_plugin_of_the_package() -> None:
    setup, tests = configparser.ConfigParser(), configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    tests.read(ROOT / "test.ini")
    points = setup["options.entry_points"]["ckan.plugins"].strip().splitlines()
    own = {point.partition("=")[0].strip() for point in points}
    assert own <= set(tests["app:main"]["ckan.plugins"].split())


def test_types_are_checked_strictly_in_every_pure_module() -> None:
    assert set(checks.PURE) == set(PURE)


def test_a_folder_of_this_machine_in_a_file_is_found(tmp_path: Path) -> None:
    place = place_from({}, tmp_path)
    (tmp_path / "good.md").write_text("dev/hub up\n/etc/ckan/ckan.ini\n")
    (tmp_path / "bad.md").write_text(f"first\nsee {tmp_path}/notes.md\n")
    assert checks.machine_paths(place, ["good.md", "bad.md"]) == [
        "bad.md:2: names a folder of this machine"
    ]
