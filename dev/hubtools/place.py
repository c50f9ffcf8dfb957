"""Where one hub lives, and what it remembers between two starts."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Place:
    """Folders of a hub: the checkout it runs from, and the git-ignored one for all it makes."""

    checkout: Path
    home: Path
    venv: Path

    @property
    def logs(self) -> Path:
        return self.home / "log"

    @property
    def run(self) -> Path:
        """Process records and locks."""
        return self.home / "run"

    @property
    def ini(self) -> Path:
        return self.home / "ckan.ini"

    @property
    def storage(self) -> Path:
        return self.home / "storage"

    @property
    def admin_password(self) -> Path:
        return self.home / "admin-password"

    @property
    def migrations(self) -> tuple[Path, ...]:
        """All that decides how the tables of a migrated database look."""
        return (
            self.checkout / "ckanext" / "emergent" / "migration",
            self.checkout / "dev" / "constraints.txt",
            self.checkout / "test.ini",
        )

    def program(self, name: str) -> str:
        """A console script of the virtual environment."""
        return str(self.venv / "bin" / name)

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def make_folders(self) -> None:
        for folder in (self.home, self.logs, self.run, self.storage):
            folder.mkdir(parents=True, exist_ok=True)


def place_from(environ: os._Environ[str] | dict[str, str], checkout: Path = CHECKOUT) -> Place:
    """The place that ``HUB_HOME`` names, or ``.hub`` in the checkout."""
    home = environ.get("HUB_HOME")
    folder = Path(home).expanduser().absolute() if home else checkout / ".hub"
    return Place(checkout, folder, folder / "venv")


class Memory:
    """Ports, secrets and stamps of finished work, in ``state.json``, which only its owner reads."""

    def __init__(self, place: Place) -> None:
        self._file = place.home / "state.json"

    def _read(self) -> dict[str, dict[str, str]]:
        try:
            state: dict[str, dict[str, str]] = json.loads(self._file.read_text())
        except FileNotFoundError:
            return {}
        return state

    def get(self, kind: str, name: str) -> str | None:
        return self._read().get(kind, {}).get(name)

    def keep(self, kind: str, name: str, value: str) -> None:
        state = self._read()
        state.setdefault(kind, {})[name] = value
        self._write(state)

    def forget(self, kind: str) -> None:
        state = self._read()
        state.pop(kind, None)
        self._write(state)

    def secret(self, name: str) -> str:
        """This hub's own secret of that name, made at first use."""
        known = self.get("secrets", name)
        if known is None:
            known = secrets.token_urlsafe(24)
            self.keep("secrets", name, known)
        return known

    def _write(self, state: dict[str, dict[str, str]]) -> None:
        part = self._file.with_suffix(f".{os.getpid()}")
        write_private(part, json.dumps(state, indent=2) + "\n")
        part.replace(self._file)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def digest(*paths: Path) -> str:
    """One hash of files and folders, to know whether work that is based on them is still good."""
    said = hashlib.sha256()
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                said.update(
                    f"{file.relative_to(path.parent)}\0".encode() + file.read_bytes() + b"\0"
                )
    return said.hexdigest()


def write_private(file: Path, text: str) -> None:
    """Writes a file that nobody else may read, not even for the moment of its making."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(text)
