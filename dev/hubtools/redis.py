"""A private Redis: own folder, own port, a password."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

from hubtools.place import Memory, Place, write_private
from hubtools.service import Service

# redis-server and redis-check-rdb are one program that looks at the name it is called by. Debian's
# package redis-tools has it without the service that its package redis-server starts and enables.
NAME, TWIN = "redis-server", "redis-check-rdb"


def program() -> str | None:
    return shutil.which(NAME) or shutil.which(TWIN)


def url(port: int, password: str, number: int) -> str:
    return f"redis://:{password}@127.0.0.1:{port}/{number}"


def configuration(folder: Path, port: int, password: str) -> str:
    return "\n".join(
        [
            "bind 127.0.0.1",
            f"port {port}",
            f"requirepass {password}",
            f"dir {folder}",
            "daemonize no",
            "save 60 1",
            'proc-title-template "{title} {config-file}"',  # how we find it again after a crash
            "",
        ]
    )


def service(place: Place, memory: Memory, port: int) -> Service:
    folder = place.home / "redis"
    file = folder / "redis.conf"
    password = memory.secret("redis")

    def prepare() -> None:
        folder.mkdir(exist_ok=True)
        write_private(file, configuration(folder, port, password))

    return Service(
        name="redis",
        title="Redis",
        port=port,
        command=(NAME, str(file)),
        executable=program(),
        log=place.log("redis"),
        mark=f"{NAME} {file}",
        prepare=prepare,
        ready=lambda: pongs(port, password),
    )


def pongs(port: int, password: str) -> bool:
    """Whether the server answers and has loaded its data (https://redis.io/docs/latest/develop/reference/protocol-spec/)."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            connection.settimeout(1)
            said = b""
            while said.count(b"\r\n") < 2:
                part = connection.recv(256)
                if not part:
                    return False
                said += part
    except OSError:
        return False
    return said.endswith(b"+PONG\r\n")
