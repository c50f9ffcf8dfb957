"""Validators of what a portal is given: name, link, adapter, organisation, rules, secret."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import sqlalchemy as sa
from ckan import authz, model

from ckanext.emergent.choices import challenges
from ckanext.emergent.config import fetch_policy
from ckanext.emergent.harvest import portals
from ckanext.emergent.harvest.model import Portal
from ckanext.emergent.harvest.secret import SETTING, VARIABLE, is_secret_name
from ckanext.emergent.reading.adapters import ADAPTERS
from ckanext.emergent.reading.errors import RefusedLink
from ckanext.emergent.reading.network.address import address_from, is_allowed, is_public
from ckanext.emergent.reading.network.link import link_from
from ckanext.emergent.spectrum import Level
from ckanext.emergent.telling import refusal, told

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
    from ckan.types import Context
else:
    import ckantoolkit as tk

_KEYS = re.compile(
    r"(api|access|auth|secret|private)?[-_]?(key|token|secret|password|passwd|pwd|sig|signature)",
    re.IGNORECASE,
)


def link_is_public(value: str) -> str:
    """The link as it may be stored: http or https, without secrets, not into private networks.

    What its name resolves to is judged when it is fetched.
    """
    try:
        link = link_from(value)
    except RefusedLink as refused:
        raise tk.Invalid(told(refused.problem)) from refused
    for name, _ in parse_qsl(urlsplit(link.url).query):
        if _KEYS.fullmatch(name):
            raise tk.Invalid(refusal("link_has_key", "link", name=name))
    address = address_from(link.host)
    networks = fetch_policy().allowed_networks
    if address is not None and not (is_public(address) or is_allowed(address, networks)):
        raise tk.Invalid(refusal("link_not_public", "link", value))
    return value.strip()


def link_is_new(value: str, context: Context) -> str:
    """Refuses the address of another portal."""
    other = portals.at_address(value, but=context.get("emergent_portal"))
    if other is not None:
        raise tk.Invalid(refusal("portal_known", "link", value, name=other.name))
    return value


def name_is_new(value: str, context: Context) -> str:
    """Refuses the name of another portal."""
    taken = sa.select(Portal.id).where(Portal.name == value)
    if model.Session.scalar(taken) not in {None, context.get("emergent_portal")}:
        raise tk.Invalid(refusal("portal_name_taken", "name", value))
    return value


def adapter_is_known(value: str) -> str:
    """One of the families that can be read."""
    if value not in ADAPTERS:
        known = ", ".join(sorted(ADAPTERS))
        raise tk.Invalid(refusal("adapter_unknown", "adapter", value, known=known))
    return value


def organisation(value: Any) -> str | None:
    """The id of an active organisation; nothing where CKAN allows datasets without one."""
    if not value:
        if authz.check_config_permission("create_unowned_dataset"):
            return None
        raise tk.Invalid(tk._("An organisation must be given: the portal writes into it."))
    found = portals.organisation_id(value)
    if found is None:
        raise tk.Invalid(tk._("There is no such organisation."))
    return found


def secret_is_named(value: str) -> str:
    """The name of a setting or an environment variable that may hold a portal's secret."""
    if not is_secret_name(value):
        raise tk.Invalid(
            refusal("secret_name_refused", "secret", value, setting=SETTING, variable=VARIABLE)
        )
    return value


def rules(value: Any) -> dict[str, Any]:
    """A portal's rules, without those that say nothing."""
    if not isinstance(value, Mapping):
        raise tk.Invalid(tk._("The rules are an object: the name of each rule, and its value."))
    for name in value:
        if name not in _RULES:
            known = ", ".join(_RULES)
            raise tk.Invalid(refusal("rule_unknown", "rules", name, known=known))
    return {name: _RULES[name](name, found) for name, found in value.items() if found}


def _texts(name: str, value: Any) -> list[str]:
    if isinstance(value, list) and all(isinstance(text, str) and text for text in value):
        return value
    raise _refused(name, value, tk._("a list of words"))


def _challenges(name: str, value: Any) -> list[str]:
    known = list(challenges())
    for slug in _texts(name, value):
        if slug not in known:
            raise _refused(name, slug, ", ".join(known))
    return list(value)


def _level(name: str, value: Any) -> str:
    known = [level.value for level in Level]
    if value not in known:
        raise _refused(name, value, ", ".join(known))
    return str(value)


def _refused(name: str, value: Any, takes: str) -> Exception:
    return tk.Invalid(refusal("rule_refused", "rules", value, rule=name, takes=takes))


_RULES: dict[str, Callable[[str, Any], Any]] = {
    "default_challenges": _challenges,
    "default_tags": _texts,
    "ceiling": _level,
    "keep_fields": _texts,
}
