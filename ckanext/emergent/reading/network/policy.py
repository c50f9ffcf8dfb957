"""How a hub behaves on other people's servers, and what it remembers between visits."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from ipaddress import IPv4Network, IPv6Network

from ckanext.emergent.problem import Problem

MEBIBYTE = 1024 * 1024
SHORTEST_SECRET = 6


def agent(contact: str | None = None) -> str:
    """The one `User-Agent`: the software, its version and whom to ask, as portals wish it."""
    try:
        release = version("ckanext-emergent")
    except PackageNotFoundError:  # run from a checkout that was not installed
        release = "0"
    return f"ckanext-emergent/{release}" + (f" (+{contact})" if contact else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPolicy:
    """The limits of every visit. Times are in seconds, sizes in bytes.

    `total_timeout` is for one `get` with all its tries and redirects, without the waits between
    them; `max_wait` the longest wait that a portal may ask for; `pace` the least time between
    the starts of two requests to one host. `allowed_networks` are the administrator's own: there
    any address and any port is reached, and an address is visited without that pause. Through a
    `proxy` it is the proxy that looks names up, so the guard on addresses cannot work: set one
    only if it guards by itself.
    """

    user_agent: str = field(default_factory=agent)
    connect_timeout: float = 5
    read_timeout: float = 20
    total_timeout: float = 120
    max_wait: float = 120
    max_bytes: int = 50 * MEBIBYTE
    max_ratio: int = 250
    max_redirects: int = 3
    tries: int = 3
    backoff: float = 1
    pace: float = 0.5
    allowed_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    allowed_ports: frozenset[int] = frozenset({80, 443, 8000, 8080, 8443})
    proxy: str | None = field(default=None, repr=False)
    ca_bundle: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Validator:
    """What a server gave us to ask "has it changed?" (RFC 9110, section 8.8)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """A secret that a portal asks for, sent in `header` to the host of `link` and no other."""

    link: str
    header: str
    value: str = field(repr=False)


def without_secret(told: Problem, secret: str | None) -> Problem:
    """The same problem without `secret`: a server may repeat what it was sent.

    Of "Bearer abc…" the token alone is hidden too; what is shorter than six characters is a word.
    """
    if secret is None:
        return told
    hidden = (secret, *(part for part in secret.split() if len(part) >= SHORTEST_SECRET))

    def mask(text: str) -> str:
        for part in hidden:
            text = text.replace(part, "…")
        return text

    return Problem(
        code=told.code,
        severity=told.severity,
        field=told.field,
        received=None if told.received is None else mask(told.received),
        values=tuple((key, mask(value)) for key, value in told.values),
    )
