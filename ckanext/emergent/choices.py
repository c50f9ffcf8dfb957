"""The closed lists of the schemas, as choices for scheming: from the enums, in their order.

Labels are message ids; scheming translates them where it shows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any

from ckanext.emergent.challenge import CHALLENGES
from ckanext.emergent.frequency import FREQUENCIES
from ckanext.emergent.msgid import N_
from ckanext.emergent.reading.record import LinkKind, ResourceKind
from ckanext.emergent.spectrum import Basis, Level

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
else:
    import ckantoolkit as tk

Choices = list[dict[str, str]]


class ResourceAccess(str, Enum):
    """What it takes to get one file or service."""

    ANYONE = "anyone"
    ACCOUNT = "account"
    REQUEST = "request"


class Membership(str, Enum):
    """What an organisation is to the Alliance."""

    FOUNDING_PARTNER = "founding_partner"
    MEMBER = "member"
    CONTRIBUTOR = "contributor"
    NONE = "none"


LINK_KINDS: Mapping[LinkKind, str] = {
    LinkKind.STORY: N_("Story"),
    LinkKind.TECH_BLOG: N_("Technical blog"),
    LinkKind.REPOSITORY: N_("Code or data repository"),
    LinkKind.DOCUMENTATION: N_("Documentation"),
    LinkKind.VISUALISATION: N_("Visualisation"),
    LinkKind.WIKIPEDIA: N_("Wikipedia"),
    LinkKind.WIKIDATA: N_("Wikidata"),
    LinkKind.OPENSTREETMAP: N_("OpenStreetMap"),
}
RESOURCE_KINDS: Mapping[ResourceKind, str] = {
    ResourceKind.DATA: N_("Data"),
    ResourceKind.VISUALISATION: N_("Visualisation"),
    ResourceKind.CATALOGUE: N_("Catalogue of more data"),
}
RESOURCE_ACCESS: Mapping[ResourceAccess, str] = {
    ResourceAccess.ANYONE: N_("Anyone, without an account"),
    ResourceAccess.ACCOUNT: N_("Anyone with an account"),
    ResourceAccess.REQUEST: N_("On request"),
}
MEMBERSHIPS: Mapping[Membership, str] = {
    Membership.FOUNDING_PARTNER: N_("Founding partner"),
    Membership.MEMBER: N_("Member"),
    Membership.CONTRIBUTOR: N_("Contributor"),
    Membership.NONE: N_("None"),
}
BASES: Mapping[Basis, str] = {
    Basis.DECLARED: N_("Declared by a person"),
    Basis.DERIVED: N_("Derived from what the portal says"),
}


def challenges() -> dict[str, str]:
    """Slug -> title of the Alliance's challenges, and of those that the settings add."""
    added = (one.partition(":") for one in tk.config.get("ckanext.emergent.challenges") or ())
    return {
        **CHALLENGES,
        **{slug: title.replace("_", " ") or slug for slug, _, title in added},
    }


def emergent_spectrum_choices(field: Mapping[str, Any]) -> Choices:
    """The five levels of the spectrum, in order."""
    return [{"value": level.value, "label": level.texts.name} for level in Level]


def emergent_basis_choices(field: Mapping[str, Any]) -> Choices:
    """How a level can have been found."""
    return _choices(BASES)


def emergent_challenge_choices(field: Mapping[str, Any]) -> Choices:
    """The challenges that a dataset can name."""
    return [{"value": slug, "label": title} for slug, title in challenges().items()]


def emergent_frequency_choices(field: Mapping[str, Any]) -> Choices:
    """How often data can be updated, the most frequent first."""
    return [{"value": slug, "label": found.label} for slug, found in FREQUENCIES.items()]


def emergent_link_kind_choices(field: Mapping[str, Any]) -> Choices:
    """What a link beside a dataset can lead to."""
    return _choices(LINK_KINDS)


def emergent_resource_kind_choices(field: Mapping[str, Any]) -> Choices:
    """What a resource can be."""
    return _choices(RESOURCE_KINDS)


def emergent_access_choices(field: Mapping[str, Any]) -> Choices:
    """What it can take to get a resource."""
    return _choices(RESOURCE_ACCESS)


def emergent_membership_choices(field: Mapping[str, Any]) -> Choices:
    """What an organisation can be to the Alliance."""
    return _choices(MEMBERSHIPS)


def _choices(labels: Mapping[Any, str]) -> Choices:
    return [{"value": value.value, "label": label} for value, label in labels.items()]
