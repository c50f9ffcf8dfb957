"""A portal's rules: what the mapping adds to, and how far it trusts, what the portal says."""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.emergent.spectrum.level import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How the records of one portal become datasets here; a part of the fingerprint.

    `portal_name` is the portal's name here, `portal_title` what people call it. `ceiling` is the
    most open level that its records may have. `keep_fields` are dataset keys that a person's edit
    protects for good. `challenges` (slug, title) are those that this hub knows, `licences` (id,
    `od_conformance`) its register of licences; empty: the Alliance's four, CKAN's default.
    """

    portal_name: str | None = None
    portal_title: str | None = None
    owner_org: str | None = None
    default_challenges: tuple[str, ...] = ()
    default_tags: tuple[str, ...] = ()
    ceiling: Level | None = None
    keep_fields: tuple[str, ...] = ()
    challenges: tuple[tuple[str, str], ...] = ()
    licences: tuple[tuple[str, str], ...] = ()
