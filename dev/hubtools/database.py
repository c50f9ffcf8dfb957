"""Databases on the private PostgreSQL, spoken to with psql."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass

from hubtools.say import Failure

ROLE = "hub"


@dataclass(frozen=True, slots=True)
class Database:
    name: str
    port: int
    password: str

    @property
    def url(self) -> str:
        return f"postgresql://{ROLE}:{self.password}@127.0.0.1:{self.port}/{self.name}"

    def sql(self, statement: str) -> str:
        """What psql prints for a statement; raises :class:`Failure` with what PostgreSQL said."""
        address = ("-h", "127.0.0.1", "-p", str(self.port), "-U", ROLE, "-d", self.name)
        done = subprocess.run(
            ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", *address, "-c", statement],
            env={**os.environ, "PGPASSWORD": self.password, "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise Failure(
                f"ask the database {self.name}",
                done.stderr.strip(),
                "`dev/hub status` shows whether PostgreSQL runs, and its log",
            )
        return done.stdout.strip()

    def create(self, name: str) -> Database:
        """The database ``name`` of the same server, made if it is not there."""
        if not self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
            self.sql(f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0")
        return Database(name, self.port, self.password)

    def drop(self, name: str) -> None:
        """Drops a database of the same server, whoever is connected to it."""
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
