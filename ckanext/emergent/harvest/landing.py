"""When two links lead to the same page. Pure.

A link identifies a dataset only when it is deeper than a site's root; whether it is also unique
in its listing, the run has to see.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from ckanext.emergent.reading.record import Record

_TRACKING = re.compile(r"utm_\w+|gclid|fbclid|mc_[ce]id", re.IGNORECASE)
_USUAL_PORTS = {"http": 80, "https": 443}


def page_of(record: Record) -> str | None:
    """The page that identifies a record beyond its portal: the original's, if it is a copy."""
    return entry_at(record.copied_from) or identifying(record.copied_from or record.landing_page)


def identifying(link: str | None) -> str | None:
    """One spelling for a page that is deeper than its site's root; None for any other link.

    Without scheme, `www.`, fragment, final slash and the marks of those who follow readers.
    """
    page = _normalised(link)
    return page if page is not None and ("/" in page or "?" in page) else None


def entry_at(link: str | None) -> str | None:
    """One spelling for an entry in a file: a link with a fragment; None for any other link."""
    fragment = (link or "").partition("#")[2]
    page = _normalised(link) if fragment else None
    return f"{page}#{fragment}" if page is not None else None


def address_of(portal: str | None) -> str | None:
    """One spelling for where a portal is: its link without the query.

    Seven sources of one national portal led to the same address with a decorative `?slug=`; three
    of them took everything (data.gov.uk, 2026).
    """
    page = _normalised(portal)
    return None if page is None else page.partition("?")[0]


def _normalised(link: str | None) -> str | None:
    try:
        parts = urlsplit((link or "").strip())
        place = _place(parts)
    except ValueError:
        return None
    if parts.scheme not in _USUAL_PORTS or not place:
        return None
    query = _query(parts.query)
    return place + re.sub(r"/+$", "", parts.path) + (f"?{query}" if query else "")


def _place(parts: SplitResult) -> str:
    """Host and port. Raises `ValueError` when the port is none."""
    host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    usual = parts.port in (None, _USUAL_PORTS.get(parts.scheme))
    return host if usual else f"{host}:{parts.port}"


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode(sorted(pair for pair in pairs if not _TRACKING.fullmatch(pair[0])))
