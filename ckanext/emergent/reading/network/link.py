"""A link as a person or a portal wrote it, taken apart and judged before anything is opened."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

import idna

from ckanext.emergent.problem import Severity, problem
from ckanext.emergent.reading.errors import RefusedLink

USUAL_PORTS = {"http": 80, "https": 443}
LONGEST = 4096
HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?", re.IGNORECASE)
LITERAL_V6 = re.compile(r"[0-9a-f:.]+", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Link:
    """A link that may be tried: `url` in ASCII, without fragment; its host in lower case."""

    url: str
    scheme: str
    host: str
    port: int

    def joined(self, location: str) -> Link:
        """Where a redirect or a relative link on this page leads. Raises `RefusedLink`."""
        try:
            joined = urljoin(self.url, location.strip())
        except ValueError as error:
            raise _refused("link_malformed", location) from error
        return link_from(joined)

    def carries_on(self, other: Link) -> bool:
        """Whether `other` is the same service, so that what was meant for this may go there."""
        if self.host != other.host:
            return False
        upgraded = (self.scheme, self.port, other.scheme, other.port) == ("http", 80, "https", 443)
        return upgraded or (self.scheme, self.port) == (other.scheme, other.port)


def link_from(text: str) -> Link:
    """Take a link apart.

    Raises `RefusedLink` when it is no link, not http or https, or carries a name and password.
    """
    text = text.strip()
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise _refused("link_malformed", text) from error
    if parts.scheme not in USUAL_PORTS:
        raise _refused_scheme(text, parts)
    if "@" in parts.netloc:
        raise _refused("link_has_credentials", text)
    if CONTROL.search(text) or len(text) > LONGEST or port == 0:
        raise _refused("link_malformed", text)
    host = _host(text, parts)
    return Link(_url(parts, host, port), parts.scheme, host, port or USUAL_PORTS[parts.scheme])


def _host(text: str, parts: SplitResult) -> str:
    host = parts.hostname or ""
    if ":" in host:
        pattern = LITERAL_V6
    else:
        pattern = HOST
        host = host if host.isascii() else _ascii(text, host)
    if not pattern.fullmatch(host) or len(host) > 254:
        raise _refused("link_malformed", text)
    return host


def _ascii(text: str, host: str) -> str:
    try:
        return idna.encode(host, uts46=True).decode("ascii").lower()
    except idna.IDNAError as error:
        raise _refused("link_malformed", text) from error


def _url(parts: SplitResult, host: str, port: int | None) -> str:
    place = f"[{host}]" if ":" in host else host
    if port is not None and port != USUAL_PORTS[parts.scheme]:
        place = f"{place}:{port}"
    return urlunsplit((parts.scheme, place, parts.path or "/", parts.query, ""))


def _refused_scheme(text: str, parts: SplitResult) -> RefusedLink:
    if not parts.scheme:
        return _refused("link_malformed", text)
    return _refused("link_scheme_refused", text, scheme=parts.scheme)


def _refused(code: str, text: str, **values: object) -> RefusedLink:
    return RefusedLink(
        problem(code, "link", without_credentials(text), severity=Severity.ERROR, **values)
    )


def without_credentials(text: str) -> str:
    """The link as it may be shown and stored: without name and password."""
    return re.sub(r"^([a-zA-Z][a-zA-Z0-9+.-]*:)?//[^/?#]*@", r"\1//…@", text)
