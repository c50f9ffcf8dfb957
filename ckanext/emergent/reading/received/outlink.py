"""A link inside a record, made fit to be clicked on.

`link.py` judges where this hub may go; here, where its readers may be sent. Local addresses pass:
data that never leaves a house may well have a page there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from ckanext.emergent.reading.errors import RefusedLink
from ckanext.emergent.reading.network.address import address_from, is_public
from ckanext.emergent.reading.network.link import Link, link_from
from ckanext.emergent.reading.received.text import clean

_HOUSE = (".local", ".internal", ".localhost", ".lan", ".home.arpa")


@dataclass(frozen=True, slots=True)
class OutLink:
    """`url` is http or https, or `None`; `code` names the problem with what was written."""

    url: str | None
    code: str | None = None


def out_link(text: str, base: str | None = None) -> OutLink:
    """The link that a portal wrote; one that begins with `/` is on the site of `base`.

    A portal that is local itself may link to itself.
    """
    written = re.sub(r"[\r\n\t]+", "", clean(text).strip()).replace(" ", "%20")
    if base is not None and re.match(r"/(?!/)", written):
        return OutLink(urljoin(base, written))
    bare = written.lower().startswith("www.")
    if bare:
        written = "http://" + written
    try:
        link = link_from(written)
    except RefusedLink as refused:
        return OutLink(None, _CODES.get(refused.problem.code, "link_unusable"))
    fragment = urlsplit(written).fragment
    url = f"{link.url}#{fragment}" if fragment else link.url
    if _is_local(link) and link.host != urlsplit(base or "").hostname:
        return OutLink(url, "link_is_local")
    return OutLink(url, "link_without_scheme" if bare else None)


_CODES = {"link_has_credentials": "link_with_password", "link_malformed": "link_is_text"}


def _is_local(link: Link) -> bool:
    address = address_from(link.host)
    if address is not None:
        return not is_public(address)
    host = link.host.rstrip(".")
    return "." not in host or host.endswith(_HOUSE)
