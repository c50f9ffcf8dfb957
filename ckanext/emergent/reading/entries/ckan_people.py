"""Who publishes, made and looks after what a CKAN record is about."""

from __future__ import annotations

from dataclasses import replace

from ckanext.emergent.reading.received.fields import Fields
from ckanext.emergent.reading.record import Agent


def publisher_from(fields: Fields) -> Agent | None:
    """The organisation that owns the record; where there is none, whom ckanext-dcat names."""
    owner = fields.text("owner_org")
    inner = fields.inside("organization")
    name = inner.text("title") or inner.text("display_name") or inner.text("name")
    if name is not None:
        return Agent(name=name, identifier=inner.text("name") or owner)
    for item in fields.each("publisher", bare="name"):
        if item.peek("name"):
            page = item.link("url") if item.peek("url") else None
            return Agent(name=item.text("name"), email=item.email("email"), url=page)
    told = Agent(name=fields.text("publisher_name"), email=fields.email("publisher_email"))
    return replace(told, identifier=owner) if owner or told != Agent() else None


def agent_from(fields: Fields, key: str) -> Agent | None:
    name, email = fields.text(key), fields.email(f"{key}_email")
    return Agent(name=name, email=email) if name or email else None


def steward_from(fields: Fields) -> Agent | None:
    """The maintainer, else the contact of whatever form."""
    told = [
        agent_from(fields, "maintainer"),
        _contact(fields, "contact_name", "contact_email"),
        _contact(fields, "contact-name", "contact-email"),
    ]
    return next(filter(None, told), None)


def _contact(fields: Fields, name: str, email: str) -> Agent | None:
    told = Agent(name=fields.text(name), email=fields.email(email))
    return told if told != Agent() else None
