"""The walls of `docs/design.md`, section 3: who may know what.

Read from the source, so that a wall is seen before it is broken, and once from outside: the pure
modules are imported where CKAN, Flask and SQLAlchemy cannot be.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import ckanext.emergent

PACKAGE = Path(ckanext.emergent.__file__).parent
READING = PACKAGE / "reading"
NETWORK = READING / "network"
#: Modules that know nothing of CKAN: they run, and are tested, without any service.
PURE = (
    "challenge",
    "chosen",
    "contact_privacy",
    "frequency",
    "harvest.landing",
    "harvest.merge",
    "index",
    "licences",
    "mapping",
    "msgid",
    "problem",
    "problem_sentences",
    "reading",
    "schema_text",
    "spectrum",
)
IMPURE = {"ckan", "ckantoolkit", "flask", "sqlalchemy", "redis", "rq", "werkzeug", "jinja2", "solr"}
#: What opens connections. `socket` and `ssl` are the guard's, which `fetch` is built upon.
CLIENTS = {"requests", "urllib3", "httpx", "aiohttp", "pycurl", "http.client", "urllib.request"}
OF_FETCH = {"fetch.py", "guard.py", "body.py", "reply.py", "answer.py"}
#: Knows how the system spells addresses; connects to none.
SPELLS_ADDRESSES = {"address.py"}
#: Keys of a CKAN dataset or resource that no portal format has.
CKAN_FIELDS = {
    *("license_id", "license_url", "license_title", "owner_org", "notes", "tag_string"),
    *("maintainer_email", "author_email", "package_id", "resource_type", "private", "extras"),
    *("data_spectrum", "spectrum_reason", "access_contact", "source_portal", "metadata_modified"),
}
#: The Emergent index, old DataPress exports and Opendatasoft have these fields as well.
SHARED_WORDS = {"maintainer_email", "author_email", "license_url"}
#: Read what a *remote* CKAN says, which is in CKAN's words; this hub's own keys they know not.
OF_REMOTE_CKAN = {"ckan.py", "ckan_file.py", "ckan_people.py", "ckan_told.py"}
OWN_FIELDS = {"data_spectrum", "spectrum_reason", "access_contact", "source_portal", "tag_string"}


def sources(module: str) -> list[Path]:
    """The file of a module, or all files of a package."""
    place = PACKAGE / module.replace(".", "/")
    return modules_of(place) if place.is_dir() else [place.with_suffix(".py")]


def modules_of(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def pure_files() -> list[Path]:
    return [path for module in PURE for path in sources(module)]


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, in any function of it; not for types alone."""
    for node in runtime(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def runtime(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a tree, but for those under `if TYPE_CHECKING:`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            continue
        yield node
        yield from runtime(node)


def literals(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {value for value in found if isinstance(value, str)}


def named(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def belongs_to(module: str, roots: set[str]) -> bool:
    return any(module == root or module.startswith(f"{root}.") for root in roots)


@pytest.mark.parametrize("path", pure_files(), ids=named)
def test_pure_modules_import_nothing_of_ckan_flask_or_the_database(path: Path):
    assert [module for module in imported(path) if belongs_to(module, IMPURE)] == []


@pytest.mark.parametrize("path", pure_files(), ids=named)
def test_pure_modules_import_pure_modules_only(path: Path):
    allowed = {f"ckanext.emergent.{module}" for module in PURE}
    ours = {module for module in imported(path) if module.startswith("ckanext.")}
    strange = {module for module in ours if not belongs_to(module, allowed)}
    assert strange <= {"ckanext.emergent", "ckanext.emergent.harvest"}


def test_pure_modules_can_be_imported_where_ckan_cannot():
    names = [
        "ckanext.emergent." + named(path).removesuffix(".py").replace("/", ".")
        for path in pure_files()
        if path.stem not in {"__init__", "__main__"}
    ]
    program = f"""
import sys

class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {IMPURE!r}:
            raise ImportError("behind the wall: " + name)

sys.meta_path.insert(0, Wall())
for name in {names!r}:
    __import__(name)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stderr == ""
    assert done.returncode == 0


def shipped() -> list[Path]:
    return [path for path in modules_of(PACKAGE) if "tests" not in path.parts]


def test_only_fetch_asks_other_servers():
    asking = {path for path in shipped() if any(belongs_to(one, CLIENTS) for one in imported(path))}
    assert asking <= {NETWORK / name for name in OF_FETCH}


def test_only_fetch_itself_imports_requests():
    importing = {
        named(path)
        for path in modules_of(PACKAGE)
        if "tests" not in path.parts
        and any(belongs_to(one, {"requests"}) for one in imported(path))
    }
    assert importing == {"reading/network/fetch.py"}


@pytest.mark.parametrize(
    "path", [*modules_of(READING / "adapters"), *modules_of(READING / "entries")], ids=named
)
def test_adapters_name_no_field_of_ckan(path: Path):
    forbidden = OWN_FIELDS if path.name in OF_REMOTE_CKAN else CKAN_FIELDS - SHARED_WORDS
    assert literals(path) & forbidden == set()


@pytest.mark.parametrize("path", pure_files(), ids=named)
def test_no_pure_module_opens_a_socket_but_the_guard(path: Path):
    opening = {
        module for module in imported(path) if belongs_to(module, {"socket", "ssl", *CLIENTS})
    }
    if opening:
        assert path.parent == NETWORK
        assert path.name in OF_FETCH | SPELLS_ADDRESSES


@pytest.mark.parametrize("path", sources("mapping"), ids=named)
def test_the_mapping_visits_nothing(path: Path):
    forbidden = {"ckanext.emergent.reading.network", "socket"}
    assert [module for module in imported(path) if belongs_to(module, forbidden)] == []


@pytest.mark.parametrize(
    "path", sorted((PACKAGE / "harvest").glob("catalogue*/**/*.py")), ids=named
)
def test_the_catalogue_never_sees_what_a_portal_said(path: Path):
    assert [one for one in imported(path) if one.startswith("ckanext.emergent.reading")] == []
    assert [one for one in imported(path) if one.startswith("ckanext.emergent.mapping")] == []


QUERIES = re.compile(
    r"Session|session\.query|model\.|get_action|package_search|package_show|h\.get_site_statistics"
)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("templates/**/*.html")), ids=named)
def test_templates_hold_no_queries(path: Path):
    assert QUERIES.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", modules_of(READING), ids=named)
def test_reading_speaks_to_nobody(path: Path):
    """What to print, and where, is the caller's: `print` hides in no module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert "print" not in {getattr(call, "id", None) for call in calls}
