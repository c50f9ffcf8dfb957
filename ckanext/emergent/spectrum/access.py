"""Who can get data, and how portals say it.

The inbound mapping of the project's domain notes (sections 5, 6 and 8.4). It is lossy on purpose:
a word that fits several levels is `Access.UNKNOWN`, and `question_about` tells which ones it fits.
No authority publishes these assignments; they are ours.
"""

from __future__ import annotations

import re
from enum import Enum


class Access(str, Enum):
    """Who can get the data."""

    STAFF = "staff"
    NAMED = "named"
    GROUP = "group"
    ANYONE = "anyone"
    UNKNOWN = "unknown"


#: Vocabularies whose terms are URIs: the access rights of the EU, and COAR's.
_VOCABULARIES = (
    "publications.europa.eu/resource/authority/access-right/",
    "purl.org/coar/access_right/",
    "vocabularies.coar-repositories.org/access_rights/",
)

_WORDS: dict[str, Access] = {
    # Emergent index 1.0: the schema has public, internal, alliance; README and form private too.
    "public": Access.ANYONE,
    "internal": Access.STAFF,
    "private": Access.STAFF,
    "alliance": Access.GROUP,
    # This hub's own levels, as another hub of this kind writes them.
    "named": Access.NAMED,
    "group": Access.GROUP,
    "open": Access.ANYONE,
    "staff": Access.STAFF,
    "anyone": Access.ANYONE,
    # DCAT-US 3, cross-domain access restriction.
    "unrestricted": Access.ANYONE,
    # COAR: open access.
    "c_abf2": Access.ANYONE,
    # Icebreaker One's sensitivity classes: open. (IB1-SA asks everybody to sign in: a question.)
    "ib1-o": Access.ANYONE,
    # COAR's label, as OAI-PMH and schema.org feeds write it.
    "open access": Access.ANYONE,
    "openaccess": Access.ANYONE,
}

_QUESTIONS: dict[str, str] = {
    "restricted": "access_named_or_group",
    "c_16ec": "access_named_or_group",
    "restricted - partly": "access_named_or_group",
    "ib1-sb": "access_named_or_group",
    "restricted public": "access_named_group_or_public",
    "ib1-sa": "access_group_or_public",
    "non_public": "access_perhaps_internal",
    "non-public": "access_perhaps_internal",
    "confidential": "access_perhaps_internal",
    "sensitive": "access_perhaps_internal",
    "restricted - fully": "access_perhaps_internal",
    "c_14cb": "access_perhaps_internal",
    "ib1-c": "access_perhaps_internal",
    "c_f1cf": "access_embargoed",
}


def access_from(statement: str | None) -> Access:
    """What a portal's own word, code or URI about access means; `UNKNOWN` where in doubt."""
    return _WORDS.get(_word(statement), Access.UNKNOWN)


def question_about(statement: str | None) -> str:
    """The code of the problem that says why a statement did not tell who has access."""
    word = _word(statement)
    if not word:
        return "access_not_stated"
    return _QUESTIONS.get(word, "access_unknown")


def _word(statement: str | None) -> str:
    """The statement in lower case with single blanks; of a known vocabulary, only the term."""
    word = re.sub(r"\s+", " ", statement or "").strip().lower()
    bare = re.sub(r"^https?://(www\.)?", "", word).rstrip("/")
    for vocabulary in _VOCABULARIES:
        if bare.startswith(vocabulary):
            return bare.removeprefix(vocabulary)
    return word
